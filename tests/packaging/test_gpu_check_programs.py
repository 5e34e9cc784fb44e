#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How gpu-check starts programs and what it makes of them: environment, time, programs that leave others behind, checks
that break; whose LibTorch it takes."""
import json
import math
import os
import pathlib
import sys
import tempfile
import time
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "packaging"))
from gpu_check import bundle, golden, kernels, loading, memory, paths, processes, report, schedule, speed  # noqa: E402
from processes_gone import is_gone  # noqa: E402

FOREVER = 1000


class Programs(unittest.TestCase):
    """Of a made-up bundle; `self.program` writes a program of it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        (self.place / "bin").mkdir()
        (self.place / "bundle.json").write_text('{"version": "1", "commit": "abc"}')
        self.libtorch = self.made_libtorch(self.place / "libtorch")
        with mock.patch.dict(os.environ, LIBTORCH=str(self.libtorch)):
            self.bundle = bundle.Bundle(self.place, "cpu")
        self.bundle.work = self.place / "work"
        self.bundle.work.mkdir()
        said = redirect_stdout(StringIO())
        said.__enter__()
        self.addCleanup(said.__exit__, None, None, None)

    def made_libtorch(self, home):
        (home / "lib").mkdir(parents=True)
        (home / "lib/libtorch_cpu.so").touch()
        return home

    def program(self, name, text):
        file = self.place / "bin" / name
        file.write_text("#!/bin/sh\n" + text)
        file.chmod(0o755)
        return file

    def test_the_callers_library_folders_come_last(self):
        shows = self.program("shows", 'echo "$LD_LIBRARY_PATH"\n')
        own = f"{self.libtorch.resolve()}/lib:{self.place}/lib"
        for callers, expected in (("/opt/driver:/opt/ucx", own + ":/opt/driver:/opt/ucx"), ("", own), (":", own), (None, own)):
            with mock.patch.dict(os.environ):
                os.environ.pop("LD_LIBRARY_PATH", None)
                if callers is not None:
                    os.environ["LD_LIBRARY_PATH"] = callers
                self.assertEqual(self.bundle.call([shows]).out.strip(), expected)

    def test_programs_are_alone_and_leave_nothing(self):
        """Whatever a launcher has set for its own processes; temporary files go with the check's folder."""
        shows = self.program("shows", 'echo "$TMPDIR" $(env | grep -cE "^(RANK|WORLD_SIZE|SLURM_PROCID|OMPI_COMM_WORLD_)")\n')
        with mock.patch.dict(os.environ, RANK="0", WORLD_SIZE="2", SLURM_PROCID="0", OMPI_COMM_WORLD_RANK="0",
                             OMPI_COMM_WORLD_SIZE="2", TMPDIR="/tmp"):
            self.assertEqual(self.bundle.call([shows]).out.strip(), f"{self.bundle.work} 0")

    def nvidia_smi(self, text):
        """In the place of the card's own; it tells what it was asked behind it."""
        folder = self.place / "tools"
        folder.mkdir(exist_ok=True)
        (folder / "nvidia-smi").write_text("#!/bin/sh\n" + text)
        (folder / "nvidia-smi").chmod(0o755)
        return mock.patch.dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")

    def test_what_the_card_is_asked(self):
        with self.nvidia_smi('echo "$*"\n'):
            with mock.patch.dict(os.environ, CUDA_VISIBLE_DEVICES="3,1"):
                self.assertEqual(bundle.of_card("name"), "-i 3 --query-gpu=name --format=csv,noheader")
            with mock.patch.dict(os.environ, CUDA_VISIBLE_DEVICES=""):
                self.assertEqual(bundle.of_card("name"), "--query-gpu=name --format=csv,noheader")
        for text in ("echo Unable; exit 9\n", "exit 0\n"):
            with self.nvidia_smi(text):
                self.assertEqual(bundle.of_card("name"), "")

    def test_a_card_for_one_process_has_one_run_at_a_time(self):
        self.bundle.device = "cuda"
        with mock.patch.object(os, "cpu_count", return_value=16):
            for mode, runs in (("Exclusive_Process", 1), ("Default", 4)):
                with self.nvidia_smi(f"echo {mode}\n"):
                    self.assertEqual(self.bundle.side_by_side(), runs)

    def test_no_limit_on_a_part_of_a_card(self):
        def card(mig, total):
            return self.nvidia_smi(f'case "$*" in *mig*) echo "{mig}";; *) echo "{total}";; esac\n')
        with card("Disabled", "143771 MiB"):
            self.assertEqual((memory.why_no_limit(), memory.total_of_card()), ("", 143771 << 20))
        with card("[N/A]", "8192 MiB"):
            self.assertEqual(memory.why_no_limit(), "")
        with card("Enabled", "143771 MiB"):
            self.assertIn("MIG", memory.why_no_limit())
        with card("Disabled", "[N/A]"):
            self.assertIn("does not tell", memory.why_no_limit())

    def test_shapes_that_do_not_fit_are_skipped(self):
        self.program("engine_benchmark", "echo 'engine_benchmark: out of memory on cuda:0 with 32 pairs' >&2; exit 1\n")
        self.bundle.deadline = time.monotonic() + 60
        self.assertEqual([check["status"] for check in speed.step(self.bundle, "pythia-410m-full", [], 1.0)], ["skipped"])
        with mock.patch.object(speed.shutil, "disk_usage", return_value=mock.Mock(free=speed.QLORA_7B_DISK - 1)):
            check, = speed.step(self.bundle, "qlora-7b", [], 1.0)
        self.assertEqual(check["status"], "skipped")
        self.assertIn("16 GiB of disk", check["reason"])
        self.program("engine_benchmark", "echo 'engine_benchmark: broken' >&2; exit 1\n")
        self.assertEqual([check["status"] for check in speed.step(self.bundle, "qlora-7b", [], 1.0)], ["failed"])

    def test_a_program_ends_before_its_part_does(self):
        slow = self.program("slow", f"echo begun; exec sleep {FOREVER}\n")
        self.bundle.deadline = time.monotonic() + bundle.MARGIN_S + 0.2
        ended = self.bundle.call([slow])
        self.assertLess(time.monotonic(), self.bundle.deadline)
        self.assertEqual((ended.code, ended.out, ended.why()), (None, "begun\n", "its time was up"))

        def part(of):
            yield schedule.passed("before")
            yield schedule.failed("slow", of.call([slow]).why())

        result, _ = schedule.run_part(schedule.Part("late", "", 1, part), self.bundle, bundle.MARGIN_S + 0.5,
                                      self.place / "log", self.place / "checks")
        self.assertEqual(result["reason"], "")
        self.assertEqual([check["reason"] for check in result["checks"]], ["", "its time was up"])

    def test_what_a_program_started_ends_with_it(self):
        """A grandchild has the pipe, as a program under compute-sanitizer does."""
        number = self.place / "number"
        starts = self.program("starts", f"echo begun; sleep {FOREVER} & echo $! > {number}; wait\n")
        process = self.bundle.start([starts])
        while not number.exists() or not number.read_text().strip():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        ended = self.bundle.finish(process, seconds=0)
        self.assertEqual((ended.code, ended.out), (None, "begun\n"))
        self.assertTrue(is_gone(number.read_text()))

    def test_an_orphan_that_keeps_the_pipe_is_not_waited_for(self):
        number = self.place / "number"
        leaves = self.program("leaves", f"echo begun; (sleep {FOREVER} & echo $! > {number}); exec sleep {FOREVER}\n")
        process = self.bundle.start([leaves])
        while not number.exists() or not number.read_text().strip():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        orphan = int(number.read_text())
        try:
            while orphan in processes.descendants(process.pid):
                time.sleep(0.01)
            ended = self.bundle.finish(process, seconds=0)
            self.assertEqual((ended.code, ended.out), (None, "begun\n"))
        finally:
            os.kill(orphan, 9)

    def test_one_that_breaks_leaves_the_others_results(self):
        """The first run has no record, the second's lacks a column; those after them are looked at."""
        self.program("bandscope-engine", "exit 0\n")
        whole = {"steps": {name: [1.0, 2.0] for name in ("step", "loss", "z_w", "z_l", "grad_norm", "score_norm_w", "score_norm_l", "alpha")}}
        self.program("record_values", f"""case "$1" in
          *path-0/*) echo broken >&2; exit 3;;
          *path-1/*) echo '{{"steps": {{"step": [1, 2]}}}}';;
          *) echo '{json.dumps(whole)}';;
        esac
        """)
        numbers = self.bundle.folder / "golden/runs"
        numbers.mkdir(parents=True)
        columns = set(whole["steps"])
        for spec in (paths.FULL, paths.LORA):
            (numbers / f"{spec}.json").write_text(json.dumps({"steps": [dict.fromkeys(columns, value)
                                                                       for value in (1.0, 2.0)]}))
        far = {"steps": [dict.fromkeys(columns, 1.1), dict.fromkeys(columns, 2.0)]}
        (numbers / f"{paths.TDPO}.json").write_text(json.dumps(far))
        with redirect_stderr(StringIO()):
            checks = {check["what"]: check for check in paths.run(self.bundle)}
        self.assertEqual(len(checks), len(paths.PATHS))
        self.assertIn("of step 1 is 1.0, golden 1.1", checks.pop("TDPO")["reason"])
        first, second, *others = [checks[path[0]] for path in paths.PATHS if path[0] in checks]
        self.assertEqual({check["status"] for check in others}, {"passed"})
        self.assertEqual((first["status"], second["status"]), ("failed", "failed"))
        self.assertIn("BundleError: record_values: exit code 3: broken", first["reason"])
        self.assertIn("KeyError", second["reason"])

        runs = self.place / "golden/runs"
        runs.mkdir(parents=True, exist_ok=True)
        for name in ("a", "b"):
            (runs / f"{name}.toml").touch()
        (runs / "a.json").write_text("no JSON")
        with redirect_stderr(StringIO()):
            checks = {check["what"]: check["reason"] for check in golden.run(self.bundle)}
        self.assertIn("JSONDecodeError", checks["a"])
        self.assertIn("FileNotFoundError", checks["b"])

    def test_whose_libtorch(self):
        """--python goes before LIBTORCH, that before python3."""
        site = self.place / "site"
        self.made_libtorch(site / "torch")
        named = self.program("named-python", f"echo {site}/torch\n")
        (self.place / "path").mkdir()
        other = self.made_libtorch(self.place / "other/torch")
        python3 = self.place / "path/python3"
        python3.write_text(f"#!/bin/sh\necho {other}\n")
        python3.chmod(0o755)
        for variable, python, expected in ((self.libtorch, str(named), site / "torch"), (self.libtorch, None, self.libtorch),
                                           ("", None, other), (None, None, other)):
            with mock.patch.dict(os.environ, PATH=f"{python3.parent}:{os.environ['PATH']}"):
                os.environ.pop("LIBTORCH", None)
                if variable is not None:
                    os.environ["LIBTORCH"] = str(variable)
                found = bundle.Bundle(self.place, "cpu", python).libtorch
            self.assertEqual(found, [str((expected / "lib").resolve())])

    def test_an_older_glibc_is_told_at_once(self):
        for needed, there, told in (("2.36", "2.31", True), ("2.36", "2.36", False), ("2.36", "2.100", False), (None, "2.1", False),
                                    ("2.36", "", False)):
            if told:
                with self.assertRaisesRegex(bundle.BundleError, "need glibc 2.36 or later, this system has 2.31"):
                    bundle.require_glibc(needed, there)
            else:
                bundle.require_glibc(needed, there)


