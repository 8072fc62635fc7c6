#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Runs clang-tidy over the files named, or over all of core, app, demo and ui: lint.sh [--build DIR] [FILE...]
# Any finding fails. Needs a configured build folder (default: build/ci); generated headers must have been built.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
build=build/ci
case ${1:-} in
    -h | --help) sed -n '5,6s/^# //p' "$0"; exit 0 ;;
    --build) build=$2; shift 2 ;;
esac
[ -f "$build/compile_commands.json" ] || { echo "lint.sh: configure first: cmake --preset ci" >&2; exit 2; }
scripts/setup.sh ci

if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files 'core/*.cpp' 'app/*.cpp' 'demo/*.cpp' 'ui/*.cpp'); fi
# A file of a feature that is switched off has no compile command.
known=()
for file in "${files[@]}"; do
    if grep -qF "/$file\"" "$build/compile_commands.json"; then known+=("$file"); else echo "not built here: $file"; fi
done
[ ${#known[@]} -gt 0 ] || { echo "lint.sh: none of the files is built in $build" >&2; exit 2; }
printf '%s\0' "${known[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet --warnings-as-errors='*' -p "$build" \
    --extra-arg=-Wno-unknown-warning-option 2> >(grep -vE '^[0-9]+ warnings? ' >&2 || true)
echo "clang-tidy: ${#known[@]} files clean"
