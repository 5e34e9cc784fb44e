# SPDX-License-Identifier: Apache-2.0
"""Every way of training once, two steps each: it ends well and its numbers are finite."""
import concurrent.futures
import math

from .compare import is_nan
from .schedule import attempted, failed, passed

FULL, LORA, TDPO = "neox-dpo-rc", "mistral-lora-dil-bce-rc", "qwen2-tdpo"
FRESH = ["model.adapter=\"\""]
PATHS = [
    ("full, bfloat16", FULL, ["model.dtype=bfloat16"]),
    ("LoRA", LORA, ["model.tuning=lora", "scores.scope=output", *FRESH]),
    ("LoRA of an adapter that is there", LORA, []),
    ("QLoRA", LORA, ["model.tuning=qlora", "model.dtype=bfloat16", *FRESH]),
    ("8-bit Adam", FULL, ["optimizer.name=adamw_8bit"]),
    ("paged 8-bit Adam", FULL, ["optimizer.name=paged_adamw_8bit"]),
    ("TDPO", TDPO, []),
    ("scores over all parameters", FULL, ["scores.scope=all"]),
    ("calibration by step", FULL, ["calibration.granularity=step"]),
    ("gradient checkpointing", FULL, ["model.gradient_checkpointing=true"]),
    ("shared passes", FULL, ["training.micro_batch=1", "training.pass_tokens=4096"]),
]


def run(bundle):
    with concurrent.futures.ThreadPoolExecutor(bundle.side_by_side()) as pool:
        pending = [pool.submit(attempted, path[0], check, bundle, number, *path) for number, path in enumerate(PATHS)]
        for done in concurrent.futures.as_completed(pending):
            yield done.result()


def check(bundle, number, title, name, sets):
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
    return passed(title, loss=steps["loss"][-1], grad_norm=steps["grad_norm"][-1])
