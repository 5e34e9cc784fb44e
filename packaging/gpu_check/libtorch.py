# SPDX-License-Identifier: Apache-2.0
"""Where LibTorch's libraries lie: a folder (LIBTORCH), or the torch package of a Python with NVIDIA's beside it."""
import pathlib
import subprocess

# Without importing torch, which takes seconds and the card's memory.
FIND = "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')"


class LibTorchError(Exception):
    pass


def library_folders(libtorch, python):
    """Folders for LD_LIBRARY_PATH, in order. `libtorch` (a folder with lib/) comes before `python` (a program)."""
    if libtorch:
        home = pathlib.Path(libtorch)
        if not (home / "lib/libtorch_cpu.so").exists():
            raise LibTorchError(f"LIBTORCH={libtorch} has no lib/libtorch_cpu.so")
    else:
        home = torch_package(python)
        if not (home / "lib/libtorch_cpu.so").exists():
            raise LibTorchError(f"the torch of {python} has no lib/libtorch_cpu.so")
    folders = [home / "lib"]
    # NVIDIA's wheels: nvidia/cu13/lib, nvidia/cudnn/lib, … beside torch/.
    folders += sorted(folder for folder in (home.parent / "nvidia").glob("*/lib") if folder.is_dir())
    return [str(folder.resolve()) for folder in folders]


def torch_package(python):
    try:
        found = subprocess.run([python, "-c", FIND], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LibTorchError(f"--python {python} cannot be run: {error}") from error
    place = found.stdout.strip()
    if found.returncode != 0 or not place:
        raise LibTorchError(f"{python} has no torch; set LIBTORCH to a LibTorch, or --python to a Python that has it")
    return pathlib.Path(place)


def version_of(folders):
    """What LibTorch says of itself, from the files beside its libraries."""
    home = pathlib.Path(folders[0]).parent
    for file, mark in ((home / "version.py", "__version__"), (home / "build-version", ""), (home / ".made-from", None)):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if mark is None:
            return f"{home.name} (packaging/setup)"
        lines = [line for line in text.splitlines() if line.startswith(mark)]
        if lines:
            return lines[0].split("=")[-1].strip().strip("'\"")
    return "unknown"
