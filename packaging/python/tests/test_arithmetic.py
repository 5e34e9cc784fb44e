# SPDX-License-Identifier: Apache-2.0
"""Objectives, band and calibration against values of the C++ (values.json, by tests/core/test_python_values.cpp) and
against steps that an independent implementation recorded (tests/fixtures/golden/runs)."""

import json
import math
import unittest
from pathlib import Path

import numpy as np

from bandscope.band import Scores, derived
from bandscope.calibration import Calibration
from bandscope.errors import RecordError
from bandscope.objectives import OBJECTIVES, Objective

HERE = Path(__file__).parent
GOLDEN = HERE.parents[2] / "tests/fixtures/golden/runs"
VALUES = json.loads((HERE / "values.json").read_text(encoding="utf-8"))


def number(value):
    return math.nan if value is None else value


class TestObjectives(unittest.TestCase):
    def test_the_table_is_the_engines(self):
        engine = {name: row for name, row in VALUES["objectives"].items() if name != "tdpo"}
        self.assertEqual(list(OBJECTIVES), list(engine))
        for name, (_, defaults, needs_reference) in OBJECTIVES.items():
            self.assertEqual(defaults, engine[name]["parameters"], name)
            self.assertEqual(needs_reference, engine[name]["needs_reference"], name)

    def test_losses_and_incentives_are_the_engines(self):
        for name in OBJECTIVES:
            for likelihood in ("mean", "sum"):
                rows = np.array(VALUES["objectives"][name][likelihood])
                self.assertGreaterEqual(len(rows), 10)
                made = np.column_stack(Objective(name, likelihood)(*rows[:, :6].T))
                np.testing.assert_allclose(made, rows[:, 6:], rtol=1e-11, atol=1e-12, err_msg=f"{name}, {likelihood}")

    def test_incentives_are_slopes_of_the_loss(self):
        h = 1e-6
        for name in OBJECTIVES:
            objective = Objective(name, "mean")
            z = np.array(VALUES["objectives"][name]["mean"])[:, :6].T
            up, down = z.copy(), z.copy()
            for row, sign, which in ((0, -1, 1), (1, 1, 2)):
                up[row], down[row] = z[row] + h, z[row] - h
                slope = sign * (objective(*up)[0] - objective(*down)[0]) / (2 * h)
                np.testing.assert_allclose(objective(*z)[which], slope, rtol=1e-4, atol=1e-5, err_msg=name)
                up[row], down[row] = z[row], z[row]

    def test_far_arguments_stay_finite(self):
        for name in ("dpo", "exo", "discopop", "kto", "ddro", "dil-bce", "apo-down"):
            with np.errstate(over="raise"):
                for value in Objective(name)(np.array([-500.0, 600.0]), np.array([600.0, -500.0]), 0.0, 0.0):
                    self.assertTrue(np.isfinite(value).all(), name)

    def test_what_is_not_there_is_named(self):
        with self.assertRaisesRegex(RecordError, "no objective 'dop'.*dpo"):
            Objective("dop")
        with self.assertRaisesRegex(RecordError, "ipo has no parameter 'beta'; it has tau"):
            Objective("ipo", beta=1)


class TestCalibration(unittest.TestCase):
    def test_updates_are_the_engines(self):
        for run in VALUES["calibration"]:
            calibration = Calibration(run["enabled"], run["momentum"], run["clip"])
            for update in run["updates"]:
                scores = Scores(update["norm_w"], update["norm_l"], update["dot"])
                result = calibration.update(update["d_w"], update["d_l"], scores)
                row = derived(
                    {
                        "d_w": update["d_w"],
                        "d_l": update["d_l"],
                        "score_norm_w": scores.norm_w,
                        "score_norm_l": scores.norm_l,
                        "score_dot": scores.dot,
                        "alpha": result.alpha,
                    }
                )
                made = {**row, **vars(result)}
                self.assertEqual(result.uncalibrated, update["uncalibrated"])
                for name in (
                    "rho",
                    "log_r",
                    "log_r_star",
                    "band_lower",
                    "band_upper",
                    "slack",
                    "ema_log_r",
                    "ema_log_r_star",
                    "alpha",
                ):
                    np.testing.assert_allclose(made[name], number(update[name]), rtol=1e-12, atol=1e-12, err_msg=name)

    def test_a_state_goes_on(self):
        updates = VALUES["calibration"][0]["updates"]
        first, second = Calibration(momentum=0.9), Calibration(momentum=0.9)
        for update in updates[:9]:
            first.update(update["d_w"], update["d_l"], Scores(update["norm_w"], update["norm_l"], update["dot"]))
        second.load_state(json.loads(json.dumps(first.state())))
        for update in updates[9:]:
            scores = Scores(update["norm_w"], update["norm_l"], update["dot"])
            self.assertEqual(
                repr(first.update(update["d_w"], update["d_l"], scores)),
                repr(second.update(update["d_w"], update["d_l"], scores)),
            )

    def test_golden_steps(self):
        """neox-ddro-step-rc calibrates once per step, by what the step recorded."""
        steps = json.loads((GOLDEN / "neox-ddro-step-rc.json").read_text())["steps"]
        calibration, objective = Calibration(momentum=0.9), Objective("ddro")
        for step in steps:
            pairs = step["pairs"]
            _, d_w, d_l = objective(pairs["zw"], pairs["zl"], pairs["rw"], pairs["rl"])
            np.testing.assert_allclose(d_w, pairs["dw"], rtol=1e-9)
            np.testing.assert_allclose(d_l, pairs["dl"], rtol=1e-9)
            scores = Scores(step["score_norm_w"], step["score_norm_l"], step["score_dot"])
            result = calibration.update(d_w.mean(), d_l.mean(), scores)
            for name in ("alpha", "ema_log_r", "ema_log_r_star"):
                self.assertAlmostEqual(getattr(result, name), step[name], delta=1e-9)


if __name__ == "__main__":
    unittest.main()
