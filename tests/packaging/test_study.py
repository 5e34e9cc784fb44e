#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""packaging/study's logic: which runs there are and in which order, what its time allows, what the claims compute."""
import io
import json
import math
import pathlib
import sys
import tempfile
import threading
import time
import unittest
from contextlib import redirect_stderr

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "packaging"))
from paper_study import arithmetic, claims, data, engine, main, plan, report, results, sizes, training  # noqa: E402

STUDIES = SOURCE / "resources/studies"
COMMON = {"model.path": "/m", "data.train": "/t", "data.probe": "/p", "run.device": "cpu"}
NAN = math.nan


def facts(objective="dpo", rc=False, seed=42, groups=("objectives-lora",), inside=1.0, z_w=0.0, margin=0.0, realised=1.0,
          defined=4, same_pairs=True, columns=None, load=1.0, **settings):
    shares = {"both_rise": 0.0, "both_fall": 1 - realised, "disentangled": realised, "other": 0.0, "undefined": 0.0}
    summary = {"in_band_share": inside, "band_defined": defined, "steps": 4, "predicted": shares, "realised": shares,
               "realised_of": "same pairs" if same_pairs else "different pairs", "agreement": 1.0 if same_pairs else None,
               "first_probe": {"z_w": -2.0, "z_l": -3.0, "margin": 1.0, "accuracy": 0.0},
               "last_probe": {"z_w": -2.0 + z_w, "z_l": -3.0, "margin": 1.0 + margin, "accuracy": 0.5},
               "first_evaluation": [], "last_evaluation": []}
    all_settings = {"model.tuning": "lora", "objective.name": objective, "calibration.enabled": rc, "calibration.momentum": 0.98,
                    "calibration.clip": True, "scores.scope": "output", "training.epochs": 1, "run.seed": seed}
    all_settings.update({key.replace("__", "."): value for key, value in settings.items()})
    return results.Facts(f"{objective}-{rc}-{seed}", list(groups), all_settings, summary,
                         columns or {"rho": [0.5] * 4, "seconds": [9.0, 1.0, 1.0, 1.0]}, load)


class Plans(unittest.TestCase):
    def runs(self, size, steps=4, groups=None):
        return plan.runs_of(STUDIES, size, steps, COMMON, groups)

    def test_each_setting_once(self):
        runs = self.runs(sizes.FULL, 64)
        self.assertEqual(len({run.name for run in runs}), len(runs))
        self.assertEqual(len({json.dumps(run.settings, sort_keys=True) for run in runs}), len(runs))
        # Ten objectives w/o and w/, both tunings; beside them four momenta, one clip, two of two epochs, two and two scopes.
        self.assertEqual(len(runs), 3 * (2 * 20 + 4 + 1 + 2 + 2 + 2))
        shared = [run for run in runs if run.name == "lora-dpo-rc-m0.98-s43"]
        self.assertEqual(shared[0].groups, ["objectives-lora", "momentum", "clip", "epochs"])

    def test_a_seeds_runs_come_together_and_pairs_are_neighbours(self):
        runs = self.runs(sizes.SMALL)
        self.assertEqual([run.name for run in runs[:4]],
                         ["lora-dpo-s42", "lora-dpo-rc-m0.9-s42", "lora-ti-dpo-s42", "lora-ti-dpo-rc-m0.9-s42"])
        seeds = [run.settings["run.seed"] for run in runs]
        self.assertEqual(seeds, sorted(seeds))
        self.assertEqual({run.settings["run.seed"] for run in runs if run.settings["model.tuning"] == "full"}, {42})

    def test_an_epoch_has_the_steps(self):
        for size in sizes.SIZES.values():
            run = self.runs(size, 5, ["objectives-lora"])[0]
            batch = run.settings["training.batch_size"]
            self.assertEqual(batch, size.batch)
            self.assertEqual(run.sets["data.limit"], 5 * batch)
            self.assertEqual(run.settings["training.epochs"], 1)

    def test_rates(self):
        rate = {steps: self.runs(sizes.FULL, steps, ["objectives-full"])[0].sets["optimizer.learning_rate"] for steps in (64, 32, 4)}
        self.assertAlmostEqual(rate[64], 6e-7)
        self.assertAlmostEqual(rate[32], 1.2e-6)
        self.assertAlmostEqual(rate[4], 4.8e-6)

    def test_what_a_run_is_thought_to_take(self):
        estimate = plan.Estimate({"lora": 2.0, "full": 3.0}, {"lora": 11.0, "full": 11.0})
        by_name = {run.name: run for run in self.runs(sizes.SMALL)}
        plain, wide = by_name["lora-dpo-s42"], by_name["lora-dpo-all-s42"]
        twice = by_name["lora-dpo-2epochs-s42"]
        self.assertEqual([estimate.of(run, 4) for run in (plain, wide, twice)], [19.0, 27.0, 27.0])
        estimate.learn(plain, 4, 38.0)  # twice as long as was thought
        self.assertEqual(estimate.of(wide, 4), 54.0)

    def test_what_runs_took_before(self):
        runs = {run.name: run for run in self.runs(sizes.SMALL)}
        content = {"runs": {name: {"status": status, "settings": runs[name].settings, "seconds": seconds} for name, status, seconds in (
            ("lora-dpo-s42", "done", 10.0), ("lora-ipo-s42", "done", 20.0), ("lora-dpo-all-s42", "done", 90.0),
            ("lora-dpo-2epochs-s42", "done", 90.0), ("lora-cpo-s42", "failed", 90.0))}}
        self.assertEqual(plan.taken_before(content, "lora"), 15.0)
        self.assertTrue(math.isnan(plan.taken_before(content, "full")))

    def test_steps_that_fit(self):
        estimate = plan.Estimate({"lora": 1.0, "full": 1.0}, {"lora": 0.0, "full": 0.0})
        group = ["clip"]  # two runs of a step a second
        for seconds, steps in ((1, 4), (20, 7), (21.4, 8), (1000, 16)):
            self.assertEqual(plan.steps_that_fit(STUDIES, sizes.SMALL, COMMON, estimate, seconds, group), steps)


