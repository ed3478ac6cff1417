"""The report of an unexpected error: what a maintainer needs, without anybody's address."""

from __future__ import annotations

import platform
import tempfile
import traceback
from pathlib import Path

from newsletter_cli import __version__
from newsletter_cli.base.privacy import ANYBODY, without_addresses


def write_report(error: BaseException, arguments: list[str]) -> Path | None:
    """Write the traceback to a private file in the system's temporary folder; `None` when even that fails."""
    trace = "".join(traceback.format_exception(error))
    text = (
        f"nl {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"arguments: {' '.join(arguments)}\n\n{trace}"
    )
    try:
        # mkstemp's file is readable by its owner only.
        with tempfile.NamedTemporaryFile(
            "w", prefix="nl-report-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            file.write(without_addresses(text, ANYBODY))
            return Path(file.name)
    except OSError:
        return None
