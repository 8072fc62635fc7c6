#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# The PostgreSQL that the tests of one ctest run share: fixture.sh start|stop FILE. FILE holds the server's folder and its URL.
# Without a server the tests are skipped, unless QDRANT2PG_REQUIRE_PG=1 makes that a failure.
set -euo pipefail

scripts=$(dirname "${BASH_SOURCE[0]}")/../../scripts
file=$2

stop() {
    local dir
    if dir=$(head -n 1 "$file" 2>/dev/null); then "$scripts/postgres.sh" stop --embedded --dir "$dir" --mode immediate; fi
    rm -f "$file"
}

case $1 in
    start)
        stop # the server of a run that was killed
        [ -z "${DATABASE_URL:-}" ] || exit 0 # the tests use that server themselves
        dir=$(mktemp -u "${TMPDIR:-/tmp}/qdrant2pg-ctest-XXXXXX")
        options=(--no-fsync --set max_connections=200)
        [ "${QDRANT2PG_REQUIRE_PG:-0}" = 1 ] || options+=(--no-download)
        if [ -n "${QDRANT2PG_PG_VERSION:-}" ]; then options+=(--version "$QDRANT2PG_PG_VERSION"); fi
        # ctest is the parent: a killed ctest takes the server with it.
        if url=$("$scripts/postgres.sh" start --embedded --dir "$dir" --owner "$PPID" "${options[@]}"); then
            mkdir -p "$(dirname "$file")"
            (umask 077; printf '%s\n%s\n' "$dir" "$url" >"$file")
        elif [ "${QDRANT2PG_REQUIRE_PG:-0}" = 1 ]; then
            exit 1
        fi
        ;;
    stop) stop ;;
esac
