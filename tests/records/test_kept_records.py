#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records of format 1 open for ever: those of tests/fixtures/records, each of one feature, are read as they were when they
were made; and so are records of a later version, which have more columns, tables and attributes (where h5py can add them).

test_kept_records.py BIN: the programs' folder.
"""
import gzip
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
RECORDS = pathlib.Path(__file__).resolve().parents[1] / "fixtures/records"
sys.path.insert(0, str(RECORDS))
from make_records import RUNS, contents  # noqa: E402

try:
    import h5py
except ImportError:
    h5py = None
BIN = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
FEATURES = sorted([*RUNS, "resumed", "imported", "killed"])


class Kept(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)

    def unpacked(self, name):
        file = self.place / f"{name}.h5"
        file.write_bytes(gzip.decompress((RECORDS / f"{name}.h5.gz").read_bytes()))
        return file

    def require_known(self, found, kept, where):
        """All of `kept` is in `found`, whatever else is there."""
        if isinstance(kept, dict):
            for key, value in kept.items():
                self.assertIn(key, found, where)
                self.require_known(found[key], value, f"{where}, {key}")
        elif isinstance(kept, list):
            self.assertEqual(len(found), len(kept), where)
            for number, (a, b) in enumerate(zip(found, kept)):
                self.require_known(a, b, f"{where}, {number}")
        elif isinstance(kept, float) and isinstance(found, (int, float)):
            # What is computed of a record may be summed otherwise one day.
            self.assertTrue(math.isclose(found, kept, rel_tol=1e-12, abs_tol=1e-15), f"{where}: {found}, kept {kept}")
        else:
            self.assertEqual(found, kept, where)

    def kept(self, name):
        return json.loads((RECORDS / f"{name}.json").read_text(encoding="utf-8"))

    def test_each_feature_has_one(self):
        self.assertEqual(sorted(file.name[:-len(".h5.gz")] for file in RECORDS.glob("*.h5.gz")), FEATURES)
        for file in RECORDS.iterdir():
            if file.is_file():
                self.assertLess(file.stat().st_size, 100_000, file.name)
        tables = {name: set(self.kept(name)["tables"]) for name in FEATURES}
        for name, table in (("probe", "probe"), ("evaluation", "evaluation"), ("layers", "layers"), ("killed", "events")):
            self.assertIn(table, tables[name])
        self.assertTrue(all(value is not None for value in self.kept("after-update")["steps"]["z_w_after"]))

    def test_they_are_read_as_they_were(self):
        for name in FEATURES:
            with self.subTest(name):
                self.require_known(contents(BIN, self.unpacked(name)), self.kept(name), name)

    def test_they_are_drawn(self):
        for name in FEATURES:
            with self.subTest(name):
                out = self.place / f"{name}.svg"
                subprocess.run([BIN / "bandscope", "export", self.unpacked(name), "--figure", "likelihood", "--out", out], check=True,
                               capture_output=True)
                self.assertIn("<svg", out.read_text(encoding="utf-8"))

    @unittest.skipIf(h5py is None, "no Python package h5py, which makes a record of a later version")
    def test_a_later_version_may_add(self):
        for name in ("rc", "layers", "evaluation", "after-update"):
            with self.subTest(name):
                file = self.unpacked(name)
                with h5py.File(file, "r+", libver=("v110", "v110")) as record:
                    record.attrs["written_by"] = "a later version"
                    for group in ("steps", "pairs", "probe", "events", "evaluation", *(["layers"] if name == "layers" else [])):
                        rows = len(record[f"{group}/step"])
                        record[group].create_dataset("entropy", data=[0.5] * rows, maxshape=(None,), chunks=(1024,))
                        record[group].create_dataset("label", data=[b"x"] * rows, maxshape=(None,), chunks=(1024,), dtype="S16")
                        record[f"{group}/step"].attrs["since"] = 2
                    later = record.create_group("gradients")
                    later.create_dataset("step", data=list(range(5)), maxshape=(None,), chunks=(64,))
                    record.create_dataset("tokenizer", data="text of any length")
                    record["status"].create_dataset("phase", data=7)
                self.require_known(contents(BIN, file), self.kept(name), name)

    @unittest.skipIf(h5py is None, "no Python package h5py, which makes a record of a later version")
    def test_another_format_is_refused_in_a_sentence(self):
        file = self.unpacked("rc")
        with h5py.File(file, "r+", libver=("v110", "v110")) as record:
            record.attrs.modify("format_version", 2)
        told = subprocess.run([BIN / "bandscope", "inspect", file], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 3)
        self.assertIn("version", told.stderr)


if __name__ == "__main__":
    if BIN is None or not all(shutil.which(name, path=str(BIN)) for name in ("bandscope", "record_values")):
        print("skipped: the programs' folder has no bandscope or no record_values")
        sys.exit(77)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    unittest.main(argv=sys.argv[:1])
