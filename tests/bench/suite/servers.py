# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""The two ends: a stand-in or a real Qdrant, and PostgreSQL; their CPU time where they run on this machine."""

import json
import os
import re
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import machine
from machine import Failed

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT = 300
# What the own PostgreSQL is started with: a load that does not wait for checkpoints, as docs/performance.md advises.
SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}


class Postgres:
    """The PostgreSQL of DATABASE_URL, or one of its own. What the suite makes is in two schemas of its own."""

    def __init__(self, tools):
        self._tools = tools
        self._folder = None
        self.own = not os.environ.get("DATABASE_URL")
        self.schema = f"qdrant2pg_bench_{os.getpid()}"
        self.ledger = self.schema + "_ledger"
        self.postmaster = None
        self.version = ""
        self._url = os.environ.get("DATABASE_URL", "")

    def start(self):
        if self.own:
            self._folder = tempfile.mkdtemp(prefix="qdrant2pg-bench-")
            os.chmod(self._folder, 0o755)  # PostgreSQL's user passes through it
            command = [ROOT / "scripts/postgres.sh", "start", "--embedded", "--dir", self._folder + "/postgres", "--database",
                       "bench", "--owner", str(os.getpid())]
            for name, value in SETTINGS.items():
                command += ["--set", f"{name}={value}"]
            with machine.Program(command, START_LIMIT) as program:
                lines = list(program.lines())
                program.check()
            self._url = lines[-1].strip()
        os.environ["DATABASE_URL"] = self._url
        self.sql("CREATE EXTENSION IF NOT EXISTS vector", f"CREATE SCHEMA {self.schema}")
        self.version = self.sql("SHOW server_version")[0][0][0]
        self.postmaster = self._find_postmaster()

    def stop(self):
        if not self.own and self._url:
            try:
                self.sql(f"DROP SCHEMA IF EXISTS {self.schema}, {self.ledger} CASCADE")
            except Failed as failed:
                print(f"The schemas {self.schema} and {self.ledger} are left in the database: {failed}", flush=True)
        if self._folder:
            try:
                with machine.Program([ROOT / "scripts/postgres.sh", "stop", "--embedded", "--dir", self._folder + "/postgres",
                                      "--mode", "immediate"], 60) as program:
                    program.wait()
            finally:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def sql(self, *statements):
        """Rows of texts, by statement."""
        return [answer["rows"] for answer in machine.run([self._tools.floor, "sql", *statements], 120)]

    def table(self, name):
        return f"{self.schema}.{name}"

    def calm(self):
        """Writes out what earlier measurements left, where this role may."""
        try:
            self.sql("CHECKPOINT")
        except Failed:
            pass

    def _find_postmaster(self):
        """Of a server on this machine: the parent of its checkpointer."""
        try:
            rows = self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")[0]
        except Failed:
            return None
        for row in rows:
            parent = machine.parent_of(row[0])
            if machine.name_of(row[0]) == "postgres" and parent and machine.name_of(parent) == "postgres":
                return parent
        return None


class StandIn:
    """A stand-in Qdrant with one generated collection."""
    kind = "stand-in"

    def __init__(self, tools, data):
        self.url = self.grpc_port = None
        recipe = f"{data.collection}:points={data.points},dim={data.dimensions},payload={data.payload}"
        self._program = machine.Program(
            [tools.demo, "--port", "0", "--grpc-port", "0", "--no-demo", "--generate", recipe], START_LIMIT)
        self.pid = self._program.pid
        try:
            for line in self._program.lines():
                if line.startswith("listening on "):
                    self.url = line.split()[-1]
                if line.startswith("gRPC on "):
                    self.grpc_port = int(line.rsplit(":", 1)[1])
                if self.url and self.grpc_port:
                    return
            self._program.check()
            raise Failed("the stand-in did not say where it listens")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._program.close(grace=5)


class RealSource:
    """A Qdrant server. With a data set its collection is made, filled from a stand-in, and deleted afterwards."""
    kind = "server"

    def __init__(self, options):
        self.url = options.source_url.rstrip("/")
        self.grpc_port = options.grpc_port
        self.pid = options.qdrant_pid
        self.version = self.ask("GET", "/").get("version", "")
        self._made = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._made:
            self.ask("DELETE", f"/collections/{self._made}")
            self._made = None

    def ask(self, method, path, body=None, limit=60):
        """A JSON answer; `body` is bytes."""
        return json.loads(_http(self.url + path, method, body, limit))

    def points_of(self, collection):
        body = json.dumps({"exact": True}).encode()
        return self.ask("POST", f"/collections/{collection}/points/count", body)["result"]["count"]

    def vector_of(self, collection):
        """Dimensions of the only unnamed vector; 0 where there are several or none."""
        parameters = self.ask("GET", f"/collections/{collection}")["result"]["config"]["params"]
        return parameters.get("vectors", {}).get("size", 0) if isinstance(parameters.get("vectors"), dict) else 0

    def fill(self, tools, data):
        """Makes the data set's collection; nothing of the same name may exist."""
        vectors = {"vectors": {"size": data.dimensions, "distance": "Cosine"}}
        self.ask("PUT", f"/collections/{data.collection}", json.dumps(vectors).encode())
        self._made = data.collection
        with StandIn(tools, data) as pattern:
            for points in _pages(pattern.url, data):
                self.ask("PUT", f"/collections/{data.collection}/points?wait=true", b'{"points":' + points + b"}", 300)
        stored = self.points_of(data.collection)
        if stored != data.points:
            raise Failed(f"{data.collection} holds {stored} points after {data.points} were sent")
        self._wait_until_optimised(data.collection)

    def _wait_until_optimised(self, collection, limit=600):
        """Its index build would compete for the processors."""
        deadline = time.monotonic() + limit
        while self.ask("GET", f"/collections/{collection}")["result"].get("status") != "green":
            if time.monotonic() > deadline:
                print(f"{collection} is still being optimised by the server; measuring anyway", flush=True)
                return
            time.sleep(0.5)


# As qdrant2pg itself: straight to the server, whatever proxy the environment names.
_straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _http(url, method, body, limit):
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": "application/json"})
    if os.environ.get("QDRANT_API_KEY"):
        request.add_header("api-key", os.environ["QDRANT_API_KEY"])
    try:
        with _straight.open(request, timeout=limit) as reply:
            return reply.read()
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {url}: {error.code} {error.read(300).decode('utf-8', 'replace')}") from error
    except (urllib.error.URLError, OSError) as error:
        raise Failed(f"{method} {url}: {error}") from error


def _pages(url, data):
    """The points of a data set as the JSON text of lists. A point is uploaded in the form in which a scroll gives it, so no
    float is read or printed here."""
    offset = None
    while True:
        query = {"limit": data.page("rest"), "with_vector": True, "with_payload": True}
        if offset:
            query["offset"] = offset
        body = _http(f"{url}/collections/{data.collection}/points/scroll", "POST", json.dumps(query).encode(), 60)
        begin = body.index(b'"points":') + len(b'"points":')
        end = body.rindex(b',"next_page_offset":')
        yield body[begin:end]
        found = re.match(rb'"([^"]+)"', body[end + len(b',"next_page_offset":'):])
        if not found:
            return
        offset = found.group(1).decode()
