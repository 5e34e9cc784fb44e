# SPDX-License-Identifier: Apache-2.0
"""Trains a tiny golden model with TRL, recorded: `trl_run.py RECORD JSON`, also under torchrun. JSON: model, adapter,
loss, beta, learning_rate, steps, batch, accumulate, and any of schedule, warmup, adapter (a folder), lora (a new one
of that rank, saved beside TRL's folder), precompute, bf16, checkpointing, calibrate, momentum, evaluate, save, resume,
plain (no record)."""

import json
import os
import sys
import tempfile
import warnings
from pathlib import Path

import datasets
import torch
import transformers
from datasets import Dataset
from torch.utils.data import SequentialSampler
from trl import DPOConfig, DPOTrainer

GOLDEN = Path(__file__).resolve().parents[3] / "tests/fixtures/golden"


warnings.filterwarnings("ignore", category=FutureWarning)
datasets.disable_progress_bars()
transformers.logging.disable_progress_bar()
transformers.logging.set_verbosity_error()


class InOrder(DPOTrainer):
    def _get_train_sampler(self, *_):
        return SequentialSampler(self.train_dataset)


def pairs(limit=40):
    lines = (GOLDEN / "pairs.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    return [{name: row[name] for name in ("prompt", "chosen", "rejected")} for row in map(json.loads, lines)]


def make_trainer(folder, job):
    torch.manual_seed(0)
    path = GOLDEN / "models" / job["model"]  # or another folder, by its whole path
    model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, attn_implementation="eager")
    if job.get("adapter"):
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, GOLDEN / "models" / job["adapter"], is_trainable=True)
    if job.get("lora"):
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(
            model, LoraConfig(r=job["lora"], lora_alpha=16, target_modules="all-linear", task_type="CAUSAL_LM")
        )
        model.save_pretrained(Path(folder).parent / "adapter")
    more = {"use_cpu": True} if not torch.cuda.is_available() or job.get("cpu", True) else {}
    if job.get("discopop_tau"):
        more["discopop_tau"] = job["discopop_tau"]
    args = DPOConfig(
        output_dir=str(folder),
        loss_type=[job["loss"]],
        beta=job["beta"],
        learning_rate=job["learning_rate"],
        max_steps=job["steps"],
        per_device_train_batch_size=job["batch"],
        gradient_accumulation_steps=job.get("accumulate", 1),
        lr_scheduler_type=job.get("schedule", "constant"),
        warmup_steps=job.get("warmup", 0),
        adam_epsilon=1e-6,
        weight_decay=0.0,
        max_grad_norm=job.get("max_grad_norm", 0.0),
        bf16=job.get("bf16", False),
        fp16=False,
        gradient_checkpointing=job.get("checkpointing", False),
        gradient_checkpointing_kwargs={"use_reentrant": False},
        max_length=512,
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
        save_strategy="steps" if job.get("save") else "no",
        save_steps=job.get("save") or 500,
        eval_strategy="steps" if job.get("evaluate") else "no",
        eval_steps=job.get("evaluate") or 500,
        precompute_ref_log_probs=job.get("precompute", False),
        per_device_eval_batch_size=4,
        dataloader_pin_memory=False,
        label_smoothing=job.get("label_smoothing", 0.0),
        **more,
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(path)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    trainer = InOrder(
        model=model,
        ref_model=None,
        args=args,
        train_dataset=Dataset.from_list(pairs()),
        eval_dataset=Dataset.from_list(pairs()[:6]) if job.get("evaluate") else None,
        processing_class=tokenizer,
    )
    trainer.remove_callback(transformers.PrinterCallback)
    return trainer


def run(record, job, folder):
    trainer = make_trainer(folder, job)
    if not job.get("plain"):
        from bandscope.trl import BandscopeCallback

        BandscopeCallback(
            record,
            calibrate=job.get("calibrate", False),
            momentum=job.get("momentum", 0.9),
            spec={
                "data": {"train": str(GOLDEN / "pairs.jsonl"), "shuffle": False, "limit": 40},
                "training": {"steps": job["steps"]},
            },
        ).attach(trainer)
    trainer.train(resume_from_checkpoint=job.get("resume"))
    return trainer


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    with tempfile.TemporaryDirectory() as place:
        run(sys.argv[1], json.loads(sys.argv[2]), place)
