# SPDX-License-Identifier: Apache-2.0
"""Losses and incentives d_w = -dL/dz_w, d_l = dL/dz_l in closed form: core/objective/OBJECTIVES.md, in numpy, for
arrays of pairs. tests/values.json holds them, and the table of their parameters, to the C++."""

from dataclasses import dataclass

import numpy as np

from .errors import RecordError

_LOG_2 = np.log(2.0)
_GAP = 1e-6  # from here to their poles the losses of ddro and orpo are straight lines


@dataclass
class Pairs:
    """Log-likelihoods of pairs as float64 arrays: policy, reference (0 where there is none), ids of the responses."""

    z_w: np.ndarray
    z_l: np.ndarray
    z_w_ref: np.ndarray = 0.0
    z_l_ref: np.ndarray = 0.0
    len_w: np.ndarray = 1.0
    len_l: np.ndarray = 1.0
    mean: bool = True  # z is per token

    def __post_init__(self):
        names = ("z_w", "z_l", "z_w_ref", "z_l_ref", "len_w", "len_l")
        arrays = np.broadcast_arrays(*(np.asarray(getattr(self, name), dtype=np.float64) for name in names))
        for name, array in zip(names, arrays):
            setattr(self, name, array)
        self.w, self.l = self.z_w - self.z_w_ref, self.z_l - self.z_l_ref  # z~
        self.m, self.em = self.z_w - self.z_l, self.w - self.l  # m, m~
        ones = np.ones_like(self.z_w)
        self.to_w, self.to_l = (ones, ones) if self.mean else (1 / self.len_w, 1 / self.len_l)  # d z-bar / d z


def sigmoid(x):
    e = np.exp(-np.abs(x))  # of numbers that are not positive alone
    return np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))


def _slope(x):
    return sigmoid(x) * sigmoid(-x)


