# SPDX-License-Identifier: Apache-2.0
"""Every way of training once, two steps each: it ends well, its numbers are finite, and where a golden run has them, they
are near."""
import concurrent.futures
import json
import math

from .compare import is_nan
from .schedule import attempted, failed, passed

FULL, LORA, TDPO = "neox-dpo-rc", "mistral-lora-dil-bce-rc", "qwen2-tdpo"
FRESH = ["model.adapter=\"\""]
# What of the golden run of the same spec has to come out, within this share: all of a step where only rounding differs,
# else what no way of training changes in the first one.
EVERYTHING = ("z_w", "z_l", "loss", "score_norm_w", "score_norm_l", "grad_norm")
FIRST, BOTH = (("z_w", "z_l", "loss"), 1, 2e-3), (EVERYTHING, 2, 2e-3)
PATHS = [
    ("full, bfloat16", FULL, ["model.dtype=bfloat16"], (EVERYTHING, 2, 2e-2)),
    ("LoRA", LORA, ["model.tuning=lora", "scores.scope=output", *FRESH], None),
    ("LoRA of an adapter that is there", LORA, [], BOTH),
    ("QLoRA", LORA, ["model.tuning=qlora", "model.dtype=bfloat16", *FRESH], None),
    ("8-bit Adam", FULL, ["optimizer.name=adamw_8bit"], (EVERYTHING, 1, 2e-3)),
    ("paged 8-bit Adam", FULL, ["optimizer.name=paged_adamw_8bit"], (EVERYTHING, 1, 2e-3)),
    ("TDPO", TDPO, [], BOTH),
    ("scores over all parameters", FULL, ["scores.scope=all"], FIRST),
    ("calibration by step", FULL, ["calibration.granularity=step"], FIRST),
    ("gradient checkpointing", FULL, ["model.gradient_checkpointing=true", "model.recomputed_blocks=2"], BOTH),
    ("shared passes", FULL, ["training.micro_batch=1", "training.pass_tokens=4096"], FIRST),
    ("shared passes, bfloat16", FULL, ["training.micro_batch=1", "training.pass_tokens=4096", "model.dtype=bfloat16"],
     (FIRST[0], 1, 2e-2)),
]


def run(bundle):
    with concurrent.futures.ThreadPoolExecutor(bundle.side_by_side()) as pool:
        pending = [pool.submit(attempted, path[0], check, bundle, number, *path) for number, path in enumerate(PATHS)]
        for done in concurrent.futures.as_completed(pending):
            yield done.result()


def check(bundle, number, title, name, sets, near):
    runs = bundle.work / f"path-{number}"
    ended = bundle.train(bundle.folder / f"golden/runs/{name}.toml", runs, [*sets, "training.steps=2"],
                         OMP_NUM_THREADS="1")
    if ended.code != 0:
        return failed(title, ended.why())
    steps = bundle.values(runs, name)["steps"]
    if len(steps["step"]) != 2:
        return failed(title, f"{len(steps['step'])} steps recorded")
    for column in ("loss", "z_w", "z_l", "grad_norm", "score_norm_w", "alpha"):
        if any(is_nan(value) or math.isinf(value) for value in steps[column]):
            return failed(title, f"{column} is not finite: {steps[column]}")
    if steps["z_w"][0] == steps["z_w"][1] and steps["z_l"][0] == steps["z_l"][1]:
        return failed(title, "the first update changed nothing")
    if near and (away := farther(bundle, name, steps, *near)):
        return failed(title, away)
    return passed(title, loss=steps["loss"][-1], grad_norm=steps["grad_norm"][-1])


def farther(bundle, name, steps, columns, count, share):
    """"" when the first steps are within a share of the golden run's; else what is not."""
    golden = json.loads((bundle.folder / f"golden/runs/{name}.json").read_text(encoding="utf-8"))["steps"]
    for row in range(count):
        for column in columns:
            own, right = steps[column][row], golden[row][column]
            if abs(own - right) > share * max(abs(right), 1e-2):
                return f"{column} of step {row + 1} is {own}, golden {right}"
    return ""
