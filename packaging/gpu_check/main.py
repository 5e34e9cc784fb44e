# SPDX-License-Identifier: Apache-2.0
"""The command line: which parts run, until when, and where the report goes."""
import argparse
import datetime
import pathlib
import shutil
import sys
import tempfile
import time

from . import determinism, golden, kernels, loading, memory, paths, report, schedule, speed
from .bundle import Bundle, BundleError

# Name, what it answers, and its share of nine minutes in seconds.
PARTS = [
    schedule.Part("load", "does it load", 45, loading.run),
    schedule.Part("kernels", "kernels against float64", 80, kernels.run),
    schedule.Part("golden", "runs against an independent implementation", 65, golden.run),
    schedule.Part("determinism", "the same bits twice, and after a resume", 50, determinism.run),
    schedule.Part("paths", "every way of training once", 60, paths.run),
    schedule.Part("speed", "kernels and steps", 190, speed.run),
    schedule.Part("memory", "forced out of memory", 40, memory.run),
]


def parse(arguments):
    parser = argparse.ArgumentParser(prog="gpu-check", description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda")
    parser.add_argument("--minutes", type=float, default=9.0, help="for everything (default 9)")
    parser.add_argument("--report", type=pathlib.Path, help="folder for the report (default gpu-check-DATE-TIME)")
    parser.add_argument("--only", metavar="PART,…", help="these parts alone: " + ", ".join(part.name for part in PARTS))
    parser.add_argument("--python", help="a Python whose torch is used, also where LIBTORCH is set "
                        "(default: the folder that LIBTORCH names, else the torch of python3)")
    options = parser.parse_args(arguments)
    if not 0.1 <= options.minutes <= 600:
        parser.error("--minutes must be from 0.1 to 600")
    names = [part.name for part in PARTS]
    chosen = options.only.split(",") if options.only else names
    for name in chosen:
        if name not in names:
            parser.error(f"--only {name}: there is no such part; allowed are {', '.join(names)}")
    options.parts = [part for part in PARTS if part.name in chosen]
    return options


def run(arguments, folder):
    """The exit code: 0 when every part passed, 1 when one did not, 2 for what cannot begin, 128 and a signal's number
    when that stopped it."""
    options = parse(arguments)
    begin = time.monotonic()
    now = datetime.datetime.now().astimezone()
    try:
        bundle = Bundle(folder, options.device, options.python)
        place = options.report or pathlib.Path(now.strftime("gpu-check-%Y%m%d-%H%M%S"))
        place.mkdir(parents=True, exist_ok=True)
    except (BundleError, OSError) as error:
        print(f"gpu-check: error: {error}", file=sys.stderr)
        return 2
    about, names, results = bundle.about(now.isoformat(timespec="seconds")), [part.name for part in options.parts], []

    def found():
        return report.make(about, results, names)

    def keep(result):
        results.append(result)
        report.write(found(), place)

    code = None
    try:
        with schedule.interruptible():
            check(options, bundle, place, keep, begin + 60 * options.minutes)
    except schedule.Interrupted as stopped:
        say(str(stopped))
        code = 128 + stopped.number
    report.write(found(), place)
    print(report.as_text(found()), flush=True)
    say(f"report in {place}/report.json and {place}/report.txt")
    return code or (0 if found()["passed"] else 1)


def check(options, bundle, place, keep, deadline):
    work = pathlib.Path(tempfile.mkdtemp(prefix="gpu-check-"))
    bundle.work = work
    try:
        schedule.run_parts(options.parts, bundle, max(1.0, deadline - time.monotonic()), place / "logs", work, say, keep)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def say(line):
    print(f"gpu-check: {line}", file=sys.stderr, flush=True)
