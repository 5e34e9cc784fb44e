# SPDX-License-Identifier: Apache-2.0
"""Kernels against float64, and the small ones once more under compute-sanitizer where that is installed."""
import shutil

from .schedule import failed, passed, skipped


def run(bundle):
    ended = bundle.call([bundle.program("kernel_check"), "--device", bundle.device])
    checks = list(read(ended.out))
    yield from checks
    if ended.code != 0 and not any(check["status"] == "failed" for check in checks):
        yield failed("kernel_check", "its time was up" if ended.code is None else
                     f"exit code {ended.code}: {ended.last_words()}")
    elif not checks:
        yield failed("kernel_check", "it checked nothing")
    yield sanitized(bundle)


def read(output):
    """Lines of kernel_check: status, name, error and limit, or a reason."""
    for line in output.splitlines():
        words = line.split("\t")
        if len(words) == 4 and words[0] == "passed":
            yield passed(words[1], error=float(words[2]), limit=float(words[3]))
        elif len(words) == 4 and words[0] == "FAILED":
            yield failed(words[1], f"error {words[2]}, limit {words[3]}")
        elif len(words) == 3 and words[0] == "FAILED":
            yield failed(words[1], words[2])
        elif len(words) == 3 and words[0] == "skipped":
            yield skipped(words[1], words[2])


def sanitized(bundle):
    what = "accesses of the small ones, under compute-sanitizer"
    if bundle.device == "cpu":
        return skipped(what, "it watches a card's memory")
    if not shutil.which("compute-sanitizer"):
        return skipped(what, "it is not installed")
    ended = bundle.call(["compute-sanitizer", "--error-exitcode", "9", bundle.program("kernel_check"), "--device",
                         bundle.device, "--small"])
    if ended.code is None:
        return skipped(what, "its time was up")
    return passed(what) if ended.code == 0 else failed(what, f"exit code {ended.code}; the log has its report")
