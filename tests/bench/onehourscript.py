#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""The migration script that a good engineer writes in an hour: qdrant-client's scroll into psycopg's binary COPY. Here as what the
benchmark compares with. It knows one shape (UUID ids, one unnamed dense vector, a payload), does not resume and proves nothing.

Servers: QDRANT_URL, GRPC_PORT, COLLECTION, DATABASE_URL. Needs qdrant-client, psycopg[binary] and pgvector.
"""

import argparse
import json
import os
import time
import uuid

import numpy
import psycopg
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb
from qdrant_client import QdrantClient

PAGE = 1000


def connect(transport):
    """With compression off: the servers' default, gzip, halves the speed of this script."""
    return QdrantClient(
        url=os.environ["QDRANT_URL"], api_key=os.environ.get("QDRANT_API_KEY"), prefer_grpc=transport == "grpc",
        grpc_port=int(os.environ.get("GRPC_PORT", "6334")), timeout=60, check_compatibility=False,
        grpc_options={"grpc.compression_enabled_algorithms_bitset": 1, "grpc.max_receive_message_length": -1},
        headers={"Accept-Encoding": "identity"} if transport == "rest" else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transport", choices=("rest", "grpc"), default="grpc")
    parser.add_argument("--table", default="items")
    options = parser.parse_args()
    qdrant = connect(options.transport)
    collection = os.environ["COLLECTION"]
    size = len(qdrant.scroll(collection, limit=1, with_vectors=True)[0][0].vector)
    with psycopg.connect(os.environ["DATABASE_URL"]) as postgres:
        register_vector(postgres)
        postgres.execute(f"CREATE TABLE {options.table} (id uuid, embedding vector({size}), payload jsonb)")
        postgres.commit()
        print(json.dumps({"event": "begun"}), flush=True)
        start = time.monotonic()
        points, offset = 0, None
        with postgres.cursor().copy(f"COPY {options.table} (id, embedding, payload) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["uuid", "vector", "jsonb"])
            while True:
                page, offset = qdrant.scroll(collection, limit=PAGE, offset=offset, with_payload=True, with_vectors=True)
                for point in page:
                    copy.write_row(
                        (uuid.UUID(point.id), numpy.array(point.vector, dtype=numpy.float32), Jsonb(point.payload)))
                points += len(page)
                if offset is None:
                    break
        postgres.commit()
        print(json.dumps({"event": "ended", "points": points, "seconds": time.monotonic() - start}), flush=True)


if __name__ == "__main__":
    main()
