#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# From nothing to a migrated collection in one command; see usage() below.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/demo.sh [--points N] [--keep] [--wizard] [--bin DIR]

Installs what is missing, builds the programs (release), starts a stand-in Qdrant that serves a generated game_collection and a
PostgreSQL with pgvector, migrates the one into the other, shows the result and stops what it started.

  --points N   points to generate (default: 10000)
  --wizard     open the wizard on both servers instead; they are stopped when its window is closed, or on Ctrl+C
  --keep       leave both servers running and say how to stop them
  --bin DIR    use the programs in DIR; installs and builds nothing
  -h, --help   this text

QDRANT_URL (with QDRANT_API_KEY and COLLECTION, default game_collection) and DATABASE_URL, when set, replace the two servers.
The exit code is that of qdrant2pg migrate, or of the wizard.
TEXT
}

points=10000 keep=no wizard=no bin=''
while [ $# -gt 0 ]; do
    case $1 in
        --points) points=${2:-}; shift ;;
        --points=*) points=${1#*=} ;;
        --bin) bin=${2:-}; shift ;;
        --bin=*) bin=${1#*=} ;;
        --keep) keep=yes ;;
        --wizard) wizard=yes ;;
        -h | --help) usage; exit 0 ;;
        *) printf 'demo.sh: unknown option %s\n' "$1" >&2; usage >&2; exit 2 ;;
    esac
    shift
done
[[ $points =~ ^[1-9][0-9]*$ ]] || { printf 'demo.sh: --points takes a number from 1 on\n' >&2; exit 2; }

bin=${bin:+$(readlink -f "$bin")}
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
say() { printf '\n== %s\n' "$*"; }

programs=(qdrant2pg)
if [ "$wizard" = yes ]; then
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] || {
        printf 'demo.sh: the wizard needs a screen (DISPLAY or WAYLAND_DISPLAY); run the demo without --wizard\n' >&2
        exit 2
    }
    programs=(qdrant2pg-wizard)
fi
[ -n "${QDRANT_URL:-}" ] || programs+=(qdrant2pg-demo)

log=$(mktemp)
trap 'rm -f "$log"' EXIT
build() {
    local status=0
    # On a terminal ninja shows its progress on one line.
    if [ -t 1 ]; then "$@" || status=$?; else "$@" >"$log" 2>&1 || status=$?; fi
    [ "$status" -eq 0 ] || { tail -n 40 "$log" >&2; printf 'demo.sh: %s failed\n' "$1 $2" >&2; exit 5; }
}
if [ -z "$bin" ]; then
    say "Setting up (the first time this installs packages and compiles, which takes some minutes)"
    scripts/setup.sh build
    [ -f build/release/build.ninja ] || build cmake --preset release
    build cmake --build --preset release --target "${programs[@]}"
    bin=$PWD/build/release/bin
fi
for program in "${programs[@]}"; do
    [ -x "$bin/$program" ] || { printf 'demo.sh: there is no %s in %s\n' "$program" "$bin" >&2; exit 2; }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/qdrant2pg-demo-XXXXXX")
chmod 755 "$work" # PostgreSQL's user passes through it
qdrant_pid='' wizard_pid=''
# shellcheck disable=SC2317 # the trap calls it
stop_child() {
    [ -z "$1" ] || { kill "$1" && wait "$1"; } 2>/dev/null || true
}
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    local status=$?
    trap - EXIT INT TERM
    rm -f "$log"
    stop_child "$wizard_pid"
    if [ "$keep" = no ] || [ ! -s "$work/ready" ]; then
        stop_child "$qdrant_pid"
        scripts/postgres.sh stop --embedded --dir "$work/postgres" --mode immediate || true
        rm -rf --one-file-system "$work"
    fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export COLLECTION=${COLLECTION:-game_collection}
if [ -n "${QDRANT_URL:-}" ]; then
    say "Source: the Qdrant of QDRANT_URL, collection $COLLECTION"
else
    say "Source: a stand-in Qdrant with $points generated points in game_collection"
    COLLECTION=game_collection
    nohup "$bin/qdrant2pg-demo" --port 0 --points "$points" >"$work/qdrant.log" 2>&1 </dev/null &
    qdrant_pid=$!
    # A pause between looks at the log; the stand-in's own line says that it is ready.
    until QDRANT_URL=$(sed -n 's/^listening on //p' "$work/qdrant.log" | head -n 1) && [ -n "$QDRANT_URL" ]; do
        kill -0 "$qdrant_pid" 2>/dev/null || { cat "$work/qdrant.log" >&2; exit 4; }
        sleep 0.1
    done
    export QDRANT_URL
    echo "$QDRANT_URL"
fi

psql='psql "$DATABASE_URL"'
if [ -n "${DATABASE_URL:-}" ]; then
    say "Target: the PostgreSQL of DATABASE_URL"
else
    say "Target: a PostgreSQL with pgvector of its own"
    owner=()
    [ "$keep" = yes ] || owner=(--owner $$)
    DATABASE_URL=$(scripts/postgres.sh start --embedded --dir "$work/postgres" --database gamedb \
        --set maintenance_work_mem=512MB "${owner[@]}")
    export DATABASE_URL
    port=${DATABASE_URL##*:} port=${port%%/*}
    psql="PGPASSFILE=$work/postgres/pgpass psql -h 127.0.0.1 -p $port -U postgres gamedb"
fi

status=0
if [ "$wizard" = yes ]; then
    say "The wizard"
    echo "Source: $QDRANT_URL    Target: the database of DATABASE_URL"
    # Not in the foreground: a signal to this script alone must be heard at once.
    "$bin/qdrant2pg-wizard" &
    wizard_pid=$!
    wait "$wizard_pid" || status=$?
    wizard_pid=''
else
    report=$PWD/build/demo-report
    say "qdrant2pg migrate --collection $COLLECTION --preset context_items"
    rm -rf --one-file-system "$report"
    "$bin/qdrant2pg" migrate --collection "$COLLECTION" --preset context_items --out "$report" || status=$?
    if [ "$status" -le 1 ]; then
        say "A look into PostgreSQL"
        eval "$psql -X" <<'SQL' || true
SELECT count(*) AS rows, count(DISTINCT game_id) AS games, pg_size_pretty(pg_total_relation_size('context_items')) AS size FROM context_items;
SQL
        say "Report: $report/report.html"
    fi
fi

if [ "$keep" = yes ]; then
    echo yes >"$work/ready"
    say "Still running. Look at the result, then stop what runs:"
    echo "  $psql"
    if [ -n "$qdrant_pid" ]; then echo "  kill $qdrant_pid    # the stand-in Qdrant at $QDRANT_URL"; fi
    [ ! -d "$work/postgres" ] || echo "  $PWD/scripts/postgres.sh stop --dir $work/postgres; rm -r $work"
elif [ -d "$work/postgres" ]; then
    echo "What ran is stopped and deleted now. With --keep it stays, and a psql line to look around is printed."
fi
exit "$status"
