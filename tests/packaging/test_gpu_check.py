#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gpu-check's logic: parts that fail, hang, crash and are skipped; the report; the comparisons; what it reads."""
import io
import json
import math
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import redirect_stderr, redirect_stdout

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "packaging"))
from gpu_check import bundle, compare, kernels, libtorch, main, report, schedule, speed  # noqa: E402
from gpu_check.schedule import Part, failed, passed, skipped  # noqa: E402
from processes_gone import is_gone  # noqa: E402

ABOUT = {"date": "2026-01-02", "device": "cpu", "card": "none", "driver": "none", "processor": "p", "system": "s",
         "python": "3", "libtorch": "2.11.0", "version": "0.1.0", "commit": "abc"}


class Nothing:
    deadline = None


def made_bundle(place):
    """A folder that is taken for a bundle, with a LibTorch in it."""
    (place / "bundle.json").write_text('{"version": "1", "commit": "abc"}')
    (place / "libtorch/lib").mkdir(parents=True)
    (place / "libtorch/lib/libtorch_cpu.so").touch()
    return place


class Parts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.place = pathlib.Path(self.folder.name)
        self.said = []

    def tearDown(self):
        self.folder.cleanup()

    def run_parts(self, *parts, seconds=60.0):
        return schedule.run_parts(list(parts), Nothing(), seconds, self.place / "logs", self.place, self.said.append)

    def test_each_ends_in_its_own_way_and_the_next_begins(self):
        child_file = self.place / "grandchild"

        def hangs(_):
            yield passed("before")
            grandchild = os.fork()  # a program that it started, in its group
            if grandchild == 0:
                time.sleep(1000)
            child_file.write_text(str(grandchild))
            time.sleep(1000)

        def crashes(_):
            yield passed("before")
            os.abort()

        def breaks(_):
            print("what led to it", flush=True)
            yield passed("before")
            raise RuntimeError("broken")

        def quarrels(_):
            yield passed("one", figure=1.5)
            yield failed("two", "too far", error="3")

        results = self.run_parts(
            Part("hangs", "", 1, hangs), Part("crashes", "", 100, crashes), Part("breaks", "", 100, breaks),
            Part("fails", "", 100, quarrels), Part("skips", "", 100, lambda _: [skipped("all", "no card")]),
            Part("nothing", "", 100, lambda _: []), Part("good", "", 100, lambda _: [passed("it"), skipped("that", "no tool")]))
        found = {part["name"]: part for part in results}
        self.assertEqual([part["status"] for part in results],
                         ["failed", "failed", "failed", "failed", "skipped", "skipped", "passed"])
        self.assertEqual(found["hangs"]["reason"], "its time was up")
        self.assertEqual([check["what"] for check in found["hangs"]["checks"]], ["before"])
        self.assertEqual(found["crashes"]["reason"], "ended by signal 6")
        self.assertIn("error of the check", found["breaks"]["reason"])
        self.assertIn("what led to it", found["breaks"]["tail"])
        self.assertIn("RuntimeError: broken", found["breaks"]["tail"])
        self.assertEqual(found["skips"]["reason"], "no card")
        self.assertEqual(found["nothing"]["reason"], "nothing was checked")
        self.assertEqual(found["fails"]["checks"][0]["figures"], {"figure": 1.5})
        self.assertTrue(is_gone(child_file.read_text()), "what a part started ends with it")

    def test_time_that_is_left_over_is_the_next_ones(self):
        deadlines = []

        def look(name):
            def body(part_bundle):
                yield passed(name, left=part_bundle.deadline - time.monotonic())
            return body

        results = self.run_parts(Part("a", "", 10, look("a")), Part("b", "", 30, look("b")), seconds=80.0)
        deadlines = [part["checks"][0]["figures"]["left"] for part in results]
        self.assertTrue(15 < deadlines[0] <= 20, deadlines)
        self.assertTrue(70 < deadlines[1] <= 80, deadlines)

    def test_a_half_written_check_is_left_out(self):
        file = self.place / "checks"
        file.write_text(json.dumps(passed("whole")) + '\n{"what": "ha')
        self.assertEqual([check["what"] for check in schedule.read_checks(file)], ["whole"])
        self.assertRaises(ValueError, schedule.Check, "what", "fine")


