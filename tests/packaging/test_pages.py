#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completions: of a help text made for it, and of the programs named (test_pages.py PROGRAM…), whose every
option must be there. What a page or a completion does is tried with man, bash, zsh and fish where they are."""
import gzip
import itertools
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "packaging"
sys.path.insert(0, str(PACKAGING))
from pages import completion, help_text, man  # noqa: E402

HELP = """\
Says things.
Usage: say [OPTIONS] [words...] [SUBCOMMAND]

Positionals:
  words TEXT ...              What to say

Options:
  -h,--help                   Print this help message and exit
  --tone TEXT:{low,high}=low Needs: --loud
                              How: it's "so"
  --set KEY=VALUE             A key
  --loud                      So that all hear

Subcommands:
  sing                        Sing it: loudly
  a-very-long-name-of-a-command-indeed
                              Nothing

Examples:
  say -h                      what it says
.begins with a dot
Exit codes: 0 done, 2 not.
"""
SING = "Sing it: loudly\nUsage: say sing [OPTIONS]\n\nOptions:\n  --figure NAME               Which: a-b, c or d\n"
PROGRAMS = []


def made():
    command, names = help_text.parse(HELP, ["say"])
    assert names == ["sing", "a-very-long-name-of-a-command-indeed"], names
    command.commands = [help_text.parse(SING, ["say", "sing"])[0]]
    return command


def run(words, text=None):
    return subprocess.run(words, input=text, capture_output=True, text=True, check=False)


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)

    def test_reading(self):
        command = made()
        self.assertEqual([entry.names for entry in command.options], [["-h", "--help"], ["--tone"], ["--set"], ["--loud"]])
        tone, key, loud = command.options[1:]
        self.assertEqual((tone.about, tone.choices(), tone.repeated()), ("How: it's \"so\"", ["low", "high"], False))
        self.assertEqual((key.value(), key.choices(), key.repeated()), ("KEY=VALUE", [], True))
        self.assertEqual((loud.value(), loud.choices()), ("", []))
        self.assertEqual(command.commands[0].options[0].choices(), ["a-b", "c", "d"])
        self.assertEqual((command.about, command.tail[-1]), (["Says things."], "Exit codes: 0 done, 2 not."))
        for wrong in ("", "Options:\n                              of nothing\n"):
            self.assertRaises(help_text.HelpError, help_text.parse, wrong, ["say"])

    def require_good_page(self, text):
        if not shutil.which("groff"):
            return text
        shown = run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-rLL=400n"], text)
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        return re.sub(r"\x1b\[[0-9;]*m|.\x08", "", shown.stdout)

    def test_page(self):
        shown = self.require_good_page(man.page(made(), "1.2", "say things"))
        for words in ("say", "say things", "--tone", "How: it's", "Needs", "EXAMPLES", ".begins with a dot", "0 done, 2 not."):
            self.assertIn(words, shown.replace("\\-", "-").replace("\\&", ""))

    def bash(self, file, *words):
        script = f'source {file}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _say; printf "%s\\n" "${{COMPREPLY[@]}}"'
        told = run(["bash", "-c", script, "bash", *words])
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        return told.stdout.split()

    def test_bash(self):
        file = self.place / "say.bash"
        file.write_text(completion.bash(made()))
        for words, expected in ((["say", "s"], ["sing"]), (["say", "--l"], ["--loud"]), (["say", "--tone", "h"], ["high"]),
                                (["say", "sing", "--"], ["--figure"]), (["say", "sing", "--figure", "a"], ["a-b"]),
                                (["say", "--set", "s"], []), (["say", "--loud", "sing", "--f"], ["--figure"])):
            self.assertEqual(self.bash(file, *words), expected, words)

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish(self):
        file = self.place / "say.fish"
        file.write_text(completion.fish(made()))
        (self.place / "empty").mkdir()
        for line, expected in (("say s", ["sing"]), ("say --l", ["--loud"]), ("say sing --f", ["--figure"]),
                               ("say sing --figure ", ["a-b", "c", "d"]), ("say --tone ", ["high", "low"])):
            told = run(["fish", "--no-config", "-c", f"cd {self.place}/empty; source {file}; complete -C '{line}'"])
            self.assertEqual(sorted(one.split("\t")[0] for one in told.stdout.splitlines()), expected, line)

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh(self):
        file = self.place / "_say"
        file.write_text(completion.zsh(made()))
        told = run(["zsh", "-n", str(file)])
        self.assertEqual((told.returncode, told.stderr), (0, ""))

    def test_programs(self):
        """Everything that a program's help names is in its page and its completions."""
        for program in PROGRAMS:
            name = pathlib.Path(program).name
            told = run([str(PACKAGING / "make-pages"), program, "what it is", str(self.place), "1.2"])
            self.assertEqual((told.returncode, told.stderr), (0, ""))
            page = self.require_good_page(gzip.decompress((self.place / f"{name}.1.gz").read_bytes()).decode())
            files = {shell: (self.place / file).read_text() for shell, file in
                     (("bash", f"{name}.bash"), ("zsh", f"_{name}"), ("fish", f"{name}.fish"))}
            for shell in ("bash", "zsh", "fish"):
                if shutil.which(shell):
                    checked = run([shell, "-n"], files[shell])
                    self.assertEqual((checked.returncode, checked.stderr), (0, ""), shell)
            help_lines = run([program, "--help"]).stdout.splitlines()
            start = help_lines.index("Subcommands:") + 1 if "Subcommands:" in help_lines else len(help_lines)
            listed = itertools.takewhile(str.strip, help_lines[start:])
            commands = [line.split()[0] for line in listed if re.match(r"  \S", line)]
            self.assertGreaterEqual(len(commands), {"bandscope": 3, "bandscope-engine": 8}.get(name, 0))
            for words in ([], *([command] for command in commands)):
                options = re.findall(r"^  (?:-\w,)?(--[\w-]+)", run([program, *words, "--help"]).stdout, re.MULTILINE)
                self.assertIn("--help", options)
                for option in [*options, *words]:
                    self.assertIn(option, page.replace("\\-", "-"))
                    self.assertIn(option, files["bash"])
                    self.assertIn(option, files["zsh"])
                    self.assertRegex(files["fish"], f"(-l |-a ){option.lstrip('-')} ")


