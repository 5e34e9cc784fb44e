# SPDX-License-Identifier: Apache-2.0
"""How large a study is: what it sets beside what resources/studies say, how many seeds, how many steps."""
import collections

# In the order in which a seed's runs are trained: what answers most claims comes first.
GROUPS = ["objectives-lora", "momentum", "clip", "epochs", "scope-lora", "objectives-full", "scope-full"]

# sets: keys of the spec in place of the studies' own; seeds: how many of a group's seeds; batch: pairs of a step;
# steps: fewest and most of an epoch; probe: held-out pairs; starting: seconds that a run takes beside its steps, a guess
# until some have ended.
Size = collections.namedtuple("Size", "name minutes sets seeds batch steps probe starting")

FULL = Size("full", 60.0, {}, dict.fromkeys(GROUPS, 3), 32, (16, 64), 128, 12.0)
# Short pairs, so that two cores see enough of them. With a few dozen micro-batches an average of momentum 0.98 would
# never forget its first value.
SMALL = Size("small", 60.0,
             {"model.dtype": "float32", "data.max_length": 64, "data.max_prompt_length": 24,
              "calibration.momentum": 0.9, "training.batch_size": 4, "probe.pairs": 12},
             {**dict.fromkeys(GROUPS, 1), "objectives-lora": 3}, 4, (4, 16), 12, 12.0)
# For tests: a model of a few thousand weights.
TINY = Size("tiny", 2.0,
            {"model.dtype": "float32", "data.max_length": 64, "data.max_prompt_length": 24,
             "calibration.momentum": 0.9, "training.batch_size": 2, "probe.pairs": 4},
            {**dict.fromkeys(GROUPS, 1), "objectives-lora": 2}, 2, (3, 3), 4, 1.0)
SIZES = {size.name: size for size in (FULL, SMALL, TINY)}


def rate_factor(size, steps):
    """AdamW's way is about rate times steps: shorter runs than the full study's take the same way, up to eight times its
    rate."""
    return min(8.0, max(1.0, FULL.steps[1] / steps))
