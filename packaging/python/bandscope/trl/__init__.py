# SPDX-License-Identifier: Apache-2.0
"""Records runs of TRL's DPOTrainer (0.23 and 1.16), and calibrates them where asked to.

    from bandscope.trl import BandscopeCallback
    trainer = DPOTrainer(model, args=args, train_dataset=pairs, …)
    BandscopeCallback("runs/mine/run.h5", calibrate=True).attach(trainer)
    trainer.train()

or DPOTrainer(…, callbacks=[BandscopeCallback("runs/mine/run.h5")]), or BandscopeDPOTrainer(…,
bandscope=BandscopeCallback("runs/mine/run.h5")). The semantics of a step are those of core/SPECIFICATION.md, section 3,
with granularity "micro-batch" and scope "output".
"""

from .callback import BandscopeCallback, BandscopeDPOTrainer, BandscopeMixin
from .spec import LOSSES, objective_of

__all__ = ["BandscopeCallback", "BandscopeDPOTrainer", "BandscopeMixin", "LOSSES", "objective_of"]
