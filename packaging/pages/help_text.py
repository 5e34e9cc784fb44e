# SPDX-License-Identifier: Apache-2.0
"""A program's command line, read out of its own --help and that of its commands, in the form in which CLI11 prints it."""
import dataclasses
import re
import subprocess

# Where descriptions begin; what is longer than the room before has its description on the next line.
COLUMN = 30
SECTIONS = ("Positionals", "Options", "Subcommands")


class HelpError(Exception):
    pass


@dataclasses.dataclass
class Entry:
    """A line of a section: of an option its names and what it takes, of others one name."""

    names: list
    takes: str  # as the help has it: "KEY=VALUE Needs: --batch"
    about: str

    def long(self):
        return max(self.names, key=len)

    def value(self):
        """What it takes, in a word or two; empty for an option that is there or not."""
        text = re.sub(r"\s*(Needs|Excludes):.*", "", self.takes)
        text = re.sub(r"\s*\bREQUIRED\b", "", text).strip()
        return re.sub(r"^(\w+):(?=\1\b)\1", r"\1", text)  # "INT:INT in [1 - 9]": a type and a check that names it again

    def repeated(self):
        return "..." in self.takes or bool(re.match(r"[A-Z]+=[A-Z]+\b", self.takes))

    def choices(self):
        """The words that it takes, where these are all: of CLI11's check of them, or named in the description's end."""
        checked = re.search(r":\{([^}]*)\}", self.takes)
        if checked:
            return checked[1].split(",")
        named = re.search(r": ((?:[\w-]+, )*[\w-]+ or [\w-]+)$", self.about)
        return re.split(r", | or ", named[1]) if named and self.value() else []


@dataclasses.dataclass
class Command:
    words: list  # the program, and the command's name where it is one
    about: list  # lines before the usage
    usage: str
    positionals: list
    options: list
    commands: list  # of Command
    tail: list  # lines after the sections


def read(program, name, words=()):
    """The Command of a program called `name` and, within it, of `words`."""
    told = subprocess.run([program, *words, "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    if told.returncode != 0:
        raise HelpError(f"{program} {' '.join(words)} --help left with {told.returncode}: {told.stderr.strip()}")
    command, names = parse(told.stdout, [name, *words])
    command.commands = [read(program, name, (*words, each)) for each in names]
    return command


def parse(text, words):
    """(Command, names of its own commands) of a help text."""
    command = Command(words, [], "", [], [], [], [])
    found, place = {section: [] for section in SECTIONS}, None
    for line in text.splitlines():
        title = line[:-1] if line.endswith(":") else ""
        if title in SECTIONS:
            place = title
        elif line.startswith("Usage: "):
            command.usage, place = line[len("Usage: "):], "usage"
        elif place is None:
            command.about.append(line)
        elif place in SECTIONS and line.startswith("  ") and line.strip():
            add(found[place], line, place)
        elif line and (line.endswith(":") or place == "tail" or not line.startswith(" ")):
            command.tail.append(line)
            place = "tail"
        elif place == "tail":
            command.tail.append(line)
    if not command.usage:
        raise HelpError(f"the help of {' '.join(words)} has no line that begins with Usage:")
    command.positionals, command.options = found["Positionals"], found["Options"]
    return command, [entry.names[0] for entry in found["Subcommands"]]


def add(entries, line, section):
    """A line of a section: a new entry, or the description of the last one."""
    if line.startswith(" " * COLUMN):
        if not entries:
            raise HelpError(f"a description belongs to nothing: {line.strip()}")
        entries[-1].about = f"{entries[-1].about} {line.strip()}".strip()
        return
    left, about = line[2:], ""
    parts = re.match(r"  (.*?\S)\s{2,}(\S.*)$", line)
    if parts and parts.start(2) == COLUMN or section == "Subcommands" and parts:
        left, about = parts[1], parts[2]
    names, _, takes = left.strip().partition(" ")
    entries.append(Entry(names.split(",") if section == "Options" else [names], takes.strip(), about))
