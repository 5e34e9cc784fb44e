# SPDX-License-Identifier: Apache-2.0
"""A LoRA adapter of PEFT as [model.lora] of a run spec; what that cannot say is refused by name."""

import torch

# Settings of PEFT's LoraConfig that change what is trained, and what they are where they are off.
_OFF = {
    "use_dora": (False,),
    "use_qalora": (False,),
    "use_bdlora": (None, False),
    "lora_bias": (False,),
    "bias": ("none",),
    "modules_to_save": (None, []),
    "rank_pattern": ({}, None),
    "alpha_pattern": ({}, None),
    "layer_replication": (None,),
    "target_parameters": (None, []),
    "trainable_token_indices": (None, []),
    "alora_invocation_tokens": (None, []),
}


def lora_of(model):
    """The keys of [model.lora] of a PeftModel's active adapter; ValueError where a run spec has none for it."""
    if len(model.active_adapters) != 1:
        raise ValueError(f"bandscope: {len(model.active_adapters)} adapters are trained at once; one can be recorded")
    adapter = model.active_adapters[0]
    peft = model.peft_config[adapter]
    kind = getattr(peft.peft_type, "value", peft.peft_type)
    if kind != "LORA":
        raise ValueError(f"bandscope: peft_type is {kind}; of PEFT's adapters LORA can be recorded")
    for name, off in _OFF.items():
        value = getattr(peft, name, off[0])
        if value not in off:
            raise ValueError(f"bandscope: {name} of the adapter is {value!r}, which run specs have no key for")
    return {
        "rank": peft.r,
        "alpha": float(peft.lora_alpha),
        "dropout": float(peft.lora_dropout),
        "rslora": bool(peft.use_rslora),
        "targets": _targets(model, adapter),
    }


def _targets(model, adapter):
    """Last names of the layers that have the adapter, whichever way they were chosen."""
    adapted, left = set(), {}
    for name, module in model.named_modules():
        last = name.rsplit(".", 1)[-1]
        if adapter in getattr(module, "lora_A", {}):
            adapted.add(last)
        elif isinstance(module, torch.nn.Linear):
            left.setdefault(last, name)
    for last in sorted(adapted & set(left)):
        raise ValueError(
            f"bandscope: the adapter has {last} in some layers only ({left[last]} is without), which run specs have "
            "no key for"
        )
    return sorted(adapted)
