# SPDX-License-Identifier: Apache-2.0
"""Trains what is not trained yet, several runs at a time, until the time is up. What became of each run is kept in
study.json, so that a study goes on where it ended."""
import json
import os
import shutil
import threading
import time

from .data import StudyError

FORMAT = 1
# What a study's runs have in common; another value is another study.
IDENTITY = ("size", "steps", "model", "data_sha256", "device", "evaluation", "groups")


# So many failures one after the other are not the runs' own: nothing more is begun, and the next call tries again.
FAILURES = 3


class State:
    """study.json: what the study is, and what became of its runs."""

    def __init__(self, folder):
        self.folder, self.file, self.lock = folder, folder / "study.json", threading.Lock()
        self.content = {"format": FORMAT, "calls": [], "runs": {}}
        if self.file.exists():
            try:
                self.content = json.loads(self.file.read_text(encoding="utf-8"))
                known = isinstance(self.content, dict) and self.content.get("format") == FORMAT
            except ValueError:
                known = False
            if not known:
                raise StudyError(f"{self.file} is not one of this program's; name another folder with --work")

    def begin(self, about):
        """Takes the study up, or refuses where the folder holds another one."""
        for key in IDENTITY:
            if key in self.content and self.content[key] != about[key]:
                raise StudyError(f"{self.folder} holds a study with {key} {self.content[key]!r}, this one has {about[key]!r}; "
                                 "--fresh begins anew, --work names another folder")
        self.content.update(about)
        self.save()

    def save(self):
        with self.lock:
            part = self.file.with_suffix(".part")
            part.write_text(json.dumps(self.content, indent=1) + "\n", encoding="utf-8")
            os.replace(part, self.file)

    def done(self, run):
        return (self.content["runs"].get(run.name, {}).get("status") == "done"
                and (self.folder / "runs" / run.name / "run.h5").exists())

    def note(self, run, **facts):
        with self.lock:
            self.content["runs"][run.name] = {"groups": run.groups, "settings": run.settings, **facts}
        self.save()


def load():
    try:
        return os.getloadavg()[0]
    except OSError:
        return 0.0


class Training:
    def __init__(self, programs, state, runs, estimate, jobs, threads, deadline, say):
        self.programs, self.state, self.estimate, self.say = programs, state, estimate, say
        self.jobs, self.threads, self.deadline = jobs, threads, deadline
        self.all = runs
        self.waiting = [run for run in runs if not state.done(run)]
        self.lock = threading.Lock()
        self.trouble = None
        self.failures = 0  # since the last run that was done

    def train(self):
        """Ends when all runs have, when the time is up, or when `programs.stopping` is set."""
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.jobs)]
        for worker in workers:
            worker.start()
        for worker in workers:
            while worker.is_alive():  # with a timeout, so that signals are heard
                worker.join(0.2)
        if self.trouble is not None:
            raise self.trouble

    def _next(self):
        """The first waiting run that would end in time."""
        steps = self.state.content["steps"]
        with self.lock:
            for run in self.waiting:
                if self.programs.stopping.is_set() or self.failures >= FAILURES:
                    return None
                if time.monotonic() + self.estimate.of(run, steps) <= self.deadline:
                    self.waiting.remove(run)
                    return run
        return None

    def _work(self):
        try:
            while run := self._next():
                self._train(run)
        except Exception as error:  # told by the main thread
            self.trouble = error
            self.programs.stopping.set()

    def _train(self, run):
        folder = self.state.folder / "runs" / run.name
        # An unfinished run of an earlier call is worth less than a record without a seam.
        shutil.rmtree(folder, ignore_errors=True)
        logs = self.state.folder / "logs"
        logs.mkdir(exist_ok=True)
        before, begin = load(), time.monotonic()
        status = self.programs.train(run, folder.parent, logs / f"{run.name}.txt", self.threads, self.deadline)
        seconds = time.monotonic() - begin
        if status == "stopped":
            return
        if status == "done":
            with self.lock:
                self.estimate.learn(run, self.state.content["steps"], seconds)
                self.failures = 0
            for checkpoint in folder.glob("checkpoint-*"):  # gigabytes that no claim needs
                shutil.rmtree(checkpoint, ignore_errors=True)
            self.state.note(run, status="done", seconds=round(seconds, 2), load=round((before + load()) / 2, 2))
        else:
            with self.lock:
                self.failures += 1
            self.state.note(run, status="failed", reason=status, seconds=round(seconds, 2))
        left = max(0.0, self.deadline - time.monotonic())
        self.say(f"{run.name}: {status}, {seconds:.0f} s; {len(self.waiting)} waiting, {left / 60:.0f} min left")
