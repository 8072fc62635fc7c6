#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Installs what is missing, builds with warnings as errors and runs the default test suite, real PostgreSQL included: a
# PostgreSQL that cannot be had fails it. Arguments go to ctest, for example: scripts/test.sh -R unit
set -euo pipefail

case ${1:-} in
    -h | --help) sed -n '5,6s/^# //p' "$0"; exit 0 ;;
esac
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
scripts/setup.sh test
cmake --preset ci
cmake --build --preset ci
QDRANT2PG_REQUIRE_PG=1 QT_QPA_PLATFORM=offscreen ctest --preset ci "$@"
