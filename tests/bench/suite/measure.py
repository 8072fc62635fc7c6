# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""One measurement each: the product, the two floors, the script of an hour, and the parts without a server."""

import json
import os
import re
import statistics
import subprocess
import time
from pathlib import Path

import machine
from machine import Failed

# The states of a run that come after its last row was stored.
LOADED = {"building-indexes", "verifying", "finishing", "completed", "completed-with-rejects"}
SCRIPT = Path(__file__).resolve().parents[1] / "onehourscript.py"
SCRIPT_NEEDS = ("qdrant-client", "psycopg[binary]", "pgvector")


class Tools:
    """The programs of a build folder."""

    def __init__(self, folder):
        folder = Path(folder).resolve()
        self.product = folder / "bin/qdrant2pg"
        self.demo = folder / "bin/qdrant2pg-demo"
        self.floor = folder / "tests/bench_floor"
        self.decode = folder / "tests/bench_decode"
        self.encode = folder / "tests/bench_encode"
        missing = [str(path) for path in (self.product, self.demo, self.floor) if not os.access(path, os.X_OK)]
        if missing:
            raise Failed("not there: " + ", ".join(missing))

    def version(self):
        found = subprocess.run([self.product, "--version"], capture_output=True, text=True, timeout=30, check=False)
        return found.stdout.strip()


class Stretch:
    """CPU time of both servers since now. A server that is elsewhere has none."""

    def __init__(self, source, postgres):
        self._pids = (source.pid, postgres.postmaster)
        self._begin = self._now()

    def _now(self):
        return time.monotonic(), machine.seconds_of(self._pids[0]), machine.tree_seconds(self._pids[1])

    def end(self, points):
        """What a point cost the servers, in microseconds."""
        now = self._now()
        costs = [None if end is None or begin is None else 1e6 * (end - begin) / points
                 for begin, end in zip(self._begin[1:], now[1:])]
        return {"qdrantMicrosPerPoint": costs[0], "postgresMicrosPerPoint": costs[1]}


class Bench:
    """What all measurements share."""

    def __init__(self, tools, postgres, folder, limit):
        self.tools = tools
        self.postgres = postgres
        self.folder = Path(folder)
        self.limit = limit

    def _source(self, source):
        door = ["--grpc-port", source.grpc_port] if source.grpc_port else []
        return ["--source", source.url, *door]

    def plan(self, source, data, transport):
        """The proposed plan of a data set without its indexes, which are another finish line; in a file."""
        path = self.folder / f"plan-{data.name}-{transport}.json"
        path.unlink(missing_ok=True)
        with machine.Program(
                [self.tools.product, "plan", *self._source(source), "--transport", transport, "--collection", data.collection,
                 "--table", "bench", "--schema", self.postgres.schema, "--ledger-schema", self.postgres.ledger, "--save-plan",
                 path], self.limit) as program:
            for _ in program.lines():
                pass
            program.check()
        plan = json.loads(path.read_text(encoding="utf-8"))
        for collection in plan["collections"]:
            collection["indexes"] = []
        path.write_text(json.dumps(plan), encoding="utf-8")
        return path

    def clear(self):
        self.postgres.sql(f"DROP TABLE IF EXISTS {self.postgres.table('bench')}",
                          f"DROP SCHEMA IF EXISTS {self.postgres.ledger} CASCADE")
        self.postgres.calm()

    def migrate(self, source, plan, points, lanes=None):
        """A whole run of the product: copied, key made, every row compared."""
        self.clear()
        command = [self.tools.product, "migrate", "--plan", plan, "--json", "--quiet", "--out", self.folder / "run"]
        if source.grpc_port:
            command += ["--grpc-port", source.grpc_port]
        if lanes:
            command += ["--lanes", lanes]
        result, report, stretch, start = {}, None, None, time.monotonic()
        with machine.Program(command, self.limit) as program:
            for event in program.objects():
                state = event.get("state") if event.get("event") == "state" else None
                if state == "copying":
                    stretch, began = Stretch(source, self.postgres), machine.seconds_of(program.pid) or 0
                elif state in LOADED and stretch:
                    loaded = machine.seconds_of(program.pid) or 0
                    result.update(stretch.end(points), clientMicrosPerPoint=1e6 * (loaded - began) / points)
                    stretch = None
                elif event.get("event") == "finished":
                    report = event["report"]
            program.check()
            result["wholeSeconds"] = time.monotonic() - start
            result["wholeClientMicrosPerPoint"] = 1e6 * program.cpu_seconds() / points
            result["peakMiB"] = program.peak_mib()
        if report is None or "clientMicrosPerPoint" not in result:
            raise Failed("the run did not say how it went")
        stored = report["totals"]["stored"]
        proof = report["collections"][0]["verification"]["result"]
        seconds = report["times"]["dataMs"] / 1000
        if stored != points or proof != "identical" or seconds <= 0:
            raise Failed(f"{stored} of {points} points stored, verification: {proof}")
        result.update(stored=stored, verification=proof, seconds=seconds, pointsPerSecond=points / seconds,
                      verifySeconds=report["times"]["verifyMs"] / 1000, lanes=report["lanes"],
                      transport=report["source"]["transport"], stages=report["times"].get("cpuMicrosPerPoint"))
        return result

    def ledger_bytes(self):
        """Tables of the ledger with their indexes."""
        rows = self.postgres.sql("SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c "
                                 f"WHERE c.relnamespace = '{self.postgres.ledger}'::regnamespace AND c.relkind = 'r'")
        return int(rows[0][0][0])

    def _floor(self, command, source, points):
        with machine.Program([self.tools.floor, *command], self.limit) as program:
            result = None
            for event in program.objects():
                if event["event"] == "begun":
                    stretch = Stretch(source, self.postgres)
                else:
                    result = {**event, **stretch.end(event["points"] or points)}
            program.check()
        if result is None:
            raise Failed("the floor has no result")
        del result["event"]
        result["points"] = result["points"] or points
        result["pointsPerSecond"] = result["points"] / result["seconds"]
        result["clientMicrosPerPoint"] = 1e6 * result.pop("cpuSeconds") / result["points"]
        result["postgresMicrosPerPoint" if command[0] == "scroll" else "qdrantMicrosPerPoint"] = None
        return result

    def copy_floor(self, source, data, connections):
        """The same rows, encoded before the clock starts, by as many connections."""
        self.postgres.calm()
        return self._floor(["copy", *self._source(source), "--collection", data.collection, "--schema", self.postgres.schema,
                            "--points", data.points, "--connections", connections], source, data.points)

    def scroll_floor(self, source, data, transport, connections):
        """All points asked for over as many connections, the answers thrown away."""
        return self._floor(["scroll", *self._source(source), "--collection", data.collection, "--transport", transport,
                            "--page", data.page(transport), "--connections", connections], source, data.points)

    def script(self, source, data, transport, python):
        """The script of an hour."""
        self.clear()
        environment = {"QDRANT_URL": source.url, "COLLECTION": data.collection, "GRPC_PORT": str(source.grpc_port or 6334),
                       "NO_PROXY": "*"}
        result = None
        with machine.Program([python, SCRIPT, "--transport", transport, "--table", self.postgres.table("bench")], self.limit,
                             environment) as program:
            for event in program.objects():
                if event["event"] == "begun":
                    stretch, began = Stretch(source, self.postgres), machine.seconds_of(program.pid) or 0
                else:
                    result = {**event, **stretch.end(data.points), "clientMicrosPerPoint":
                              1e6 * ((machine.seconds_of(program.pid) or 0) - began) / data.points}
            program.check()
            if result is None:
                raise Failed(f"the script stored nothing: {program.errors()}")
            result["peakMiB"] = program.peak_mib()
        stored = int(self.postgres.sql(f"SELECT count(*) FROM {self.postgres.table('bench')}")[0][0][0])
        if stored != data.points:
            raise Failed(f"the script stored {stored} of {data.points} points")
        del result["event"]
        result["pointsPerSecond"] = data.points / result["seconds"]
        return result