class Desktop(unittest.TestCase):
    """What a desktop reads of the window, by its own checkers."""

    def require(self, tool, *arguments):
        if not shutil.which(tool):
            self.skipTest(f"there is no {tool}")
        told = run([tool, *map(str, arguments)])
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        self.assertNotRegex(told.stdout + told.stderr, "(?i)warning|error|hint")

    def test_desktop_file(self):
        self.require("desktop-file-validate", PACKAGING / "desktop/bandscope.desktop")

    def test_metainfo(self):
        self.require("appstreamcli", "validate", "--no-net", "--no-color", PACKAGING / "desktop/bandscope.metainfo.xml")

    def test_mime_type(self):
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / "packages").mkdir()
            shutil.copy(PACKAGING / "desktop/bandscope.xml", pathlib.Path(name) / "packages")
            self.require("update-mime-database", "-V", name)
            self.assertIn("run.h5", (pathlib.Path(name) / "globs2").read_text())

    def test_they_name_each_other(self):
        desktop, metainfo, mime = ((PACKAGING / "desktop" / name).read_text(encoding="utf-8") for name in
                                   ("bandscope.desktop", "bandscope.metainfo.xml", "bandscope.xml"))
        kind = re.search(r'mime-type type="([^"]+)"', mime)[1]
        self.assertIn(f"MimeType={kind};", desktop)
        self.assertIn(f"<mediatype>{kind}</mediatype>", metainfo)
        self.assertIn("<launchable type=\"desktop-id\">bandscope.desktop</launchable>", metainfo)
        icon = re.search(r"^Icon=(.*)$", desktop, re.MULTILINE)[1]
        self.assertTrue((PACKAGING.parent / "resources/icons" / f"{icon}.svg").is_file())


if __name__ == "__main__":
    PROGRAMS = [name for name in sys.argv[1:] if pathlib.Path(name).exists()] + [
        str(PACKAGING / "installed/bandscope-fetch-libtorch")]
    unittest.main(argv=sys.argv[:1])
