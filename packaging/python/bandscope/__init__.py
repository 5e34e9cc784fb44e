# SPDX-License-Identifier: Apache-2.0
"""Run records of other trainers, for Bandscope's window.

    import bandscope
    with bandscope.Recorder("runs/mine/run.h5", spec) as recorder:
        recorder.step({"step": 1, "loss": 0.69, "z_w": -1.2, …})

`bandscope.trl` records TRL's DPOTrainer; it alone needs torch and trl, and is not imported here.
"""

from .band import Scores, disentanglement_band, log_ratio, slack
from .calibration import Calibration
from .errors import RecordError
from .objectives import Objective
from .recorder import Recorder

__all__ = [
    "Calibration",
    "Objective",
    "RecordError",
    "Recorder",
    "Scores",
    "disentanglement_band",
    "log_ratio",
    "slack",
]
