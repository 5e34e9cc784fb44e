# SPDX-License-Identifier: Apache-2.0
"""The same bits: of a run that is made again, of one that was cut in two, of policy and reference before an update."""
import math

from .compare import difference
from .schedule import attempted, failed, passed

TWICE = [("full, output scores", "neox-dpo-rc", []), ("LoRA with dropout, bfloat16", "mistral-lora-dil-bce-rc",
                                                      ["model.lora.dropout=0.1", "model.dtype=bfloat16", "model.adapter=\"\""])]

# TDPO's per-token KL is of whole rows of logits, with products of its own.
FIRST_MARGIN = [("DPO", "neox-dpo-rc"), ("TDPO", "qwen2-tdpo")]


def run(bundle):
    for title, name, sets in TWICE:
        yield twice(bundle, title, name, sets)
    for title, name, sets in TWICE:
        yield resumed(bundle, title, name, sets)
    for objective, name in FIRST_MARGIN:
        yield first_margin(bundle, objective, name)


class Failed(Exception):
    pass


def record(bundle, runs, name, sets):
    ended = bundle.train(bundle.folder / f"golden/runs/{name}.toml", bundle.work / runs, sets)
    if ended.code != 0:
        raise Failed(ended.why())
    return bundle.values(bundle.work / runs, name)


def judged(what, compare):
    def check():
        try:
            reason = compare()
        except Failed as error:
            reason = str(error)
        return failed(what, reason) if reason else passed(what)
    return attempted(what, check)


def twice(bundle, title, name, sets):
    return judged(f"twice the same bits: {title}", lambda: difference(record(bundle, "once", name, sets),
                                                                      record(bundle, "again", name, sets)))


def resumed(bundle, title, name, sets):
    def compare():
        record(bundle, "parts", name, sets + ["training.steps=5"])
        return difference(record(bundle, "whole", name, sets + ["training.steps=10"]),
                          record(bundle, "parts", name, sets + ["training.steps=10", "run.resume=true"]))
    return judged(f"10 steps are 5 + 5: {title}", compare)


def first_margin(bundle, objective, name):
    """Policy and reference are the same weights through the same kernels: no margin, and a loss of ln 2."""
    def compare():
        values = record(bundle, "margin", name, ["model.dtype=bfloat16", "training.steps=1"])
        margin, loss = values["steps"]["effective_margin"][0], values["steps"]["loss"][0]
        if margin != 0:
            return f"the effective margin before the first update is {margin}"
        return "" if abs(loss - math.log(2)) < 1e-12 else f"the loss before the first update is {loss}, not ln 2"
    return judged(f"{objective} in bfloat16: the margin before the first update is 0", compare)
