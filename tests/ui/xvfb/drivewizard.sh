#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# drivewizard.sh BIN PICTURES: qdrant2pg-wizard from launch to the finished report under Xvfb, with keys alone. What happens is
# seen from outside: in the title of the window, which names the page, and in the folder of the run.
set -euo pipefail

bin=$1 pictures=$2
scripts=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../../scripts")
points=5000

# shellcheck source=tests/ui/xvfb/screen.sh
. "$(dirname "${BASH_SOURCE[0]}")/screen.sh"
needs Xvfb openbox xdotool import

work=$(mktemp -d "${TMPDIR:-/tmp}/qdrant2pg-xvfb-XXXXXX")
chmod 755 "$work" # PostgreSQL's user passes through it
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    local status=$?
    trap - EXIT INT TERM
    if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then tail -n 20 "$work"/*.log >&2 || true; fi
    stop_started
    "$scripts/postgres.sh" stop --embedded --dir "$work/postgres" --mode immediate || true
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

picture() { import -window root "$pictures/$1.png"; }
# The same after two looks at what is drawn: lists have come and nothing turns. Only for a better picture.
still() {
    local before
    before=$(import -window root ppm:- | cksum)
    sleep 0.3
    [ "$before" = "$(import -window root ppm:- | cksum)" ]
}
still_picture() { until_true 10 still || true; picture "$1"; }

# press_until PAGE KEY...: presses the keys until that page is shown; a key that comes too early does nothing.
press_until() {
    local page=$1 tries=0
    shift
    until shows "$page"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 20 ]; then
            picture failed
            fail "the page $page was not reached; the window says '$(title)'"
        fi
        for key in "$@"; do xdotool key --clearmodifiers "$key"; done
        until_true 4 shows "$page" || true
    done
    echo "page $page"
}

rm -rf "$pictures"
mkdir -p "$pictures"
status=0
database=$("$scripts/postgres.sh" start --embedded --dir "$work/postgres" --database target --owner $$ --no-fsync --no-download) \
    || status=$?
[ "$status" -ne 3 ] || { echo "skipped: no PostgreSQL with pgvector"; exit 77; }
[ "$status" -eq 0 ] || fail "PostgreSQL did not start"
"$bin/qdrant2pg-demo" --port 0 --points "$points" >"$work/demo.log" 2>&1 </dev/null &
started+=($!)
start_screen "$work"
listens() { grep -q '^listening on ' "$work/demo.log"; }
until_true 60 listens || fail "the stand-in did not start"
source=$(sed -n 's/^listening on //p' "$work/demo.log" | head -n 1)

mkdir -m 700 "$work/home"
env -u DBUS_SESSION_BUS_ADDRESS -u COLLECTION -u QDRANT_API_KEY HOME="$work/home" XDG_STATE_HOME="$work/state" \
    XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache" XDG_RUNTIME_DIR="$work/home" LC_ALL=C.UTF-8 \
    QT_QPA_PLATFORM=xcb QDRANT_URL="$source" DATABASE_URL="$database" "$bin/qdrant2pg-wizard" >"$work/wizard.log" 2>&1 &
wizard=$!
started+=("$wizard")

until_true 30 shows Start || fail "the window did not appear; '$(title)' is active"
still_picture 1-start
press_until Source Return
still_picture 2-source
press_until Target Return
still_picture 3-target
press_until Collections Return
# Space chooses the row, or takes the choice back: a refused Next means that nothing was chosen.
press_until Mapping space alt+n
# Back loses nothing, and what loads has come by then.
press_until Collections alt+b
still_picture 4-collections
press_until Mapping alt+n
press_until Review alt+n
press_until Mapping alt+b
still_picture 5-mapping
press_until Review alt+n

# The button waits for the checks of the page.
moved_on() { ! shows Review && [ -n "$(title)" ]; }
for ((tries = 0; tries < 20; tries++)); do
    still_picture 6-review
    xdotool key --clearmodifiers alt+s
    if until_true 3 moved_on; then break; fi
done
moved_on || fail "the migration was not started; the window says '$(title)'"
picture 7-run
report() { compgen -G "$work/state/qdrant2pg/runs/*/report.json" >/dev/null; }
until_true 120 report || fail "the run did not end; the window says '$(title)'"
until_true 20 shows Run || fail "the page of the run did not stay; the window says '$(title)'"
still_picture 8-run-ended
press_until Verify alt+n
still_picture 9-verify
press_until Report alt+n
still_picture 10-report
python3 - "$work"/state/qdrant2pg/runs/*/report.json "$points" <<'PYTHON' || fail "the report"
import json, sys
report, points = json.load(open(sys.argv[1])), int(sys.argv[2])
compared = [collection["verification"] for collection in report["collections"]]
print("report:", report["verdict"])
assert report["good"] and report["totals"]["stored"] == points, report["totals"]
assert sum(each["comparedRows"] for each in compared) == points, compared
assert all(each["result"] == "identical" and each["mismatchCount"] == 0 for each in compared), compared
PYTHON
xdotool key --clearmodifiers alt+c
ended() { ! kill -0 "$wizard" 2>/dev/null; }
until_true 20 ended || fail "the window did not close; it says '$(title)'"
wait "$wizard" || fail "qdrant2pg-wizard ended with $?"
if [ -s "$work/wizard.log" ]; then fail "qdrant2pg-wizard printed what nobody expects"; fi
echo "pictures: $pictures"
