# SPDX-License-Identifier: Apache-2.0
"""A Command as a manual page (man(7))."""
import re

PROGRAMS = ("bandscope", "bandscope-engine", "bandscope-fetch-libtorch")
ROFF = {"\\": "\\e", "-": "\\-", "…": "\\&.\\|.\\|."}


def roff(text):
    """Text that nroff shows as it is, also where it begins a line."""
    shown = "".join(ROFF.get(character, character) for character in text)
    return "\\&" + shown if shown[:1] in (".", "'") else shown


def page(command, version, summary):
    """`summary`: the line of NAME, in which one looks for the program."""
    name = command.words[0]
    lines = [f'.TH "{name.upper()}" "1" "" "{name} {version}" "User Commands"', ".SH NAME", f"{roff(name)} \\- {roff(summary)}",
             ".SH SYNOPSIS", *synopsis(command)]
    lines += [line for each in command.commands for line in (".br", *synopsis(each))]
    lines += [".SH DESCRIPTION", *paragraphs(command.about)]
    lines += entries(command.positionals + command.options, ".SH OPTIONS")
    if command.commands:
        lines.append(".SH COMMANDS")
    for each in command.commands:
        lines += [f".SS {roff(' '.join(each.words[1:]))}", *paragraphs(each.about)]
        lines += entries([entry for entry in each.positionals + each.options if "--help" not in entry.names], None)
    lines += tail(command.tail)
    lines += [".SH SEE ALSO", *(f".BR {roff(other)} (1)" for other in PROGRAMS if other != name)]
    return "\n".join(lines) + "\n"


def synopsis(command):
    start = " ".join(command.words)
    rest = command.usage[len(start):] if command.usage.startswith(start) else ""
    return [f"\\fB{roff(start)}\\fR{roff(rest)}"]


def paragraphs(lines):
    return [roff(line) if line.strip() else ".PP" for line in lines]


def entries(found, heading):
    lines = [heading] if heading and found else []
    for entry in found:
        names = ", ".join(f"\\fB{roff(name)}\\fR" for name in entry.names)
        value = f" \\fI{roff(entry.value())}\\fR" if entry.value() else ""
        lines += [".TP", names + value, roff(entry.about or "\\&")]
        for word, others in re.findall(r"(Needs|Excludes): ([^A-Z]*)", entry.takes):
            lines.append(f"{'Needs' if word == 'Needs' else 'Not with'} {roff(', '.join(others.split()))}.")
    return lines


def tail(lines):
    """A block of examples as one, and a line with exit codes as a section of its own."""
    made, example = [], False
    for line in lines:
        if example and not line.startswith(" "):
            made.append(".EE")
            example = False
        if line == "Examples:":
            made += [".SH EXAMPLES", ".EX"]
            example = True
        elif line.startswith("Exit codes: "):
            made += [".SH EXIT STATUS", roff(line[len("Exit codes: "):])]
        elif line.strip():
            made.append(roff(line))
    return made + [".EE"] if example else made
