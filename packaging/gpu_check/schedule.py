# SPDX-License-Identifier: Apache-2.0
"""Runs parts one after the other, each in a process group of its own that ends when its time is up.

A part is a function of (bundle, log) that yields or returns checks (see Check); it may start programs, crash or hang:
what it had found by then counts, and the next part begins on time.
"""
import collections
import json
import os
import signal
import time
import traceback

Part = collections.namedtuple("Part", "name answers seconds run")
TAIL = 30  # lines of a log that the report shows


class Check(dict):
    """What was looked at, how it went, and its figures; a failure or a skip has a reason."""

    def __init__(self, what, status, reason="", **figures):
        if status not in ("passed", "failed", "skipped"):
            raise ValueError(f"a check's status is not {status!r}")
        super().__init__(what=what, status=status, reason=reason, figures=figures)


def passed(what, **figures):
    return Check(what, "passed", **figures)


def failed(what, reason, **figures):
    return Check(what, "failed", reason, **figures)


def skipped(what, reason):
    return Check(what, "skipped", reason)


def status_of(checks, trouble):
    """A part passes when something of it passed, nothing failed, and it came to its end."""
    if trouble or any(check["status"] == "failed" for check in checks):
        return "failed"
    if any(check["status"] == "passed" for check in checks):
        return "passed"
    return "skipped"


def run_parts(parts, bundle, seconds, logs, work, say):
    """Results in the order of the parts. What a part leaves of its time is the next one's."""
    logs.mkdir(parents=True, exist_ok=True)
    scale = seconds / sum(part.seconds for part in parts)
    start = time.monotonic()
    results, until = [], 0.0
    for number, part in enumerate(parts, 1):
        until += part.seconds * scale
        limit = max(1.0, start + until - time.monotonic())
        say(f"[{number} of {len(parts)}] {part.name}: {part.answers} (at most {limit:.0f} s)")
        result = run_part(part, bundle, limit, logs / f"{part.name}.log", work / f"{part.name}.checks")
        results.append(result)
        bad = [check["what"] for check in result["checks"] if check["status"] == "failed"]
        say(f"  {result['status']} after {result['seconds']:.1f} s" + (f": {', '.join(bad)}" if bad else "")
            + (f" ({result['reason']})" if result["reason"] else ""))
    return results


def run_part(part, bundle, limit, log, checks_file):
    """One part in a child process: {name, answers, status, reason, seconds, limit, checks, tail}."""
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        in_child(part, bundle, begin + limit, log, checks_file)
    trouble = wait_for(child, begin + limit)
    checks = read_checks(checks_file)
    status = status_of(checks, trouble)
    reason = trouble
    if not reason and status == "skipped":
        reason = "; ".join(sorted({check["reason"] for check in checks})) or "nothing was checked"
    return {"name": part.name, "answers": part.answers, "status": status, "reason": reason,
            "seconds": round(time.monotonic() - begin, 2), "limit": round(limit, 1), "checks": checks,
            "tail": tail_of(log)}


def in_child(part, bundle, deadline, log, checks_file):
    code = 1
    try:
        os.setpgid(0, 0)  # with all that it starts
        with open(log, "w", encoding="utf-8", errors="replace") as out, open(checks_file, "w", encoding="utf-8") as file:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            bundle.deadline = deadline
            try:
                for check in part.run(bundle) or []:
                    file.write(json.dumps(check) + "\n")
                    file.flush()
                code = 0
            except BaseException:  # the parent tells; nothing of this process may go on
                traceback.print_exc()
    finally:
        os._exit(code)


def wait_for(child, deadline):
    """"" when the part came to its end, else what became of it. Nothing that it started is left."""
    trouble = None
    while trouble is None:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            trouble = "" if code == 0 else f"ended by signal {-code}" if code < 0 else "an error of the check itself (see its log)"
        elif time.monotonic() >= deadline:
            trouble = "its time was up"
        else:
            time.sleep(0.02)
            continue
    if trouble == "its time was up":
        end(os.kill, child)  # which may not be the leader of its group yet
        os.waitpid(child, 0)
    end(os.killpg, child)
    return trouble


def end(kill, number):
    try:
        kill(number, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
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
