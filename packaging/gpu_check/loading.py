# SPDX-License-Identifier: Apache-2.0
"""Does it load: libraries, the card, a run that chooses its device."""
import re
import shutil

from .schedule import attempted, failed, passed, skipped

ENGINE_PARTS = ["bandscope-engine", "kernel_check", "kernel_benchmark", "engine_benchmark", "record_values"]
MODULE = "libbandscope_cuda.so"
FIRST = "a step with run.device = auto"
NO_CARD = "asking for a card that is not there"


def run(bundle):
    yield from libraries(bundle)
    yield attempted("nvidia-smi", card, bundle)
    yield attempted(FIRST, first_run, bundle)
    if bundle.device == "cpu":
        yield attempted(NO_CARD, no_card, bundle)


def libraries(bundle):
    if not shutil.which("ldd"):
        yield skipped("libraries", "there is no ldd")
        return
    for name in ENGINE_PARTS:
        missing = missing_libraries(bundle, bundle.program(name))
        yield failed(name, "; ".join(missing)) if missing else passed(f"libraries of {name}")
    if not bundle.program(MODULE).exists():
        what = "this bundle has no CUDA module"
        yield skipped(MODULE, what) if bundle.device == "cpu" else failed(MODULE, what)
        return
    missing = missing_libraries(bundle, bundle.program(MODULE))
    if not missing:
        yield passed(f"libraries of {MODULE}")
    elif bundle.device == "cpu":
        yield skipped(f"libraries of {MODULE}", "LibTorch's CUDA part is not whole here: " + "; ".join(missing))
    else:
        yield failed(f"libraries of {MODULE}", "; ".join(missing))


def missing_libraries(bundle, file):
    """Why a file cannot be loaded, a text per cause; none where it can."""
    told = bundle.call(["ldd", file], seconds=20)
    return causes(told.out + told.error) or ([] if told.code == 0 else [told.why()])


def causes(text):
    """Of ldd's lines: libraries that are not there, and versions of glibc or of a library that are too old."""
    found = re.findall(r"^\s*(\S+) => not found", text, re.MULTILINE)
    reasons = ["not found: " + ", ".join(found)] if found else []
    for library, version in sorted(set(re.findall(r"(\S+): version `([^']+)' not found", text))):
        reasons.append(f"it needs {version.replace('_', ' ')} or later, this system's {library.rsplit('/', 1)[-1]} is older")
    return reasons


def card(bundle):
    if not shutil.which("nvidia-smi"):
        return (skipped if bundle.device == "cpu" else failed)("nvidia-smi", "there is no nvidia-smi")
    told = bundle.call(["nvidia-smi"], seconds=20)
    return passed("nvidia-smi") if told.code == 0 else failed("nvidia-smi", told.last_words())


def first_run(bundle):
    ended = bundle.call(bundle.train_command(bundle.folder / "golden/runs/neox-dpo-rc.toml", bundle.work / "load",
                                             ["run.device=auto", "training.steps=1"]))
    if ended.code != 0:
        return failed(FIRST, ended.why())
    environment = bundle.values(bundle.work / "load", "neox-dpo-rc")["environment"]
    device = str(environment.get("device", ""))
    if bundle.device == "cuda" and not device.startswith("cuda"):
        return failed(FIRST, f"it took {device}: {environment.get('device_reason', '')}")
    return passed(FIRST, device=device, because=str(environment.get("device_reason", "")))


def no_card(bundle):
    """Where no card is usable, asking for one is answered with a sentence and exit code 2."""
    ended = bundle.call(bundle.train_command(bundle.folder / "golden/runs/neox-dpo-rc.toml", bundle.work / "no-card",
                                             ["run.device=cuda", "training.steps=1"]))
    if ended.code == 0:
        return skipped(NO_CARD, "there is one")
    if ended.code != 2 or not re.search(r"run\.device", ended.error):
        return failed(NO_CARD, ended.why())
    return passed(NO_CARD, answer=ended.last_words())
