#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Installs what is missing from the packages of Debian 12, Debian 13 or Ubuntu 24.04 and later; see usage() below.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/setup.sh [build|test|ci]

  build   what the programs and the demo need (default)
  test    also what the default test suite needs
  ci      also what the heavy suites need

Installs only what is missing, as root or through sudo. Does nothing, quickly, when all is there.
TEXT
}

build=(
    # compiler and build
    g++ cmake ninja-build ccache pkg-config
    # Qt
    qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libqt6sql6-psql libgl-dev
    # libraries
    libpq-dev libsimdjson-dev libexpected-dev libxxhash-dev qtkeychain-qt6-dev libgrpc++-dev libprotozero-dev libboost-dev
    # the embedded PostgreSQL
    ca-certificates postgresql-client
)
# Pictures of windows need a font, or every letter is a box.
test=(fontconfig fonts-dejavu-core clang-format shellcheck desktop-file-utils appstream git procps)
# A screen of its own, a small window manager and keys for the windows of the wizard; a D-Bus and a keychain.
ci=(clang-tidy dpkg-dev file lintian xvfb openbox xdotool imagemagick dbus-daemon dbus-bin gnome-keyring)

case ${1:-build} in
    build) wanted=("${build[@]}") ;;
    test) wanted=("${build[@]}" "${test[@]}") ;;
    ci) wanted=("${build[@]}" "${test[@]}" "${ci[@]}") ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac
# Any Python with pip does, also one that is not Debian's.
python3 -m pip --version >/dev/null 2>&1 || wanted+=(python3 python3-pip)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    printf 'setup.sh: this is not a Debian system; these packages, or what matches them, are needed:\n  %s\n' "${wanted[*]}" >&2
    exit 0
fi

# shellcheck disable=SC2016 # dpkg-query expands them
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Provides}\n' | grep '^ii' | tr -d ',')
missing=()
for package in "${wanted[@]}"; do
    grep -qE "(^| )${package//+/\\+}( |\$)" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ $EUID -ne 0 ]; then
    command -v sudo >/dev/null || {
        printf 'setup.sh: run this as root: apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
printf 'setup.sh: installing %s\n' "${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { # quiet unless it fails
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        printf 'setup.sh: apt-get %s failed\n' "$1" >&2
        exit 1
    }
}
apt update
apt install -y --no-install-recommends "${missing[@]}"
