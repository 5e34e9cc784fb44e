# SPDX-License-Identifier: Apache-2.0
"""The disentanglement band of the paper, Eqs. (7)-(11), as core/band/band.cpp has it."""

import math
from dataclasses import dataclass

NAN = math.nan


def _positive(x):
    return x > 0 and math.isfinite(x)


@dataclass
class Scores:
    """Norms and inner product of the two scores s_w, s_l."""

    norm_w: float = 0.0
    norm_l: float = 0.0
    dot: float = 0.0

    @property
    def rho(self):
        """Cosine, Eq. (7); NaN where a norm is 0."""
        if not (_positive(self.norm_w) and _positive(self.norm_l)):
            return NAN
        # Divided one after the other: the product of two small norms may underflow. Rounding may leave [-1, 1].
        cosine = self.dot / self.norm_w / self.norm_l
        return cosine if math.isnan(cosine) else min(max(cosine, -1.0), 1.0)

    @property
    def log_r_star(self):
        """log ‖s_l‖ - log ‖s_w‖, Eq. (11); NaN where a norm is 0."""
        if not (_positive(self.norm_w) and _positive(self.norm_l)):
            return NAN
        return math.log(self.norm_l) - math.log(self.norm_w)


def log_ratio(d_w, d_l):
    """log d_w - log d_l; NaN where one is not positive."""
    return math.log(d_w) - math.log(d_l) if d_w > 0 and d_l > 0 else NAN


def disentanglement_band(scores):
    """(lower, upper) of Eq. (9); NaN where rho is not positive."""
    rho = scores.rho
    if not rho > 0:
        return NAN, NAN
    centre, half_width = scores.log_r_star, -math.log(rho)
    return centre - half_width, centre + half_width


def slack(log_r, scores):
    """Eq. (10): distance of log_r to the nearer edge of the band, negative outside; NaN where there is none."""
    lower, upper = disentanglement_band(scores)
    if math.isnan(log_r) or math.isnan(lower):
        return NAN
    return min(log_r - lower, upper - log_r)


def derived(row):
    """The columns of /steps that follow from others of `row`; NaN where one of those is lacking."""

    def of(name):
        value = row.get(name)
        return NAN if value is None else float(value)

    scores = Scores(of("score_norm_w"), of("score_norm_l"), of("score_dot"))
    lower, upper = disentanglement_band(scores)
    log_r = log_ratio(of("d_w"), of("d_l"))
    alpha = of("alpha") if "alpha" in row else 1.0  # a run without calibration need not say so
    applied = log_r + 2 * math.log(alpha) if alpha > 0 else NAN
    return {
        "margin": of("z_w") - of("z_l"),
        "effective_margin": (of("z_w") - of("z_w_ref")) - (of("z_l") - of("z_l_ref")),
        "rho": scores.rho,
        "log_r": log_r,
        "log_r_star": scores.log_r_star,
        "log_r_applied": applied,
        "band_lower": lower,
        "band_upper": upper,
        "slack": slack(applied, scores),
    }
