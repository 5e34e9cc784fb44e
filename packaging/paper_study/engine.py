# SPDX-License-Identifier: Apache-2.0
"""Starts the programs: plan, training, inspect, tables and figures. Each engine is a process group that ends with us."""
import csv
import io
import json
import math
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

from .data import StudyError


def toml(value):
    """A value as --set takes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def sets_of(sets):
    return [argument for key, value in sets.items() for argument in ("--set", f"{key}={toml(value)}")]


class Programs:
    def __init__(self, folder):
        self.engine, self.window = (pathlib.Path(folder) / name for name in ("bandscope-engine", "bandscope"))
        for program in (self.engine, self.window):
            if not os.access(program, os.X_OK):
                raise StudyError(f"{program} is not there: build it (packaging/demo does), or name its folder with --programs")
        self.stopping = threading.Event()

    def version(self):
        return self._ask([self.engine, "--version"]).strip()

    def plan(self, run):
        """What the engine thinks a run takes: one object of plan --json."""
        text = self._ask([self.engine, "plan", run.spec, *sets_of({**run.sets, "run.name": run.name}), "--json"])
        return json.loads(text.splitlines()[0])

    def inspect(self, record):
        return json.loads(self._ask([self.window, "inspect", record, "--json"]))

    def steps(self, records):
        """{run's name: {column: values}} of the /steps of all records."""
        with tempfile.TemporaryDirectory() as folder:
            table = pathlib.Path(folder) / "steps.csv"
            self._ask([self.window, "export", *records, "--format", "csv", "--table", "steps", "--out", table])
            return by_run(table.read_text(encoding="utf-8"))

    def figure(self, name, records, out, *options):
        self._ask([self.window, "export", *records, "--figure", name, "--out", out, *options])

    def train(self, run, runs, log, threads, deadline):
        """"done", "stopped" or what went wrong. Stopped at the deadline, and when `stopping` is set, after its step."""
        command = [str(self.engine), str(run.spec), *sets_of({**run.sets, "run.name": run.name}), "--runs", str(runs)]
        with open(log, "w", encoding="utf-8") as out:
            out.write(" ".join(command) + "\n")
            out.flush()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                                       env={**os.environ, "OMP_NUM_THREADS": str(threads)})
        asked = None
        try:
            while process.poll() is None:
                if asked is None and (self.stopping.is_set() or time.monotonic() > deadline):
                    process.send_signal(signal.SIGINT)
                    asked = time.monotonic()
                elif asked is not None and time.monotonic() > asked + 60:
                    break
                time.sleep(0.05)
        finally:
            end(process)
        if asked is not None:
            return "stopped"
        if process.returncode == 0:
            return "done"
        return self.plain(f"exit code {process.returncode}: {last_line(log)}")

    def plain(self, words):
        """Without the folder of this machine in which the programs lie."""
        return words.replace(f"{self.engine.parent}/", "")

    def _ask(self, command):
        ended = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=False)
        if self.stopping.is_set():
            raise KeyboardInterrupt
        if ended.returncode != 0:
            said = (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise StudyError(f"{pathlib.Path(command[0]).name} {command[1]}: exit code {ended.returncode}: {said}")
        return ended.stdout


def end(process):
    """Nothing that we started goes on without us."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        process.wait()


def last_line(log):
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def by_run(text):
    found = {}
    rows = csv.reader(io.StringIO(text))
    header = next(rows, [])
    for row in rows:
        columns = found.setdefault(row[0], {name: [] for name in header[1:]})
        for name, cell in zip(header[1:], row[1:]):
            columns[name].append(float(cell) if cell else math.nan)
    return found
