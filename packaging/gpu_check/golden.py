# SPDX-License-Identifier: Apache-2.0
"""The golden runs, each against the same computed in float64 by an independent implementation."""
import concurrent.futures
import json

from .compare import worst
from .schedule import attempted, failed, passed


def run(bundle):
    specs = sorted((bundle.folder / "golden/runs").glob("*.toml"))
    if not specs:
        yield failed("golden runs", "the bundle has none")
        return
    with concurrent.futures.ThreadPoolExecutor(bundle.side_by_side()) as pool:
        pending = [pool.submit(attempted, spec.stem, check, bundle, spec) for spec in specs]
        for done in concurrent.futures.as_completed(pending):
            yield done.result()


def check(bundle, spec):
    name = spec.stem
    golden = json.loads(spec.with_suffix(".json").read_text(encoding="utf-8"))["steps"]
    ended = bundle.train(spec, bundle.work / "golden", OMP_NUM_THREADS="1")
    if ended.code != 0:
        return failed(name, ended.why())
    far, where = worst(bundle.values(bundle.work / "golden", name), golden)
    if far > 1:
        return failed(name, f"{far:.3g} tolerances away at {where}")
    return passed(name, tolerances=far)
