# SPDX-License-Identifier: Apache-2.0
"""Writes a run record while a run goes on: one row per step, readable by Bandscope at any moment."""

import math
import os
import platform
import socket
import sys
import time
from pathlib import Path

import numpy as np

from .band import derived
from .checksum import RowChecksum
from .errors import RecordError
from .record_file import RecordFile
from .schema import STATES
from .spec_text import spec_text
from .texts import fitting, json_text, utf8


def _number(value, where):
    if value is None:
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RecordError(f"{where} is {value!r}; allowed: a number") from None
    return math.nan if math.isnan(number) else number  # one NaN, whose bits the checksum is of


def _whole(value, where, least):
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= int(value) < 1 << 63:
        raise RecordError(f"{where} is {value!r}; allowed: a whole number from {least} on, of 64 bits")
    return int(value)


def environment_of(more=None):
    """What /environment holds of this process; `more` goes over it."""
    found = {
        "program": "bandscope (Python package)",
        "python": platform.python_version(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "command": " ".join(sys.argv),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    found.update(more or {})
    return found


class Recorder:
    """`with Recorder(path, spec) as recorder: recorder.step({...})`.

    path: of the file to make, by custom RUNS/NAME/run.h5; RecordError where it exists.
    spec: a dict of tables as in Bandscope's run specs ({"run": {"name": …}, "objective": {"name": "dpo"}, …}), or TOML.
    environment: a dict that goes over what is found of this process; `planned_steps` tells the window how far a run is.
    layers: names of layers, if `step` is given scores by layer each time.

    Leaving the block marks the run done, stopped (KeyboardInterrupt, SystemExit) or failed (any other exception). A
    process that is killed loses at most the row in flight. One process writes a record: in a run over several, the
    first.
    """

    def __init__(self, path, spec, environment=None, layers=()):
        self.path = Path(path)
        self._spec = spec_text(spec)
        self._layers = [utf8(name).replace("\0", " ") for name in layers]
        text = json_text(environment_of(environment), "the environment")
        # What Bandscope takes of a record.
        for what, texts, most in (("a layer's name", self._layers, 4096), ("the environment", [text], 64 << 20)):
            longest = max((len(each.encode()) for each in texts), default=0)
            if longest > most:
                raise RecordError(f"{what} has {longest} bytes; at most {most} are allowed")
        if self.path.exists():
            raise RecordError(f"cannot write {self.path}: the file exists already")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise RecordError(f"cannot write {self.path}: {problem.strerror}") from None
        try:
            self._file = RecordFile(self.path, self._spec, text, self._layers)
        except (OSError, RuntimeError) as problem:
            raise RecordError(f"cannot write {self.path}: {problem}") from problem
        self._tables = {name: writer.table for name, writer in self._file.tables.items()}
        self._columns = [c.name for c in self._tables["steps"].columns if c.name not in ("checksum", "step")]
        self._checksum = RowChecksum(self._columns)
        self._pid, self._problem, self._closed = os.getpid(), None, False
        self.last_step = 0
        self._last = {"probe": -1, "evaluation": -1}
        self._started = self._step_ended = time.monotonic()
        self.status("running")

    def _require_open(self):
        if os.getpid() != self._pid:
            raise RecordError(f"{self.path} is written by the process {self._pid}; this is a fork of it")
        if self._problem:
            raise RecordError(self._problem)
        if self._closed:
            raise RecordError(f"cannot write {self.path}: the record is closed")

    def _guarded(self, write):
        """Runs one group of writes; after one that failed the file stays as it is on disk and every call says so
        again. `write` may be run again after it was broken off: KeyboardInterrupt and its like, which come from without
        and mean the program, are raised when the rows are whole."""
        self._require_open()
        interrupt = None
        while True:
            try:
                write()
                break
            except Exception as problem:
                self._problem = f"cannot write {self.path}: {problem}"
                self._file.overwrite_state("failed")
                self._file.abandon()
                raise RecordError(self._problem) from problem
            except BaseException as stop:
                interrupt = stop
        if interrupt is not None:
            raise interrupt

    def _prepared(self, group, rows):
        """A function that appends `rows`, a dict of lists of equal length by column, complete and checked. Called
        again, it writes the same rows in the same place."""
        table = self._tables[group]
        kinds = {"int64": np.int64, "float64": np.float64}
        cells = []
        for column in table.columns:
            values = rows[column.name]
            if column.type == "text":
                values = [fitting(value, column.bytes) for value in values]
                cells.append(np.array(values, dtype=f"S{column.bytes}"))
            else:
                cells.append(np.ascontiguousarray(values, dtype=kinds[column.type]))
        writer = self._file.tables[group]
        first, count = writer.rows, len(rows["step"])
        return lambda: writer.write(first, count, cells)

    def _append(self, group, rows):
        self._require_open()
        self._guarded(self._prepared(group, rows))

    def step(self, row, pairs=None, layers=None):
        """Appends a step.

        row: columns of /steps by name, `step` among them, counted from 1 upwards; what is lacking is NaN, but for what
        follows from other columns (margin, rho, log_r, band, slack) and for time and seconds, which are measured.
        pairs: columns of /pairs by name, each a list with a value per pair. layers: columns of /layers, each a list
        with a value per layer; at every step or never.
        """
        steps = self._tables["steps"]
        steps.require_known(row)
        if "checksum" in row:
            raise RecordError("checksum is a column that the Recorder fills itself")
        step = _whole(row.get("step"), "step", 1)
        if step <= self.last_step:
            raise RecordError(f"step {step} comes after step {self.last_step}; steps are recorded in rising order")
        values = {name: _number(value, f"{name} of step {step}") for name, value in row.items() if name != "step"}
        now = time.monotonic()
        values.setdefault("time", now - self._started)
        values.setdefault("seconds", now - self._step_ended)
        for name, value in derived(values).items():
            values.setdefault(name, value)
        ordered = [values.get(name, math.nan) for name in self._columns]
        whole = {name: [value] for name, value in zip(self._columns, ordered)}
        whole["checksum"], whole["step"] = [self._checksum(step, ordered)], [step]
        of_pairs = self._pairs(pairs, step) if pairs is not None else None
        of_layers = self._layer_row(layers, step)

        self._require_open()
        # The step's own row last: whoever sees it sees all that belongs to it.
        appends = []
        if of_pairs is not None and of_pairs["step"]:
            appends.append(self._prepared("pairs", of_pairs))
        if of_layers is not None:
            appends.append(self._prepared("layers", of_layers))
        appends.append(self._prepared("steps", whole))

        def write():
            for append in appends:
                append()
            self._file.write_heartbeat()
            self.last_step, self._step_ended = step, now

        self._guarded(write)

    def _pairs(self, pairs, step):
        table = self._tables["pairs"]
        table.require_known(pairs)
        lengths = {name: len(values) for name, values in pairs.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise RecordError(f"the pairs' columns of step {step} differ in length: {told}")
        count = next(iter(lengths.values()), 0)
        if count and "row" not in pairs:
            raise RecordError(f"the pairs of step {step} lack row, the line of the data that each is")
        rows = {}
        for column in table.columns:
            least = -1 if column.name == "row_l" else 0  # -1: not another line than row
            if column.name == "step":
                rows["step"] = [step] * count
            elif column.name in pairs:
                where = f"{column.name} of a pair of step {step}"
                whole = column.type == "int64"
                rows[column.name] = [_whole(value, where, least) if whole else _number(value, where)
                                     for value in pairs[column.name]]
            else:
                rows[column.name] = [least if column.type == "int64" else math.nan] * count
        return rows

    def _layer_row(self, layers, step):
        if (layers is not None) != bool(self._layers):
            raise RecordError("layers are recorded at every step or never, and named when the Recorder is made")
        if layers is None:
            return None
        table = self._tables["layers"]
        table.require_known(layers)
        row = {"step": [step]}
        for name in table.names()[:-1]:
            values = layers.get(name)
            if values is None or len(values) != len(self._layers):
                raise RecordError(f"{name} of step {step} needs a value for each of {len(self._layers)} layers")
            row[name] = [[_number(value, f"{name} of a layer of step {step}") for value in values]]
        return row

    def _rising(self, table, step):
        if step < self._last[table] or (table == "probe" and step == self._last[table]):
            raise RecordError(f"the {table} of step {step} comes after that of step {self._last[table]}")

    def probe(self, step, z_w, z_l, margin=None, accuracy=None):
        """Appends an evaluation of the held-out pairs, the same ones each time; step 0 is before any update."""
        step = _whole(step, "step", 0)
        self._rising("probe", step)
        row = {"step": step, "z_w": _number(z_w, "z_w"), "z_l": _number(z_l, "z_l")}
        row["margin"] = _number(margin, "margin") if margin is not None else row["z_w"] - row["z_l"]
        row["accuracy"] = _number(accuracy, "accuracy")
        self._append("probe", {name: [value] for name, value in row.items()})
        self._last["probe"] = step

    def event(self, kind, message, step=None, time_s=None):
        """Appends an event: kind in a word (rc, checkpoint, alert, note, …), message in a sentence."""
        row = {
            "step": [self.last_step if step is None else _whole(step, "step", 0)],
            "time": [time.monotonic() - self._started if time_s is None else _number(time_s, "time")],
            "kind": [kind],
            "message": [message],
            "values": [""],
        }
        self._append("events", row)

    def evaluation(self, step, rows):
        """Appends a benchmark's numbers: dicts of task, metric, filter ("none"), value, stderr, samples."""
        step = _whole(step, "step", 0)
        self._rising("evaluation", step)
        table = self._tables["evaluation"]
        columns = {name: [] for name in table.names()}
        for row in rows:
            table.require_known(row)
            for name in ("task", "metric", "value"):
                if name not in row:
                    raise RecordError(f"a row of an evaluation lacks {name!r}")
            columns["task"].append(row["task"])
            columns["metric"].append(row["metric"])
            columns["filter"].append(row.get("filter", "none"))
            columns["value"].append(_number(row["value"], "value"))
            columns["stderr"].append(_number(row.get("stderr"), "stderr"))
            columns["samples"].append(_whole(row.get("samples", 0), "samples", 0))
            columns["step"].append(step)
        if columns["step"]:
            self._append("evaluation", columns)
            self._last["evaluation"] = step

    def status(self, state):
        """waiting, running, paused, done, failed or stopped."""
        if state not in STATES:
            raise RecordError(f"a run's state is {state!r}; allowed: {', '.join(STATES)}")

        def write():
            self._file.write_state(state)
            self._file.write_heartbeat()

        self._guarded(write)

    def heartbeat(self):
        """Says that the run lives; every step does so too."""
        self._guarded(self._file.write_heartbeat)

    @property
    def closed(self):
        """True after close(), and after a write that failed."""
        return self._closed or self._problem is not None

    def close(self, state=None):
        """Closes the record, with a last state if one is named. Harmless the second time."""
        if self.closed:
            return
        if state is not None:
            self.status(state)
        self._guarded(self._file.close)
        self._closed = True

    def __enter__(self):
        return self

    def __exit__(self, kind, problem, _):
        if kind is None:
            self.close("done")
            return
        try:
            stopped = issubclass(kind, (KeyboardInterrupt, SystemExit))
            if not stopped and not self.closed:
                self.event("note", f"{kind.__name__}: {problem}")
            self.close("stopped" if stopped else "failed")
        except RecordError:  # the exception that is on its way says more
            pass
