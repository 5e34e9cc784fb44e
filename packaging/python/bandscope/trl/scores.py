# SPDX-License-Identifier: Apache-2.0
"""Scores of scope "output" (core/SPECIFICATION.md, section 3) of one micro-batch of a causal language model of
transformers: gradients of the mean z_w and z_l with respect to the output projection's weight, from the hidden states
that enter it and softmax minus label, without a backward pass; with adapters, with respect to those of the last
block."""

import re

import torch

from ..band import Scores

# Logits up to this many numbers are kept from one pass over the vocabulary to the next; more are computed twice.
_KEPT_LOGITS = 1 << 26
_CHUNK = 8192  # words of the vocabulary at once


def logit_scale(config):
    """The factor between output projection and logits, which families call by several names."""
    for name in ("logit_scale", "output_multiplier", "lm_head_multiplier"):
        if getattr(config, name, None) is not None:
            return getattr(config, name)
    scaling = getattr(config, "logits_scaling", None)
    if scaling is None:
        return 1.0
    return scaling if config.model_type == "hyperclovax" else 1 / scaling


class MeanGradients:
    """The scores of a step: means over its micro-batches of the two gradients, each a list of flat tensors."""

    def __init__(self):
        self.parts, self.count = None, 0

    def add(self, index, w, l):
        if self.parts is None:
            self.parts = {}
        if index in self.parts:
            self.parts[index][0].add_(w)
            self.parts[index][1].add_(l)
        else:
            self.parts[index] = [w.clone(), l.clone()]

    def scores(self, reduce=None):
        """Of the means. `reduce`: makes a tensor its mean over the processes of a run, in place."""
        total = torch.zeros(3, dtype=torch.float64)
        for w, l in self.parts.values():
            for tensor in (w, l):
                tensor.div_(self.count)
                if reduce is not None:
                    reduce(tensor)
            total += _products(w, l)
        return _scores(total)


def _products(w, l):
    sums = [torch.sum(a * b, dtype=torch.float64) for a, b in ((w, w), (l, l), (w, l))]
    return torch.stack(sums).cpu()


def _scores(total):
    w2, l2, dot = total.tolist()
    return Scores(max(w2, 0.0) ** 0.5, max(l2, 0.0) ** 0.5, dot)


@torch.no_grad()
def head_scores(chosen, rejected, weight, bias=None, scale=1.0, softcap=None, kept=None):
    """Scores with respect to `weight` (vocabulary x width).

    chosen, rejected: (hidden states T x width, labels T, coefficients T), of the response positions alone; a
    coefficient is what the position's log-probability counts in the mean z. `kept`: MeanGradients that gets the
    gradients as well.
    """
    hidden = torch.cat([chosen[0], rejected[0]]).to(weight.dtype)
    labels = torch.cat([chosen[1], rejected[1]])
    coefficients = torch.cat([chosen[2], rejected[2]]).float().unsqueeze(1)
    count, words = len(chosen[1]), weight.shape[0]

    def logits_of(first):
        part = slice(first, first + _CHUNK)
        logits = torch.nn.functional.linear(hidden, weight[part], None if bias is None else bias[part]).float() * scale
        return logits if softcap is None else softcap * torch.tanh(logits / softcap)

    keep = len(labels) * words <= _KEPT_LOGITS
    starts, logits, total = range(0, words, _CHUNK), {}, None
    for first in starts:
        made = logits_of(first)
        sums = torch.logsumexp(made, 1)
        total = sums if total is None else torch.logaddexp(total, sums)
        if keep:
            logits[first] = made

    # The Gram matrix of rows r h^T is that of r times that of h: cheaper than the gradient while there are fewer rows
    # than numbers in a hidden state.
    by_rows = kept is None and len(labels) < hidden.shape[1]
    gram = torch.zeros(len(labels), len(labels), device=hidden.device) if by_rows else None
    products = torch.zeros(3, dtype=torch.float64)
    for first in starts:
        made = logits.pop(first) if keep else logits_of(first)
        rows = -torch.exp(made - total.unsqueeze(1))
        inside = (labels >= first) & (labels < first + made.shape[1])
        where = inside.nonzero().squeeze(1)
        rows[where, labels[where] - first] += 1
        if softcap is not None:
            rows *= 1 - (made / softcap) ** 2
        rows *= coefficients * scale
        if by_rows:
            gram.addmm_(rows, rows.T)
            continue
        # Products of bfloat16 are summed in float32 by the hardware; the result alone is rounded.
        rows = rows.to(hidden.dtype)
        w = (rows[:count].T @ hidden[:count]).float()
        l = (rows[count:].T @ hidden[count:]).float()
        products += _products(w, l)
        if kept is not None:
            kept.add(first, w, l)
    if by_rows:
        gram = gram.double() * (hidden.double() @ hidden.double().T)
        products = torch.stack(
            [gram[:count, :count].sum(), gram[count:, count:].sum(), gram[:count, count:].sum()]
        ).cpu()
    if kept is not None:
        kept.count += 1
    return _scores(products)


def last_block_adapters(model):
    """The trained adapter weights of the last block that has any."""
    blocks = {}
    for name, parameter in model.named_parameters():
        found = re.search(r"\.(?:layers|h|blocks|block)\.(\d+)\.", name)
        if parameter.requires_grad and found and "lora_" in name:
            blocks.setdefault(int(found[1]), []).append(parameter)
    if not blocks:
        raise ValueError("bandscope: the adapter has no trained LoRA weights in the model's blocks")
    return blocks[max(blocks)]


def adapter_scores(z_w, z_l, parameters, kept):
    """Scores with respect to `parameters`, which lie in the last block: the backward passes end there.

    z_w, z_l: of the micro-batch's pairs, with their graph, which is kept.
    """
    gradients = []
    for z in (z_w, z_l):
        found = torch.autograd.grad(z.mean(), parameters, retain_graph=True, allow_unused=True)
        gradients.append([torch.zeros_like(p) if g is None else g for g, p in zip(found, parameters)])
    products = torch.zeros(3, dtype=torch.float64)
    for index, (w, l) in enumerate(zip(*gradients)):
        w, l = w.float(), l.float()
        products += _products(w, l)
        if kept is not None:
            kept.add(index, w, l)
    if kept is not None:
        kept.count += 1
    return _scores(products)
