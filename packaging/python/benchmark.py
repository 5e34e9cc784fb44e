# SPDX-License-Identifier: Apache-2.0
"""What recording and calibrating cost a TRL run: seconds of a step without, with a record, and with RC.

    python packaging/python/benchmark.py [MODEL] [--pairs FILE.jsonl] [--lora] [--steps 8] [--batch 4] [--accumulate 1]

Without MODEL, a Llama of 30 million random weights over 32,000 words. The three kinds of steps take turns within one
process, so that what else the machine does falls on all of them; without a GPU also the processor's seconds, which
other programs disturb less.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
import transformers
from datasets import Dataset
from trl import DPOConfig, DPOTrainer

sys.path.insert(0, str(Path(__file__).parent))
from bandscope.trl import BandscopeCallback  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "tests/fixtures/golden"
KINDS = {"TRL": None, "recorded": False, "recorded, with RC": True}


def made_up(folder):
    """TRL reads a reference from the model's folder, so there must be one."""
    torch.manual_seed(0)
    transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=32000,
            hidden_size=384,
            intermediate_size=1024,
            num_hidden_layers=6,
            num_attention_heads=6,
        )
    ).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(FIXTURES / "models/tiny-neox").save_pretrained(folder)
    return folder


def model_of(options):
    model = transformers.AutoModelForCausalLM.from_pretrained(options.model, dtype=torch.float32)
    if options.lora:
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(model, LoraConfig(r=8, target_modules="all-linear", task_type="CAUSAL_LM"))
    return model


def trainer_of(options, folder, calibrate):
    torch.manual_seed(0)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    args = DPOConfig(
        output_dir=str(folder),
        max_steps=options.steps,
        per_device_train_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        learning_rate=1e-6,
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
        save_strategy="no",
        max_length=512,
        bf16=options.bf16,
        gradient_checkpointing=False,
        use_cpu=not torch.cuda.is_available(),
    )
    trainer = DPOTrainer(
        model_of(options), args=args, processing_class=tokenizer, train_dataset=Dataset.from_json(str(options.pairs))
    )
    trainer.remove_callback(transformers.PrinterCallback)
    times = []

    class Clock(transformers.TrainerCallback):
        def on_step_begin(self, *_, **__):
            self.began = time.perf_counter(), time.process_time()

        def on_step_end(self, *_, **__):
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            times.append((time.perf_counter() - self.began[0], time.process_time() - self.began[1]))

    if calibrate is not None:
        BandscopeCallback(folder / "run.h5", calibrate=calibrate).attach(trainer)
    trainer.add_callback(Clock())
    return trainer, times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?")
    parser.add_argument("--pairs", default=FIXTURES / "pairs.jsonl", type=Path)
    parser.add_argument("--lora", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--accumulate", type=int, default=1)
    options = parser.parse_args()
    taken = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as place:
        options.model = options.model or made_up(Path(place) / "model")
        for turn in range(options.rounds):
            for kind, calibrate in KINDS.items():
                trainer, times = trainer_of(options, Path(place) / f"{turn}-{calibrate}", calibrate)
                trainer.train()
                taken[kind] += times[1:]  # the first step of a trainer warms up
    for clock, name in enumerate(["s"] if torch.cuda.is_available() else ["s", "s of the processor"]):
        own = statistics.median(times[clock] for times in taken["TRL"])
        for kind, times in taken.items():
            median = statistics.median(both[clock] for both in times)
            print(f"{kind:18} {median:8.3f} {name} a step ({median / own - 1:+.1%}), median of {len(times)}")


if __name__ == "__main__":
    main()
