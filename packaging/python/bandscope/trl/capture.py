# SPDX-License-Identifier: Apache-2.0
"""What TRL's DPOTrainer computes on the way to its loss, caught while it does: log-likelihoods with their graph, those
of the reference, hidden states before the output projection. TRL 1.x has log_probs from a fused head, or in its first
versions takes them from logits; 0.x sums them in `concatenated_forward`.
"""

from contextlib import contextmanager
from dataclasses import dataclass

import torch


@dataclass
class Caught:
    """Of one micro-batch. z: sums or, where TRL's loss is of these, means over the response's tokens."""

    z_w: torch.Tensor  # with graph
    z_l: torch.Tensor
    z_w_ref: torch.Tensor
    z_l_ref: torch.Tensor
    len_w: torch.Tensor
    len_l: torch.Tensor
    hidden: torch.Tensor  # rows of chosen, then of rejected responses x positions x width, without graph
    labels: torch.Tensor  # rows x positions: the id that each position predicts
    mask: torch.Tensor  # rows x positions: the response's


def causal_model(model):
    """The transformers model inside of wrappers of PEFT."""
    return model.get_base_model() if hasattr(model, "peft_config") and hasattr(model, "get_base_model") else model


@contextmanager
def _hooks(*pairs):
    handles = [module.register_forward_hook(hook, with_kwargs=True) for module, hook in pairs]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class PackedCapture:
    """TRL 1.x."""

    def __init__(self, trainer, model):
        import trl.trainer.dpo_trainer as module

        self._module, self._model = module, causal_model(model)
        reference = trainer.ref_model
        self._reference = None if reference is None else trainer.accelerator.unwrap_model(reference)

    def run(self, compute, inputs, mean, with_hidden):
        """Runs `compute`, TRL's own loss, and returns its result and what was Caught."""
        caught = {}
        log_softmax = getattr(self._module, "selective_log_softmax", None)

        def output(module, args, kwargs, result):
            log_probs = getattr(result, "log_probs", None)
            if log_probs is None:
                return
            if torch.is_grad_enabled() and module is self._model:
                caught["policy"] = log_probs
            elif "policy" in caught or module is self._reference:
                caught["reference"] = log_probs
            else:  # an evaluation of the policy, without gradients
                caught["policy"] = log_probs

        def selective_log_softmax(logits, labels):
            # The policy's come first. TRL sets the positions outside of the responses to 0 afterwards, in place.
            return caught.setdefault("reference" if "policy" in caught else "policy", log_softmax(logits, labels))

        def backbone(module, args, kwargs, result):
            caught.setdefault("hidden", result.last_hidden_state.detach())

        pairs = [(self._model, output)]
        if with_hidden:
            pairs.append((self._model.base_model, backbone))
        if self._reference is not None:
            pairs.append((self._reference, output))
        if log_softmax:
            self._module.selective_log_softmax = selective_log_softmax
        try:
            with _hooks(*pairs):
                result = compute()
        finally:
            if log_softmax:
                self._module.selective_log_softmax = log_softmax
        mask = inputs["completion_mask"][:, 1:].bool()
        lengths = mask.sum(1)
        policy = caught["policy"][:, -mask.shape[1] :].sum(1)
        if "ref_chosen_logps" in inputs:
            reference = torch.cat([inputs["ref_chosen_logps"], inputs["ref_rejected_logps"]]).to(policy.device)
        else:
            reference = caught["reference"][:, -mask.shape[1] :].sum(1)
        if mean:
            policy, reference = policy / lengths.clamp(min=1), reference / lengths.clamp(min=1)
        hidden = caught["hidden"][:, :-1] if with_hidden else None
        return result, Caught(
            *policy.chunk(2), *reference.detach().chunk(2), *lengths.chunk(2), hidden, inputs["input_ids"][:, 1:], mask
        )


class LogitsCapture:
    """TRL 0.x."""

    def __init__(self, trainer, model):
        import trl.trainer.dpo_trainer as module

        self._trainer, self._module = trainer, module
        self._head = causal_model(model).get_output_embeddings()

    def run(self, compute, inputs, mean, with_hidden):
        trainer, module, caught = self._trainer, self._module, {}
        forward, log_softmax = trainer.concatenated_forward, module.selective_log_softmax

        def concatenated_forward(model, batch, is_ref_model=False):
            caught["reference?"] = is_ref_model
            result = forward(model, batch, is_ref_model=is_ref_model)
            caught["reference" if is_ref_model else "policy"] = (result["chosen_logps"], result["rejected_logps"])
            return result

        def selective_log_softmax(logits, labels):
            result = log_softmax(logits, labels)
            if not caught["reference?"]:
                # TRL sets the positions outside of the responses to 0 afterwards, in place.
                caught["tokens"], caught["labels"] = result, labels
            return result

        def projection(_, args, kwargs, result):
            if not caught["reference?"]:
                caught["hidden"] = args[0].detach()

        trainer.concatenated_forward, module.selective_log_softmax = concatenated_forward, selective_log_softmax
        try:
            with _hooks((self._head, projection)):
                result = compute()
        finally:
            del trainer.concatenated_forward
            module.selective_log_softmax = log_softmax
        mask = caught["tokens"].detach() != 0
        if "ref_chosen_logps" in inputs:
            reference = (inputs["ref_chosen_logps"], inputs["ref_rejected_logps"])
        else:
            reference = caught["reference"]
        reference = [z.detach().to(mask.device) for z in reference]
        return result, Caught(
            *caught["policy"], *reference, *mask.sum(1).chunk(2), caught["hidden"], caught["labels"], mask
        )


def capture_of(trainer, model):
    return (LogitsCapture if hasattr(trainer, "concatenated_forward") else PackedCapture)(trainer, model)
