#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""Runs the smallest cells of the benchmark suite: suitesmoke.py BUILD_FOLDER. Looks at counts and at the shape of what is written,
not at times. Exit code 77 means skipped."""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path

SKIPPED = 77
POINTS = 2000
NAMES = ["grpc-d128-p0-l2", "rest-d128-p0-l2"]
SIZES = [500, 1000]


def database(build):
    """As the tests find their server: DATABASE_URL, or the one that ctest started for this run (tests/support/fixture.sh)."""
    if os.environ.get("DATABASE_URL"):
        return os.environ["DATABASE_URL"]
    try:
        return (build / "tests/postgres-server").read_text(encoding="utf-8").splitlines()[1]
    except (OSError, IndexError):
        return None


def numbers(record, keys):
    for key in keys:
        assert isinstance(record[key], (int, float)) and record[key] > 0, (key, record)


def check(result, out):
    assert result["version"] == 1 and result["failures"] == [], result["failures"]
    assert result["environment"]["source"] == "stand-in" and result["environment"]["processors"] > 0
    assert [cell["name"] for cell in result["cells"]] == NAMES
    for cell in result["cells"]:
        run = cell["endToEnd"]
        assert cell["points"] == run["stored"] == POINTS and run["verification"] == "identical" and run["lanes"] == 2
        assert run["transport"].lower() == cell["transport"], run
        assert len(cell["rounds"]) == 1 and cell["dimensions"] == 128 and cell["payloadBytes"] == 0
        assert 4 * 128 < cell["rowBytes"] < 4 * 128 + 100, cell["rowBytes"]
        numbers(run, ["pointsPerSecond", "seconds", "wholeSeconds", "wholeClientMicrosPerPoint", "peakMiB"])
        for key in ("copyFloor", "scrollFloor"):
            numbers(cell[key], ["points", "bytes", "seconds", "pointsPerSecond"])
            assert cell[key]["points"] >= POINTS
        # Every vector came over the wire, and a float takes more room as text.
        assert cell["scrollFloor"]["bytes"] > POINTS * 128 * (4 if cell["transport"] == "grpc" else 8)
        numbers(cell, ["ratioToCopyFloor", "ratioToScrollFloor"])
    assert sorted((step["transport"], step["points"]) for step in result["growth"]) == \
        [(transport, points) for transport in ("grpc", "rest") for points in SIZES]
    for step in result["growth"]:
        assert step["endToEnd"]["stored"] == step["points"] and step["ledgerBytes"] > 0
    assert any("peak memory ≤ 100 MiB" in line for line in result["verdicts"]), result["verdicts"]
    assert any("script of an hour" in line for line in result["leftOut"]), result["leftOut"]
    picture = xml.etree.ElementTree.parse(out / "chart.svg").getroot()
    titles = [title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert sorted(title.split(":")[0] for title in titles) == sorted(NAMES), titles


def main():
    build = Path(sys.argv[1])
    url = database(build)
    if not url and not os.environ.get("QDRANT2PG_REQUIRE_PG"):
        print("skipped: no PostgreSQL")
        return SKIPPED
    suite = Path(__file__).resolve().parent / "suite"
    with tempfile.TemporaryDirectory(prefix="qdrant2pg-smoke-") as folder:
        done = subprocess.run(
            [sys.executable, "-B", suite, "--programs", build, "--out", folder, "--no-parts", "--points", str(POINTS), "--cells",
             "^(" + "|".join(NAMES) + ")$", "--growth", "--growth-sizes", ",".join(map(str, SIZES))],
            env={**os.environ, "DATABASE_URL": url} if url else os.environ, timeout=240, text=True, capture_output=True, check=False)
        print(done.stdout, done.stderr)
        assert done.returncode == 0, done.returncode
        assert "peak memory ≤ 100 MiB in every cell" in done.stdout
        out = Path(folder)
        text = (out / "results.json").read_text(encoding="utf-8")
        assert not url or url not in text
        check(json.loads(text), out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
