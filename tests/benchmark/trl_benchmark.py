#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A training step of bandscope-engine against one of TRL's DPOTrainer: the same model, pairs, batch and threads.

    python tests/benchmark/trl_benchmark.py MODEL PAIRS.jsonl [--lora] [--rounds 3] [--threads 2]

Both train DPO in float32 on the CPU with batches of 8 pairs: TRL a pair at a time and without RC, as it comes; the
engine by its defaults, with RC, with values of the reference from before the first step. PAIRS has prompt, chosen and
rejected. The two take turns, each in a process of its own; a process's first step warms up and is not counted. Printed
are the medians of seconds per pair, their ratio, and peak memory. Needs trl (and peft for --lora) in the Python that
runs it, and h5py.
"""

import argparse
import json
import os
import pathlib
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BATCH = 8
RANK = 8


def trl(options, folder):
    """Prints seconds of each step and the peak memory of this process."""
    import torch
    import transformers
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    torch.set_num_threads(options.threads)

    def load():
        return transformers.AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)

    adapter = None
    if options.lora:
        from peft import LoraConfig

        adapter = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules="all-linear", task_type="CAUSAL_LM")
    args = DPOConfig(output_dir=str(folder), max_steps=options.steps, per_device_train_batch_size=1,
                     gradient_accumulation_steps=BATCH, learning_rate=1e-6, max_length=512, bf16=False,
                     gradient_checkpointing=False, use_cpu=True, report_to=[], disable_tqdm=True,
                     logging_strategy="no", save_strategy="no")
    trainer = DPOTrainer(load(), ref_model=None if options.lora else load(), args=args,
                         processing_class=transformers.AutoTokenizer.from_pretrained(options.model),
                         train_dataset=Dataset.from_json(str(options.pairs)), peft_config=adapter)
    seconds = []

    class Clock(transformers.TrainerCallback):
        def on_step_begin(self, *_, **__):
            self.began = time.perf_counter()

        def on_step_end(self, *_, **__):
            seconds.append(time.perf_counter() - self.began)

    trainer.add_callback(Clock())
    trainer.train()
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))


def trl_apart(options, folder):
    command = [sys.executable, __file__, str(options.model), str(options.pairs), "--one", str(folder), "--threads",
               str(options.threads), "--steps", str(options.steps)] + (["--lora"] if options.lora else [])
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"TRL failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def engine(options, folder):
    import h5py

    spec = folder / "ours.toml"
    spec.write_text(f"""
[run]
name = "ours"
device = "cpu"
[model]
path = {json.dumps(str(options.model))}
tuning = "{"lora" if options.lora else "full"}"
lora = {{ rank = {RANK}, alpha = {2 * RANK}.0 }}
[data]
train = {json.dumps(str(options.pairs))}
max_length = 512
max_prompt_length = 384
[objective]
name = "dpo"
[optimizer]
learning_rate = 1e-6
[training]
batch_size = {BATCH}
steps = {options.steps}
""")
    done = subprocess.run([options.engine, spec, "--runs", folder / "runs"], capture_output=True, text=True,
                          env={**os.environ, "OMP_NUM_THREADS": str(options.threads)})
    if done.returncode != 0:
        sys.exit(f"the engine failed:\n{done.stderr[-2000:]}")
    with h5py.File(folder / "runs/ours/run.h5") as record:
        return record["steps/seconds"][:].tolist(), float(record["steps/memory"][-1])


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("pairs", type=pathlib.Path)
    parser.add_argument("--lora", action="store_true", help=f"adapters of rank {RANK} on every linear")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--engine", default=here / "build/bin/bandscope-engine")
    parser.add_argument("--one", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.model, options.pairs = options.model.resolve(), options.pairs.resolve()
    if options.one:
        trl(options, options.one)
        return
    what = "LoRA" if options.lora else "all weights"
    print(f"{processor()}, {options.threads} threads; {what}, {BATCH} pairs a step")
    taken, memory = {"TRL": [], "engine": []}, {"TRL": 0, "engine": 0}
    for _ in range(options.rounds):
        for name, run in (("TRL", trl_apart), ("engine", engine)):
            with tempfile.TemporaryDirectory() as place:
                seconds, peak = run(options, pathlib.Path(place))
            taken[name] += [value / BATCH for value in seconds[1:]]
            memory[name] = max(memory[name], peak)
    for name, seconds in taken.items():
        print(f"  {name:7} {statistics.median(seconds):7.3f} s/pair ({min(seconds):.3f} to {max(seconds):.3f}, "
              f"{len(seconds)} steps), peak {memory[name] / 2**30:.2f} GiB")
    print(f"  ratio {statistics.median(taken['TRL']) / statistics.median(taken['engine']):.2f}")


if __name__ == "__main__":
    main()