def softplus(x):
    """log(1 + e^x) = -log sigma(-x)."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def _logistic(x, d):
    return softplus(-x), d * sigmoid(-x), d * sigmoid(-x)


def _dpo(p, beta, label_smoothing):
    x = beta * p.em
    d = beta * (sigmoid(-x) - label_smoothing)
    return softplus(-x) + label_smoothing * x, d, d


def _ti_dpo(p, beta):
    return _logistic(beta * p.em, beta)


def _ipo(p, tau):
    target = 1 / (2 * tau)
    return (p.em - target) ** 2, 2 * (target - p.em), 2 * (target - p.em)


def _r_dpo(p, beta, alpha):
    return _logistic(beta * p.em + alpha * (p.len_w - p.len_l), beta)


def _simpo(p, beta, gamma):
    weight_w, weight_l = beta * p.to_w, beta * p.to_l
    x = weight_w * p.z_w - weight_l * p.z_l - gamma
    return softplus(-x), weight_w * sigmoid(-x), weight_l * sigmoid(-x)


def _cpo(p, beta, **rest):
    weight = rest["lambda"]
    loss, d, _ = _logistic(beta * p.m, beta)
    return loss - weight * p.z_w, d + weight, d


def _hinge_of_margin(p, gamma, weight):
    hinge = (p.m < gamma).astype(np.float64)
    return np.maximum(0, gamma - p.m) - weight * p.z_w, hinge + weight, hinge


def _rrhf(p, **rest):
    return _hinge_of_margin(p, 0.0, rest["lambda"])


def _slic_hf(p, gamma, **rest):
    return _hinge_of_margin(p, gamma, rest["lambda"])


def _kto(p, lambda_w, lambda_l):
    loss = lambda_w * sigmoid(-p.w) + lambda_l * sigmoid(p.l)
    return loss, lambda_w * _slope(p.w), lambda_l * _slope(p.l)


def _ddro(p):
    knee, steepest = np.log(2 - _GAP), (2 - _GAP) / _GAP
    low = np.minimum(p.l, knee)
    gap = -2 * np.expm1(low - _LOG_2)  # 2 - e^u without cancellation
    rejected = np.where(p.l < knee, -np.log(gap), -np.log(_GAP) + steepest * (p.l - knee))
    return 2 * _LOG_2 - p.w + rejected, np.ones_like(p.w), np.where(p.l < knee, np.exp(low) / gap, steepest)


def _dil_bce(p):
    return softplus(-p.w) + softplus(p.l), sigmoid(-p.w), sigmoid(p.l)


def _dil_ukl(p):
    return np.exp(p.l) - p.w, np.ones_like(p.w), np.exp(p.l)


def _dil_lsif(p):
    return 0.5 * np.exp(2 * p.l) - np.exp(p.w), np.exp(p.w), np.exp(2 * p.l)


def _robust_dpo(p, beta, label_smoothing):
    surplus, x = label_smoothing / (1 - 2 * label_smoothing), beta * p.em
    d = beta * (sigmoid(-x) + surplus)
    return softplus(-x) - surplus * x, d, d


def _hinge(p, beta):
    d = np.where(beta * p.em < 1, beta, 0.0)
    return np.maximum(0, 1 - beta * p.em), d, d


def _exo(p, beta, label_smoothing):
    x, chosen, rejected = beta * p.em, np.log1p(-label_smoothing), np.log(label_smoothing)
    d = beta * _slope(x) * (chosen - rejected - x)
    return sigmoid(x) * (-softplus(-x) - chosen) + sigmoid(-x) * (-softplus(x) - rejected), d, d


def _nca(p, beta):
    w, l = beta * p.w, beta * p.l
    loss = softplus(-w) + 0.5 * softplus(w) + 0.5 * softplus(l)
    return loss, beta * (sigmoid(-w) - 0.5 * sigmoid(w)), 0.5 * beta * sigmoid(l)


def _sppo(p, beta):
    target = 0.5 / beta
    return (p.w - target) ** 2 + (p.l + target) ** 2, 2 * (target - p.w), 2 * (p.l + target)


def _apo_zero(p, beta):
    return sigmoid(-beta * p.w) + sigmoid(beta * p.l), beta * _slope(beta * p.w), beta * _slope(beta * p.l)


def _apo_down(p, beta):
    d_l = beta * _slope(beta * p.em)
    return sigmoid(beta * p.w) + sigmoid(-beta * p.em), d_l - beta * _slope(beta * p.w), d_l


def _discopop(p, beta, tau):
    x = beta * p.em
    s, rest = sigmoid(x / tau), sigmoid(-x / tau)
    exponential = np.exp(-x - softplus(-x / tau))  # s e^-x, whose second factor alone overflows
    d = beta * (sigmoid(-x) * rest + exponential + (softplus(-x) * s - exponential) * rest / tau)
    return softplus(-x) * rest + exponential, d, d


def _orpo(p, **rest):
    weight, knee = rest["lambda"], np.log1p(-_GAP)

    def log_odds(z):
        low = np.minimum(z, knee)
        odds = np.where(z < knee, low - np.log(-np.expm1(low)), knee - np.log(_GAP) + (z - knee) / _GAP)
        return odds, np.where(z < knee, -1 / np.expm1(low), 1 / _GAP)

    w, l = p.z_w * p.to_w, p.z_l * p.to_l
    (odds_w, slope_w), (odds_l, slope_l) = log_odds(w), log_odds(l)
    d = weight * sigmoid(odds_l - odds_w)
    return weight * softplus(odds_l - odds_w) - w, p.to_w * (1 + d * slope_w), p.to_l * d * slope_l


def _dpop(p, beta, **rest):
    weight = rest["lambda"]
    loss, d, _ = _logistic(beta * (p.em - weight * np.maximum(0, -p.w)), beta)
    return loss, np.where(p.w < 0, d * (1 + weight), d), d


def _cal_dpo(p, beta):
    target, d = 0.5 / beta, sigmoid(-p.em)
    loss = softplus(-p.em) + (p.w - target) ** 2 + (p.l + target) ** 2
    return loss, d + 2 * (target - p.w), d + 2 * (p.l + target)


def _simper(p):
    w, l = p.z_w * p.to_w, p.z_l * p.to_l
    return np.exp(l) - np.exp(w), p.to_w * np.exp(w), p.to_l * np.exp(l)


# name: (function, defaults of the parameters, needs a reference). TDPO, whose loss is of more than these numbers, is
# left out; TI-DPO's z is weighted by token.
OBJECTIVES = {
    "dpo": (_dpo, {"beta": 0.1, "label_smoothing": 0.0}, True),
    "ti-dpo": (_ti_dpo, {"beta": 0.1}, True),
    "ipo": (_ipo, {"tau": 0.1}, True),
    "r-dpo": (_r_dpo, {"beta": 0.1, "alpha": 0.01}, True),
    "simpo": (_simpo, {"beta": 0.1, "gamma": 1.0}, False),
    "cpo": (_cpo, {"beta": 0.1, "lambda": 1.0}, False),
    "rrhf": (_rrhf, {"lambda": 0.1}, False),
    "slic-hf": (_slic_hf, {"gamma": 1.0, "lambda": 0.1}, False),
    "kto": (_kto, {"lambda_w": 1.0, "lambda_l": 1.0}, True),
    "ddro": (_ddro, {}, True),
    "dil-bce": (_dil_bce, {}, True),
    "dil-ukl": (_dil_ukl, {}, True),
    "dil-lsif": (_dil_lsif, {}, True),
    "robust-dpo": (_robust_dpo, {"beta": 0.1, "label_smoothing": 0.1}, True),
    "hinge": (_hinge, {"beta": 0.1}, True),
    "exo": (_exo, {"beta": 0.1, "label_smoothing": 1e-3}, True),
    "nca": (_nca, {"beta": 0.1}, True),
    "sppo": (_sppo, {"beta": 0.1}, True),
    "apo-zero": (_apo_zero, {"beta": 0.1}, True),
    "apo-down": (_apo_down, {"beta": 0.1}, True),
    "discopop": (_discopop, {"beta": 0.1, "tau": 0.05}, True),
    "orpo": (_orpo, {"lambda": 0.1}, False),
    "dpop": (_dpop, {"beta": 0.1, "lambda": 50.0}, True),
    "cal-dpo": (_cal_dpo, {"beta": 0.1}, True),
    "simper": (_simper, {}, False),
}


class Objective:
    """An objective with its parameters set: `Objective("dpo", beta=0.1)`; `lambda`, a word of Python's, as
    **{"lambda": 1}.

    likelihood: "mean" (z per token) or "sum", as objective.likelihood of a run spec.
    """

    def __init__(self, name, likelihood="mean", **parameters):
        if name not in OBJECTIVES:
            raise RecordError(f"there is no objective {name!r}; there are {', '.join(OBJECTIVES)}")
        if likelihood not in ("mean", "sum"):
            raise RecordError(f"likelihood is {likelihood!r}; allowed: 'mean', 'sum'")
        self.name, self.likelihood = name, likelihood
        self._function, defaults, self.needs_reference = OBJECTIVES[name]
        for given in parameters:
            if given not in defaults:
                raise RecordError(f"{name} has no parameter {given!r}; it has {', '.join(defaults) or 'none'}")
        self.parameters = {**defaults, **parameters}

    def __call__(self, z_w, z_l, z_w_ref=0.0, z_l_ref=0.0, len_w=1.0, len_l=1.0):
        """(loss, d_w, d_l) of each pair, float64 arrays."""
        pairs = Pairs(z_w, z_l, z_w_ref, z_l_ref, len_w, len_l, self.likelihood == "mean")
        return self._function(pairs, **self.parameters)
