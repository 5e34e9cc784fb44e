# SPDX-License-Identifier: Apache-2.0
"""The command line: what is studied, for how long, and where the report goes."""
import argparse
import datetime
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from . import arithmetic, data, machine, pictures, plan, report, results, sizes
from .data import StudyError
from .engine import Programs
from .training import State, Training

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="packaging/study", description="Measures the paper's claims again: trains resources/studies, writes a report.",
        epilog="Ctrl-C ends it with a report of what is there; the same call goes on. Exit codes: 0 done, 1 a run failed, "
               "2 it cannot begin, 130 stopped.")
    parser.add_argument("--data", required=True, help="preference pairs, e.g. Anthropic-HH's .jsonl.gz")
    parser.add_argument("--probe", help="held-out pairs (default: the last lines of --data)")
    parser.add_argument("--model", help="a Hugging Face folder (default: SmolLM2-135M-Instruct, as packaging/model fetches it)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--small", action="store_const", const="small", dest="size", help="an hour on two CPU cores")
    size.add_argument("--tiny", action="store_const", const="tiny", dest="size", help="seconds, with a tiny --model; for tests")
    parser.add_argument("--minutes", type=float, help="for this call; what does not fit is left out (default 60)")
    parser.add_argument("--steps", type=int, help="steps of an epoch (default: as many as fit the minutes)")
    parser.add_argument("--only", metavar="GROUP,…", help="these alone: " + ", ".join(sizes.GROUPS))
    parser.add_argument("--device", default=None, help="as run.device (default: cpu for --small and --tiny, else auto)")
    parser.add_argument("--jobs", type=int, help="runs at a time (default: one; a core each for --small)")
    parser.add_argument("--evaluate", metavar="TASKS", help="also benchmarks: task files, e.g. resources/evaluation/arc")
    parser.add_argument("--evaluation-data", metavar="DIR", help="their data, as README.md lays them out")
    parser.add_argument("--work", type=pathlib.Path, help="runs and report (default ~/.local/share/bandscope/runs/study-SIZE)")
    parser.add_argument("--programs", type=pathlib.Path, default=SOURCE / "build/bin", help="folder of bandscope and its engine")
    parser.add_argument("--fresh", action="store_true", help="train anew what is there")
    parser.add_argument("--report-only", action="store_true", help="train nothing, write the report anew")
    options = parser.parse_args(arguments)
    options.size = sizes.SIZES[options.size or "full"]
    options.minutes = options.size.minutes if options.minutes is None else options.minutes
    if not 0.1 <= options.minutes <= 10080:
        parser.error("--minutes must be from 0.1 to 10080")
    options.groups = options.only.split(",") if options.only else list(sizes.GROUPS)
    for name in options.groups:
        if name not in sizes.GROUPS:
            parser.error(f"--only {name}: there is no such group; allowed are {', '.join(sizes.GROUPS)}")
    for name in ("steps", "jobs"):
        if getattr(options, name) is not None and not 1 <= getattr(options, name) <= 100000:
            parser.error(f"--{name} must be from 1 to 100000")
    if options.device is None:
        options.device = "auto" if options.size is sizes.FULL else "cpu"
    if options.jobs is None:
        options.jobs = machine.cores() if options.size is sizes.SMALL else 1
    if options.work is None:
        place = os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share"
        options.work = pathlib.Path(place) / f"bandscope/runs/study-{options.size.name}"
    return options


def say(line):
    print(f"study: {line}", file=sys.stderr, flush=True)


def model_of(options):
    if options.model:
        return str(pathlib.Path(options.model).resolve())
    fetched = subprocess.run([SOURCE / "packaging/model"], stdout=subprocess.PIPE, text=True, check=False)
    if fetched.returncode != 0:
        raise StudyError("packaging/model could not fetch the model; name a Hugging Face folder with --model")
    return fetched.stdout.strip()


