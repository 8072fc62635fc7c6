#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
#
# Fails when the program, or a library that it loads, brings a display or QtSql with it: nodisplay.sh PROGRAM
set -euo pipefail

loaded=$(ldd "$1")
grep -q libQt6Core <<<"$loaded" || grep -q libc.so <<<"$loaded" || { echo "cannot read what $1 loads"; exit 2; }
if found=$(grep -oE 'lib(Qt6(Gui|Widgets|Sql|PrintSupport|OpenGL|Quick|Qml)|X11|xcb|wayland-client|GL|EGL)[-.A-Za-z0-9]*' <<<"$loaded" | sort -u); then
    printf '%s loads what needs a display:\n%s\n' "$1" "$found"
    exit 1
fi