class Data(unittest.TestCase):
    def test_the_last_lines_are_held_out(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            file = folder / "pairs.jsonl"
            file.write_text("".join(f'{{"n": {i}}}\n' for i in range(9)) + '{"n": 9}')
            train, held = data.prepare(file, 3, folder / "work")
            self.assertEqual([json.loads(line)["n"] for line in held.read_text().splitlines()], [7, 8, 9])
            self.assertEqual(len(train.read_text().splitlines()), 7)
            self.assertEqual(data.prepare(file, 3, folder / "work", held), (file.resolve(), held.resolve()))
            for wrong, held_out in ((file, 6), (folder / "none.jsonl", 1), (folder, 1)):
                self.assertRaises(data.StudyError, data.prepare, wrong, held_out, folder / "work")
            (folder / "bad.jsonl.gz").write_bytes(b"no gzip")
            self.assertRaises(data.StudyError, data.prepare, folder / "bad.jsonl.gz", 1, folder / "work")


class Programs:
    """Trains by writing a file; what it was asked for is in `trained`."""

    def __init__(self, ends=None):
        self.stopping, self.trained, self.ends = threading.Event(), [], ends or {}

    def train(self, run, runs, log, threads, deadline):
        self.trained.append(run.name)
        folder = runs / run.name
        (folder / "checkpoint-00000004").mkdir(parents=True)
        (folder / "run.h5").touch()
        return self.ends.get(run.name, "done")


class Trainings(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.place = pathlib.Path(self.folder.name)
        self.about = {"size": "small", "steps": 4, "model": "m", "data_sha256": "d", "device": "cpu", "evaluation": "",
                      "groups": ["clip", "scope-lora"]}
        self.runs = plan.runs_of(STUDIES, sizes.SMALL, 4, COMMON, self.about["groups"])
        self.names = [run.name for run in self.runs]

    def tearDown(self):
        self.folder.cleanup()

    def train(self, programs, estimate=0.0, seconds=1000.0, jobs=1):
        state = training.State(self.place)
        state.begin(self.about)
        one = plan.Estimate({"lora": estimate, "full": estimate}, {"lora": 0.0, "full": 0.0})
        one.learn = lambda *_: None  # these runs take no time
        training.Training(programs, state, self.runs, one, jobs, 1, time.monotonic() + seconds, lambda _: None).train()
        return state

    def test_done_runs_are_used_again_and_failed_ones_tried_again(self):
        first = Programs({self.names[1]: "exit code 1: no"})
        state = self.train(first, jobs=2)
        self.assertEqual(sorted(first.trained), sorted(self.names))
        self.assertEqual(state.content["runs"][self.names[1]]["reason"], "exit code 1: no")
        self.assertFalse((self.place / "runs" / self.names[0] / "checkpoint-00000004").exists())
        second = Programs()
        state = self.train(second)
        self.assertEqual(second.trained, [self.names[1]])
        self.assertTrue(all(state.done(run) for run in self.runs))

    def test_no_run_begins_that_would_not_end_in_time(self):
        programs = Programs()
        # Four steps of ten seconds, and twice as much where all scores are taken.
        self.train(programs, estimate=10.0, seconds=60.0)
        self.assertEqual(programs.trained, [name for name in self.names if "-all-" not in name])

    def test_failures_in_a_row_end_it(self):
        programs = Programs(dict.fromkeys(self.names, "exit code 127: no library"))
        self.train(programs)
        self.assertEqual(programs.trained, self.names[:3])
        programs = Programs({name: "exit code 1: no" for name in self.names if name != self.names[2]})
        self.train(programs)
        self.assertEqual(programs.trained, self.names)  # the third was done

    def test_a_stop(self):
        programs = Programs()
        programs.stopping.set()
        self.train(programs)
        self.assertEqual(programs.trained, [])

    def test_a_stopped_run_is_not_done(self):
        state = self.train(Programs({self.names[0]: "stopped"}))
        self.assertFalse(state.done(self.runs[0]))
        self.assertTrue(state.done(self.runs[1]))

    def test_another_study_is_refused(self):
        self.train(Programs())
        self.about["data_sha256"] = "other"
        with self.assertRaisesRegex(data.StudyError, "data_sha256 'd'.*--fresh"):
            training.State(self.place).begin(self.about)
        (self.place / "study.json").write_text("[]")
        self.assertRaises(data.StudyError, training.State, self.place)


class Arithmetic(unittest.TestCase):
    def test_spread(self):
        self.assertEqual(arithmetic.spread([1.0, 3.0, NAN, None]), (2.0, math.sqrt(2), 2))
        one = arithmetic.spread([1.0])
        self.assertTrue(one.mean == 1.0 and math.isnan(one.deviation) and one.count == 1)
        self.assertTrue(math.isnan(arithmetic.spread([]).mean))

    def test_overlap(self):
        for first, second, value in (((0, 2), (0, 2), 1.0), ((0, 2), (1, 3), 1 / 3), ((0, 1), (2, 3), 0.0), ((-1, 1), (-2, 2), 0.5)):
            self.assertAlmostEqual(arithmetic.overlap(first, second), value)
        self.assertTrue(math.isnan(arithmetic.overlap((NAN, 1), (0, 1))))
        self.assertTrue(math.isnan(arithmetic.overlap((1, 1), (1, 1))))

    def test_correlation(self):
        self.assertAlmostEqual(arithmetic.correlation([1, 2, 3, NAN], [2, 4, 6, 0]), 1.0)
        self.assertAlmostEqual(arithmetic.correlation([1, 2, 3], [1, 0, -1]), -1.0)
        for xs, ys in (([1, 2], [1, 2]), ([1, 1, 1], [1, 2, 3]), ([1, NAN, 3], [1, 2, 3])):
            self.assertTrue(math.isnan(arithmetic.correlation(xs, ys)))

    def test_seconds_per_step(self):
        self.assertEqual(arithmetic.seconds_per_step({"seconds": [50.0, 2.0, 1.0, 30.0]}), 2.0)
        self.assertTrue(math.isnan(arithmetic.seconds_per_step({"seconds": [50.0]})))


class Claims(unittest.TestCase):
    def test_the_band_is_left(self):
        group = "objectives-lora"
        runs = [facts("dpo", inside=0.5, seed=42), facts("dpo", inside=0.7, seed=43), facts("ipo", inside=0.9), facts("simpo", inside=0.2)]
        claim = claims.falls_below(results.Results(runs), group)
        self.assertEqual(claim.verdict, claims.HOLDS)  # two of three
        self.assertIn("dpo 40 ± 14 %", claim.ours)
        self.assertEqual(claims.falls_below(results.Results(runs[:3]), group).verdict, claims.FAILS)  # one of two
        self.assertEqual(claims.falls_below(results.Results([facts("dpo", defined=0, inside=0.0)]), group).verdict, claims.UNMEASURED)
        self.assertEqual(claims.falls_below(results.Results([facts("dpo", rc=True, inside=0.0)]), group).verdict, claims.UNMEASURED)

    def test_calibration_counts_where_there_is_something_to_restore(self):
        good = [facts("dpo", inside=0.2, realised=0.2, z_w=-0.5), facts("dpo", rc=True, inside=0.9, realised=0.8, z_w=-0.1)]
        idle = [facts("kto", z_w=0.1), facts("kto", rc=True, z_w=0.0)]
        for claim in (claims.kept_inside, claims.restored, claims.relieved):
            self.assertEqual(claim(results.Results(good + idle), "objectives-lora").verdict, claims.HOLDS, claim)
            self.assertEqual(claim(results.Results(idle), "objectives-lora").verdict, claims.UNMEASURED, claim)
            self.assertEqual(claim(results.Results(good[:1]), "objectives-lora").verdict, claims.UNMEASURED, claim)
        alone = facts("dpo", inside=1.0, realised=1.0, seed=43)  # of a seed that is not calibrated
        self.assertIn("dpo 20 % →", claims.kept_inside(results.Results([*good, alone]), "objectives-lora").ours)
        worse = [facts("dpo", inside=0.5, realised=0.5, z_w=-0.1), facts("dpo", rc=True, inside=0.4, realised=0.4, z_w=-0.2)]
        for claim in (claims.kept_inside, claims.restored, claims.relieved):
            self.assertEqual(claim(results.Results(worse), "objectives-lora").verdict, claims.FAILS, claim)

    def test_differences_are_of_the_same_seed(self):
        runs = [facts(z_w=-1.0, seed=42), facts(z_w=-3.0, seed=43), facts(z_w=-0.5, seed=43, rc=True), facts(z_w=9.0, seed=44, rc=True)]
        found = results.Results(runs).differences(lambda run: run.held_out("z_w"), "objectives-lora")
        self.assertEqual((found.mean, found.count), (2.5, 1))

    def test_scope(self):
        narrow = {"band_lower": [0.0, 0.0, 0.0], "band_upper": [1.0, 1.0, 1.0], "rho": [0.1, 0.2, 0.3], "seconds": [1.0]}
        wide = {**narrow, "band_upper": [2.0, 2.0, 2.0], "rho": [0.2, 0.4, 0.6]}
        for columns, verdict in ((wide, claims.HOLDS), ({**wide, "rho": [0.6, 0.4, 0.2]}, claims.FAILS),
                                 ({**wide, "band_upper": [9.0, 9.0, 9.0]}, claims.FAILS)):
            runs = [facts(groups=["scope-lora"], columns=narrow), facts(groups=["scope-lora"], columns=columns, scores__scope="all")]
            self.assertEqual(claims.scopes("lora")(results.Results(runs), None).verdict, verdict)
        self.assertEqual(claims.scopes("lora")(results.Results(runs[:1]), None).verdict, claims.UNMEASURED)

    def test_cost(self):
        def claim(ratio, load=1.0):
            slow = {"rho": [0.5], "seconds": [9.0, ratio, ratio]}
            runs = [facts(load=load, columns={"rho": [0.5], "seconds": [9.0, 1.0, 1.0]}), facts(rc=True, load=load, columns=slow)]
            return claims.cost(2)(results.Results(runs), "objectives-lora")
        self.assertEqual([claim(1.04).verdict, claim(1.06).verdict, claim(1.0, load=4.0).verdict],
                         [claims.HOLDS, claims.FAILS, claims.UNMEASURED])
        self.assertIn("busy", claim(1.0, load=4.0).ours)

    def test_momentum(self):
        def claim(*changes):
            runs = [facts(z_w=-1.0), facts(z_w=9.0, seed=43)] + [facts(rc=True, groups=["momentum"], z_w=change, calibration__momentum=momentum)
                                        for momentum, change in zip((0.5, 0.9, 0.98), changes)]
            return claims.momentum(results.Results(runs), "objectives-lora").verdict
        self.assertEqual([claim(-0.5, -0.4, -0.45), claim(-1.5, -0.5, -0.9), claim(-0.5)],
                         [claims.HOLDS, claims.FAILS, claims.UNMEASURED])

    def test_clip_and_epochs(self):
        def clip(on):
            return claims.clip(results.Results([facts(rc=True, groups=["clip"], inside=on),
                                                facts(rc=True, groups=["clip"], inside=0.5, calibration__clip=False)]), None).verdict
        self.assertEqual([clip(1.0), clip(0.75)], [claims.HOLDS, claims.FAILS])

        def epochs(with_rc):
            return claims.epochs(results.Results([facts(groups=["epochs"], z_w=-1.0, training__epochs=2), facts(
                rc=True, groups=["epochs"], z_w=with_rc, training__epochs=2)]), None).verdict
        self.assertEqual([epochs(-0.5), epochs(-1.5)], [claims.HOLDS, claims.FAILS])

    def test_a_study_without_runs_measures_nothing(self):
        for part in claims.all_claims(results.Results([]), 2).values():
            self.assertEqual({claim.verdict for claim in part}, {claims.UNMEASURED})

    def test_the_objectives_are_the_studies_own(self):
        for group in ("objectives-lora", "objectives-full"):
            sweep = plan.read_spec(STUDIES / f"{group}.toml")[1]
            self.assertEqual(sorted(sweep["objective.name"]), sorted(claims.ENTANGLED + claims.DISENTANGLED))


class Reports(unittest.TestCase):
    def test_both_forms(self):
        found = results.Results([facts(z_w=-0.5), facts(rc=True, same_pairs=False)])
        made = report.make({"date": "today | here"}, found, {"a": "no time was left", "b": "no time was left"}, [("figures/x.svg", "X")], 2)
        with tempfile.TemporaryDirectory() as name:
            report.write(made, pathlib.Path(name))
            content = json.loads((pathlib.Path(name) / "report.json").read_text(encoding="utf-8"))
            text = (pathlib.Path(name) / "REPORT.md").read_text(encoding="utf-8")
        self.assertEqual(content["runs"][0]["held_out"]["z_w"], -0.5)
        self.assertIsNone(content["runs"][1]["agreement"])
        for words in ("| date | today \\| here |", "- no time was left: a, b", "![X](figures/x.svg)", "| dpo | w/o | 1 | 100 % |", "-0.500"):
            self.assertIn(words, text)
        self.assertTrue(all(line.count("|") - line.count("\\|") == 6 for line in text.splitlines() if line.startswith("| The band is left")))


class CommandLine(unittest.TestCase):
    def test_options(self):
        options = main.parse(["--data", "x", "--small"])
        self.assertEqual((options.size.name, options.device, options.minutes), ("small", "cpu", 60.0))
        self.assertEqual(main.parse(["--data", "x"]).device, "auto")
        for wrong in ([], ["--data", "x", "--only", "clop"], ["--data", "x", "--minutes", "0"], ["--data", "x", "--small", "--tiny"],
                      ["--data", "x", "--jobs", "0"]):
            with self.assertRaises(SystemExit) as ended, redirect_stderr(io.StringIO()):
                main.parse(wrong)
            self.assertEqual(ended.exception.code, 2)

    def test_values_for_set(self):
        self.assertEqual(engine.sets_of({"a.b": True, "c": [1, 2.5], "d": "é\"", "e": {"rank": 8}}),
                         ["--set", "a.b=true", "--set", "c=[1, 2.5]", "--set", 'd="é\\""', "--set", "e={ rank = 8 }"])

    def test_tables_by_run(self):
        found = engine.by_run("run,step,rho\na,1,0.5\na,2,nan\nb,1,\n")
        self.assertEqual(found["a"]["rho"][0], 0.5)
        self.assertEqual(len(found["a"]["rho"]), 2)
        self.assertTrue(math.isnan(found["a"]["rho"][1]) and math.isnan(found["b"]["rho"][0]))


if __name__ == "__main__":
    unittest.main()
