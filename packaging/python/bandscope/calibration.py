# SPDX-License-Identifier: Apache-2.0
"""Reward calibration (paper, sections 3.3 and C.3), as core/calibration/calibration.cpp has it."""

import math
from dataclasses import dataclass

from .band import log_ratio

# At or below this an incentive or a score norm has no logarithm worth averaging.
SMALLEST = 1e-12


def _has_log(x):
    return x > SMALLEST and math.isfinite(x)


@dataclass
class Calibrated:
    """What one micro-batch (or step) got."""

    alpha: float = 1.0  # factor of z_w's gradient; z_l's is 1/alpha
    uncalibrated: bool = False  # the ratio was undefined here
    ema_log_r: float = math.nan  # NaN before the averages exist
    ema_log_r_star: float = math.nan


class Calibration:
    """Log-domain averages of incentives and score norms, Eqs. (61)-(62), and alpha, Eqs. (63)-(64)."""

    def __init__(self, enabled=True, momentum=0.98, clip=True):
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum is {momentum}; allowed: 0 or more, below 1")
        self.enabled, self.momentum, self.clip = enabled, momentum, clip
        self.log_incentives = None  # (log d_w, log d_l)
        self.log_norms = None  # (log ‖s_w‖, log ‖s_l‖)

    def state(self):
        """For a checkpoint."""
        return {"log_incentives": self.log_incentives, "log_norms": self.log_norms}

    def load_state(self, state):
        self.log_incentives = state["log_incentives"] and tuple(state["log_incentives"])
        self.log_norms = state["log_norms"] and tuple(state["log_norms"])

    def _averaged(self, before, a, b):
        """Eq. (61) of two quantities that are defined together; the first pair of values initialises."""
        if before is None:
            return math.log(a), math.log(b)
        keep = self.momentum
        return keep * before[0] + (1 - keep) * math.log(a), keep * before[1] + (1 - keep) * math.log(b)

    def update(self, d_w, d_l, scores):
        """Takes the means d_w, d_l over the pairs and the scores of their mean z_w, z_l."""
        incentives_defined = _has_log(d_w) and _has_log(d_l)
        scores_defined = _has_log(scores.norm_w) and _has_log(scores.norm_l)
        if incentives_defined:
            self.log_incentives = self._averaged(self.log_incentives, d_w, d_l)
        if scores_defined:
            self.log_norms = self._averaged(self.log_norms, scores.norm_w, scores.norm_l)

        result = Calibrated(uncalibrated=not (incentives_defined and scores_defined))
        if self.log_incentives is not None:
            result.ema_log_r = self.log_incentives[0] - self.log_incentives[1]  # Eq. (62)
        if self.log_norms is not None:
            result.ema_log_r_star = self.log_norms[1] - self.log_norms[0]
        if not self.enabled or self.log_incentives is None or self.log_norms is None:
            return result

        delta = result.ema_log_r_star - result.ema_log_r
        rho = scores.rho
        if self.clip and not result.uncalibrated and rho > 0:  # Eq. (64)
            centre = result.ema_log_r_star - log_ratio(d_w, d_l)
            delta = min(max(delta, centre + math.log(rho)), centre - math.log(rho))
        result.alpha = math.exp(delta / 2)  # Eq. (63)
        return result
