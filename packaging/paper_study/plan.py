# SPDX-License-Identifier: Apache-2.0
"""Which runs a study has: the sweeps of resources/studies, each setting once, in the order of their worth."""
import itertools
import json
import tomllib

from . import arithmetic, sizes


class Run:
    """A run of one or several sweeps: `sets` are its settings in place of those of `spec`, `settings` all of them."""

    def __init__(self, name, spec, sets, settings):
        self.name, self.spec, self.sets, self.settings = name, spec, sets, settings
        self.groups = []

    def __repr__(self):
        return f"Run({self.name}, {self.groups})"


def flat(table, prefix=""):
    """{"a": {"b": 1}} as {"a.b": 1}; an inline table of adapters stays one value."""
    found = {}
    for key, value in table.items():
        if isinstance(value, dict) and prefix + key != "model.lora":
            found.update(flat(value, prefix + key + "."))
        else:
            found[prefix + key] = value
    return found


def read_spec(path):
    """(settings, lists of the sweep), each by dotted key."""
    with open(path, "rb") as file:
        content = tomllib.load(file)
    sweep = content.pop("sweep", {})
    return flat(content), sweep


def runs_of(folder, size, steps, common, groups=None):
    """Every run once, seed by seed. `common`: settings of all (model, data, device)."""
    found = {}
    for seed_number in range(max(size.seeds.values())):
        for group in groups or sizes.GROUPS:
            if seed_number < size.seeds[group]:
                add_group(found, folder / f"{group}.toml", group, seed_number, size, steps, common)
    return list(found.values())


def add_group(found, path, group, seed_number, size, steps, common):
    base, sweep = read_spec(path)
    seeds = sweep.pop("run.seed")
    if seed_number >= len(seeds):
        return
    sets = {**size.sets, **common, "run.seed": seeds[seed_number], "data.limit": steps * size.batch,
            "probe.pairs": size.probe,
            "optimizer.learning_rate": base["optimizer.learning_rate"] * sizes.rate_factor(size, steps)}
    if size is not sizes.FULL:
        sets["probe.every"] = steps  # at the beginning and the end
    for values in itertools.product(*sweep.values()):
        own = {**sets, **dict(zip(sweep, values))}
        settings = {key: value for key, value in {**base, **own}.items() if key != "run.name"}
        identity = json.dumps(settings, sort_keys=True)
        if identity not in found:
            found[identity] = Run(name_of(settings), path, own, settings)
        if group not in found[identity].groups:
            found[identity].groups.append(group)


def name_of(settings):
    """A folder's name that says what differs from run to run."""
    parts = [settings["model.tuning"], settings["objective.name"]]
    if settings["calibration.enabled"]:
        parts.append(f"rc-m{settings['calibration.momentum']:g}" + ("" if settings["calibration.clip"] else "-unclipped"))
    if settings["training.epochs"] != 1:
        parts.append(f"{settings['training.epochs']}epochs")
    if settings["scores.scope"] != "output":
        parts.append(settings["scores.scope"])
    return "-".join([*parts, f"s{settings['run.seed']}"])


class Estimate:
    """Seconds of a run, from `bandscope-engine plan` and what runs of this machine took."""

    # Work of a pair beside a plain one: all scores differentiate each branch by itself.
    SCOPE_ALL = 2.0

    def __init__(self, per_step, fixed):
        """Both by tuning: seconds of a step, and of what a run does beside its steps."""
        self.per_step, self.fixed = per_step, fixed
        self.expected = self.taken = 0.0

    def planned(self, run, steps):
        settings = run.settings
        step = self.per_step[settings["model.tuning"]] * (self.SCOPE_ALL if settings["scores.scope"] == "all" else 1)
        return self.fixed[settings["model.tuning"]] + step * steps * settings["training.epochs"]

    def of(self, run, steps):
        """With what the runs so far took beside what was planned for them."""
        return self.planned(run, steps) * (self.taken / self.expected if self.expected else 1)

    def learn(self, run, steps, seconds):
        self.expected += self.planned(run, steps)
        self.taken += seconds


def taken_before(content, tuning):
    """Mean seconds of the plain runs of a tuning that study.json names; NaN without any."""
    plain = {"model.tuning": tuning, "scores.scope": "output", "training.epochs": 1}
    return arithmetic.spread([facts["seconds"] for facts in content["runs"].values() if facts["status"] == "done"
                              and all(facts["settings"][key] == value for key, value in plain.items())]).mean


def steps_that_fit(folder, size, common, estimate, seconds, groups=None):
    """The most steps with which every run ends within the seconds, at least the size's fewest. A quarter is kept back for
    what else the machine does."""
    least, most = size.steps
    for steps in range(most, least, -1):
        if sum(estimate.planned(run, steps) for run in runs_of(folder, size, steps, common, groups)) <= 0.75 * seconds:
            return steps
    return least