def medians(rounds):
    """The median of each number over the rounds; the largest peak; what is no number from the last round."""
    if not rounds:
        return None
    result = dict(rounds[-1])
    for key, value in result.items():
        values = [one[key] for one in rounds if isinstance(one.get(key), (int, float))]
        if isinstance(value, (int, float)) and values:
            result[key] = max(values) if key == "peakMiB" else statistics.median(values)
        elif isinstance(value, dict):
            result[key] = medians([one[key] for one in rounds if one.get(key)])
    return result


def parts(tools):
    """Decoding and encoding without a server, as their own programs print it: [(what, microseconds a point)], and what could
    not be run."""
    results, left_out = [], []
    for program, pattern, scale in ((tools.decode, r"^(decode [^:]*): .*?([\d.]+) us a point", 1),
                                    (tools.encode, r"(\S[^\n]*?) +([\d.]+) ns a row", 1000)):
        if not os.access(program, os.X_OK):
            left_out.append(f"{program.name}: not built")
            continue
        done = subprocess.run([program], capture_output=True, text=True, timeout=300, check=False)
        found = re.findall(pattern, done.stdout + done.stderr, re.MULTILINE)
        if done.returncode or not found:
            left_out.append(f"{program.name}: ended with {done.returncode}")
        results += [(re.sub(r"^QINFO *: \S+ ", "", what).strip(), float(number) / scale) for what, number in found]
    return results, left_out


def script_python(folder):
    """The interpreter of a virtual environment with what the script needs, made when it is not there."""
    folder = Path(folder)
    python = folder / "bin/python"
    if not (folder / "complete").exists():
        base = next((one for one in ("/usr/bin/python3",) if os.access(one, os.X_OK)), "python3")
        print(f"Installing {', '.join(SCRIPT_NEEDS)} into {folder}", flush=True)
        for command in ([base, "-m", "venv", "--clear", folder],
                        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *SCRIPT_NEEDS]):
            with machine.Program(command, 300) as program:
                for _ in program.lines():
                    pass
                program.check()
        (folder / "complete").touch()
    return python
