# SPDX-License-Identifier: Apache-2.0
"""The record's tables, read from format.json, which is made from the C++ writer's own
(tests/core/test_record_format.cpp)."""

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from .errors import RecordError

SCHEMA = json.loads((Path(__file__).parent / "format.json").read_text(encoding="utf-8"))
STATES = SCHEMA["states"]


@dataclass(frozen=True)
class Column:
    name: str
    type: str  # int64 | float64 | text
    bytes: int
    symbol: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Table:
    group: str
    chunk_rows: int
    columns: tuple  # of Column; `step` last

    def names(self):
        return [column.name for column in self.columns]

    def require_known(self, names):
        """RecordError for the first name that is no column."""
        known = self.names()
        for name in names:
            if name not in known:
                near = get_close_matches(str(name), known, 1)
                hint = f"; nearest: {near[0]!r}" if near else ""
                raise RecordError(f"/{self.group} has no column {name!r}{hint}; it has {', '.join(known)}")


def tables(layers):
    """By group. `layers`: number of layer names; without any there is no table of layers."""
    found = {}
    for table in SCHEMA["tables"]:
        rows = table["chunk_rows"]
        if rows is None:
            if layers == 0:
                continue
            chunk = SCHEMA["layer_chunk"]
            rows = min(max(chunk["cells"] // layers, chunk["least_rows"]), chunk["most_rows"])
        columns = tuple(Column(**column) for column in table["columns"])
        found[table["group"]] = Table(table["group"], rows, columns)
    return found
