#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bandscope-engine evaluate against lm-evaluation-harness, on the same model, task files, documents and threads.

Both are asked the task's documents in float32 on the CPU. Of the harness only the evaluation is timed, with the
fastest of the batch sizes that are given; of the engine the whole process, loading included. The engine takes more
documents than the harness where --more says so, since the harness may need minutes for one; the harness's are then
spread evenly among them, so that they are as long on average. Rates are per document.
Printed are the ratio of the rates, the largest difference of the log-likelihoods of the documents that both had, how
many generated texts differ, and the engine's peak memory beside the weights.

Needs lm_eval 0.4.13, torch and transformers in the Python that runs it.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time


def spread(options):
    """Numbers of the documents that the harness is asked."""
    among = max(options.documents, options.more)
    return [i * among // options.documents for i in range(options.documents)]


def harness(options, task_file, name, batch):
    """Seconds and samples of the harness; run in the task file's folder, to which its data files are relative."""
    import torch
    from lm_eval import simple_evaluate
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager

    torch.set_num_threads(options.threads)
    os.chdir(task_file.parent)
    model = HFLM(pretrained=str(options.model), dtype="float32", device="cpu", batch_size=batch)
    tasks = TaskManager(include_path=str(task_file.parent), include_defaults=False)
    began = time.monotonic()
    found = simple_evaluate(model=model, tasks=[name], task_manager=tasks, samples={name: spread(options)},
                            log_samples=True, bootstrap_iters=0, cache_requests=False)
    return time.monotonic() - began, found["samples"][name]


def harness_apart(options, task_file, name, batch):
    """The same in a process of its own, so that its memory and threads are its own."""
    command = [sys.executable, __file__, "--one", name, "--batches", str(batch), "--documents", str(options.documents),
               "--more", str(options.more), "--threads", str(options.threads), "--model", str(options.model),
               str(task_file)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the harness failed on {task_file}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def engine(options, task_file, name, documents):
    """Seconds, samples and peak memory (MiB) of the engine."""
    with tempfile.TemporaryDirectory() as folder:
        command = [options.engine, "evaluate", str(options.model), "--tasks", str(task_file), "--limit", str(documents),
                   "--device", "cpu", "--out", folder + "/out"]
        environment = dict(os.environ, OMP_NUM_THREADS=str(options.threads))
        log = pathlib.Path(folder) / "log"
        began = time.monotonic()
        with open(log, "w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status != 0:
            sys.exit(f"the engine failed on {task_file}:\n{log.read_text()[-2000:]}")
        [samples] = pathlib.Path(folder).rglob(f"samples_{name}.jsonl")
        lines = [json.loads(line) for line in samples.read_text().splitlines()]
    return seconds, lines, usage.ru_maxrss / 1024


def difference(ours, theirs):
    """(largest difference of a log-likelihood, texts that differ, texts) over the documents of `theirs`."""
    own = {line["doc_id"]: line for line in ours}
    largest, texts, count = 0.0, 0, 0
    for sample in theirs:
        line = own[sample["doc_id"]]
        if "until" in json.dumps(line["arguments"]):
            count += 1
            texts += line["resps"][0][0] != sample["resps"][0][0]
            continue
        for (mine,), (other,) in zip(line["resps"], sample["resps"]):
            largest = max(largest, abs(float(mine[0]) - float(other[0])))
    return largest, texts, count


def weights_mib(model):
    return sum(file.stat().st_size for file in model.glob("*.safetensors")) / (1 << 20)


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="+", type=pathlib.Path, help="task files; their data files are relative to them")
    parser.add_argument("--model", required=True, type=pathlib.Path, help="model folder")
    parser.add_argument("--engine", default="build/bin/bandscope-engine")
    parser.add_argument("--documents", type=int, default=2, help="of each task, for both (default 2)")
    parser.add_argument("--more", type=int, default=0, help="documents for the engine alone (default as for both)")
    parser.add_argument("--batches", default="1,4", help="batch sizes of the harness (default 1,4)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.model = options.model.resolve()
    if options.one:
        seconds, samples = harness(options, options.task[0].resolve(), options.one, int(options.batches))
        kept = [{"doc_id": sample["doc_id"], "resps": sample["resps"]} for sample in samples]
        print(json.dumps({"seconds": seconds, "samples": kept}))
        return

    print(f"{processor()}, {options.threads} threads, {options.model.name}, float32")
    for task_file in options.task:
        name = next(line.split(":", 1)[1].strip() for line in task_file.read_text().splitlines()
                    if line.startswith("task:"))
        runs = {int(batch): harness_apart(options, task_file, name, int(batch)) for batch in options.batches.split(",")}
        best = min(runs, key=lambda batch: runs[batch]["seconds"])
        documents = max(options.documents, options.more)
        seconds, lines, memory = engine(options, task_file, name, documents)
        theirs = runs[best]["seconds"] / options.documents
        ours = seconds / min(documents, len({line["doc_id"] for line in lines}))
        largest, texts, count = difference(lines, runs[best]["samples"])
        agreement = f"{texts} of {count} texts differ" if count else f"largest difference {largest:.2g} nats"
        print(f"{name}: harness {theirs:.2f} s per document (batch {best}), engine {ours:.2f} s ({documents} documents):"
              f" {theirs / ours:.1f} times; {agreement}; peak memory {memory:.0f} MiB, weights"
              f" {weights_mib(options.model):.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
