# SPDX-License-Identifier: Apache-2.0
"""Records against numbers, and against each other."""
import math

ABSOLUTE, RELATIVE = 2e-4, 1e-3  # float32 on any device against float64
COLUMNS = ["z_w", "z_l", "z_w_ref", "z_l_ref", "margin", "loss", "d_w", "d_l", "score_norm_w", "score_norm_l", "score_dot",
           "rho", "log_r", "log_r_star", "ema_log_r", "ema_log_r_star", "alpha", "grad_norm"]
PAIRS = {"z_w": "zw", "z_l": "zl", "z_w_ref": "rw", "z_l_ref": "rl", "d_w": "dw", "d_l": "dl", "tokens_w": "lw",
         "tokens_l": "ll"}
# Of a clock, or of what else the process holds.
UNREPEATABLE = {"time", "seconds", "memory"}


def is_nan(value):
    return value is None or math.isnan(value)


def excess(own, golden):
    """How many tolerances a number is away; infinite where only one of the two is a number."""
    if is_nan(own) or is_nan(golden):
        return 0.0 if is_nan(own) and is_nan(golden) else math.inf
    if math.isinf(own) or math.isinf(golden):
        return 0.0 if own == golden else math.inf
    return abs(own - golden) / (ABSOLUTE + RELATIVE * abs(golden))


def sign(value):
    """Of a zero as well; what is no number has none."""
    return 0 if value is None else math.copysign(1, value)


def worst(values, golden_steps):
    """(tolerances, where) of a record's farthest number from a golden run's steps; a missing row is infinitely far."""
    far, where = 0.0, "nothing differs"

    def take(own, golden, place):
        nonlocal far, where
        if len(own) != len(golden):
            far, where = math.inf, f"{place}: {len(own)} rows for {len(golden)}"
            return
        for row, (a, b) in enumerate(zip(own, golden)):
            away = excess(a, b)
            if away > far:
                far, where = away, f"{place}, row {row + 1}: {a}, golden {b}"

    for column in COLUMNS:
        take(values["steps"].get(column, []), [step[column] for step in golden_steps], column)
    for column, key in PAIRS.items():
        take(values["pairs"].get(column, []), [x for step in golden_steps for x in step["pairs"][key]], "pairs/" + column)
    return far, where


def difference(first, second):
    """"" when two records hold the same bits, but for clocks and memory; else where they begin to differ."""
    for table in ("steps", "pairs"):
        for column in sorted(set(first[table]) | set(second[table])):
            if column in UNREPEATABLE:
                continue
            a, b = first[table].get(column), second[table].get(column)
            if a is None or b is None or len(a) != len(b):
                return f"{table}/{column} has other rows"
            for row, (x, y) in enumerate(zip(a, b)):
                if x != y or sign(x) != sign(y):
                    return f"{table}/{column}, row {row + 1}: {x} and {y}"
    return ""
