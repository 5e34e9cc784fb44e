# SPDX-License-Identifier: Apache-2.0
"""How fast: kernels against LibTorch's operators, and steps of models' shapes with random weights."""
import re
import shutil
import tempfile

from .schedule import attempted, failed, passed, skipped

# Shape, options, and the share of the part's time that it may take at most.
SHAPES = {
    "cuda": [("pythia-410m-full", ["--micro", "8"], 0.3), ("pythia-410m-full", ["--micro", "32"], 0.4),
             ("pythia-410m-full", ["--micro", "1", "--pass-tokens", "16384"], 0.5), ("qlora-7b", [], 1.0)],
    "cpu": [("tiny", [], 0.5), ("tiny", ["--pass-tokens", "4096"], 0.7), ("tiny-qlora", [], 1.0)],
}

# Written as a checkpoint's, in bfloat16, and read again.
QLORA_7B_DISK = 16 << 30


def run(bundle):
    yield from kernels(bundle)
    for shape, options, share in SHAPES[bundle.device]:
        yield from step(bundle, shape, options, share)


def kernels(bundle):
    rounds = "7" if bundle.device == "cuda" else "3"
    ended = bundle.call([bundle.program("kernel_benchmark"), "--device", bundle.device, "--rounds", rounds],
                        seconds=0.4 * bundle.seconds_left())
    rows = list(table(ended.out))
    for row in rows:
        yield attempted("kernel_benchmark", of_kernel, row)
    if ended.code != 0:
        yield failed("kernel_benchmark", ended.why())
    elif not rows:
        yield failed("kernel_benchmark", "it printed no table")


def of_kernel(row):
    return passed(row["kernel"], operators_ms=row["operators, ms"], own_ms=row["own, ms"], ratio=row["ratio"],
                  speed=row["own speed"])


def of_step(title, row):
    return passed(f"{title}, RC {row['RC']}", tokens_per_s=row["tokens/s"], tflops=row["TFLOP/s"],
                  of_peak=row["of bfloat16 peak"], memory=row["peak memory"])


def step(bundle, shape, options, share):
    title = " ".join([shape, *options])
    if bundle.seconds_left() < 5:
        yield skipped(title, "no time is left for it")
        return
    if shape == "qlora-7b" and shutil.disk_usage(bundle.work).free < QLORA_7B_DISK:
        yield skipped(title, f"its weights need {QLORA_7B_DISK >> 30} GiB of disk in {tempfile.gettempdir()}")
        return
    ended = bundle.call([bundle.program("engine_benchmark"), "--shape", shape, "--device", bundle.device, "--rounds", "3",
                         *options], seconds=share * bundle.seconds_left())
    rows = list(table(ended.out))
    for row in rows:
        yield attempted(title, of_step, title, row)
    cost = re.search(r"RC on takes (\S+) %", ended.out)
    if cost:
        yield passed(f"{title}, cost of RC", percent=cost.group(1))
    if ended.code != 0 and "out of memory" in ended.last_words():
        yield skipped(title, ended.last_words())  # a smaller card than the shape is for
    elif ended.code != 0:
        yield failed(title, ended.why())
    elif not rows:
        yield failed(title, "it printed no table")


def table(text):
    """Rows of the last table in Markdown as {column: cell}."""
    rows, names = [], None
    for line in text.splitlines():
        if not line.startswith("|"):
            names = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if names is None:
            names, rows = cells, []
        elif len(cells) == len(names) and not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            rows.append(dict(zip(names, cells)))
    return rows
