# SPDX-FileCopyrightText: 2026 The qdrant2pg authors
# SPDX-License-Identifier: MIT
"""What is measured: data sets, and cells over them."""

from dataclasses import dataclass

DIMENSIONS = (128, 384, 768, 1536, 3072)
PAYLOADS = (0, 500, 5000)
LANES = (1, 2, 4)
TRANSPORTS = ("grpc", "rest")
# A quick run still sees both transports, the smallest and the largest vector, and the usual one.
QUICK_DIMENSIONS = (128, 768, 3072)
MOST_POINTS = 150_000


@dataclass(frozen=True)
class DataSet:
    """A collection of UUID ids, one dense vector and a payload; or one that exists already."""
    dimensions: int
    payload: int
    points: int
    collection: str = "bench"

    @property
    def name(self):
        return f"d{self.dimensions}-p{self.payload}"

    def row_bytes(self):
        """Of a row in COPY form, nearly: id, vector, payload and their lengths."""
        return 2 + 4 + 16 + 4 + 4 + 4 * self.dimensions + 4 + 1 + max(self.payload, 2)

    def page(self, transport):
        """Points a request of the raw scroll: about a megabyte over gRPC, two over REST, which prints each float."""
        if transport == "grpc":
            return max(1, 1_000_000 // self.row_bytes())
        return max(1, 2_000_000 // (60 + 13 * self.dimensions + self.payload))


@dataclass(frozen=True)
class Cell:
    data: DataSet
    transport: str
    lanes: int

    @property
    def name(self):
        return f"{self.transport}-{self.data.name}-l{self.lanes}"


def sized(dimensions, payload, megabytes, points=None):
    """A data set of about that many megabytes of rows."""
    row = DataSet(dimensions, payload, 0).row_bytes()
    return DataSet(dimensions, payload, points or min(MOST_POINTS, max(1000, int(megabytes * 1e4 / row) * 100)))


def matrix(quick, megabytes, points, wanted):
    """Cells of the matrix whose name `wanted` (a compiled expression, or nothing) finds, by data set."""
    result = []
    for dimensions in QUICK_DIMENSIONS if quick else DIMENSIONS:
        for payload in (500,) if quick else PAYLOADS:
            data = sized(dimensions, payload, megabytes, points)
            result += [Cell(data, transport, lanes) for lanes in ((2,) if quick else LANES) for transport in TRANSPORTS]
    return [cell for cell in result if wanted is None or wanted.search(cell.name)]


def by_data(cells):
    """[(data set, its cells)], in order."""
    groups = {}
    for cell in cells:
        groups.setdefault(cell.data, []).append(cell)
    return list(groups.items())
