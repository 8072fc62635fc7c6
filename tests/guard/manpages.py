#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""manpages.py command PROGRAM | wizard PROGRAM PAGE: the manual page and --help name the same options."""
import os
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def run(*command):
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def options(text):
    return set(OPTION.findall(text))


def plain(roff):
    """What a reader sees of a page: no comments, no requests, no font changes."""
    lines = (line for line in roff.splitlines() if not line.startswith('.\\"'))
    text = "\n".join(re.sub(r'^\.[A-Z]+ ?', "", line) for line in lines)
    return re.sub(r"\\f[RBIP]", "", text).replace("\\-", "-").replace("\\e", "\\").replace("\\&", "")


def compare(what, page, said):
    for name in sorted(said - page):
        print(f"{what}: {name} is in --help and not in the manual page")
    for name in sorted(page - said):
        print(f"{what}: {name} is in the manual page and not in --help")
    return page == said


def check_command(program):
    page = plain(run(program, "help", "--man"))
    commands = re.findall(r"^  ([a-z][a-z-]+)  ", run(program, "--help"), re.MULTILINE)
    if len(commands) < 10:
        sys.exit(f"--help of {program} lists {commands}")
    said = set()
    for command in commands:
        if f"\n{command}\n" not in page:
            print(f"{command} has no section in the manual page")
            return False
        said |= options(run(program, command, "--help"))
    # What the overview names for all commands.
    return compare(program, options(page) | {"--help", "--version"}, said | {"--help", "--version"})


def check_wizard(program, path):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    section = page[page.index(".SH OPTIONS"):page.index(".SH ENVIRONMENT")]
    return compare(program, options(plain(section)), options(run(program, "--help")))


if __name__ == "__main__":
    good = check_command(sys.argv[2]) if sys.argv[1] == "command" else check_wizard(*sys.argv[2:4])
    sys.exit(0 if good else 1)
