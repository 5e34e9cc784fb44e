# SPDX-License-Identifier: Apache-2.0
"""Does it load: libraries, the card, a run that chooses its device."""
import re
import shutil

from .schedule import failed, passed, skipped

ENGINE_PARTS = ["bandscope-engine", "kernel_check", "kernel_benchmark", "engine_benchmark", "record_values"]
MODULE = "libbandscope_cuda.so"


def run(bundle):
    yield from libraries(bundle)
    yield card(bundle)
    yield first_run(bundle)
    if bundle.device == "cpu":
        yield no_card(bundle)


def libraries(bundle):
    if not shutil.which("ldd"):
        yield skipped("libraries", "there is no ldd")
        return
    for name in ENGINE_PARTS:
        missing = missing_libraries(bundle, bundle.program(name))
        yield failed(name, "not found: " + ", ".join(missing)) if missing else passed(f"libraries of {name}")
    if not bundle.program(MODULE).exists():
        what = "this bundle has no CUDA module"
        yield skipped(MODULE, what) if bundle.device == "cpu" else failed(MODULE, what)
        return
    missing = missing_libraries(bundle, bundle.program(MODULE))
    if not missing:
        yield passed(f"libraries of {MODULE}")
    elif bundle.device == "cpu":
        yield skipped(f"libraries of {MODULE}", "LibTorch's CUDA part is not whole here: " + ", ".join(missing))
    else:
        yield failed(f"libraries of {MODULE}", "not found: " + ", ".join(missing))


def missing_libraries(bundle, file):
    told = bundle.call(["ldd", file], seconds=20)
    found = [line.split()[0] for line in told.out.splitlines() if "not found" in line]
    return found if told.code == 0 else found or [told.last_words()]


def card(bundle):
    if not shutil.which("nvidia-smi"):
        return (skipped if bundle.device == "cpu" else failed)("nvidia-smi", "there is no nvidia-smi")
    told = bundle.call(["nvidia-smi"], seconds=20)
    return passed("nvidia-smi") if told.code == 0 else failed("nvidia-smi", told.last_words())


def first_run(bundle):
    what = "a step with run.device = auto"
    ended = bundle.call(bundle.train_command(bundle.folder / "golden/runs/neox-dpo-rc.toml", bundle.work / "load",
                                             ["run.device=auto", "training.steps=1"]))
    if ended.code != 0:
        return failed(what, f"exit code {ended.code}: {ended.last_words()}")
    environment = bundle.values(bundle.work / "load", "neox-dpo-rc")["environment"]
    device = str(environment.get("device", ""))
    if bundle.device == "cuda" and not device.startswith("cuda"):
        return failed(what, f"it took {device}: {environment.get('device_reason', '')}")
    return passed(what, device=device, because=str(environment.get("device_reason", "")))


def no_card(bundle):
    """Where no card is usable, asking for one is answered with a sentence and exit code 2."""
    what = "asking for a card that is not there"
    ended = bundle.call(bundle.train_command(bundle.folder / "golden/runs/neox-dpo-rc.toml", bundle.work / "no-card",
                                             ["run.device=cuda", "training.steps=1"]))
    if ended.code == 0:
        return skipped(what, "there is one")
    if ended.code != 2 or not re.search(r"run\.device", ended.error):
        return failed(what, f"exit code {ended.code}: {ended.last_words()}")
    return passed(what, answer=ended.last_words())
