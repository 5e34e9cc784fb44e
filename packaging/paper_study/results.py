# SPDX-License-Identifier: Apache-2.0
"""The finished runs, as claims ask for them. Numbers are those of `bandscope inspect` and of the record's columns."""
import math

from . import arithmetic
from .data import StudyError


class Facts:
    """One run: its settings, what inspect says of it (`summary`), its columns of /steps."""

    def __init__(self, name, groups, settings, summary, columns, load=0.0):
        self.name, self.groups, self.settings = name, groups, settings
        self.summary, self.columns, self.load = summary, columns, load

    @property
    def objective(self):
        return self.settings["objective.name"]

    @property
    def seed(self):
        return self.settings["run.seed"]

    def outside(self):
        """Share of the steps outside the band; NaN where no step has one."""
        return 1 - self.summary["in_band_share"] if self.summary["band_defined"] else math.nan

    def inside(self):
        return self.summary["in_band_share"] if self.summary["band_defined"] else math.nan

    def positive_cosine(self):
        return self.summary["band_defined"] / self.summary["steps"] if self.summary["steps"] else math.nan

    def predicted(self, pathway):
        return self.summary["predicted"][pathway]

    def realised(self, pathway):
        """NaN unless it is of the same pairs, before and after the update."""
        return self.summary["realised"][pathway] if self.summary["realised_of"] == "same pairs" else math.nan

    def agreement(self):
        value = self.summary["agreement"]
        return math.nan if value is None else value

    def held_out(self, key):
        """Change of z_w, z_l, margin or accuracy over the run, on the held-out pairs."""
        first, last = self.summary["first_probe"], self.summary["last_probe"]
        return last[key] - first[key] if first and last else math.nan

    def benchmarks(self):
        """Mean change over the benchmarks, in points; NaN without any."""
        first = {(row["task"], row["metric"], row["filter"]): row["value"] for row in self.summary["first_evaluation"]}
        last = {(row["task"], row["metric"], row["filter"]): row["value"] for row in self.summary["last_evaluation"]}
        return arithmetic.spread([100 * (last[key] - first[key]) for key in last if key in first]).mean

    def seconds_per_step(self):
        return arithmetic.seconds_per_step(self.columns)


class Results:
    def __init__(self, runs):
        self.runs = list(runs)

    def of(self, group, **settings):
        """Runs of a group with these settings, named by the last part of their key (`name`, `enabled`, `scope`, …)."""
        def fits(run):
            named = {key.split(".")[-1]: value for key, value in run.settings.items() if key != "run.name"}
            named["objective"] = run.objective
            return all(named.get(key) == value for key, value in settings.items())
        return [run for run in self.runs if group in run.groups and fits(run)]

    def objectives(self, group):
        """Names in the order in which they were trained."""
        return list(dict.fromkeys(run.objective for run in self.runs if group in run.groups))

    def spread(self, figure, group, **settings):
        """Mean and spread over seeds of a figure (a function of Facts)."""
        return arithmetic.spread([figure(run) for run in self.of(group, **settings)])

    def differences(self, figure, group, **settings):
        """Spread over seeds of the figure w/ calibration minus w/o, for the seeds that have both."""
        without = {run.seed: figure(run) for run in self.of(group, enabled=False, **settings)}
        calibrated = {run.seed: figure(run) for run in self.of(group, enabled=True, **settings)}
        return arithmetic.spread([calibrated[seed] - without[seed] for seed in calibrated if seed in without])


def read(programs, folder, content, say):
    """Results of the finished runs that study.json names; one whose record cannot be read is told and left out."""
    records, summaries = {}, {}
    for name, facts in content["runs"].items():
        if facts["status"] == "done":
            try:
                record = folder / "runs" / name / "run.h5"
                summaries[name], records[name] = programs.inspect(record), record
            except (StudyError, ValueError) as error:
                say(f"{name} is left out: {error}")
    columns = programs.steps(list(records.values())) if records else {}
    return Results(Facts(name, facts["groups"], facts["settings"], summaries[name], columns[name], facts.get("load", 0.0))
                   for name, facts in content["runs"].items() if name in columns)
