# SPDX-License-Identifier: Apache-2.0
"""How BandscopeCallback finds its trainer, with stand-ins for torch, transformers and TRL; test_trl has the real ones."""

import importlib
import sys
import tempfile
import types
import unittest
from pathlib import Path
from unittest import mock


class TrainerCallback:
    """transformers' as far as it matters: an event that is not of interest is one that does nothing."""

    def __getattr__(self, name):
        if name.startswith("on_"):
            return lambda *_, **__: None
        raise AttributeError(name)


class Handler:
    def __init__(self, callbacks):
        self.callbacks = list(callbacks)

    def call(self, event, *arguments):
        for callback in self.callbacks:
            getattr(callback, event)(*arguments, model=None, optimizer=None)


class DPOTrainer:
    """Calls its callbacks when and as transformers does: half made, and without a word of itself."""

    is_deepspeed_enabled = is_fsdp_enabled = False

    def __init__(self, callbacks=()):
        self.args = types.SimpleNamespace(auto_find_batch_size=False, output_dir="", world_size=1)
        self.state = types.SimpleNamespace(global_step=0, max_steps=1, is_world_process_zero=True)
        self.callback_handler = Handler(callbacks)
        self.callback_handler.call("on_init_end", self.args, self.state, None)
        self.model, self.optimizer = object(), object()
        self.accelerator = types.SimpleNamespace(unwrap_model=lambda model: model, clip_grad_norm_=None)

    def add_callback(self, callback):
        self.callback_handler.callbacks.append(callback)

    def compute_loss(self):
        pass

    def train(self):
        self.callback_handler.call("on_train_begin", self.args, self.state, None)
        self.callback_handler.call("on_train_end", self.args, self.state, None)


class TestCallback(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "run.h5"
        torch, transformers, trl = (mock.MagicMock(__version__="1") for _ in range(3))
        transformers.TrainerCallback, trl.DPOTrainer = TrainerCallback, DPOTrainer
        stand_ins = mock.patch.dict(sys.modules, {"torch": torch, "transformers": transformers, "trl": trl})
        stand_ins.start()  # and takes away again what is imported meanwhile
        self.addCleanup(stand_ins.stop)
        for name in [name for name in sys.modules if name.startswith("bandscope.trl")]:
            del sys.modules[name]
        self.module = importlib.import_module("bandscope.trl.callback")
        for name in ("objective_of", "capture_of", "spec_of", "Recorder"):
            patch = mock.patch.object(self.module, name)
            setattr(self, name, patch.start())
            self.addCleanup(patch.stop)

    def callback(self):
        return self.module.BandscopeCallback(self.path)

    def require_recorded_once(self, trainer, callback):
        self.assertEqual([known for known in trainer.callback_handler.callbacks if known is callback], [callback])
        self.Recorder.assert_called_once()
        self.assertIs(self.spec_of.call_args.args[3], trainer.optimizer)
        callback.recorder.close.assert_called_once_with("done")

    def test_among_callbacks(self):
        callback = self.callback()
        trainer = DPOTrainer(callbacks=[callback])
        trainer.train()
        self.require_recorded_once(trainer, callback)
        with self.assertRaisesRegex(ValueError, r"first train\(\)"):
            trainer.train()

    def test_attached(self):
        callback, trainer = self.callback(), DPOTrainer()
        self.assertIs(callback.attach(trainer), trainer)
        trainer.train()
        self.require_recorded_once(trainer, callback)

    def test_both(self):
        callback = self.callback()
        trainer = DPOTrainer(callbacks=[callback])
        callback.attach(trainer)
        trainer.train()
        self.require_recorded_once(trainer, callback)

    def test_what_fails_is_told(self):
        class Breaks(TrainerCallback):
            def on_train_begin(self, *_, **__):
                raise KeyError("broken")

        callback = self.callback()
        with self.assertRaises(KeyError):
            DPOTrainer(callbacks=[callback, Breaks()]).train()
        self.assertIs(callback.recorder.__exit__.call_args.args[0], KeyError)

    def test_another_trainer_is_refused(self):
        callback = self.callback()
        DPOTrainer(callbacks=[callback])
        with self.assertRaisesRegex(ValueError, "one per run"):
            callback.attach(DPOTrainer())

    def test_without_a_trainer_it_says_what_to_write(self):
        trainer = DPOTrainer()
        trainer.add_callback(self.callback())
        with self.assertRaisesRegex(ValueError, r"\.attach\(trainer\) before trainer\.train\(\)"):
            trainer.train()
        self.Recorder.assert_not_called()


if __name__ == "__main__":
    unittest.main()
