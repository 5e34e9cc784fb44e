# SPDX-License-Identifier: Apache-2.0
"""What a trainer of TRL is set to, as a run spec of Bandscope."""

import trl

from ..objectives import Objective

# TRL's loss_type: the objective, its parameters of TRL's arguments, likelihood ("sum" where not said).
LOSSES = {
    "sigmoid": ("dpo", {"beta": "beta"}),
    "sigmoid_norm": ("dpo", {"beta": "beta"}, "mean"),
    "hinge": ("hinge", {"beta": "beta"}),
    "ipo": ("ipo", {"tau": "beta"}, "mean"),
    "exo_pair": ("exo", {"beta": "beta", "label_smoothing": "label_smoothing"}),
    "nca_pair": ("nca", {"beta": "beta"}),
    "robust": ("robust-dpo", {"beta": "beta", "label_smoothing": "label_smoothing"}),
    "sppo_hard": ("sppo", {"beta": "beta"}),
    "apo_zero": ("apo-zero", {"beta": "beta"}),
    "apo_down": ("apo-down", {"beta": "beta"}),
    "discopop": ("discopop", {"beta": "beta", "tau": "discopop_tau"}),
}


def objective_of(args):
    """The Objective of a DPOConfig; ValueError where its loss is none that has incentives in closed form."""
    types = [args.loss_type] if isinstance(args.loss_type, str) else list(args.loss_type)
    if len(types) != 1 or types[0] not in LOSSES:
        raise ValueError(f"bandscope: loss_type is {args.loss_type!r}; one of {', '.join(LOSSES)} can be recorded")
    for name, off in (
        ("use_weighting", False),
        ("ld_alpha", None),
        ("rpo_alpha", None),
        ("padding_free", False),
        ("use_liger_loss", False),
        ("reference_free", False),
        ("loss_weights", None),
    ):
        if getattr(args, name, off) not in (off, [1.0]):
            raise ValueError(
                f"bandscope: {name} changes the loss to one without incentives in closed form; leave it out"
            )
    divergence = getattr(args, "f_divergence_type", "reverse_kl")
    if getattr(divergence, "value", divergence) != "reverse_kl":
        raise ValueError(f"bandscope: f_divergence_type is {divergence}; only reverse_kl can be recorded")
    name, parameters, *likelihood = LOSSES[types[0]]
    values = {ours: float(getattr(args, theirs)) for ours, theirs in parameters.items()}
    if types[0] == "sigmoid" and trl.__version__.startswith("0."):
        values["label_smoothing"] = float(args.label_smoothing)  # later versions do not read it there
    if name == "exo" and values["label_smoothing"] == 0:
        values["label_smoothing"] = 1e-3  # as TRL has it
    return Objective(name, *(likelihood or ["sum"]), **values)


def _schedule(args, steps):
    """Keys of [optimizer]; none for a schedule that run specs do not know."""
    kind = getattr(args.lr_scheduler_type, "value", args.lr_scheduler_type)
    name = {"constant_with_warmup": "constant"}.get(kind, kind)
    if name not in ("constant", "linear", "cosine"):
        return {}
    warmup = 0 if kind == "constant" else args.get_warmup_steps(steps)
    return {"schedule": name, **({"warmup_ratio": warmup / steps} if warmup else {})}


def spec_of(name, args, model, objective, calibration, steps, more):
    """The spec of a run of `steps` steps: `args` a DPOConfig, `model` without wrappers of accelerate. The tables of
    `more` go over what is found."""
    adapted = hasattr(model, "peft_config")
    # accelerate numbers processors too, which run specs do not.
    device = "cpu" if args.device.type == "cpu" else str(args.device)
    found = {
        "run": {"name": name, "seed": args.seed, "device": device},
        "model": {
            "path": getattr(model.config, "_name_or_path", "") or "",
            "dtype": "bfloat16" if args.bf16 else str(next(model.parameters()).dtype).split(".")[-1],
            "tuning": "lora" if adapted else "full",
            "gradient_checkpointing": bool(args.gradient_checkpointing),
        },
        "data": {"max_length": args.max_length},
        "objective": {"name": objective.name, "likelihood": objective.likelihood, **objective.parameters},
        "calibration": {
            "enabled": calibration.enabled,
            "momentum": calibration.momentum,
            "clip": calibration.clip,
            "granularity": "micro-batch",
        },
        "scores": {"scope": "output"},
        "optimizer": {
            "learning_rate": args.learning_rate,
            "betas": [args.adam_beta1, args.adam_beta2],
            "eps": args.adam_epsilon,
            "weight_decay": args.weight_decay,
            "max_grad_norm": float(args.max_grad_norm or 0),
            **_schedule(args, steps),
        },
        "training": {
            "batch_size": args.per_device_train_batch_size * args.gradient_accumulation_steps * args.world_size,
            "micro_batch": args.per_device_train_batch_size,
        },
    }
    if adapted:
        peft = model.peft_config[model.active_adapter]
        found["model"]["lora"] = {
            "rank": peft.r,
            "alpha": float(peft.lora_alpha),
            "dropout": float(peft.lora_dropout),
        }
    for key, table in more.items():
        found[key] = {**found.get(key, {}), **table} if isinstance(table, dict) else table
    return found
