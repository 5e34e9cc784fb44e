# SPDX-License-Identifier: Apache-2.0
"""The callback that watches a DPOTrainer and writes its steps."""

import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import torch
import transformers
import trl
from transformers import TrainerCallback
from trl import DPOTrainer

from ..band import Scores
from ..calibration import Calibration
from ..recorder import Recorder
from .adapters import lora_of
from .capture import capture_of, causal_model
from .scores import MeanGradients, adapter_scores, head_scores, last_block_adapters, logit_scale
from .spec import objective_of, spec_of

_CHECKPOINT_FILE = "bandscope.json"


class BandscopeCallback(TrainerCallback):
    """Records a DPOTrainer's run at `path`: DPOTrainer(…, callbacks=[BandscopeCallback(path)]), or attach().

    calibrate: apply reward calibration, with `momentum` and `clip` as [calibration] of a run spec. Without it the
    averages are recorded all the same, alpha is 1, and the run is TRL's to the bit.
    spec: a dict of tables that go over what is found in the trainer's arguments; environment: likewise.
    """

    def __init__(self, path, calibrate=False, momentum=0.98, clip=True, spec=None, environment=None):
        self.path, self.recorder = Path(path), None
        self._calibration = Calibration(calibrate, momentum, clip)
        self._spec, self._environment = spec or {}, environment or {}
        self._trainer = None
        self._awaited, self._train = None, None  # of callbacks=[…]: the trainer whose train() attaches this
        self._micro, self._probe = [], []
        self._kept, self._last_probe, self._began_once = None, -1, False
        self._seconds, self._began, self._grad_norm = 0.0, None, None

    # Set-up

    def attach(self, trainer):
        """Makes `trainer` record. Returns it. One that was made with this callback among its own calls it once."""
        if self._trainer is not None or (self._awaited is not None and self._awaited is not trainer):
            raise ValueError("bandscope: this callback is attached already; make one per run")
        for name in ("is_deepspeed_enabled", "is_fsdp_enabled"):
            if getattr(trainer, name, False):
                raise ValueError(
                    "bandscope: weights that are sharded over processes (DeepSpeed, FSDP) cannot be scored"
                )
        if getattr(trainer, "aux_loss_enabled", False):
            raise ValueError("bandscope: the loss of a mixture of experts' router has no place in a record")
        if trainer.args.auto_find_batch_size:
            raise ValueError(
                "bandscope: auto_find_batch_size begins the run anew with smaller batches, and a record is of one run; "
                "leave it out and set per_device_train_batch_size"
            )
        self._objective = objective_of(trainer.args)
        model = trainer.accelerator.unwrap_model(trainer.model)
        self._adapters = None
        if hasattr(model, "peft_config"):
            lora_of(model)
            self._adapters = last_block_adapters(model)
        self._capture = capture_of(trainer, model)
        self._trainer, self._model = trainer, model
        self._compute = trainer.compute_loss
        clip = trainer.accelerator.clip_grad_norm_

        def clip_grad_norm_(*args, **kwargs):
            self._grad_norm = clip(*args, **kwargs)
            return self._grad_norm

        trainer.accelerator.clip_grad_norm_ = clip_grad_norm_
        trainer.compute_loss = self._compute_loss
        self._watch_train(trainer)
        if hasattr(trainer, "get_batch_loss_metrics"):
            self._watch_evaluations(trainer)
        if all(known is not self for known in trainer.callback_handler.callbacks):
            trainer.add_callback(self)
        return trainer

    def on_init_end(self, args, state, control, **_):
        """Comes with callbacks=[…] alone. The trainer is half made here, so that attaching waits for its train()."""
        trainer = _trainer_of(self)
        if self._trainer is None and self._awaited is None and trainer is not None:
            self._awaited = trainer
            self._watch_train(trainer)

    def _watch_train(self, trainer):
        if self._train is None:
            self._train, trainer.train = trainer.train, self._run

    def _run(self, *args, **kwargs):
        """train() that tells the record how it ended."""
        if self._trainer is None:
            self.attach(self._awaited)
        if self._began_once:
            raise ValueError(
                f"bandscope: {self.path} is of this trainer's first train(), and a record is of one run; make a trainer "
                "and a BandscopeCallback with another path for the next (resume_from_checkpoint goes on)"
            )
        self._began_once = True
        try:
            return self._train(*args, **kwargs)
        except BaseException as problem:
            if self.recorder is not None:
                self.recorder.__exit__(type(problem), problem, None)
            raise

    # Micro-batches

    def _compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        def compute():
            return self._compute(model, inputs, return_outputs=return_outputs, num_items_in_batch=num_items_in_batch)

        if not (model.training and torch.is_grad_enabled()):
            return self._evaluated(compute, inputs)
        result, caught, z = self._watched(compute, inputs, self._adapters is None)
        loss = result[0] if return_outputs else result
        own, d_w, d_l = self._objective(*z)
        self._require_same_loss(float(loss.detach()), float(own.mean()), caught.z_w.dtype)
        scores = self._scores(caught)
        calibrated = self._calibration.update(*self._means(float(d_w.mean()), float(d_l.mean()), scores))
        self._micro.append(
            {
                "z": z,
                "d_w": d_w,
                "d_l": d_l,
                "loss": float(loss.detach()),
                "calibrated": calibrated,
                "scores": scores,
                "tokens": _tokens(inputs),
            }
        )
        if not self._calibration.enabled:
            return result
        # Eq. (12): the two branches' gradients, scaled; the value stays TRL's.
        push_w = torch.as_tensor(-calibrated.alpha * d_w, dtype=torch.float32, device=caught.z_w.device)
        push_l = torch.as_tensor(d_l / calibrated.alpha, dtype=torch.float32, device=caught.z_w.device)
        pushed = (push_w * caught.z_w.float() + push_l * caught.z_l.float()).mean()
        loss = loss.detach() + (pushed - pushed.detach())
        return (loss, result[1]) if return_outputs else loss

    def _watched(self, compute, inputs, with_hidden):
        """What `compute` returns, what was caught of it, and that as an array: z, references and lengths x pairs."""
        result, caught = self._capture.run(compute, inputs, self._objective.likelihood == "mean", with_hidden)
        numbers = (caught.z_w, caught.z_l, caught.z_w_ref, caught.z_l_ref, caught.len_w, caught.len_l)
        return result, caught, np.stack([number.detach().double().cpu().numpy() for number in numbers])

    def _evaluated(self, compute, inputs):
        result, _, z = self._watched(compute, inputs, False)
        self._probe.append(z)
        return result

    def _watch_evaluations(self, trainer):
        """TRL 0.x evaluates past compute_loss."""
        metrics = trainer.get_batch_loss_metrics

        def get_batch_loss_metrics(model, batch, train_eval="train"):
            def compute():
                return metrics(model, batch, train_eval)

            return self._evaluated(compute, batch) if train_eval == "eval" else compute()

        trainer.get_batch_loss_metrics = get_batch_loss_metrics

    def _require_same_loss(self, theirs, own, dtype):
        """TRL's loss is what this package takes it for: a later version may have changed it."""
        tolerance = 1e-3 if dtype in (torch.float32, torch.float64) else 0.25
        if abs(theirs - own) > tolerance * (1 + abs(own)):
            raise RuntimeError(
                f"bandscope: TRL {trl.__version__}'s loss is {theirs:g} where {self._objective.name} is "
                f"{own:g}: incentives of that loss are not known"
            )

    def _scores(self, caught):
        keep = self._trainer.args.gradient_accumulation_steps > 1 or self._trainer.args.world_size > 1
        if keep and self._kept is None:
            self._kept = MeanGradients()
        if self._adapters is not None:
            return adapter_scores(caught.z_w.float(), caught.z_l.float(), self._adapters, self._kept if keep else None)
        pairs = len(caught.z_w)
        sides = []
        for rows, lengths in ((slice(0, pairs), caught.len_w), (slice(pairs, None), caught.len_l)):
            mask = caught.mask[rows]
            share = torch.ones_like(lengths, dtype=torch.float32) / pairs
            if self._objective.likelihood == "mean":
                share = share / lengths
            coefficients = share.unsqueeze(1).expand(mask.shape)[mask]
            sides.append((caught.hidden[rows][mask], caught.labels[rows][mask], coefficients))
        head, config = causal_model(self._model).get_output_embeddings(), self._model.config.get_text_config()
        return head_scores(
            *sides,
            head.weight,
            getattr(head, "bias", None),
            logit_scale(config),
            getattr(config, "final_logit_softcapping", None),
            self._kept if keep else None,
        )

    def _sum(self, values):
        """Of every process's numbers."""
        if self._trainer.args.world_size == 1:
            return np.asarray(values, dtype=np.float64)
        tensor = torch.as_tensor(np.asarray(values), dtype=torch.float64, device=self._device())
        torch.distributed.all_reduce(tensor)
        return tensor.cpu().numpy()

    def _device(self):
        return self._trainer.accelerator.device

    def _means(self, d_w, d_l, scores):
        """Over the processes: the cosine rather than the inner product, so that the mean is one as well."""
        if self._trainer.args.world_size == 1:
            return d_w, d_l, scores
        d_w, d_l, norm_w, norm_l, rho = (
            self._sum([d_w, d_l, scores.norm_w, scores.norm_l, scores.rho]) / self._trainer.args.world_size
        )
        return float(d_w), float(d_l), Scores(float(norm_w), float(norm_l), float(rho * norm_w * norm_l))

    # Steps

    def on_train_begin(self, args, state, control, **_):
        if self._trainer is None:
            raise ValueError(
                "bandscope: this callback knows no DPOTrainer; write BandscopeCallback(path).attach(trainer) before "
                "trainer.train(), or DPOTrainer(…, callbacks=[BandscopeCallback(path)])"
            )
        if state.global_step > 0:  # resumed: alpha goes on from the averages that it had
            file = Path(args.output_dir) / f"checkpoint-{state.global_step}" / _CHECKPOINT_FILE
            if file.is_file():
                self._calibration.load_state(json.loads(file.read_text()))
        if not state.is_world_process_zero:
            return
        device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
        self.recorder = Recorder(
            self.path,
            spec_of(
                self.path.parent.name or self.path.stem,
                args,
                self._model,
                self._trainer.optimizer,
                self._objective,
                self._calibration,
                state.max_steps,
                self._spec,
            ),
            {
                "program": f"TRL {trl.__version__}",
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "trl": trl.__version__,
                "device": device,
                "processes": args.world_size,
                "planned_steps": state.max_steps,
                **self._environment,
            },
        )
        if state.global_step > 0:
            self.recorder.event("resume", f"went on from step {state.global_step}", step=state.global_step, time_s=0)

    def on_step_begin(self, args, state, control, **_):
        self._began, self._micro, self._grad_norm, self._kept = time.monotonic(), [], None, None

    def on_pre_optimizer_step(self, args, state, control, **_):
        if self._grad_norm is None:
            norms = [p.grad.norm() for p in self._model.parameters() if p.grad is not None]
            self._grad_norm = torch.stack([n.float() for n in norms]).norm() if norms else None
        self._learning_rate = self._trainer.optimizer.param_groups[0]["lr"]

    def on_step_end(self, args, state, control, **_):
        micro, world = self._micro, args.world_size
        self._micro = []
        if not micro:
            return
        scores = micro[-1]["scores"]
        if self._kept is not None:
            scores = self._kept.scores(self._reduce if world > 1 else None)
            self._kept = None
        # As TRL weighs them: each micro-batch alike, each process alike.
        means = np.mean(
            [[*m["z"][:4].mean(1), m["d_w"].mean(), m["d_l"].mean(), m["loss"], _accuracy(m["z"])] for m in micro], 0
        )
        means = self._sum(means) / world
        tokens = float(self._sum([sum(m["tokens"] for m in micro)])[0])
        seconds = time.monotonic() - self._began
        self._seconds += seconds
        if self.recorder is None:
            return
        last = micro[-1]["calibrated"]
        names = ("z_w", "z_l", "z_w_ref", "z_l_ref", "d_w", "d_l", "loss", "accuracy")
        self.recorder.step(
            {
                "step": state.global_step,
                "epoch": state.epoch,
                "time": self._seconds,
                "seconds": seconds,
                "tokens": tokens,
                "learning_rate": self._learning_rate,
                **{n: float(v) for n, v in zip(names, means)},
                "score_norm_w": scores.norm_w,
                "score_norm_l": scores.norm_l,
                "score_dot": scores.dot,
                "ema_log_r": last.ema_log_r,
                "ema_log_r_star": last.ema_log_r_star,
                "alpha": last.alpha,
                "uncalibrated": sum(m["calibrated"].uncalibrated for m in micro),
                "grad_norm": None if self._grad_norm is None else float(self._grad_norm),
                "memory": _memory(),
            }
        )

    def _reduce(self, tensor):
        torch.distributed.all_reduce(tensor)
        tensor.div_(self._trainer.args.world_size)

    def on_evaluate(self, args, state, control, **_):
        probe, self._probe = self._probe, []
        if not probe:
            return
        z = np.concatenate(probe, 1)
        correct = (z[0] - z[2]) - (z[1] - z[3]) > 0
        count, z_w, z_l, right = self._sum([z.shape[1], z[0].sum(), z[1].sum(), correct.sum()])
        # Of several sets the first stands for all: a record has one set of held-out pairs.
        if self.recorder is not None and self._last_probe < state.global_step and not self.recorder.closed:
            self._last_probe = state.global_step
            self.recorder.probe(state.global_step, z_w / count, z_l / count, accuracy=right / count)

    def on_save(self, args, state, control, **_):
        if self.recorder is None:
            return
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        if folder.is_dir():
            (folder / _CHECKPOINT_FILE).write_text(json.dumps(self._calibration.state()))
        self.recorder.event("checkpoint", f"TRL saved {folder}", time_s=self._seconds)

    def on_train_end(self, args, state, control, **_):
        if self.recorder is not None:
            self.recorder.close("done")


