"""When the system has begun to watch the folders of a workspace: what is saved before that, nobody hears of."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

from tests.waiting import wait_until

INODE = re.compile(r"^inotify wd:\w+ ino:(\w+) ", re.MULTILINE)
# Where the system does not tell what it watches.
USUAL_SECONDS = 0.3


def wait_until_watched(root: Path, pid: int | str = "self") -> None:
    """Until that process has a watch on the workspace's own folder, and on all below its sections and templates."""
    if sys.platform != "linux":
        time.sleep(USUAL_SECONDS)
        return
    below = [root / name for name in ("sections", "templates") if (root / name).is_dir()]
    folders = [root, *(Path(folder) for top in below for folder, _folders, _files in os.walk(top))]
    wanted = {folder.stat().st_ino for folder in folders}
    wait_until(lambda: wanted <= watched(pid), lambda: f"not all of {folders} are watched")


def watched(pid: int | str) -> set[int]:
    """What is watched by that process, by inode."""
    found: set[int] = set()
    for information in Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            text = information.read_text()
        except OSError:  # closed meanwhile
            continue
        found |= {int(inode, 16) for inode in INODE.findall(text)}
    return found
