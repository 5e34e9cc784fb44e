#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_study_tiny.py PROGRAMS: packaging/study over the golden runs' tiny model, with the programs of that folder: it trains,
ends on Ctrl-C, goes on, and its report's numbers are those of the records."""
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

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "tests/fixtures/golden"
PROGRAMS = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else SOURCE / "build/bin"
PATIENCE = 300  # seconds until a hung study is given up


class Tiny(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.work = pathlib.Path(self.folder.name) / "work"
        self.command = [sys.executable, str(SOURCE / "packaging/study"), "--tiny", "--programs", str(PROGRAMS), "--work", str(self.work),
                        "--data", str(GOLDEN / "pairs.jsonl"), "--model", str(GOLDEN / "models/tiny-llama-tied"),
                        "--minutes", "60", "--steps", "3", "--only", "clip,epochs,scope-lora"]

    def tearDown(self):
        self.folder.cleanup()

    def study(self, *options):
        return subprocess.run([*self.command, *options], capture_output=True, text=True, timeout=PATIENCE, check=False)

    def state(self):
        try:
            return json.loads((self.work / "study.json").read_text())
        except FileNotFoundError:
            return {"runs": {}}

    def test_stopped_and_taken_up(self):
        with open(self.work.with_suffix(".txt"), "w") as said:
            study = subprocess.Popen(self.command, stdout=said, stderr=said)
            begin = time.monotonic()
            while not self.state()["runs"] and study.poll() is None and time.monotonic() < begin + PATIENCE:
                time.sleep(0.01)
            study.send_signal(signal.SIGINT)
            self.assertEqual(study.wait(PATIENCE), 130, self.work.with_suffix(".txt").read_text())
        first = self.state()["runs"]
        self.assertTrue(1 <= len(first) < 8, first)
        report = json.loads((self.work / "report/report.json").read_text())
        self.assertEqual({run["name"] for run in report["runs"]}, set(first))
        self.assertIn("no time was left", report["left_out"].values())

        kept = {name: (self.work / "runs" / name / "run.h5").stat().st_mtime_ns for name in first}
        ended = self.study()
        self.assertEqual(ended.returncode, 0, ended.stderr)
        runs = self.state()["runs"]
        # RC with and without clip; DPO w/o; both of two epochs; DPO's second scope; DIL-BCE's two.
        self.assertEqual(len(runs), 8)
        self.assertEqual({run["status"] for run in runs.values()}, {"done"})
        for name, changed in kept.items():
            self.assertEqual((self.work / "runs" / name / "run.h5").stat().st_mtime_ns, changed, name)
        self.assertEqual(list((self.work / "runs").glob("*/checkpoint-*")), [])
        self.check_report()

        other = self.study("--steps", "2")
        self.assertEqual(other.returncode, 2)
        self.assertIn("--fresh", other.stderr)

    def check_report(self):
        report = json.loads((self.work / "report/report.json").read_text())
        self.assertEqual((len(report["runs"]), report["left_out"]), (8, {}))
        for run in report["runs"]:
            said = json.loads(subprocess.run([PROGRAMS / "bandscope", "inspect", self.work / "runs" / run["name"] / "run.h5", "--json"],
                                             capture_output=True, text=True, check=True,
                                             env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout)
            self.assertEqual(said["steps"], 6 if "2epochs" in run["name"] else 3)
            self.assertEqual(run["in_band_share"], said["in_band_share"])
            self.assertEqual(run["held_out"]["z_w"], said["last_probe"]["z_w"] - said["first_probe"]["z_w"])
            self.assertEqual(said["realised_of"], "same pairs")
        measured = {claim["title"]: claim for part in report["claims"].values() for claim in part if claim["verdict"] != "not measured"}
        self.assertEqual(set(measured), {"Output-side scores stand for all", "The clip keeps the ratio inside",
                                         "RC does no harm in longer training"})
        for pair in measured["Output-side scores stand for all"]["numbers"].values():
            self.assertTrue(0 < pair["overlap"] <= 1 and math.fabs(pair["correlation"]) <= 1, pair)
        self.assertEqual([file for file, _ in report["figures"]], ["figures/lora-scope.svg"])
        self.assertIn("<svg", (self.work / "report/figures/lora-scope.svg").read_text())
        self.assertIn("![", (self.work / "report/REPORT.md").read_text())

    def test_what_cannot_begin(self):
        for options, word in ((["--data", "/nowhere.jsonl"], "/nowhere.jsonl"), (["--programs", "/nowhere"], "/nowhere"),
                              (["--model", "/nowhere"], "/nowhere")):
            ended = self.study(*options)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(word, ended.stderr)
        (self.work / "runs/mine").mkdir(parents=True, exist_ok=True)
        (self.work / "study.json").unlink(missing_ok=True)
        ended = self.study("--fresh")
        self.assertEqual(ended.returncode, 2)
        self.assertTrue((self.work / "runs/mine").exists())


if __name__ == "__main__":
    unittest.main()
