# SPDX-License-Identifier: Apache-2.0
"""Ends a program with what it has started: a child that goes on would hold the pipe on which its end is waited for."""
import os
import pathlib
import signal
import subprocess

# For what a program has said that is being ended; whoever still holds its pipe after that is not waited for.
LAST_WORDS_S = 0.5


def outcome(process, seconds):
    """(exit code, out, error) of a Popen with text pipes; the code is None where it was ended after `seconds`."""
    try:
        out, error = process.communicate(timeout=seconds)
        return process.returncode, out, error
    except subprocess.TimeoutExpired:
        end_tree(process)
    try:
        out, error = process.communicate(timeout=LAST_WORDS_S)
    except subprocess.TimeoutExpired as held:
        out, error = as_text(held.stdout), as_text(held.stderr)
        process.stdout.close()
        process.stderr.close()
    return None, out, error


def as_text(output):
    """What TimeoutExpired has of a pipe is bytes, also where the pipe is of text."""
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""


def end_tree(process):
    for number in [process.pid, *descendants(process.pid)]:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def descendants(number):
    """Numbers of all that a process has started, and what these have, but for those whose own parent is gone."""
    children = {}
    for place in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            # After the name, which may hold anything: state, parent, …
            parent = int((place / "stat").read_text(errors="replace").rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(place.name))
    found = list(children.get(number, []))
    for child in found:  # grows on the way
        found += children.get(child, [])
    return found
