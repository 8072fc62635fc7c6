#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# screen.sh: a screen of its own for a test, and how to look at it. Sourced by the scripts beside it.

# Processes that stop_started ends.
started=()

fail() { echo "failed: $*" >&2; exit 1; }

needs() { # PROGRAM...
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || { echo "skipped: $program is missing (scripts/setup.sh ci)"; exit 77; }
    done
}

# until_true SECONDS COMMAND...: looks again and again, and says whether it became true.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1 # a pause between looks
    done
}

title() { xdotool getactivewindow getwindowname 2>/dev/null || true; }
shows() { [[ $(title) == "$1 – qdrant2pg" ]]; }
manages() { xdotool get_num_desktops >/dev/null 2>&1; }

# A window manager, too: without one no window is active, and keys go nowhere. It names its desktops when it is ready.
start_screen() { # FOLDER
    local work=$1
    Xvfb -displayfd 3 -screen 0 1280x860x24 -nolisten tcp 3>"$work/display" >"$work/xvfb.log" 2>&1 &
    started+=($!)
    until_true 20 test -s "$work/display" || fail "Xvfb did not start"
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
    openbox --sm-disable >"$work/openbox.log" 2>&1 &
    started+=($!)
    until_true 20 manages || fail "openbox did not start"
}

stop_started() {
    local i
    for ((i = ${#started[@]} - 1; i >= 0; i--)); do
        { kill "${started[i]}" && wait "${started[i]}"; } 2>/dev/null || true
    done
}
