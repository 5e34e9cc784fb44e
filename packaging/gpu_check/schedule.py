# SPDX-License-Identifier: Apache-2.0
"""Runs parts one after the other, each in a process group of its own that ends when its time is up, or the check's.

A part is a function of a bundle that yields or returns checks (see Check); it may start programs, crash or hang: what it
had found by then counts, and the next part begins on time.
"""
import collections
import json
import math
import os
import signal
import time
import traceback

Part = collections.namedtuple("Part", "name answers seconds run")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TAIL = 30  # lines of a log that the report shows


class Interrupted(BaseException):
    """A signal that ends the whole check; `number` is its own."""

    def __init__(self, number):
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.number = number


class interruptible:  # a context, named as contextlib names its own
    """Within it the signals that end a program raise Interrupted, the first of them: what follows runs to its end."""

    def __enter__(self):
        # What whoever started this ignores, as nohup does, stays ignored.
        self.before = {number: signal.getsignal(number) for number in ENDING if signal.getsignal(number) != signal.SIG_IGN}
        for number in self.before:
            signal.signal(number, self.interrupt)

    def interrupt(self, number, _):
        for other in self.before:
            signal.signal(other, signal.SIG_IGN)
        raise Interrupted(number)

    def __exit__(self, *_):
        for number, handler in self.before.items():
            signal.signal(number, handler)


class Check(dict):
    """What was looked at, how it went, and its figures; a failure or a skip has a reason. Figures that JSON has no number
    for are texts: "nan", "inf"."""

    def __init__(self, what, status, reason="", **figures):
        if status not in ("passed", "failed", "skipped"):
            raise ValueError(f"a check's status is not {status!r}")
        figures = {name: str(value) if isinstance(value, float) and not math.isfinite(value) else value
                   for name, value in figures.items()}
        super().__init__(what=what, status=status, reason=reason, figures=figures)


def passed(what, **figures):
    return Check(what, "passed", **figures)


def failed(what, reason, **figures):
    return Check(what, "failed", reason, **figures)


def skipped(what, reason):
    return Check(what, "skipped", reason)


def attempted(what, check, *arguments):
    """The Check that `check` makes; a failed one where it breaks, so that what comes after is looked at as well."""
    try:
        return check(*arguments)
    except Exception as error:  # of whatever kind: a record without a column, a file that is gone
        traceback.print_exc()
        return failed(what, f"an error of the check itself (see the log): {type(error).__name__}: {error}")


def status_of(checks, trouble):
    """A part passes when something of it passed, nothing failed, and it came to its end."""
    if trouble or any(check["status"] == "failed" for check in checks):
        return "failed"
    if any(check["status"] == "passed" for check in checks):
        return "passed"
    return "skipped"


def run_parts(parts, bundle, seconds, logs, work, say, keep=lambda result: None):
    """Results in the order of the parts; `keep` takes each as soon as it is there. What a part leaves of its time is the
    next one's. Interrupted after the result of the part that was interrupted."""
    logs.mkdir(parents=True, exist_ok=True)
    scale = seconds / sum(part.seconds for part in parts)
    start = time.monotonic()
    results, until = [], 0.0
    for number, part in enumerate(parts, 1):
        until += part.seconds * scale
        limit = max(1.0, start + until - time.monotonic())
        say(f"[{number} of {len(parts)}] {part.name}: {part.answers} (at most {limit:.0f} s)")
        result, interrupted = run_part(part, bundle, limit, logs / f"{part.name}.log", work / f"{part.name}.checks")
        results.append(result)
        keep(result)
        bad = [check["what"] for check in result["checks"] if check["status"] == "failed"]
        say(f"  {result['status']} after {result['seconds']:.1f} s" + (f": {', '.join(bad)}" if bad else "")
            + (f" ({result['reason']})" if result["reason"] else ""))
        if interrupted:
            raise interrupted
    return results


def run_part(part, bundle, limit, log, checks_file):
    """One part in a child process: {name, answers, status, reason, seconds, limit, checks, tail}; and Interrupted, or
    None."""
    begin, interrupted = time.monotonic(), None
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # until whoever waits for the child ends it as well
    child = os.fork()
    if child == 0:
        in_child(part, bundle, begin + limit, log, checks_file)
    try:
        trouble = wait_for(child, begin + limit)
    except Interrupted as signalled:
        trouble, interrupted = str(signalled), signalled
    checks = read_checks(checks_file)
    status = status_of(checks, trouble)
    reason = trouble
    if not reason and status == "skipped":
        reason = "; ".join(sorted({check["reason"] for check in checks})) or "nothing was checked"
    return {"name": part.name, "answers": part.answers, "status": status, "reason": reason,
            "seconds": round(time.monotonic() - begin, 2), "limit": round(limit, 1), "checks": checks,
            "tail": tail_of(log)}, interrupted


def in_child(part, bundle, deadline, log, checks_file):
    code = 1
    try:
        os.setpgid(0, 0)  # with all that it starts
        for number in ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        with open(log, "w", encoding="utf-8", errors="replace") as out, open(checks_file, "w", encoding="utf-8") as file:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            bundle.deadline = deadline
            try:
                for check in part.run(bundle) or []:
                    file.write(json.dumps(check, allow_nan=False) + "\n")
                    file.flush()
                code = 0
            except BaseException:  # the parent tells; nothing of this process may go on
                traceback.print_exc()
    finally:
        os._exit(code)


def wait_for(child, deadline):
    """"" when the part came to its end, else what became of it. Nothing that it started is left, whatever is raised."""
    try:
        # Here as well as there: whichever of the two is first, its group is there to be ended.
        quietly(os.setpgid, child, child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                if code < 0:
                    return f"ended by signal {-code}"
                return "an error of the check itself (see its log)" if code else ""
            if time.monotonic() >= deadline:
                return "its time was up"
            time.sleep(0.02)
    finally:
        quietly(os.killpg, child, signal.SIGKILL)
        quietly(os.waitpid, child, 0)


def quietly(call, *arguments):
    """Of a process that may be gone."""
    try:
        call(*arguments)
    except (ProcessLookupError, PermissionError, ChildProcessError):
        pass


def read_checks(file):
    """The whole lines of what a part wrote; one that was killed may leave half of the last."""
    checks = []
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return checks
    for line in lines:
        try:
            check = json.loads(line)
            checks.append(Check(check["what"], check["status"], check["reason"], **check["figures"]))
        except (ValueError, KeyError, TypeError):
            break
    return checks


def tail_of(log):
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
    except OSError:
        return []