# A check whose second part starts a program and hangs; the arguments are a bundle, a file for the program's number, and
# the folder of the report.
HANGING = """
import pathlib, subprocess, sys, time
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from gpu_check import main, schedule
def hangs(_):
    yield schedule.passed("before")
    program = subprocess.Popen(["sleep", "1000"])
    pathlib.Path(sys.argv[3] + ".new").write_text(str(program.pid))
    pathlib.Path(sys.argv[3] + ".new").rename(sys.argv[3])
    time.sleep(1000)
main.PARTS = [schedule.Part("good", "it is", 10, lambda _: [schedule.passed("it")]), schedule.Part("hangs", "no", 100, hangs),
              schedule.Part("later", "never", 10, lambda _: [])]
sys.exit(main.run(["--device", "cpu", "--report", sys.argv[4]], pathlib.Path(sys.argv[2])))
"""


class Interruptions(unittest.TestCase):
    def test_a_signal_ends_what_was_started_and_the_report_has_what_was_found(self):
        packaging = str(pathlib.Path(__file__).resolve().parents[2] / "packaging")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name), tempfile.TemporaryDirectory() as name:
                place = made_bundle(pathlib.Path(name))
                program_file, found = place / "program", place / "report"
                check = subprocess.Popen([sys.executable, "-c", HANGING, packaging, place, program_file, found],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                         env={**os.environ, "LIBTORCH": str(place / "libtorch"), "TMPDIR": name})
                self.addCleanup(check.stderr.close)
                self.addCleanup(check.kill)
                while not program_file.exists() and check.poll() is None:
                    time.sleep(0.01)
                self.assertIsNone(check.poll())
                early = json.loads((found / "report.json").read_text())
                self.assertEqual(([part["name"] for part in early["parts"]], early["not_run"]), (["good"], ["hangs", "later"]))
                check.send_signal(number)
                _, said = check.communicate()
                self.assertEqual(check.returncode, 128 + number, said)
                self.assertIn(f"stopped by {number.name}", said)
                made = json.loads((found / "report.json").read_text())
                self.assertEqual([part["status"] for part in made["parts"]], ["passed", "failed"])
                self.assertEqual(made["parts"][1]["reason"], f"stopped by {number.name}")
                self.assertEqual([one["what"] for one in made["parts"][1]["checks"]], ["before"])
                self.assertEqual((made["passed"], made["not_run"]), (False, ["later"]))
                self.assertTrue(is_gone(program_file.read_text()))
                self.assertEqual(list(place.glob("gpu-check-*")), [])


class Report(unittest.TestCase):
    def part(self, status, checks=()):
        return {"name": "golden", "answers": "truth", "status": status, "reason": "", "seconds": 1.25, "limit": 9.0,
                "checks": list(checks), "tail": ["the last line"]}

    def test_passes_only_with_all_parts(self):
        for statuses, good in ((["passed", "passed"], True), (["passed", "failed"], False), (["passed", "skipped"], False),
                               ([], False)):
            results = [{**self.part(status), "name": str(number)} for number, status in enumerate(statuses)]
            names = [part["name"] for part in results]
            self.assertIs(report.make(ABOUT, results, names)["passed"], good)
            unfinished = report.make(ABOUT, results, [*names, "memory"])
            self.assertFalse(unfinished["passed"])
            self.assertEqual(unfinished["not_run"], ["memory"])

    def test_both_forms(self):
        made = report.make(ABOUT, [self.part("passed", [passed("neox", tolerances=0.25)]),
                                   self.part("failed", [failed("qwen", "4 tolerances away"), skipped("x", "no tool")])], ["golden", "speed"])
        with tempfile.TemporaryDirectory() as folder:
            report.write(made, pathlib.Path(folder))
            self.assertEqual(json.loads((pathlib.Path(folder) / "report.json").read_text()), made)
            text = (pathlib.Path(folder) / "report.txt").read_text()
        for words in ("neox: tolerances 0.25", "qwen: 4 tolerances away", "skipped x: no tool", "| the last line",
                      "NOT all parts passed", "NOT RUN speed", "commit    abc"):
            self.assertIn(words, text)


