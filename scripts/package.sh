#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Builds the Debian packages into build/release/packages and checks them: lintian finds no error, and the command line's package
# depends on nothing that needs a display.
set -euo pipefail

case ${1:-} in
    -h | --help) sed -n '5,6s/^# //p' "$0"; exit 0 ;;
esac
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
scripts/setup.sh ci
cmake --preset release
cmake --build --preset release
rm -rf build/release/packages
(cd build/release && cpack)

cli=(build/release/packages/qdrant2pg_*.deb)
[ -f "${cli[0]}" ] || { echo "package.sh: the package qdrant2pg was not built" >&2; exit 1; }
depends=$(dpkg-deb --field "${cli[0]}" Depends)
echo "Depends: $depends"
if grep -qE 'qt6(gui|widgets|sql)|libx11|libgl' <<<"$depends"; then
    echo "package.sh: the command line's package needs a display" >&2
    exit 1
fi
dpkg-deb --contents "${cli[0]}" | awk '{ print $1, $6 }'
# A package from CPack has no Debian source behind it.
lintian --fail-on error --suppress-tags no-changelog,debian-changelog-file-missing build/release/packages/*.deb
