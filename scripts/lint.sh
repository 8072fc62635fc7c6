#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Runs clang-tidy over the files named, or over all of core, app, demo and ui: lint.sh [--build DIR] [--minutes N] [FILE...]
# Any finding fails. --build names a folder configured without precompiled headers (default: one of its own, not compiled).
# --minutes starts with what was changed last and says how many files it did not come to.
set -euo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
build=
deadline=''
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) sed -n '5,7s/^# //p' "$0"; exit 0 ;;
        --build) build=$2; shift 2 ;;
        --minutes) deadline=$((SECONDS + $2 * 60)); shift 2 ;;
        *) break ;;
    esac
done
scripts/setup.sh ci
if [ -z "$build" ]; then
    build=build/lint
    cmake --preset dev -B "$build" >/dev/null # clang cannot read GCC's precompiled headers
fi

if [ $# -gt 0 ]; then
    files=("$@")
else
    # Last changed first, each once.
    mapfile -t files < <(git log --pretty= --name-only -- 'core/*.cpp' 'app/*.cpp' 'demo/*.cpp' 'ui/*.cpp' | awk '!seen[$0]++' \
        | while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done)
fi
# A file of a feature that is switched off has no compile command.
known=()
for file in "${files[@]}"; do
    if grep -qF "/$file\"" "$build/compile_commands.json"; then known+=("$file"); else echo "not built here: $file"; fi
done
[ ${#known[@]} -gt 0 ] || { echo "lint.sh: none of the files is built in $build" >&2; exit 2; }

status=0 done=0
for ((start = 0; start < ${#known[@]}; start += 16)); do
    if [ -n "$deadline" ] && [ $SECONDS -ge "$deadline" ]; then break; fi
    batch=("${known[@]:start:16}")
    printf '%s\0' "${batch[@]}" | xargs -0 -n 2 -P "$(nproc)" clang-tidy --quiet --warnings-as-errors='*' -p "$build" \
        --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-ignored-optimization-argument \
        2> >(grep -vE '^[0-9]+ warnings? |^Suppressed ' >&2 || true) || status=1
    done=$((done + ${#batch[@]}))
done
echo "clang-tidy: $done of ${#known[@]} files looked at, findings: $([ $status -eq 0 ] && echo none || echo see above)"
exit $status
