"""Finding programs, where the user's PATH says and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path


def find_program(name: str) -> str | None:
    """The program of that name in the folders of PATH; `None` where there is none.

    Unlike what the system does by itself, never in the folder one happens to be in: a workspace may hold a `git.exe`,
    and Windows would take that one first.
    """
    endings = [""]
    if os.name == "nt":
        endings = [ending for ending in os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(os.pathsep) if ending]
        if any(name.lower().endswith(ending.lower()) for ending in endings):
            endings = [""]
    for folder in os.get_exec_path():
        if not Path(folder).is_absolute():
            continue
        for ending in endings:
            path = Path(folder, name + ending)
            if path.is_file() and os.access(path, os.X_OK):
                return str(path)
    return None
