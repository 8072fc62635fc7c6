# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""What was measured, as tables, verdicts and JSON."""

import datetime
import json
import os
import platform

MEMORY_LIMIT = 100  # MiB
GROWTH_LIMIT = 0.10
# What a cell of the usual size must keep: share of the COPY floor, client µs a point.
GOALS = {"grpc-d768-p500-l2": (0.70, 6.0), "rest-d768-p500-l2": (None, 20.0)}


def environment(tools, postgres, kind, options):
    """On what it was measured; nothing that tells where the servers are."""
    model = ""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        pass
    return {"time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "processors": os.cpu_count(),
            "processorModel": model, "system": platform.release(), "loadBefore": round(os.getloadavg()[0], 2),
            "program": tools.version(), "postgres": postgres.version, "ownPostgres": postgres.own,
            "source": kind, "repeat": options.repeat}


def ratio(part, whole):
    if not part or not whole:
        return None
    return part["pointsPerSecond"] / whole["pointsPerSecond"]


def _number(value, form="{:.1f}"):
    return "–" if value is None else form.format(value)


def table(header, rows):
    """Columns under their heads, numbers to the right."""
    rows = [header, *rows]
    # At least so wide that rows that are printed as they come stand under a head that was printed before.
    widths = [max(26 if column == 0 else 10, *(len(row[column]) for row in rows)) for column in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


CELL_HEAD = ["cell", "points", "points/s", "MB/s", "÷ COPY", "÷ scroll", "client µs", "source µs", "PG µs", "peak MiB"]


def cell_row(cell):
    run = cell["endToEnd"]
    if not run:
        return [cell["name"], str(cell["points"]), "failed"] + ["–"] * 7
    return [cell["name"], str(cell["points"]), f"{run['pointsPerSecond']:,.0f}",
            _number(run["pointsPerSecond"] * cell["rowBytes"] / 1e6, "{:.0f}"), _number(cell["ratioToCopyFloor"], "{:.2f}"),
            _number(cell["ratioToScrollFloor"], "{:.2f}"), _number(run["clientMicrosPerPoint"]),
            _number(run["qdrantMicrosPerPoint"]), _number(run["postgresMicrosPerPoint"]), _number(run["peakMiB"], "{:.0f}")]


def floor_rows(cells):
    """The floors by themselves; a COPY floor serves both transports."""
    rows, seen = [], set()
    for cell in cells:
        data = cell["name"].split("-", 1)[1]
        for key, name in (("copyFloor", f"COPY floor {data}"), ("scrollFloor", f"scroll floor {cell['name']}")):
            floor = cell[key]
            if floor and name not in seen:
                seen.add(name)
                rows.append([name, f"{floor['points']:.0f}", f"{floor['pointsPerSecond']:,.0f}",
                             _number(floor["pointsPerSecond"] * cell["rowBytes"] / 1e6, "{:.0f}"), "", "",
                             _number(floor["clientMicrosPerPoint"]), _number(floor["qdrantMicrosPerPoint"]),
                             _number(floor["postgresMicrosPerPoint"]), ""])
    return rows


STAGES = ("decode", "encode", "copy", "rest", "total")


def stage_rows(cells):
    """What the program itself says its time went into, for cells of the usual payload and lanes."""
    return [[cell["name"], *(f"{cell['endToEnd']['stages'][stage]:.2f}" for stage in STAGES)] for cell in cells
            if cell["endToEnd"] and cell["endToEnd"].get("stages") and (cell["payloadBytes"], cell["lanes"]) == (500, 2)]


def growth_rows(steps):
    rows = []
    for step in steps:
        run = step["endToEnd"]
        if not run:
            rows.append([step["name"], str(step["points"]), "failed"] + ["–"] * 6)
            continue
        rows.append([step["name"], f"{step['points']:,}", f"{run['pointsPerSecond']:,.0f}", f"{run['seconds']:.1f}",
                     _number(run["clientMicrosPerPoint"]), _number(run["qdrantMicrosPerPoint"]),
                     _number(run["postgresMicrosPerPoint"]), f"{run['peakMiB']:.0f}", f"{step['ledgerBytes'] / 1024:.0f}"])
    return rows


GROWTH_HEAD = ["growth", "points", "points/s", "load s", "client µs", "source µs", "PG µs", "peak MiB", "ledger KiB"]


def script_rows(scripts):
    rows = []
    for script in scripts:
        run = script["run"]
        if not run:
            rows.append([script["name"], str(script["points"]), "failed"] + ["–"] * 5)
            continue
        rows.append([script["name"], str(script["points"]), f"{run['pointsPerSecond']:,.0f}",
                     _number(run["clientMicrosPerPoint"]), _number(run["qdrantMicrosPerPoint"]),
                     _number(run["postgresMicrosPerPoint"]), _number(run["peakMiB"], "{:.0f}"),
                     _number(script["productFaster"], "{:.1f}×")])
    return rows


SCRIPT_HEAD = ["script of an hour", "points", "points/s", "client µs", "source µs", "PG µs", "peak MiB", "qdrant2pg faster"]


def _holds(good):
    return "yes" if good else "NO "


def verdicts(result):
    """Sentences, each of which begins with whether it holds."""
    lines = []
    peaks = [(one["endToEnd"]["peakMiB"], one["name"]) for one in result["cells"] + result["growth"] if one["endToEnd"]]
    if peaks:
        peak, name = max(peaks)
        over = sum(value > MEMORY_LIMIT for value, _ in peaks)
        lines.append(f"{_holds(over == 0)}  peak memory ≤ {MEMORY_LIMIT} MiB in every cell: largest {peak:.0f} MiB "
                     f"({name}){f', {over} of {len(peaks)} above' if over else ''}")
    below = [cell for cell in result["cells"] if cell["scrollFloor"] and cell["endToEnd"]]
    if below:
        bound = [cell["name"] for cell in below if cell["ratioToScrollFloor"] > 0.95]
        names = "" if not bound else f"; the source is the limit in {', '.join(bound[:6])}{' …' if len(bound) > 6 else ''}"
        lines.append(f"{_holds(not bound)}  the source alone is faster than the whole in "
                     f"{len(below) - len(bound)} of {len(below)} cells{names}")
    for cell in below:
        share, micros = GOALS.get(cell["name"], (None, None))
        if share and cell["ratioToCopyFloor"]:
            lines.append(f"{_holds(cell['ratioToCopyFloor'] >= share)}  {cell['name']}: share of the COPY floor ≥ {share:.2f}: "
                         f"{cell['ratioToCopyFloor']:.2f}")
        if micros:
            spent = cell["endToEnd"]["clientMicrosPerPoint"]
            lines.append(f"{_holds(spent <= micros)}  {cell['name']}: CPU of the client per point ≤ {micros:.0f} µs: {spent:.1f} µs")
    for transport in ("grpc", "rest"):
        runs = [step["endToEnd"] for step in result["growth"] if step["endToEnd"] and step["transport"] == transport]
        if len(runs) > 1:
            for key, what in (("clientMicrosPerPoint", "CPU of the client per point"), ("peakMiB", "peak memory")):
                values = [run[key] for run in runs]
                spread = max(values) / min(values) - 1 if min(values) > 0 else float("inf")
                lines.append(f"{_holds(spread <= GROWTH_LIMIT)}  growth over {transport}: {what} within "
                             f"{GROWTH_LIMIT:.0%}: {min(values):.1f} to {max(values):.1f} (+{spread:.0%})")
    return lines


def text(result):
    sections = []
    if result["parts"]:
        sections.append(table(["without a server", "µs a point"],
                              [[part["name"], f"{part['microsPerPoint']:.2f}"] for part in result["parts"]]))
    if result["cells"]:
        sections.append(table(CELL_HEAD, [cell_row(cell) for cell in result["cells"]] + floor_rows(result["cells"])))
    if stages := stage_rows(result["cells"]):
        sections.append(table(["client µs by stage", *STAGES], stages))
    if result["scripts"]:
        sections.append(table(SCRIPT_HEAD, script_rows(result["scripts"])))
    if result["growth"]:
        sections.append(table(GROWTH_HEAD, growth_rows(result["growth"])))
    if result["leftOut"]:
        sections.append("Left out:\n" + "\n".join(f"  {line}" for line in result["leftOut"]))
    if result["failures"]:
        sections.append("Failed:\n" + "\n".join(f"  {line}" for line in result["failures"]))
    if result["verdicts"]:
        sections.append("Verdicts:\n" + "\n".join(f"  {line}" for line in result["verdicts"]))
    return "\n\n".join(sections)


def write_json(result, path):
    """In one step, so that an interrupted run leaves a whole file."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(new, path)
