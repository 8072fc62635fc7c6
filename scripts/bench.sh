#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# The benchmark suite in one command: builds what it needs (release) and runs tests/bench/suite. Options and servers:
# scripts/bench.sh --help, and docs/performance.md.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export PYTHONDONTWRITEBYTECODE=1
build=yes
for argument; do
    # With --programs DIR nothing is built: DIR is a build folder that has the programs.
    case $argument in --programs | --programs=* | -h | --help) build=no ;; esac
done
[ "$build" = yes ] || exec python3 tests/bench/suite "$@"

scripts/setup.sh build
# A folder of its own: with the tests configured, `cmake --build --preset release` would build all of them.
folder=$PWD/build/bench-release
log=$(mktemp)
trap 'rm -f "$log"' EXIT
step() {
    local status=0
    # On a terminal ninja shows its progress on one line.
    if [ -t 1 ]; then "$@" || status=$?; else "$@" >"$log" 2>&1 || status=$?; fi
    [ "$status" -eq 0 ] || { tail -n 40 "$log" >&2; printf 'bench.sh: %s failed\n' "$1 $2" >&2; exit 1; }
}
printf 'Building (the first time this takes some minutes)\n'
[ -f "$folder/build.ninja" ] || step cmake --preset release -B "$folder" -DBUILD_TESTING=ON -DQDRANT2PG_BUILD_GUI=OFF
step cmake --build "$folder" --target qdrant2pg qdrant2pg-demo bench_floor bench_decode bench_encode
rm -f "$log"
exec python3 tests/bench/suite --programs "$folder" "$@"
