#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""Guards of the tree's structure: guard.py CHECK ROOT. Prints each offence as path:line: words. Exit code 77 means skipped."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77

# What a folder may include, besides itself. The link libraries of the modules follow the same table.
CORE_LAYERS = {
    "common": [],
    "qdrant": ["common"],
    "postgres": ["common"],
    "profile": ["common"],
    "plan": ["common", "qdrant", "postgres", "profile"],
    "engine": ["common", "qdrant", "postgres", "profile", "plan"],
    "verify": ["common", "qdrant", "postgres", "profile", "plan", "engine"],
    "staged": ["common", "qdrant", "postgres", "profile", "plan", "engine"],
    "compare": ["common", "qdrant", "postgres", "profile", "plan", "engine"],
    "report": ["common", "qdrant", "postgres", "profile", "plan", "engine", "verify", "compare", "staged"],
}
LAYERS = {f"core/{name}": [f"core/{other}" for other in allowed] for name, allowed in CORE_LAYERS.items()}
LAYERS["demo"] = ["core/common"]
LAYERS["ui"] = [f"core/{name}" for name in CORE_LAYERS]
LAYERS["app/cli"] = LAYERS["ui"]
LAYERS["app/demo"] = ["demo", "core/common"]
LAYERS["app/wizard"] = LAYERS["ui"] + ["ui"]

HEADLESS = ("core/", "demo/", "app/cli/", "app/demo/")
WITH_DISPLAY = re.compile(r"<(Qt(Gui|Widgets|Sql|PrintSupport|Svg|Quick|Qml)/|QtGui>|QtWidgets>|QtSql>)")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')