class Comparisons(unittest.TestCase):
    def golden(self):
        step = {column: 1.0 for column in compare.COLUMNS}
        step["rho"] = None
        step["pairs"] = {key: [2.0, 3.0] for key in compare.PAIRS.values()}
        return [step]

    def record(self):
        steps = {column: [1.0] for column in compare.COLUMNS}
        steps["rho"] = [None]
        return {"steps": {**steps, "seconds": [1.0]}, "pairs": {column: [2.0, 3.0] for column in compare.PAIRS}}

    def test_tolerances(self):
        self.assertEqual(compare.worst(self.record(), self.golden())[0], 0.0)
        for table, column, values, least, most in (("steps", "loss", [1.0011], 0.9, 1.0), ("steps", "loss", [1.0013], 1.0, 1.2),
                                                   ("steps", "rho", [1.0], math.inf, math.inf),
                                                   ("steps", "loss", [None], math.inf, math.inf),
                                                   ("steps", "loss", [math.inf], math.inf, math.inf),
                                                   ("steps", "alpha", [], math.inf, math.inf),
                                                   ("pairs", "z_w", [2.0], math.inf, math.inf)):
            record = self.record()
            record[table][column] = values
            far, where = compare.worst(record, self.golden())
            self.assertTrue(least <= far <= most, (column, values, far))
            self.assertIn(column, where)

    def test_bits(self):
        self.assertEqual(compare.difference(self.record(), self.record()), "")
        later = self.record()
        later["steps"]["seconds"] = [2.0]
        self.assertEqual(compare.difference(self.record(), later), "")
        for column, values in (("loss", [math.nextafter(1.0, 2) if hasattr(math, "nextafter") else 1.0 + 2 ** -52]),
                               ("loss", [None]), ("loss", [1.0, 1.0])):
            other = self.record()
            other["steps"][column] = values
            self.assertIn("loss", compare.difference(self.record(), other))
        zero, other = self.record(), self.record()
        zero["steps"]["loss"], other["steps"]["loss"] = [0.0], [-0.0]
        self.assertIn("loss", compare.difference(zero, other))
        other["steps"]["loss"] = [0.0]
        self.assertEqual(compare.difference(zero, other), "")


class Reading(unittest.TestCase):
    def test_kernel_lines(self):
        checks = list(kernels.read("passed\tflash\t0.001\t0.01\nFAILED\tsums\tnan\t1e-05\nFAILED\tquant\tno library\n"
                                   "skipped\tpaged\tno pages\ndevice\tcard\nnoise\n"))
        self.assertEqual([(check["what"], check["status"]) for check in checks],
                         [("flash", "passed"), ("sums", "failed"), ("quant", "failed"), ("paged", "skipped")])

    def test_tables(self):
        text = "words\n| kernel | own, ms |\n| --- | ---: |\n| a | 1 |\n| b | 2 |\n\nmore\n"
        self.assertEqual(speed.table(text), [{"kernel": "a", "own, ms": "1"}, {"kernel": "b", "own, ms": "2"}])
        self.assertEqual(speed.table("no table"), [])


class Places(unittest.TestCase):
    def test_libtorch(self):
        with tempfile.TemporaryDirectory() as name:
            site = pathlib.Path(name)
            for folder in ("torch/lib", "nvidia/cu13/lib", "nvidia/cudnn/lib", "nvidia/headers"):
                (site / folder).mkdir(parents=True)
            (site / "torch/lib/libtorch_cpu.so").touch()
            (site / "torch/version.py").write_text("__version__ = '2.11.0+cu130'\n")
            folders = libtorch.library_folders(site / "torch", "python3")
            self.assertEqual([pathlib.Path(folder).relative_to(site.resolve()).as_posix() for folder in folders],
                             ["torch/lib", "nvidia/cu13/lib", "nvidia/cudnn/lib"])
            self.assertEqual(libtorch.version_of(folders), "2.11.0+cu130")
        for place, python in (("/nowhere", "python3"), (None, "/nowhere/python3")):
            self.assertRaises(libtorch.LibTorchError, libtorch.library_folders, place, python)

    def test_a_folder_that_is_no_bundle(self):
        with tempfile.TemporaryDirectory() as name:
            with self.assertRaises(bundle.BundleError):
                bundle.Bundle(pathlib.Path(name), "cpu")
            with redirect_stderr(io.StringIO()) as said, redirect_stdout(io.StringIO()):
                self.assertEqual(main.run(["--device", "cpu"], pathlib.Path(name)), 2)
            self.assertIn("is no bundle", said.getvalue())

    def test_command_line(self):
        self.assertEqual([part.name for part in main.parse(["--only", "load,memory"]).parts], ["load", "memory"])
        for wrong in (["--only", "lode"], ["--minutes", "0"], ["--device", "tpu"]):
            with self.assertRaises(SystemExit) as ended, redirect_stderr(io.StringIO()):
                main.parse(wrong)
            self.assertEqual(ended.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
