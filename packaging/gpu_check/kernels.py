# SPDX-License-Identifier: Apache-2.0
"""Kernels against float64, and the small ones once more under compute-sanitizer where that is installed."""
import shutil

from .schedule import attempted, failed, passed, skipped


# Of the part's time, where the sanitizer comes after: it runs the small ones alone, but many times slower.
SHARE_OF_VALUES = 0.6


def run(bundle):
    share = 1.0 if without_sanitizer(bundle) else SHARE_OF_VALUES
    ended = bundle.call([bundle.program("kernel_check"), "--device", bundle.device], seconds=share * bundle.seconds_left())
    checks = list(read(ended.out))
    yield from checks
    if ended.code != 0 and not any(check["status"] == "failed" for check in checks):
        yield failed("kernel_check", ended.why())
    elif not checks:
        yield failed("kernel_check", "it checked nothing")
    yield sanitized(bundle)


def read(output):
    """Lines of kernel_check: status, name, error and limit, or a reason."""
    for line in output.splitlines():
        words = line.split("\t")
        if len(words) == 4 and words[0] == "passed":
            yield attempted(words[1], lambda name, error, limit: passed(name, error=float(error), limit=float(limit)), *words[1:])
        elif len(words) == 4 and words[0] == "FAILED":
            yield failed(words[1], f"error {words[2]}, limit {words[3]}")
        elif len(words) == 3 and words[0] == "FAILED":
            yield failed(words[1], words[2])
        elif len(words) == 3 and words[0] == "skipped":
            yield skipped(words[1], words[2])


def without_sanitizer(bundle):
    """Why accesses cannot be looked at; empty where they can."""
    if bundle.device == "cpu":
        return "it watches a card's memory"
    return "" if shutil.which("compute-sanitizer") else "it is not installed"


def sanitized(bundle):
    what = "accesses of the small ones, under compute-sanitizer"
    reason = without_sanitizer(bundle)
    if reason:
        return skipped(what, reason)
    ended = bundle.call(["compute-sanitizer", "--error-exitcode", "9", bundle.program("kernel_check"), "--device",
                         bundle.device, "--small"])
    if ended.code is None:
        return skipped(what, "its time was up")
    return passed(what) if ended.code == 0 else failed(what, f"exit code {ended.code}; the log has its report")
