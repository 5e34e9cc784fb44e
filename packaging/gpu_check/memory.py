# SPDX-License-Identifier: Apache-2.0
"""Out of memory on purpose: a sentence that names what would fit, exit code 1, and the next run as if nothing was."""
import json
import pathlib
import resource
import time

from .bundle import of_card as card
from .schedule import attempted, failed, passed, skipped

NAME = "neox-dpo-rc"
# Pairs and ids of each: enough that all of them at once take visibly more than one.
SIZES = {"cpu": (12, 512), "cuda": (128, 512)}


def run(bundle):
    pairs, ids = SIZES[bundle.device]
    sets = [f"data.train={long_pairs(bundle, pairs)}", f"data.max_length={ids}", f"data.max_prompt_length={ids // 2}",
            "data.limit=0", "training.steps=1", f"training.batch_size={pairs}"]
    # Pairs one at a time share passes of so many tokens, where they may.
    one, all_at_once = sets + ["training.micro_batch=1", "training.pass_tokens=1"], sets + [f"training.micro_batch={pairs}"]
    measure, limited = (of_card, below_card) if bundle.device == "cuda" else (of_process, below_process)
    small, large = measure(bundle, "small", one), measure(bundle, "large", all_at_once)
    for what, found in (("a run of one pair at a time", small), ("a run of all pairs at once", large)):
        if isinstance(found, str):
            yield failed(what, found)
            return
    yield passed(f"memory of {pairs} pairs", one_at_a_time_MiB=small >> 20, all_at_once_MiB=large >> 20)
    what = "all pairs at once with half of that"
    if bundle.device == "cuda" and (reason := why_no_limit()):
        yield skipped(what, reason)
        return
    if large - small < 32 << 20:
        yield skipped(what, "both take the same")
        return
    yield attempted(what, run_out, what, bundle, limited, (small + large) // 2, all_at_once)
    what = "the same run with all of it"
    yield attempted(what, run_again, what, bundle, measure, all_at_once)


def run_out(what, bundle, limited, most, sets):
    ended = limited(bundle, most, sets)
    words = ended.last_words()
    return passed(what, answer=words) if ended.code == 1 and "out of memory" in words else failed(what, ended.why())


def run_again(what, bundle, measure, sets):
    again = measure(bundle, "again", sets)
    return failed(what, again) if isinstance(again, str) else passed(what)


def long_pairs(bundle, pairs):
    file = bundle.work / "long.jsonl"
    with open(file, "w", encoding="utf-8") as out:
        for number in range(pairs):
            words = " ".join(f"word{number}-{i}" for i in range(400))
            out.write(json.dumps({"prompt": words, "chosen": words[:1500] + " yes", "rejected": words[:1500] + " no"}) + "\n")
    return file


def command(bundle, runs, sets):
    return bundle.train_command(bundle.folder / f"golden/runs/{NAME}.toml", bundle.work / f"memory-{runs}",
                                [f"run.device={bundle.device}", *sets])


def of_card(bundle, runs, sets):
    """Bytes of the card that a run's tensors took, or why there is no such number."""
    ended = bundle.call(command(bundle, runs, sets))
    if ended.code != 0:
        return ended.why()
    return int(bundle.values(bundle.work / f"memory-{runs}", NAME)["steps"]["memory"][0])


def below_card(bundle, most, sets):
    """With so many bytes of the card for LibTorch's allocator."""
    limit = f"expandable_segments:True,per_process_memory_fraction:{most / total_of_card():.9f}"
    # The older name, where somebody has set it, goes before the newer one.
    return bundle.call(command(bundle, "limited", sets), PYTORCH_ALLOC_CONF=limit, PYTORCH_CUDA_ALLOC_CONF=limit)


def total_of_card():
    """Bytes; 0 where that is not known."""
    number, _, unit = card("memory.total").partition(" ")
    return int(number) << 20 if unit == "MiB" and number.isdigit() else 0


def why_no_limit():
    """LibTorch's limit is a share of a whole card."""
    if card("mig.mode.current") == "Enabled":
        return "the card is cut into parts (MIG), whose memory nvidia-smi does not tell"
    return "" if total_of_card() else "nvidia-smi does not tell the card's memory"


def of_process(bundle, runs, sets):
    """Most address space of a run's process, or why there is no such number: what a limit can be set on."""
    process = bundle.start(command(bundle, runs, sets), **STEADY)
    most = 0
    while process.poll() is None and bundle.seconds_left() > 0:
        most = max(most, address_space(process.pid))
        time.sleep(0.01)
    ended = bundle.finish(process)
    return most if ended.code == 0 else ended.why()


STEADY = {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


def address_space(number):
    try:
        for line in pathlib.Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def below_process(bundle, most, sets):
    before = resource.getrlimit(resource.RLIMIT_AS)
    process = bundle.start(command(bundle, "limited", sets), **STEADY)
    resource.prlimit(process.pid, resource.RLIMIT_AS, (most, before[1]))
    return bundle.finish(process)
