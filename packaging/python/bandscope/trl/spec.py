# SPDX-License-Identifier: Apache-2.0
"""What a trainer of TRL is set to, as a run spec of Bandscope."""

import trl

from ..objectives import Objective
from .adapters import lora_of

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


# TRL's names of optimizers that are the engine's, bit for bit or but for the order of sums.
_OPTIMIZERS = {
    "adamw_torch": "adamw",
    "adamw_torch_fused": "adamw",
    "adamw_bnb_8bit": "adamw_8bit",
    "adamw_8bit": "adamw_8bit",
    "paged_adamw_8bit": "paged_adamw_8bit",
}


def _optimizer(args, optimizer):
    """Keys of [optimizer] that the optimizer itself tells, also one of the caller's own. One that the engine does not
    have stands there under its own name, by which the engine refuses the spec."""
    optimizer = getattr(optimizer, "optimizer", optimizer)  # without accelerate's wrapper
    kind = type(optimizer).__name__
    theirs = getattr(args.optim, "value", args.optim)
    if kind == "AdamW" and "adamw" not in theirs:  # the caller's own, whatever the arguments say
        theirs = "adamw_torch"
    name = _OPTIMIZERS.get(theirs, theirs) if kind.startswith("AdamW") else kind.lower()
    groups = optimizer.param_groups
    found = {"name": name, "learning_rate": float(groups[0].get("initial_lr", groups[0]["lr"]))}
    for ours, key in (("betas", "betas"), ("eps", "eps")):
        if key in groups[0]:
            found[ours] = groups[0][key]
    # TRL has a second group, of norms and biases, that does not decay.
    found["weight_decay"] = float(max(group.get("weight_decay", 0.0) for group in groups))
    return found


def _schedule(args, steps):
    """Keys of [optimizer]. A schedule that the engine does not have stands there under its own name, too."""
    kind = getattr(args.lr_scheduler_type, "value", args.lr_scheduler_type)
    warmup = 0 if kind == "constant" else args.get_warmup_steps(steps)
    name = {"constant_with_warmup": "constant"}.get(kind, kind)
    return {"schedule": name, **({"warmup_ratio": warmup / steps} if warmup else {})}


def spec_of(name, args, model, optimizer, objective, calibration, steps, more):
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
            **_optimizer(args, optimizer),
            "max_grad_norm": float(args.max_grad_norm or 0),
            **_schedule(args, steps),
        },
        "training": {
            "batch_size": args.per_device_train_batch_size * args.gradient_accumulation_steps * args.world_size,
            "micro_batch": args.per_device_train_batch_size,
        },
    }
    if adapted:
        found["model"]["lora"] = lora_of(model)
    for key, table in more.items():
        found[key] = {**found.get(key, {}), **table} if isinstance(table, dict) else table
    return found
