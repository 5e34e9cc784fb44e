# SPDX-License-Identifier: Apache-2.0
"""Records that the Recorder writes: read back by h5py, and by `bandscope inspect` where BANDSCOPE names that
program."""

import enum
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import h5py
import numpy as np

from bandscope import Recorder, RecordError
from bandscope.record_file import _TableWriter
from bandscope.schema import SCHEMA
from bandscope.spec_text import to_toml

PROGRAM = os.environ.get("BANDSCOPE", "")
PACKAGE = Path(__file__).resolve().parents[1]
SPEC = {
    "run": {"name": "mine"},
    "objective": {"name": "dpo", "likelihood": "sum", "beta": 0.1},
    "calibration": {"enabled": False},
}


def row(step):
    return {
        "step": step,
        "loss": 0.7 - step / 1000,
        "z_w": -1.5,
        "z_l": -2.0 - step / 100,
        "z_w_ref": -1.4,
        "z_l_ref": -1.9,
        "d_w": 0.5,
        "d_l": 0.4,
        "score_norm_w": 1.0,
        "score_norm_l": 2.0,
        "score_dot": 1.0,
        "alpha": 1.0,
    }


def inspected(path):
    run = subprocess.run([PROGRAM, "inspect", str(path), "--json"], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise AssertionError(f"inspect left with {run.returncode}: {run.stderr}")
    return json.loads(run.stdout), run.stderr


class TestRecorder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "mine" / "run.h5"

    def write(self, steps=5, **more):
        with Recorder(self.path, SPEC, **more) as recorder:
            for step in range(1, steps + 1):
                recorder.step(row(step))

    def test_what_bandscope_would_not_read_is_not_written(self):
        for more in ({"layers": ["é" * 2049]}, {"environment": {"text": "x" * (65 << 20)}}):
            with self.assertRaises(RecordError):
                Recorder(self.path, SPEC, **more)
            self.assertFalse(self.path.exists())

    def test_tables_are_those_of_the_format(self):
        self.write(layers=["a", "b"], steps=0)
        with h5py.File(self.path) as file:
            self.assertEqual(file.attrs["format"], b"bandscope-run")
            self.assertEqual(file.attrs["format_version"], SCHEMA["format_version"])
            self.assertEqual([n.decode() for n in file["layers/names"][:]], ["a", "b"])
            for table in SCHEMA["tables"]:
                for column in table["columns"]:
                    dataset = file[f"{table['group']}/{column['name']}"]
                    kind = {"int64": "<i8", "float64": "<f8"}.get(column["type"], f"|S{column['bytes']}")
                    self.assertEqual(dataset.dtype.str, kind, dataset.name)
                    self.assertEqual(dataset.maxshape[0], None)
                    self.assertEqual(dataset.chunks[0], table["chunk_rows"] or 1024)
                    self.assertEqual(dataset.attrs["meaning"].decode(), column["meaning"])
                    if column["type"] == "float64":
                        self.assertTrue(math.isnan(dataset.fillvalue))

    def test_rows_come_back(self):
        with Recorder(self.path, SPEC) as recorder:
            pairs = {"row": [7, 9], "z_w": [-1.0, -2.0], "z_l": [-3.0, -2.5], "tokens_w": [4, 5]}
            recorder.step(row(1), pairs=pairs)
            recorder.step(row(3))
            recorder.probe(0, -1.0, -2.0, accuracy=0.5)
            recorder.event("note", "ß" * 400)
            recorder.evaluation(3, [{"task": "arc", "metric": "acc", "value": 0.25, "samples": 8}])
        with h5py.File(self.path) as file:
            self.assertEqual(file["steps/step"][:].tolist(), [1, 3])
            self.assertEqual(file["steps/margin"][0], -1.5 + 2.01)
            self.assertAlmostEqual(file["steps/rho"][0], 0.5)
            self.assertAlmostEqual(file["steps/log_r_applied"][0], math.log(0.5 / 0.4))
            self.assertTrue(np.isnan(file["steps/memory"][:]).all())
            self.assertGreaterEqual(file["steps/time"][1], file["steps/time"][0])
            self.assertEqual(file["pairs/row"][:].tolist(), [7, 9])
            self.assertEqual(file["pairs/row_l"][:].tolist(), [-1, -1])
            self.assertTrue(np.isnan(file["pairs/d_w"][:]).all())
            self.assertEqual(file["pairs/step"][:].tolist(), [1, 1])
            self.assertEqual(file["probe/margin"][:].tolist(), [1.0])
            self.assertEqual(file["events/message"][0].decode(), "ß" * 256)
            self.assertEqual(file["evaluation/filter"][0], b"none")
            self.assertEqual(file["status/state"][()], SCHEMA["states"]["done"])

    def test_a_run_without_calibration_need_not_say_so(self):
        plain = {name: value for name, value in row(1).items() if name != "alpha"}
        with Recorder(self.path, SPEC) as recorder:
            recorder.step(plain)
        with h5py.File(self.path) as file:
            self.assertAlmostEqual(file["steps/log_r_applied"][0], math.log(0.5 / 0.4))
            self.assertTrue(math.isfinite(file["steps/slack"][0]))
            self.assertTrue(math.isnan(file["steps/alpha"][0]))

    def test_layers(self):
        with Recorder(self.path, SPEC, layers=["0", "1", "head"]) as recorder:
            with self.assertRaisesRegex(RecordError, "every step or never"):
                recorder.step(row(1))
            scores = {name: [1, 2, 3] for name in ("score_norm_w", "score_norm_l", "score_dot")}
            with self.assertRaisesRegex(RecordError, "3 layers"):
                recorder.step(row(1), layers={**scores, "score_dot": [1, 2]})
            recorder.step(row(1), layers=scores)
        with h5py.File(self.path) as file:
            self.assertEqual(file["layers/score_dot"][:].tolist(), [[1, 2, 3]])

    def test_what_does_not_fit_is_named_and_not_written(self):
        with Recorder(self.path, SPEC) as recorder:
            recorder.step(row(2))
            wrong = [
                ({"step": 3, "los": 1}, None, "no column 'los'; nearest: 'loss'"),
                ({"step": 2}, None, "step 2 comes after step 2"),
                ({"loss": 1}, None, "step is None"),
                ({"step": 3.5}, None, "step is 3.5"),
                ({"step": 3, "loss": "much"}, None, "loss of step 3 is 'much'"),
                ({"step": 3, "loss": 10**400}, None, "loss of step 3 is 1000"),
                ({"step": 1 << 63}, None, "of 64 bits"),
                ({"step": 3}, {"row": [np.uint64(1 << 63)]}, "row of a pair of step 3 is .*of 64 bits"),
                ({"step": 3, "checksum": 1}, None, "fills itself"),
                ({"step": 3}, {"z_w": [1, 2], "z_l": [1]}, "differ in length: z_w 2, z_l 1"),
                ({"step": 3}, {"z": [1]}, "/pairs has no column 'z'"),
                ({"step": 3}, {"row": [-1]}, "row of a pair of step 3 is -1"),
                ({"step": 3}, {"row": [1], "row_l": [-2]}, "row_l of a pair of step 3 is -2"),
                ({"step": 3}, {"z_w": [-1.0]}, "lack row"),
            ]
            for values, pairs, message in wrong:
                with self.assertRaisesRegex(RecordError, message):
                    recorder.step(values, pairs=pairs)
            with self.assertRaisesRegex(RecordError, "state is 'finished'"):
                recorder.status("finished")
            recorder.probe(2, -1, -2)
            with self.assertRaisesRegex(RecordError, "probe of step 1"):
                recorder.probe(1, -1, -2)
        with h5py.File(self.path) as file:
            self.assertEqual(file["steps/step"][:].tolist(), [2])
            self.assertEqual(len(file["pairs/step"]), 0)

    def test_an_existing_file_is_left_alone(self):
        self.write()
        before = self.path.read_bytes()
        with self.assertRaisesRegex(RecordError, "exists already"):
            Recorder(self.path, SPEC)
        self.assertEqual(self.path.read_bytes(), before)
        self.assertEqual([p.name for p in self.path.parent.iterdir()], ["run.h5"])

    def test_no_file_is_left_where_none_could_be_made(self):
        with self.assertRaisesRegex(RecordError, "no TOML"):
            Recorder(self.path, "a = = 1")
        with self.assertRaisesRegex(RecordError, "run.name of the spec is a set"):
            Recorder(self.path, {"run": {"name": {1}}})
        self.assertFalse(self.path.exists())

    def test_a_block_left_by_an_exception_says_so(self):
        for kind, state in ((ValueError, "failed"), (KeyboardInterrupt, "stopped")):
            path = self.folder / state / "run.h5"
            with self.assertRaises(kind), Recorder(path, SPEC) as recorder:
                recorder.step(row(1))
                raise kind("broken")
            with h5py.File(path) as file:
                self.assertEqual(file["status/state"][()], SCHEMA["states"][state])
                self.assertEqual(len(file["events/message"]), 1 if state == "failed" else 0)

    def test_an_interrupt_in_the_midst_of_a_step_leaves_it_whole(self):
        """Ctrl-C comes between any two writes of a step, of its pairs and of its own row."""
        writes = []

        def counted(table, *arguments):
            writes.append(table.table.group)
            if len(writes) == stop_at:
                raise KeyboardInterrupt
            original(table, *arguments)

        original = _TableWriter._write
        pairs = {"row": [1, 2], "z_w": [-1.0, -2.0]}
        columns = {table["group"]: len(table["columns"]) for table in SCHEMA["tables"]}
        last = columns["pairs"] + columns["steps"]
        for stop_at in (1, columns["pairs"], columns["pairs"] + 1, last - 1, last):
            writes.clear()
            path = self.folder / f"stop-{stop_at}" / "run.h5"
            with self.assertRaises(KeyboardInterrupt), Recorder(path, SPEC) as recorder:
                with mock.patch.object(_TableWriter, "_write", counted):
                    recorder.step(row(1), pairs=pairs)
            with h5py.File(path) as file:
                self.assertEqual(file["status/state"][()], SCHEMA["states"]["stopped"])
                self.assertEqual((file["steps/step"][:].tolist(), file["pairs/step"][:].tolist()), ([1], [1, 1]))
                self.assertEqual(file["steps/loss"][:].tolist(), [row(1)["loss"]])
            self.assertEqual(recorder.last_step, 1)

    def test_any_exception_of_a_write_ends_the_record(self):
        recorder = Recorder(self.path, SPEC)
        recorder.step(row(1))
        with mock.patch.object(_TableWriter, "_write", side_effect=ValueError("of h5py's")):
            with self.assertRaisesRegex(RecordError, "of h5py's"):
                recorder.step(row(2))
        self.assertTrue(recorder.closed)
        with self.assertRaisesRegex(RecordError, "of h5py's"):
            recorder.step(row(2))
        with h5py.File(self.path, swmr=True) as file:
            self.assertEqual((len(file["steps/step"]), file["status/state"][()]), (1, SCHEMA["states"]["failed"]))

    def test_texts_that_are_not_utf8(self):
        """As Python has a file name and an argument of other bytes."""
        foreign = os.fsdecode(b"caf\xe9")
        with mock.patch.object(sys, "argv", ["train", foreign]):
            with Recorder(self.path, {"data": {"train": foreign}}, {"note": foreign}, layers=[foreign]) as recorder:
                recorder.event(foreign, foreign)
        with h5py.File(self.path) as file:
            environment = json.loads(file["environment"][()].decode())
            self.assertEqual((environment["command"], environment["note"]), ("train caf\ufffd", "caf\ufffd"))
            self.assertIn('train = "caf\ufffd"', file["spec"][()].decode())
            self.assertEqual(file["layers/names"][0].decode(), "caf\ufffd")
            self.assertEqual(file["events/message"][0].decode(), "caf\ufffd")
        with Recorder(self.folder / "text.h5", f'[data]\ntrain = "{foreign}"\n'):
            pass

    def test_the_environment_is_json(self):
        more = {"planned_steps": np.int64(7), "beta": np.float32(0.5), "best": math.nan, "list": np.array([1.0, math.nan])}
        with Recorder(self.path, SPEC, more):
            pass
        with h5py.File(self.path) as file:
            read = json.loads(file["environment"][()].decode(), parse_constant=lambda word: self.fail(word))
        self.assertEqual([read[name] for name in more], [7, 0.5, None, [1.0, None]])
        for wrong, message in ((math.inf, "the environment, deep, x is inf"), ({1}, "the environment is no JSON")):
            with self.assertRaisesRegex(RecordError, message):
                Recorder(self.folder / "wrong.h5", SPEC, {"deep": {"x": wrong}})
        self.assertFalse((self.folder / "wrong.h5").exists())

    def test_a_closed_record_takes_nothing(self):
        self.write()
        recorder = Recorder(self.folder / "two.h5", SPEC)
        recorder.close("done")
        recorder.close("failed")
        with self.assertRaisesRegex(RecordError, "closed"):
            recorder.step(row(1))

    def test_a_reader_follows_a_writer(self):
        with Recorder(self.path, SPEC) as recorder:
            code = f"import h5py; f = h5py.File({str(self.path)!r}, swmr=True); print(len(f['steps/step']))"
            for step in range(1, 4):
                recorder.step(row(step))
                seen = subprocess.run(
                    [sys.executable, "-c", code],
                    capture_output=True,
                    text=True,
                    check=True,
                    env={**os.environ, "HDF5_USE_FILE_LOCKING": "FALSE"},
                ).stdout
                self.assertEqual(int(seen), step)

    def test_torch_is_not_loaded(self):
        """The package is of use where neither torch nor TRL is; bandscope.trl alone needs them."""
        code = "import sys, bandscope; sys.exit(any(m in sys.modules for m in ('torch', 'trl', 'bandscope.trl')))"
        subprocess.run([sys.executable, "-c", code], cwd=PACKAGE, check=True)

    def test_spec_as_toml(self):
        spec = {
            "a": 1,
            "run": {"name": 'x"\n\x7fß', "none": None, "odd key": [1, 2.5, True], "lora": {"rank": 8}},
            "far": {"x": 1e-06, "inf": math.inf},
        }
        text = to_toml(spec)
        try:
            import tomllib
        except ImportError:
            self.skipTest("Python 3.11 and later read TOML")
        del spec["run"]["none"]
        self.assertEqual(tomllib.loads(text), spec)


    def test_numbers_of_other_classes_in_a_spec(self):
        class Size(enum.IntEnum):
            SMALL = 3

        spec = {"x": {"f": np.float64(0.1), "g": np.float32(0.5), "h": np.longdouble(0.25), "i": np.int64(7), "b": np.True_}}
        spec["x"].update({"t": np.str_("ß"), "a": np.array([[1, 2], [3, 4]]), "e": Size.SMALL, "d": np.array(2.5)})
        self.assertEqual(
            to_toml(spec).split("\n")[1:-1],
            ["f = 0.1", "g = 0.5", "h = 0.25", "i = 7", "b = true", 't = "ß"', "a = [[1, 2], [3, 4]]", "e = 3", "d = 2.5"],
        )
        with self.assertRaisesRegex(RecordError, "x.seed of the spec is 9223372036854775808; allowed: .* of 64 bits"):
            to_toml({"x": {"seed": 1 << 63}})


@unittest.skipUnless(PROGRAM, "BANDSCOPE names no bandscope program")
class TestInspect(unittest.TestCase):
    setUp, write = TestRecorder.setUp, TestRecorder.write

    def test_a_finished_run(self):
        self.write(600)  # more than a chunk of rows
        run, errors = inspected(self.path)
        self.assertEqual((run["steps"], run["state"], errors), (600, "done", ""))

    def test_rows_have_the_engines_checksums(self):
        """A row whose cell was changed behind its checksum's back is noticed, one that was not is not."""
        self.write(4)
        run, _ = inspected(self.path)
        with h5py.File(self.path, "r+", libver=("v110", "v110")) as file:
            file["steps/loss"][2] = 123.0
        changed, _ = inspected(self.path)
        self.assertFalse(run.get("note"))
        self.assertIn("step 3", changed["note"])

    def test_killed_at_any_moment_it_opens(self):
        """The writer is killed after a number of bytes that it has said, so between any two of its writes."""
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); sys.path.insert(0, sys.argv[2])\n"
            "from tests.test_recorder import row, SPEC\n"
            "from bandscope import Recorder\n"
            "recorder = Recorder(sys.argv[3], SPEC)\n"
            "print(0, flush=True)\n"
            "for step in range(1, 100000):\n"
            "    recorder.step(row(step), pairs={'row': [step, step + 1], 'z_w': [-1.0, -2.0]})\n"
            "    print(step, flush=True)\n"
        )
        for kill_after in (0, 1, 2, 7, 40, 111, 515, 700):
            path = self.folder / f"killed-{kill_after}" / "run.h5"
            writer = subprocess.Popen(
                [sys.executable, "-c", code, str(PACKAGE), str(PACKAGE), str(path)], stdout=subprocess.PIPE, text=True
            )
            said = -1
            while said < kill_after:
                said = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            said = max([said, *(int(line) for line in writer.stdout.read().split("\n")[:-1])])
            writer.wait()
            writer.stdout.close()
            run, _ = inspected(path)
            self.assertIn(run["steps"], (said, said + 1), f"killed after step {said}")
            self.assertEqual([p.name for p in path.parent.iterdir()], ["run.h5"])


if __name__ == "__main__":
    unittest.main()
