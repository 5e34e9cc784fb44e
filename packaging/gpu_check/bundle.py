# SPDX-License-Identifier: Apache-2.0
"""A bundle: its programs, what they are started with, and what the machine is."""
import json
import os
import pathlib
import platform
import shutil
import subprocess
import time

from . import libtorch, processes


# What tells a program that it is one of several; a pod's launcher may have set it for whatever runs there.
OF_LAUNCHERS = {"RANK", "WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "SLURM_PROCID"}
# What a part keeps of its time to tell what a program did that was ended.
MARGIN_S = 2.0


class BundleError(Exception):
    pass


class Ended:
    """A program that has ended: its exit code (None: its time was up) and what it said."""

    def __init__(self, code, out, error):
        self.code, self.out, self.error = code, out, error

    def last_words(self):
        lines = [line for line in self.error.splitlines() if line.strip()]
        return lines[-1].strip()[:400] if lines else "no message"

    def why(self):
        """Why it failed."""
        return "its time was up" if self.code is None else f"exit code {self.code}: {self.last_words()}"


class Bundle:
    def __init__(self, folder, device, python=None):
        self.folder, self.device = folder, device
        self.work = None  # a folder of this check's own
        self.deadline = None  # of the part that runs
        try:
            self.facts = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BundleError(f"{folder} is no bundle (packaging/bundle makes one): {error}") from error
        require_glibc(self.facts.get("glibc"), platform.libc_ver()[1])
        try:
            # A Python that was named is meant, also by somebody whose shell always sets LIBTORCH.
            self.libtorch = libtorch.library_folders(None if python else os.environ.get("LIBTORCH"), python or "python3")
        except libtorch.LibTorchError as error:
            raise BundleError(error) from error

    def program(self, name):
        return self.folder / "bin" / name

    def environment(self, **more):
        """Of the bundle's programs alone: LD_LIBRARY_PATH is set for nothing else. The caller's folders, in which a
        driver or a module of the machine may lie, come after."""
        result = {name: value for name, value in os.environ.items() if name not in OF_LAUNCHERS}
        # An empty part would stand for the folder that one happens to be in.
        callers = [part for part in result.get("LD_LIBRARY_PATH", "").split(os.pathsep) if part]
        result["LD_LIBRARY_PATH"] = os.pathsep.join([*self.libtorch, str(self.folder / "lib"), *callers])
        result["LC_ALL"] = "C.UTF-8"
        if self.work:
            result["XDG_CACHE_HOME"] = str(self.work / "cache")
            result["XDG_RUNTIME_DIR"] = str(self.work)
            # What a program that is ended leaves there goes with the rest.
            result["TMPDIR"] = str(self.work)
        result.update(more)
        return result

    def seconds_left(self):
        """For programs: a part that is at its own deadline is ended before it can say which of them was late."""
        return max(0.0, self.deadline - MARGIN_S - time.monotonic()) if self.deadline else 600.0

    def start(self, command, **more):
        print("+", " ".join(str(word) for word in command), flush=True)
        return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, errors="replace", env=self.environment(**more))

    def finish(self, process, seconds=None, quiet=False):
        """`seconds` or what is left of the part's time, whichever is less. `quiet`: what it said is not for the log."""
        left = self.seconds_left()
        code, out, error = processes.outcome(process, left if seconds is None else min(seconds, left))
        if not quiet:
            print(out + error, flush=True)
        return Ended(code, out, error)

    def call(self, command, seconds=None, quiet=False, **more):
        return self.finish(self.start(command, **more), seconds, quiet)

    def train_command(self, spec, runs, sets=()):
        command = [self.program("bandscope-engine"), spec, "--runs", runs]
        for value in sets:
            command += ["--set", value]
        return command

    def train(self, spec, runs, sets=(), **more):
        """A run of a spec on the check's device."""
        return self.call(self.train_command(spec, runs, [f"run.device={self.device}", *sets]), **more)

    def values(self, runs, name):
        """What a run recorded, as record_values tells it."""
        told = self.call([self.program("record_values"), runs / name / "run.h5"], quiet=True)
        if told.code != 0:
            raise BundleError(f"record_values: {told.why()}")
        return json.loads(told.out)

    def side_by_side(self):
        """Runs that go on beside each other. Some clusters let one process at a time use a card."""
        if self.device == "cuda" and of_card("compute_mode").startswith("Exclusive"):
            return 1
        return max(1, min(4, (os.cpu_count() or 1) // 2))

    def about(self, date):
        card, driver = card_and_driver()
        return {"date": date, "device": self.device, "card": card, "driver": driver, "processor": processor(),
                "system": f"{platform.system()} {platform.release()}, glibc {platform.libc_ver()[1] or 'unknown'}",
                "python": platform.python_version(), "libtorch": libtorch.version_of(self.libtorch),
                "version": self.facts.get("version", "unknown"), "commit": self.facts.get("commit", "unknown")}


def require_glibc(needed, there):
    """BundleError where the loader would refuse every program, in words of its own. What is not known is let pass."""
    def number(version):
        return [int(part) for part in version.split(".") if part.isdigit()]
    if needed and there and number(there) < number(needed):
        raise BundleError(f"the programs need glibc {needed} or later, this system has {there} (README.txt names systems)")


def of_card(fields):
    """What nvidia-smi says of the first card that programs see; "" where it says nothing."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")[0].strip()
    which = ["-i", visible] if visible else []
    try:
        told = subprocess.run(["nvidia-smi", *which, f"--query-gpu={fields}", "--format=csv,noheader"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=True)
        return told.stdout.splitlines()[0].strip()
    except (OSError, subprocess.SubprocessError, IndexError):
        return ""


def card_and_driver():
    if not shutil.which("nvidia-smi"):
        return "none (no nvidia-smi)", "none"
    try:
        name, total, driver = of_card("name,memory.total,driver_version").split(", ")
        return f"{name}, {total}", driver
    except ValueError:
        return "nvidia-smi names none", "unknown"


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{line.split(':', 1)[1].strip()}, {os.cpu_count()} processors"
    except OSError:
        pass
    return platform.machine()