class Readings(unittest.TestCase):
    def test_causes_of_ldd(self):
        text = ("./bin/engine: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.36' not found (required by ./bin/engine)\n"
                "./bin/engine: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.36' not found (required by ./lib/libstdc++.so.6)\n"
                "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibtorch_cpu.so => not found\n\tlibc10.so => not found\n"
                "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n")
        self.assertEqual(loading.causes(text), ["not found: libtorch_cpu.so, libc10.so",
                                                "it needs GLIBC 2.36 or later, this system's libc.so.6 is older"])
        self.assertEqual(loading.causes("\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n"), [])

    def test_figures_that_are_no_numbers(self):
        """JSON has no NaN: a strict reader takes the report all the same."""
        checks = [*kernels.read("passed\tflash\tinf\t0.01\npassed\tsums\tmuch\t1\npassed\tquant\t0.5\t1\n"),
                  schedule.passed("golden", tolerances=math.nan)]
        self.assertEqual([check["status"] for check in checks], ["passed", "failed", "passed", "passed"])
        self.assertEqual(checks[0]["figures"], {"error": "inf", "limit": 0.01})
        about = {"date": "d", **{name: "" for name in ("device", "card", "driver", "processor", "system", "python", "libtorch",
                                                         "version", "commit")}}
        part = {"name": "kernels", "answers": "", "status": "failed", "reason": "", "seconds": 1.0, "limit": 2.0, "checks": checks,
                "tail": []}
        with tempfile.TemporaryDirectory() as name:
            report.write(report.make(about, [part], ["kernels"]), pathlib.Path(name))

            def refuse(word):
                raise AssertionError(f"{word} is no JSON")
            read = json.loads((pathlib.Path(name) / "report.json").read_text(), parse_constant=refuse)
        self.assertEqual(read["parts"][0]["checks"][3]["figures"], {"tolerances": "nan"})

    def test_a_table_of_other_columns_is_a_failure_of_its_own(self):
        ended = bundle.Ended(0, "| kernel | other |\n| --- | --- |\n| a | 1 |\n", "")
        made = mock.Mock(device="cpu", call=lambda *_, **__: ended, seconds_left=lambda: 60.0)
        with redirect_stderr(StringIO()):
            checks = list(speed.run(made))
        self.assertGreater(len(checks), 1)
        self.assertEqual({check["status"] for check in checks}, {"failed"})
        self.assertIn("KeyError", checks[0]["reason"])


if __name__ == "__main__":
    unittest.main()
