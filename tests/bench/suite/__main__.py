# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""The benchmark suite; scripts/bench.sh builds what it needs and starts it. docs/performance.md says how to read what it prints."""

import argparse
import re
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import cells
import chart
import measure
import output
import servers
from machine import Failed

ROOT = Path(__file__).resolve().parents[3]


def number_list(text):
    numbers = [int(part) for part in text.split(",")]
    if not numbers or min(numbers) < 1:
        raise ValueError(text)
    return numbers


def positive(text):
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def options_from(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/bench.sh", description="Measures qdrant2pg end to end against the floors of both servers.",
        epilog="DATABASE_URL names a PostgreSQL to use (two schemas of their own are made in it and dropped); QDRANT_API_KEY the "
               "key of --source-url. Exit codes: 0 all measured, 1 something failed, 2 usage, 130 interrupted.")
    what = parser.add_argument_group("what")
    what.add_argument("--quick", action="store_true", help="six cells instead of ninety")
    what.add_argument("--cells", metavar="REGEX", type=re.compile, help="cells whose name matches, such as grpc-d768-p500-l2")
    what.add_argument("--points", metavar="N", type=positive, help="points of every data set (default: by --megabytes)")
    what.add_argument("--megabytes", metavar="N", type=positive, default=80, help="rows of a data set (default: 80)")
    what.add_argument("--repeat", metavar="N", type=positive, default=1, help="rounds of each cell, interleaved; medians are told")
    what.add_argument("--no-matrix", action="store_true", help="leave the cells out")
    what.add_argument("--no-parts", action="store_true", help="leave out decoding and encoding without servers")
    what.add_argument("--growth", action="store_true", help="also runs of growing size: CPU, memory, ledger")
    what.add_argument("--growth-sizes", metavar="N,N", type=number_list, default=[50_000, 200_000, 800_000])
    what.add_argument("--with-python", action="store_true", help="also the one-hour script (installs it into a virtual environment)")
    what.add_argument("--python-cells", metavar="REGEX", type=re.compile, default=re.compile("^d768-p500$"),
                      help="data sets for the script (default: d768-p500)")
    where = parser.add_argument_group("where")
    where.add_argument("--programs", metavar="DIR", help="build folder with the programs; nothing is built")
    where.add_argument("--source-url", metavar="URL", help="a Qdrant server: its collections qdrant2pg_bench_* are made and deleted")
    where.add_argument("--grpc-port", metavar="N", type=int, default=6334, help="its gRPC port")
    where.add_argument("--collection", metavar="NAME", help="with --source-url: measure this collection as it is")
    where.add_argument("--qdrant-pid", metavar="PID", type=int, help="its process, when it runs on this machine: for its CPU time")
    where.add_argument("--out", metavar="DIR", default=str(ROOT / "build/bench"), help="results.json, chart.svg (default: build/bench)")
    where.add_argument("--venv", metavar="DIR", default=str(ROOT / "build/bench-venv"), help="for --with-python")
    where.add_argument("--cell-limit", metavar="S", type=positive, default=120, help="seconds for one measurement (default: 120)")
    options = parser.parse_args(arguments)
    if options.collection and not options.source_url:
        parser.error("--collection is for --source-url")
    if not options.programs:
        options.programs = str(ROOT / "build/bench-release")
    return options