def _trainer_of(callback):
    """The DPOTrainer that is being made with `callback`: what a trainer tells its callbacks does not name it, so it is
    looked for among those who are calling. None where there is none."""
    frame = sys._getframe(1)
    while frame is not None:
        caller = frame.f_locals.get("self")
        if isinstance(caller, DPOTrainer):
            handler = getattr(caller, "callback_handler", None)
            if handler is not None and any(known is callback for known in handler.callbacks):
                return caller
        frame = frame.f_back
    return None


def _accuracy(z):
    return float(((z[0] - z[2]) - (z[1] - z[3]) > 0).mean())


def _tokens(inputs):
    """Ids of a micro-batch; TRL 0.x has the prompt once for both responses."""
    masks = {name: mask for name, mask in inputs.items() if name.endswith("attention_mask")}
    return float(sum(int(mask.sum()) * (2 if "prompt" in name else 1) for name, mask in masks.items()))


def _memory():
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if os.uname().sysname == "Darwin" else peak * 1024


class BandscopeMixin:
    """For trainers of one's own: class Mine(BandscopeMixin, DPOTrainer). Takes `bandscope`, a BandscopeCallback."""

    def __init__(self, *args, bandscope, **kwargs):
        super().__init__(*args, **kwargs)
        bandscope.attach(self)


class BandscopeDPOTrainer(BandscopeMixin, DPOTrainer):
    """TRL's DPOTrainer with a record: BandscopeDPOTrainer(…, bandscope=BandscopeCallback(path))."""
