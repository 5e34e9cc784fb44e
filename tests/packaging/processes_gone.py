# SPDX-License-Identifier: Apache-2.0
"""Whether a process that was killed is gone."""
import pathlib
import time

PATIENCE_S = 30


def is_gone(number):
    """Nobody is there, or a body that its new parent has not buried yet. Waits: a killed process lets go of its files,
    by which others notice its end, before the system says that it has ended."""
    state = pathlib.Path(f"/proc/{int(number)}/stat")
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if state.read_text(errors="replace").rsplit(")", 1)[1].split()[0] in "ZX":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False