class Suite:
    """One run; `result` is what is known so far."""

    def __init__(self, options, tools, postgres, folder):
        self.options = options
        self.postgres = postgres
        self.tools = tools
        self.bench = measure.Bench(tools, postgres, folder, options.cell_limit)
        self.python = None
        self.result = {"version": 1, "environment": {}, "parts": [], "cells": [], "scripts": [], "growth": [], "leftOut": [],
                       "failures": [], "verdicts": []}

    def say(self, text):
        print(text, flush=True)

    def attempt(self, name, work):
        """What `work` gives, or nothing when it failed: it is told, and the rest goes on."""
        try:
            return work()
        except Exception as failed:  # whatever it was, the other cells do not depend on it
            words = str(failed) if isinstance(failed, Failed) else f"{type(failed).__name__}: {failed}"
            line = f"{name}: {words}"
            if "UUID ids alone" in words:
                self.result["leftOut"].append(line)
                return None
            self.result["failures"].append(line)
            self.say(f"FAILED {line}")
            return None

    @contextmanager
    def source(self, data):
        """The data set, ready to be read."""
        if not self.options.source_url:
            with servers.StandIn(self.tools, data) as source:
                yield source
            return
        with servers.RealSource(self.options) as source:
            if not self.options.collection:
                self.say(f"Filling {data.collection} with {data.points:,} points")
                source.fill(self.tools, data)
            yield source

    def parts(self):
        found, left_out = measure.parts(self.tools)
        self.result["parts"] = [{"name": name, "microsPerPoint": micros} for name, micros in found]
        self.result["leftOut"] += left_out

    def chosen(self):
        options = self.options
        if not options.collection:
            found = cells.matrix(options.quick, options.megabytes, options.points, options.cells)
            if options.source_url:
                found = [cells.Cell(cells.DataSet(cell.data.dimensions, cell.data.payload, cell.data.points,
                                                  "qdrant2pg_bench_" + cell.data.name.replace("-", "_")), cell.transport, cell.lanes)
                         for cell in found]
            return found
        server = servers.RealSource(options)
        data = cells.DataSet(server.vector_of(options.collection), 0, server.points_of(options.collection), options.collection)
        return [cells.Cell(data, transport, lanes) for lanes in cells.LANES for transport in cells.TRANSPORTS
                if options.cells is None or options.cells.search(f"{transport}-{data.name}-l{lanes}")]

    def matrix(self):
        groups = cells.by_data(self.chosen())
        count = sum(len(group) for _, group in groups)
        for data, group in groups:
            self.say(f"\n{data.name}: {data.points:,} points, {len(self.result['cells'])} of {count} cells done")
            self.say(output.table(output.CELL_HEAD, []))
            if self.attempt(data.name, lambda: self.data_set(data, group) or True) is None:
                known = {cell["name"] for cell in self.result["cells"]}
                self.result["cells"] += [self.entry(cell) for cell in group if cell.name not in known]
            self.keep()

    def entry(self, cell, **more):
        return {"name": cell.name, "transport": cell.transport, "dimensions": cell.data.dimensions,
                "payloadBytes": cell.data.payload, "lanes": cell.lanes, "points": cell.data.points,
                "rowBytes": cell.data.row_bytes(), "endToEnd": None, "rounds": [], "copyFloor": None, "scrollFloor": None,
                "ratioToCopyFloor": None, "ratioToScrollFloor": None, **more}

    def data_set(self, data, group):
        with self.source(data) as source:
            plans = {transport: self.attempt(f"plan {transport}-{data.name}", lambda t=transport: self.bench.plan(source, data, t))
                     for transport in dict.fromkeys(cell.transport for cell in group)}
            runs, copies, scrolls, dead = {}, {}, {}, set()

            def once(store, key, name, work):
                # What failed once is not tried in every round: it may have cost its whole time limit.
                if name not in dead:
                    value = self.attempt(name, work)
                    if value is None:
                        dead.add(name)
                    else:
                        store.setdefault(key, []).append(value)

            for _ in range(self.options.repeat):
                for lanes in dict.fromkeys(cell.lanes for cell in group):
                    once(copies, lanes, f"COPY floor {data.name}-l{lanes}",
                         lambda n=lanes: self.bench.copy_floor(source, data, n))
                    for cell in (cell for cell in group if cell.lanes == lanes):
                        once(scrolls, cell, f"scroll floor {cell.name}",
                             lambda c=cell: self.bench.scroll_floor(source, data, c.transport, c.lanes))
                        if plans[cell.transport]:
                            once(runs, cell, cell.name,
                                 lambda c=cell: self.bench.migrate(source, plans[c.transport], data.points, c.lanes))
            for cell in group:
                self.add(cell, runs.get(cell, []), copies.get(cell.lanes, []), scrolls.get(cell, []))
            if self.python and self.options.python_cells.search(data.name):
                self.scripts(source, data)

    def add(self, cell, runs, copies, scrolls):
        run, copied, scrolled = measure.medians(runs), measure.medians(copies), measure.medians(scrolls)
        entry = self.entry(cell, endToEnd=run, rounds=runs, copyFloor=copied, scrollFloor=scrolled,
                           ratioToCopyFloor=output.ratio(run, copied), ratioToScrollFloor=output.ratio(run, scrolled))
        if copied:
            entry["rowBytes"] = round(copied["bytes"] / copied["points"])
        self.result["cells"].append(entry)
        self.say(output.table(output.CELL_HEAD, [output.cell_row(entry)]).split("\n")[1])

    def scripts(self, source, data):
        for transport in cells.TRANSPORTS:
            name = f"python-{transport}-{data.name}"
            runs = []
            for _ in range(self.options.repeat):
                run = self.attempt(name, lambda t=transport: self.bench.script(source, data, t, self.python))
                if not run:
                    break
                runs.append(run)
            ours = [cell for cell in self.result["cells"] if cell["endToEnd"] and cell["points"] == data.points
                    and cell["transport"] == transport and cell["name"].split("-", 1)[1].startswith(data.name)]
            ours.sort(key=lambda cell: cell["lanes"] != 2)
            run = measure.medians(runs)
            self.result["scripts"].append({
                "name": name, "transport": transport, "dimensions": data.dimensions, "payloadBytes": data.payload,
                "points": data.points, "run": run, "comparedWith": ours[0]["name"] if ours else None,
                "productFaster": output.ratio(ours[0]["endToEnd"], run) if ours and run else None})
            self.say(output.table(output.SCRIPT_HEAD, output.script_rows(self.result["scripts"][-1:])))

    def growth(self):
        if self.options.collection:
            self.result["leftOut"].append("growth: it needs collections of its own, and --collection was given")
            return
        self.bench.limit = max(self.options.cell_limit, 600)
        self.say("")
        for points in self.options.growth_sizes:
            name = "qdrant2pg_bench_growth" if self.options.source_url else "bench"
            data = cells.DataSet(768, 500, points, name)
            self.attempt(f"growth {points}", lambda d=data: self.grow(d))
            self.keep()

    def grow(self, data):
        with self.source(data) as source:
            for transport in cells.TRANSPORTS:
                name = f"growth-{transport}-{data.name}-{data.points}"

                def work(transport=transport):
                    runs, size = [], 0
                    plan = self.bench.plan(source, data, transport)
                    for _ in range(self.options.repeat):
                        runs.append(self.bench.migrate(source, plan, data.points))
                        size = self.bench.ledger_bytes()
                    return measure.medians(runs), size

                found = self.attempt(name, work)
                self.result["growth"].append({"name": name, "transport": transport, "points": data.points,
                                              "endToEnd": found[0] if found else None, "ledgerBytes": found[1] if found else None})
                self.say(output.table(output.GROWTH_HEAD, output.growth_rows(self.result["growth"][-1:])))

    def keep(self):
        """The results so far, on disk."""
        self.result["verdicts"] = output.verdicts(self.result)
        folder = Path(self.options.out)
        folder.mkdir(parents=True, exist_ok=True)
        output.write_json(self.result, folder / "results.json")
        if any(cell["endToEnd"] for cell in self.result["cells"]):
            (folder / "chart.svg").write_text(chart.svg(self.result["cells"], self.result["environment"]["source"]), encoding="utf-8")

    def run(self):
        options = self.options
        kind = "stand-in"
        if options.source_url:
            kind = f"Qdrant {servers.RealSource(options).version}"
        self.result["environment"] = output.environment(self.tools, self.postgres, kind, options)
        self.say(f"{self.result['environment']['program']}, PostgreSQL {self.postgres.version}, source: {kind}")
        if options.with_python:
            self.python = self.attempt("the script of an hour", lambda: measure.script_python(options.venv))
            if not self.python:
                self.result["leftOut"].append("the script of an hour: it could not be installed")
        else:
            self.result["leftOut"].append("the script of an hour: only --with-python runs it")
        if not options.no_parts:
            self.parts()
        if not options.no_matrix:
            self.matrix()
        if options.growth:
            self.growth()


def stop_on_signal(number, _frame):
    # A second one must not stop the cleaning up.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


def main():
    options = options_from(sys.argv[1:])
    try:
        tools = measure.Tools(options.programs)
    except Failed as failed:
        print(f"bench: {failed}", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_on_signal)
    postgres = servers.Postgres(tools)
    folder = tempfile.mkdtemp(prefix="qdrant2pg-bench-")
    status, suite = 0, Suite(options, tools, postgres, folder)
    try:
        postgres.start()
        suite.run()
        suite.keep()
    except Failed as failed:
        print(f"bench: {failed}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("\nInterrupted: what was measured before is kept.", flush=True)
        status = 130
    finally:
        if suite.result["environment"]:
            suite.keep()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if suite.result["environment"]:
        print(f"\n{output.text(suite.result)}\n\n{options.out}/results.json, {options.out}/chart.svg")
    return status or (1 if suite.result["failures"] else 0)


if __name__ == "__main__":
    sys.exit(main())
