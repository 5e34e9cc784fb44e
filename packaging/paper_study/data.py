# SPDX-License-Identifier: Apache-2.0
"""Splits a file of pairs into those that are trained on and those that are held out, beside the runs."""
import gzip
import hashlib
import pathlib


class StudyError(Exception):
    """What the person who started the study can mend."""


def lines_of(path):
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            return [line for line in file if line.strip()]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise StudyError(f"{path}: {error}") from error


def sum_of(path):
    """SHA-256 of a file; of a folder's names and files."""
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        whole.update(f"{file.relative_to(path)} {sum_of(file)}\n".encode())
    return whole.hexdigest()


def prepare(path, held_out, folder, probe=None):
    """(file to train on, file of held-out pairs). The last `held_out` lines are never trained on, unless `probe` names a
    file of its own: then the data stay where they are."""
    path = pathlib.Path(path).resolve()
    if not path.exists():
        raise StudyError(f"{path} is not there; --data names a file of preference pairs")
    if probe is not None:
        probe = pathlib.Path(probe).resolve()
        if not probe.exists():
            raise StudyError(f"{probe} is not there; --probe names a file of held-out pairs")
        return path, probe
    if path.is_dir() or not path.name.endswith((".jsonl", ".jsonl.gz")):
        raise StudyError(f"{path} is not .jsonl or .jsonl.gz: name a file of held-out pairs beside it with --probe")
    lines = lines_of(path)
    if len(lines) < 2 * held_out:
        raise StudyError(f"{path} has {len(lines)} pairs; {held_out} are held out and as many are the least to train on")
    folder.mkdir(parents=True, exist_ok=True)
    train, held = folder / "train.jsonl", folder / "held-out.jsonl"
    for file, part in ((train, lines[:-held_out]), (held, lines[-held_out:])):
        text = "".join(line if line.endswith("\n") else line + "\n" for line in part)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    return train, held