def run(arguments):
    """The exit code: 0 done, also where time ended it; 1 when a run failed; 2 for what cannot begin; 130 stopped."""
    options = parse(arguments)
    begin = time.monotonic()
    try:
        programs = Programs(options.programs)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: programs.stopping.set())
        return study(options, programs, begin)
    except (StudyError, OSError) as error:
        print(f"study: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        say("stopped; the same call goes on")
        return 130


def study(options, programs, begin):
    deadline = begin + 60 * options.minutes
    folder = options.work.resolve()
    if not (folder / "study.json").exists() and (folder / "runs").is_dir() and any((folder / "runs").iterdir()):
        raise StudyError(f"{folder} holds runs that are no study's; name another folder with --work")
    if options.fresh:
        for name in ("runs", "logs", "report"):
            shutil.rmtree(folder / name, ignore_errors=True)
        (folder / "study.json").unlink(missing_ok=True)
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    state = State(folder)
    common, about = settings_of(options, folder)
    estimate = estimate_of(options, programs, common, state.content)
    steps = options.steps or state.content.get("steps") or plan.steps_that_fit(
        SOURCE / "resources/studies", options.size, common, estimate,
        options.jobs * (deadline - time.monotonic()), options.groups)
    state.begin({**about, "steps": steps})
    runs = plan.runs_of(SOURCE / "resources/studies", options.size, steps, common, options.groups)
    threads = int(os.environ.get("OMP_NUM_THREADS") or max(1, machine.cores() // options.jobs))
    call = {"started": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "minutes": options.minutes,
            "jobs": options.jobs, "threads": threads, "commit": machine.commit(SOURCE)}
    if not options.report_only:
        needed = sum(estimate.planned(one, steps) for one in runs if not state.done(one)) / options.jobs
        say(f"{len(runs)} runs of {steps} steps an epoch, {sum(map(state.done, runs))} of them done; about "
            f"{needed / 60:.0f} min, {options.minutes:g} are allowed; {folder}")
        Training(programs, state, runs, estimate, options.jobs, threads, deadline, say).train()
        state.content["calls"].append({**call, "seconds": round(time.monotonic() - begin)})
        state.save()
    stopped = programs.stopping.is_set()
    programs.stopping.clear()  # the report is of what is there
    found = write_report(options, programs, state, runs, folder)
    say(f"{found} runs; report in {folder}/report/REPORT.md and report.json")
    if stopped:
        say("stopped; the same call goes on")
        return 130
    failed = [name for name, facts in state.content["runs"].items() if facts["status"] == "failed"]
    for name in failed:
        say(f"{name} failed: {state.content['runs'][name]['reason']} (logs/{name}.txt)")
    return 1 if failed else 0


def settings_of(options, folder):
    """(settings of all runs, what the study is)."""
    train, held_out = data.prepare(options.data, options.size.probe, folder / "data", options.probe)
    model = model_of(options)
    common = {"model.path": model, "data.train": str(train), "data.probe": str(held_out), "run.device": options.device}
    if options.evaluate:
        common["evaluation.tasks"] = [str(pathlib.Path(part).resolve()) for part in options.evaluate.split(",")]
        if options.evaluation_data:
            common["evaluation.data"] = str(pathlib.Path(options.evaluation_data).resolve())
    about = {"size": options.size.name, "model": model, "data": str(pathlib.Path(options.data).resolve()),
             "data_sha256": data.sum_of(pathlib.Path(options.data)), "device": options.device,
             "evaluation": options.evaluate or "", "groups": options.groups}
    return common, about


def estimate_of(options, programs, common, content):
    """From runs of an earlier call, else from `plan` of one run of the tuning; nothing where nothing is trained."""
    per_step, fixed = {}, {}
    if options.report_only:
        return plan.Estimate(per_step, fixed)
    steps = options.size.steps[0]
    runs = plan.runs_of(SOURCE / "resources/studies", options.size, steps, common, options.groups)
    for tuning in dict.fromkeys(one.settings["model.tuning"] for one in runs):
        before = plan.taken_before(content, tuning)
        if not math.isnan(before):
            per_step[tuning], fixed[tuning] = before / content["steps"], 0.0
            continue
        said = programs.plan(next(one for one in runs if one.settings["model.tuning"] == tuning))
        per_step[tuning] = said["seconds_per_step"]
        fixed[tuning] = options.size.starting + max(0.0, said["seconds_total"] - said["seconds_per_step"] * said["steps"])
        say(f"plan, {tuning}: {per_step[tuning]:.2f} s a step, {fixed[tuning]:.1f} s beside them")
    return plan.Estimate(per_step, fixed)


def write_report(options, programs, state, runs, folder):
    content = state.content
    found = results.read(programs, folder, content, say)
    order = {one.name: place for place, one in enumerate(runs)}  # not that in which they happened to end
    found.runs.sort(key=lambda one: order.get(one.name, len(order)))
    place = folder / "report"
    place.mkdir(exist_ok=True)
    drawn = pictures.draw(programs, found, folder / "runs", place, say)
    left_out, reported = {}, {one.name for one in found.runs}
    for one in runs:
        facts = content["runs"].get(one.name, {})
        if facts.get("status") == "failed":
            left_out[one.name] = f"failed ({programs.plain(facts['reason'])})"
        elif one.name not in reported:
            left_out[one.name] = "no time was left"
    made = report.make(about_report(options, programs, content, found), found, left_out, drawn, machine.cores())
    report.write(made, place)
    return len(found.runs)


def about_report(options, programs, content, found):
    calls = content["calls"]
    loads = arithmetic.spread([one.load for one in found.runs])
    environment = found.runs[0].summary["environment"] if found.runs else {}
    factor = sizes.rate_factor(options.size, content["steps"])
    return {
        "date": calls[0]["started"] if calls else datetime.date.today().isoformat(),
        "program": f"{programs.version()}, commit {', '.join(dict.fromkeys(call.get('commit', 'unknown') for call in calls)) or 'unknown'}; "
                   f"report by {machine.commit(SOURCE)}",
        "size": f"{content['size']}: {len(found.runs)} runs of {content['steps']} steps an epoch, {options.size.batch} pairs a step, "
                f"{options.size.probe} held-out pairs",
        "model": pathlib.Path(content["model"]).name,
        "data": f"{pathlib.Path(content['data']).name}, SHA-256 {content['data_sha256'][:12]}…",
        "learning rates": f"the paper's (all parameters 6e-7, LoRA 1e-4), times {factor:g} for short runs; the same for all objectives",
        "other settings": ", ".join(f"{key} {value}" for key, value in options.size.sets.items()) or "those of resources/studies",
        "device": f"{environment.get('device', 'unknown')}, {machine.processor()}, {machine.cores()} cores",
        "time": "; ".join(f"{call['seconds'] / 60:.0f} of {call['minutes']:g} min, {call['jobs']} runs at a time, "
                          f"{call['threads']} threads each" for call in calls) or "none",
        "load": f"{loads.mean:.1f} ± {loads.deviation:.1f} processes on average while runs went on" if loads.count > 1 else "unknown",
        "benchmarks": content["evaluation"] or "none",
    }
