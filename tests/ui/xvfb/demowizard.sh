#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# demowizard.sh BIN: scripts/demo.sh --wizard under Xvfb. Two Enters lead to the collections of its servers; when the window is
# closed, and on Ctrl+C, no process and no folder of it is left.
set -euo pipefail

bin=$1
scripts=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../../scripts")

# shellcheck source=tests/ui/xvfb/screen.sh
. "$(dirname "${BASH_SOURCE[0]}")/screen.sh"
needs Xvfb openbox xdotool setsid pgrep
"$scripts/postgres.sh" bin --embedded --no-download >/dev/null 2>&1 || { echo "skipped: no PostgreSQL with pgvector"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/qdrant2pg-demowizard-XXXXXX")
mkdir -m 755 "$work/tmp"
mkdir -m 700 "$work/home"
chmod 755 "$work" # PostgreSQL's user passes through it
demo=''
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    local status=$?
    trap - EXIT INT TERM
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then tail -n 20 "$work"/*.log >&2 || true; fi
    # The script takes down what it started.
    [ -z "$demo" ] || { kill "$demo" && wait "$demo"; } 2>/dev/null || true
    stop_started
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ended() { ! kill -0 "$demo" 2>/dev/null; }

start_screen "$work"

# In a session of its own, with Ctrl+C as a terminal has it.
start_demo() {
    env -u DBUS_SESSION_BUS_ADDRESS -u COLLECTION -u QDRANT_URL -u QDRANT_API_KEY -u DATABASE_URL --default-signal=INT \
        TMPDIR="$work/tmp" XDG_STATE_HOME="$work/home/state" XDG_CONFIG_HOME="$work/home/config" XDG_RUNTIME_DIR="$work/home" \
        LC_ALL=C.UTF-8 QT_QPA_PLATFORM=xcb \
        setsid "$scripts/demo.sh" --wizard --points 500 --bin "$bin" >"$work/demo.log" 2>&1 &
    demo=$!
    until_true 90 shows Start || fail "the window did not appear; '$(title)' is active"
}

nothing_left() {
    ! pgrep -s "$demo" >/dev/null && ! pgrep -f "$work/tmp" >/dev/null && [ -z "$(ls -A "$work/tmp")" ]
}
assert_nothing_left() {
    nothing_left && return
    pgrep -s "$demo" -a >&2 || true
    pgrep -f "$work/tmp" -a >&2 || true
    ls -A "$work/tmp" >&2
    fail "$1 left something behind"
}

start_demo
[ -n "$(ls -A "$work/tmp")" ] || fail "the servers have no folder"
# The fields are filled: Start, Source and Target are passed by Enter alone.
for ((tries = 0; tries < 30; tries++)); do
    if shows Collections; then break; fi
    xdotool key --clearmodifiers Return
    until_true 2 shows Collections || true
done
shows Collections || fail "the collections were not reached; the window says '$(title)'"
xdotool key --clearmodifiers alt+F4
until_true 60 ended || fail "the script did not end with its window"
status=0
wait "$demo" || status=$?
[ "$status" -eq 0 ] || fail "the script ended with $status"
assert_nothing_left "closing the window"
echo "closed: nothing is left"

start_demo
kill -INT -- "-$demo"
until_true 60 ended || fail "the script did not end on Ctrl+C"
status=0
wait "$demo" || status=$?
[ "$status" -eq 130 ] || fail "the script ended with $status on Ctrl+C"
assert_nothing_left "Ctrl+C"
echo "Ctrl+C: nothing is left"
demo=''
