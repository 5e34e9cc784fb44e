# SPDX-License-Identifier: Apache-2.0
"""TRL's runs, recorded: against golden runs of an independent implementation, against the engine, over processes, in
bfloat16, resumed. Figures of agreement are printed with BANDSCOPE_FIGURES=1. BANDSCOPE names the bandscope program,
beside which the engine lies."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np
import torch
import transformers
import trl

from bandscope.errors import RecordError
from bandscope.trl import LOSSES, BandscopeCallback, BandscopeMixin, objective_of
from bandscope.trl.adapters import lora_of
from tests import trl_run

PROGRAM = os.environ.get("BANDSCOPE", "")
ENGINE = PROGRAM + "-engine" if PROGRAM else ""
PACKAGE = Path(__file__).resolve().parents[1]
OLD = trl.__version__.startswith("0.")
COMPARED = (
    "z_w",
    "z_l",
    "z_w_ref",
    "z_l_ref",
    "effective_margin",
    "accuracy",
    "loss",
    "d_w",
    "d_l",
    "score_norm_w",
    "score_norm_l",
    "score_dot",
    "rho",
    "log_r",
    "log_r_star",
    "log_r_applied",
    "band_lower",
    "band_upper",
    "slack",
    "ema_log_r",
    "ema_log_r_star",
    "alpha",
    "uncalibrated",
    "grad_norm",
    "learning_rate",
    "epoch",
)
JOB = {
    "model": "tiny-neox",
    "loss": "sigmoid",
    "beta": 0.1,
    "learning_rate": 0.001,
    "steps": 6,
    "batch": 2,
    "accumulate": 2,
    "calibrate": True,
}


def columns(path, names=COMPARED):
    with h5py.File(path, swmr=True) as file:
        return {name: file[f"steps/{name}"][:] for name in names}


def two_processes(path, job):
    """Trains by torchrun on two processes."""
    launcher = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", "-m", "tests.trl_run"]
    ran = subprocess.run(
        [sys.executable, *launcher, str(path), json.dumps(job)],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    if ran.returncode != 0:
        raise AssertionError(ran.stderr[-3000:])


class Runs(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def trained(self, name="trl", **changes):
        """Path of the record of a run of JOB with changes."""
        path = self.folder / name / "run.h5"
        trl_run.run(path, {**JOB, **changes}, self.folder / name / "out")
        return path

    def require_alike(self, made, expected, tolerance, what):
        worst = {}
        for name, values in expected.items():
            np.testing.assert_array_equal(np.isnan(made[name]), np.isnan(values), f"{what}: {name}")
            off = np.abs(made[name] - values) / (1 + np.abs(values))
            worst[name] = float(np.nanmax(off)) if np.isfinite(off).any() else 0.0
        if os.environ.get("BANDSCOPE_FIGURES"):
            name = max(worst, key=worst.get)
            print(
                f"\n{what}: {len(values)} steps, worst {worst[name]:.1e} ({name}), alpha {worst.get('alpha', 0):.1e}",
                file=sys.stderr,
            )
        wrong = {name: off for name, off in worst.items() if off > tolerance}
        self.assertFalse(wrong, f"{what} differ by more than {tolerance}")


class TestGolden(Runs):
    @unittest.skipIf(OLD, "TRL 0.x has no loss of golden runs: no mean log-likelihoods but for IPO")
    def test_runs_are_those_of_an_independent_implementation(self):
        for name, calibrate in (("neox-dpo", False), ("neox-dpo-rc", True)):
            path = self.trained(name, loss="sigmoid_norm", beta=1.0, steps=10, calibrate=calibrate)
            steps = json.loads((trl_run.GOLDEN / "runs" / f"{name}.json").read_text())["steps"]
            golden = {key: np.array([step[key] for step in steps]) for key in COMPARED if key in steps[0]}
            self.assertGreaterEqual(len(golden), 16)
            self.require_alike(columns(path, golden), golden, 1e-5, f"golden {name}")


@unittest.skipUnless(ENGINE and os.access(ENGINE, os.X_OK), "BANDSCOPE names no program beside bandscope-engine")
class TestEngine(Runs):
    """The spec that a record holds is one that the engine runs, with the same numbers."""

    def compare(self, what, tolerance=5e-5, **changes):
        path = self.trained(what, **changes)
        self.compare_with_engine(path, what, tolerance, [], adapter=changes.get("lora"))

    def compare_with_engine(self, path, what, tolerance, launcher, adapter=False):
        with h5py.File(path) as file:
            spec = file["spec"][()].decode()
        inspected = subprocess.run(
            [PROGRAM, "inspect", str(path), "--json"], capture_output=True, text=True, check=True
        )
        told = json.loads(inspected.stdout)
        self.assertEqual((told["state"], told["name"], told["objective"] in spec), ("done", what, True))
        if adapter:
            spec = spec.replace('tuning = "lora"', f'tuning = "lora"\nadapter = "{path.parent / "adapter"}"')
        file = self.folder / f"{what}.toml"
        file.write_text(spec.replace(f'name = "{what}"', f'name = "{what}-engine"', 1))
        ran = subprocess.run(
            [*launcher, ENGINE, str(file), "--runs", str(self.folder)], capture_output=True, text=True, check=False
        )
        self.assertEqual(ran.returncode, 0, ran.stderr)
        engine = columns(self.folder / f"{what}-engine" / "run.h5")
        self.require_alike(columns(path), engine, tolerance, f"engine {what}")

    def test_two_calibrated_processes(self):
        path = self.folder / "two" / "run.h5"
        # With more micro-batches the two programs deal the pairs out to the processes in other orders.
        two_processes(path, {**JOB, "accumulate": 1})
        launcher = [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--nproc-per-node",
            "2",
            "--standalone",
            "--no-python",
        ]
        self.compare_with_engine(path, "two", 5e-5, launcher)

    def test_summed_dpo(self):
        self.compare("dpo")

    def test_one_micro_batch_and_clipping(self):
        self.compare("clipped", batch=4, accumulate=1, max_grad_norm=0.5)

    def test_schedules(self):
        self.compare("linear-schedule", schedule="linear", warmup=3)
        self.compare("cosine-schedule", schedule="cosine")

    def test_tied_embeddings_count_on_the_output_side_alone(self):
        self.compare("tied", model="tiny-llama-tied", tolerance=2e-4)

    def test_soft_capped_logits(self):
        model = self.folder / "gemma2"
        shutil.copytree(trl_run.GOLDEN.parent / "hf" / "gemma2", model)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(trl_run.GOLDEN / "models" / "tiny-neox" / name, model)
        self.compare("gemma", model=str(model))

    def test_adapters(self):
        self.compare("lora", model="tiny-mistral", lora=4, learning_rate=0.01, tolerance=5e-4)

    def test_precomputed_references_and_checkpointing(self):
        self.compare("precomputed", precompute=True, checkpointing=True)

    def test_losses(self):
        for loss in LOSSES:
            if OLD and loss == "sigmoid_norm":
                continue
            smoothing = {"exo_pair": 1e-3, "robust": 0.1}.get(loss, 0.0)
            with self.subTest(loss):
                self.compare(loss, loss=loss, steps=4, label_smoothing=smoothing, discopop_tau=0.5, tolerance=2e-4)


class TestRecords(Runs):
    def test_without_calibration_the_run_is_trls(self):
        recorded = trl_run.run(self.folder / "r" / "run.h5", {**JOB, "calibrate": False}, self.folder / "a")
        plain = trl_run.run(None, {**JOB, "plain": True}, self.folder / "b")
        for (name, a), b in zip(recorded.model.named_parameters(), plain.model.parameters()):
            self.assertTrue(torch.equal(a, b), name)
        self.assertTrue((columns(self.folder / "r" / "run.h5")["alpha"] == 1).all())

    def test_accumulated_scores_are_those_of_one_batch(self):
        names = ("z_w", "z_l", "score_norm_w", "score_norm_l", "score_dot", "grad_norm")
        one = columns(self.trained("one", batch=4, accumulate=1, calibrate=False), names)
        four = columns(self.trained("four", batch=1, accumulate=4, calibrate=False), names)
        self.require_alike(four, one, 1e-5, "four micro-batches and one")

    def test_processes(self):
        """Two processes of one micro-batch are one process of two."""
        path = self.folder / "two" / "run.h5"
        two_processes(path, {**JOB, "accumulate": 1, "calibrate": False})
        names = [name for name in COMPARED if not name.startswith("ema")]
        names.remove("epoch")
        alone = columns(self.trained("alone", calibrate=False), names)
        self.require_alike(columns(path, names), alone, 2e-5, "two processes and one")

    def test_bfloat16(self):
        names = ("z_w", "z_l", "score_norm_w", "score_norm_l", "rho", "alpha")
        half = columns(self.trained("half", bf16=True, steps=3), names)
        whole = columns(self.trained("whole", steps=3), names)
        self.require_alike(half, whole, 0.02, "bfloat16 and float32")

    def test_evaluations_checkpoints_and_a_resumed_run(self):
        whole = self.trained("whole", evaluate=2, save=3)
        with h5py.File(whole) as file:
            self.assertEqual(file["probe/step"][:].tolist(), [2, 4, 6])
            self.assertTrue(np.isfinite(file["probe/z_w"][:]).all())
            self.assertTrue((file["probe/accuracy"][:] <= 1).all())
            self.assertEqual([kind.rstrip(b"\0") for kind in file["events/kind"][:]], [b"checkpoint"] * 2)
            self.assertEqual(file["status/state"][()], 3)
        rest = self.trained("rest", save=3, resume=str(self.folder / "whole" / "out" / "checkpoint-3"))
        # The folder of the checkpoint is the new run's own as well, where its state lies.
        with h5py.File(rest) as file:
            self.assertEqual(file["steps/step"][:].tolist(), [4, 5, 6])

    def test_a_resumed_run_goes_on_with_its_averages(self):
        job = {**JOB, "save": 3, "model": "tiny-mistral"}
        trl_run.run(self.folder / "whole" / "run.h5", job, self.folder / "out")
        trl_run.run(
            self.folder / "rest" / "run.h5",
            {**job, "resume": str(self.folder / "out" / "checkpoint-3")},
            self.folder / "out",
        )
        names = ("ema_log_r", "ema_log_r_star", "alpha")
        whole = {name: values[3:] for name, values in columns(self.folder / "whole" / "run.h5", names).items()}
        self.require_alike(columns(self.folder / "rest" / "run.h5", names), whole, 1e-5, "resumed and whole")

    def test_a_run_that_breaks_says_so(self):
        path = self.folder / "broken" / "run.h5"
        trainer = trl_run.make_trainer(self.folder / "out", JOB)
        BandscopeCallback(path).attach(trainer)

        class Breaks(transformers.TrainerCallback):
            def on_step_end(self, args, state, control, **_):
                if state.global_step == 2:
                    raise ValueError("broken")

        trainer.add_callback(Breaks())
        with self.assertRaisesRegex(ValueError, "broken"):
            trainer.train()
        with h5py.File(path) as file:
            self.assertEqual((len(file["steps/step"]), file["status/state"][()]), (2, 4))

    def test_what_cannot_be_recorded_is_refused_by_name(self):
        arguments = trl_run.make_trainer(self.folder, JOB).args
        for name, value in (
            ("loss_type", ["aot"]),
            ("loss_type", ["sigmoid", "hinge"]),
            ("use_weighting", True),
            ("f_divergence_type", "js_divergence"),
        ):
            before = getattr(arguments, name)
            setattr(arguments, name, value)
            with self.assertRaisesRegex(ValueError, name):
                objective_of(arguments)
            setattr(arguments, name, before)
        self.assertEqual(objective_of(arguments).name, "dpo")

    def test_runs_that_begin_anew_are_refused(self):
        trainer = trl_run.make_trainer(self.folder / "out", {**JOB, "steps": 1})
        trainer.args.auto_find_batch_size = True
        with self.assertRaisesRegex(ValueError, "auto_find_batch_size"):
            BandscopeCallback(self.folder / "auto" / "run.h5").attach(trainer)
        trainer.args.auto_find_batch_size = False
        path = self.folder / "once" / "run.h5"
        BandscopeCallback(path).attach(trainer).train()
        before = path.read_bytes()
        with self.assertRaisesRegex(ValueError, "first train()"):
            trainer.train()
        self.assertEqual(path.read_bytes(), before)
        self.assertFalse((self.folder / "auto").exists())

    def spec(self, changes=None, arguments=None, **job):
        """The spec in the record of a run of one step, as a dict."""
        try:
            import tomllib
        except ImportError:
            self.skipTest("Python 3.11 and later read TOML")
        self.number = getattr(self, "number", 0) + 1
        path = self.folder / f"spec-{self.number}" / "run.h5"
        trainer = trl_run.make_trainer(self.folder / f"spec-{self.number}" / "out", {**JOB, "steps": 1, **job})
        for name, value in (arguments or {}).items():
            setattr(trainer.args, name, value)
        if changes:
            changes(trainer)
        BandscopeCallback(path).attach(trainer).train()
        with h5py.File(path) as file:
            return tomllib.loads(file["spec"][()].decode()), path

    def test_the_optimizer_is_the_one_that_ran(self):
        optimizer = self.spec(arguments={"weight_decay": 0.1, "adam_beta2": 0.99})[0]["optimizer"]
        self.assertEqual(
            [optimizer[name] for name in ("name", "betas", "eps", "weight_decay", "learning_rate")],
            ["adamw", [0.9, 0.99], 1e-6, 0.1, 0.001],
        )

        def own(trainer):
            trainer.optimizer = torch.optim.RMSprop(trainer.model.parameters(), lr=0.01, eps=1e-3)

        def own_adamw(trainer):
            trainer.optimizer = torch.optim.AdamW(trainer.model.parameters(), lr=0.01, betas=(0.8, 0.9))

        optimizer = self.spec(own_adamw, {"optim": "adafactor"})[0]["optimizer"]
        self.assertEqual((optimizer["name"], optimizer["betas"]), ("adamw", [0.8, 0.9]))
        for arguments, changes, name in (({"optim": "adafactor"}, None, "adafactor"), ({}, own, "rmsprop")):
            spec, path = self.spec(changes, arguments)
            self.assertEqual(spec["optimizer"]["name"], name)
            self.assertNotIn("betas", spec["optimizer"])
            self.require_refused(path, "optimizer.name")
        self.assertEqual(spec["optimizer"]["learning_rate"], 0.01)
        spec, path = self.spec(schedule="polynomial")
        self.assertEqual(spec["optimizer"]["schedule"], "polynomial")
        self.require_refused(path, "optimizer.schedule")

    def require_refused(self, path, key):
        """The record opens, and the engine does not train its spec as if it had understood."""
        if not ENGINE:
            return
        subprocess.run([PROGRAM, "inspect", str(path), "--json"], capture_output=True, check=True)
        with h5py.File(path) as file:
            spec = path.with_suffix(".toml")
            spec.write_bytes(file["spec"][()].replace(b"[data]", b'[data]\ntrain = "none.jsonl"'))
        ran = subprocess.run([ENGINE, str(spec), "--runs", str(path.parent)], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn(key, ran.stderr)

    def test_adapters_are_told_or_refused(self):
        from peft import IA3Config, LoraConfig, get_peft_model

        lora = self.spec(model="tiny-mistral", lora=4)[0]["model"]["lora"]
        every = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
        self.assertEqual(lora, {"rank": 4, "alpha": 16.0, "dropout": 0.0, "rslora": False, "targets": every})
        refused = [
            (LoraConfig(r=2, target_modules=["q_proj"], use_dora=True), "use_dora"),
            (LoraConfig(r=2, target_modules=["q_proj"], bias="lora_only"), "bias"),
            (LoraConfig(r=2, target_modules=["q_proj"], modules_to_save=["lm_head"]), "modules_to_save"),
            (LoraConfig(r=2, target_modules=["q_proj"], rank_pattern={"q_proj": 3}), "rank_pattern"),
            (LoraConfig(r=2, target_modules=["q_proj"], layers_to_transform=[1]), "q_proj in some layers only"),
            (IA3Config(target_modules=["q_proj"], feedforward_modules=[]), "peft_type is IA3"),
        ]
        model = trl_run.GOLDEN / "models/tiny-mistral"
        for config, words in refused:
            plain = transformers.AutoModelForCausalLM.from_pretrained(model)
            with self.subTest(words), self.assertRaisesRegex(ValueError, words):
                lora_of(get_peft_model(plain, config))
        plain = transformers.AutoModelForCausalLM.from_pretrained(model)
        some = LoraConfig(r=2, lora_alpha=8, lora_dropout=0.5, use_rslora=True, target_modules=r".*\.(q|v)_proj")
        self.assertEqual(
            lora_of(get_peft_model(plain, some)),
            {"rank": 2, "alpha": 8.0, "dropout": 0.5, "rslora": True, "targets": ["q_proj", "v_proj"]},
        )

    def test_an_existing_record_ends_the_run_before_its_first_step(self):
        path = self.trained("once", steps=1)
        with self.assertRaisesRegex(RecordError, "exists already"):
            self.trained("once", steps=1)
        self.assertEqual(len(columns(path, ("z_w",))["z_w"]), 1)

    def made(self, **more):
        """A trainer of JOB in two steps, made with `more`."""
        job = {**JOB, "steps": 2}
        plain = trl_run.make_trainer(self.folder / "out", job)
        return trl_run.InOrder(
            model=plain.model,
            ref_model=None,
            args=plain.args,
            train_dataset=trl_run.Dataset.from_list(trl_run.pairs()),
            processing_class=plain.processing_class,
            **more,
        )

    def test_a_callback_among_callbacks_records_as_an_attached_one(self):
        numbers = {}
        for name in ("callbacks", "attached", "both"):
            path = self.folder / name / "run.h5"
            callback = BandscopeCallback(path, calibrate=True)
            trainer = self.made(callbacks=[] if name == "attached" else [callback])
            if name != "callbacks":
                self.assertIs(callback.attach(trainer), trainer)
            trainer.train()
            self.assertEqual(sum(known is callback for known in trainer.callback_handler.callbacks), 1)
            with h5py.File(path) as file:
                self.assertEqual((file["steps/step"][:].tolist(), file["status/state"][()]), ([1, 2], 3))
            numbers[name] = columns(path, ("z_w", "score_norm_w", "alpha", "grad_norm"))
            with self.assertRaisesRegex(ValueError, r"first train\(\)"):
                trainer.train()
        for name in ("callbacks", "both"):
            self.require_alike(numbers[name], numbers["attached"], 0, name)

    def test_a_callback_among_callbacks_tells_of_a_run_that_breaks(self):
        class Breaks(transformers.TrainerCallback):
            def on_step_end(self, args, state, control, **_):
                raise ValueError("broken")

        path = self.folder / "broken" / "run.h5"
        with self.assertRaisesRegex(ValueError, "broken"):
            self.made(callbacks=[BandscopeCallback(path), Breaks()]).train()
        with h5py.File(path) as file:
            self.assertEqual((len(file["steps/step"]), file["status/state"][()]), (1, 4))

    def test_a_callback_without_its_trainer_says_what_to_write(self):
        trainer = self.made()
        trainer.add_callback(BandscopeCallback(self.folder / "late" / "run.h5"))
        with self.assertRaisesRegex(ValueError, r"attach\(trainer\) before trainer.train\(\)"):
            trainer.train()
        callback = BandscopeCallback(self.folder / "two" / "run.h5")
        self.made(callbacks=[callback])
        with self.assertRaisesRegex(ValueError, "one per run"):
            callback.attach(self.made())

    def test_mixin(self):
        class Recorded(BandscopeMixin, trl_run.InOrder):
            pass

        trainer = trl_run.make_trainer(self.folder / "out", {**JOB, "steps": 2})
        mine = Recorded(
            model=trainer.model,
            ref_model=None,
            args=trainer.args,
            train_dataset=trl_run.Dataset.from_list(trl_run.pairs()),
            processing_class=trainer.processing_class,
            bandscope=BandscopeCallback(self.folder / "mixin" / "run.h5"),
        )
        mine.train()
        self.assertEqual(len(columns(self.folder / "mixin" / "run.h5", ("z_w",))["z_w"]), 2)


if __name__ == "__main__":
    unittest.main()