CODE = {".h", ".cpp", ".py", ".sh"}
BINARY = {".png", ".ico", ".gz", ".pdf", ".qm", ".pb", ".bin"}
# Written in parts, so that this file passes its own check.
WORDS = [
    (re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"), "open work belongs into an issue"),
    (re.compile(r"(?<![\w.$}{*])/(ho" + r"me|ro" + r"ot(?!/\.postgresql)|wo" + r"rk)/"), "a path of one machine"),
    (re.compile(r"\b(py" + r"pi\.org|pythonhosted\.|deb\." + r"debian\.org|files\.python)"), "a registry host"),
]
MOST_LINES = 800


def tracked(root):
    """Files of the repository, or all files of an unpacked archive."""
    try:
        names = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True, capture_output=True).stdout
        paths = [Path(name.decode()) for name in names.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        skipped = {"build", ".git"}
        paths = [p.relative_to(root) for p in Path(root).rglob("*") if not skipped & set(p.relative_to(root).parts)]
    return sorted(path for path in paths if (Path(root) / path).is_file())


def text_of(root, path):
    return (Path(root) / path).read_text(encoding="utf-8", errors="replace")


def is_script(root, path):
    return path.suffix == ".sh" or (not path.suffix and text_of(root, path).startswith(("#!/usr/bin/env bash", "#!/bin/bash")))


def folder_of(path, folders):
    """The longest of the folders that holds the path, or None."""
    return max((f for f in folders if path == f or path.startswith(f + "/")), key=len, default=None)


def check_layers(root):
    for path in tracked(root):
        if path.suffix not in {".h", ".cpp"}:
            continue
        name = path.as_posix()
        home = folder_of(name, LAYERS)
        for number, line in enumerate(text_of(root, path).splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, target = match.groups()
            if name.startswith(HEADLESS) and WITH_DISPLAY.search(f"<{target}>"):
                yield f"{name}:{number}: {target} needs a display; this folder must run without one"
            if quote != '"' or home is None or name.startswith("tests/"):
                continue
            if "/" not in target:
                # Files that the build generates (moc) stand alone; ours are named from the root.
                if not target.endswith(".moc"):
                    yield f'{name}:{number}: include "{target}" from the root of the tree'
                continue
            other = folder_of(target, LAYERS)
            top = target.split("/")[0]
            if other is None and top in {"core", "app", "ui", "demo", "tests"}:
                yield f"{name}:{number}: {home} must not include {target}"
            elif other is not None and other != home and other not in LAYERS[home]:
                yield f"{name}:{number}: {home} must not include {target}"


def check_headers(root):
    """Licence headers of code, the folder line of each CMakeLists.txt, and pragma once."""
    for path in tracked(root):
        text = text_of(root, path) if path.suffix in CODE or path.name == "CMakeLists.txt" or not path.suffix else ""
        lines = text.splitlines()
        if path.suffix in CODE or is_script(root, path):
            top = lines[1:3] if lines and lines[0].startswith("#!") else lines[0:2]
            mark = "//" if path.suffix in {".h", ".cpp"} else "#"
            wanted = [rf"{mark} SPDX-FileCopyrightText: \d{{4}} The qdrant2pg authors", rf"{mark} SPDX-License-Identifier: MIT"]
            if len(top) != 2 or not all(re.fullmatch(pattern, line) for pattern, line in zip(wanted, top)):
                yield f"{path}:1: lacks the two SPDX lines"
        if path.suffix == ".h" and "#pragma once" not in lines:
            yield f"{path}:1: lacks #pragma once"
        if path.name == "CMakeLists.txt" and not (lines and re.match(r"# \S.{10,}", lines[0])):
            yield f"{path}:1: must open with one line that says what belongs into the folder"


def check_words(root):
    for path in tracked(root):
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(text_of(root, path).splitlines(), 1):
            for pattern, reason in WORDS:
                if pattern.search(line):
                    yield f"{path}:{number}: {reason}: {line.strip()[:80]}"


def check_size(root):
    for path in tracked(root):
        if path.suffix in CODE:
            count = len(text_of(root, path).splitlines())
            if count > MOST_LINES:
                yield f"{path}:1: {count} lines; split it (limit {MOST_LINES})"


def check_format(root):
    tool = shutil.which("clang-format")
    version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout if tool else ""
    if not re.search(r"version 14\.", version):
        # Versions differ in details, so one is the judge.
        print(f"skipped: clang-format 14 is not here ({version.strip() or 'none'})")
        sys.exit(SKIPPED)
    files = [str(Path(root) / path) for path in tracked(root) if path.suffix in {".h", ".cpp"}]
    for start in range(0, len(files), 100):
        result = subprocess.run([tool, "--dry-run", "--ferror-limit=3", "-style=file", *files[start:start + 100]],
                                capture_output=True, text=True)
        for line in result.stderr.splitlines():
            if "[-Wclang-format-violations]" in line:
                yield line.replace(str(root) + "/", "")


def check_scripts(root):
    shellcheck = shutil.which("shellcheck")
    if not shellcheck:
        print("note: shellcheck is not here; syntax alone is checked")
    for path in tracked(root):
        if not is_script(root, path):
            continue
        file = str(Path(root) / path)
        syntax = subprocess.run(["bash", "-n", file], capture_output=True, text=True)
        if syntax.returncode:
            yield syntax.stderr.strip()
        if shellcheck:
            lint = subprocess.run([shellcheck, "-S", "warning", "-f", "gcc", file], capture_output=True, text=True)
            yield from lint.stdout.splitlines()
        if path.suffix == ".sh" and not (Path(root) / path).stat().st_mode & 0o100:
            yield f"{path}:1: is not executable"


CHECKS = {
    "layers": check_layers,
    "headers": check_headers,
    "words": check_words,
    "size": check_size,
    "format": check_format,
    "scripts": check_scripts,
}

SPDX = "{0} SPDX-FileCopyrightText: 2026 The qdrant2pg authors\n{0} SPDX-License-Identifier: MIT\n"
# check, path, text, whether it offends
SAMPLES = [
    ("layers", "core/engine/a.cpp", '#include "core/plan/b.h"\n#include <QString>\n', False),
    ("layers", "core/engine/a.cpp", '#include "core/verify/b.h"\n', True),
    ("layers", "core/qdrant/a.h", '#include "core/postgres/b.h"\n', True),
    ("layers", "core/postgres/a.h", '#  include "core/qdrant/b.h"\n', True),
    ("layers", "core/common/a.h", '#include "app/cli/b.h"\n', True),
    ("layers", "core/common/a.h", "#include <QtGui/QColor>\n", True),
    ("layers", "app/cli/a.cpp", "#include <QtSql/QSqlQuery>\n", True),
    ("layers", "core/report/a.h", '#include "ui/models/b.h"\n', True),
    ("layers", "core/report/a.h", '#include "b.h"\n', True),
    ("layers", "demo/a.cpp", '#include "core/qdrant/b.h"\n', True),
    ("layers", "demo/a.cpp", '#include "core/common/b.h"\n#include "demo/c.h"\n', False),
    ("layers", "app/cli/a.cpp", '#include "ui/models/b.h"\n', True),
    ("layers", "app/wizard/a.cpp", '#include "ui/models/b.h"\n#include "core/report/c.h"\n', False),
    ("layers", "tests/unit/a.cpp", '#include "demo/b.h"\n', False),
    ("headers", "core/a.h", SPDX.format("//") + "#pragma once\n", False),
    ("headers", "core/a.h", SPDX.format("//"), True),
    ("headers", "core/a.cpp", "int a;\n", True),
    ("headers", "a.sh", "#!/usr/bin/env bash\n" + SPDX.format("#"), False),
    ("headers", "run", "#!/usr/bin/env bash\n", True),
    ("headers", "x/CMakeLists.txt", "# What this folder is for.\n", False),
    ("headers", "x/CMakeLists.txt", "add_subdirectory(y)\n", True),
    ("words", "a.md", "nothing to see in ${TMPDIR:-/tmp}\n", False),
    ("words", "a.md", "TO" "DO: later\n", True),
    ("words", "a.sh", "cd /ho" "me/somebody/tree\n", True),
    ("size", "a.cpp", "\n" * MOST_LINES, False),
    ("size", "a.cpp", "\n" * (MOST_LINES + 1), True),
    ("scripts", "run", "#!/usr/bin/env bash\necho fine\n", False),
    ("scripts", "run", "#!/usr/bin/env bash\nif true; then\n", True),
]


def selftest():
    """Each check finds what it is for, and nothing else."""
    failures = 0
    for check, path, text, offends in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            found = list(CHECKS[check](folder))
        if bool(found) != offends:
            failures += 1
            print(f"{check} {path} {text!r}: found {found}")
    print(f"{len(SAMPLES)} samples, {failures} judged wrong")
    return failures == 0


def main():
    if len(sys.argv) == 2 and sys.argv[1] == "selftest":
        sys.exit(0 if selftest() else 1)
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        sys.exit(f"usage: guard.py {{{','.join(CHECKS)}}} ROOT | guard.py selftest")
    root = Path(sys.argv[2]).resolve()
    if not tracked(root):
        sys.exit(f"no files below {root}")
    offences = list(CHECKS[sys.argv[1]](root))
    print("\n".join(offences))
    sys.exit(1 if offences else 0)


if __name__ == "__main__":
    main()
