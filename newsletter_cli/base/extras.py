"""How to add the libraries of an extra to this very installation, by what it was installed with.

The libraries are named, and not `newsletter-cli[docx]`: that would ask a registry for a program of that name, which
need not be this one. Which they are stands in the installation's own metadata.
"""

from __future__ import annotations

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path

from newsletter_cli.base.called import as_program

DISTRIBUTION = "newsletter-cli"


def how_to_add(extra: str) -> str:
    """The command that adds it: to pipx's environment, to uv's, to that of pip."""
    libraries = " ".join(f'"{one}"' for one in _libraries(extra))
    home = Path(sys.prefix)
    if (home / "pipx_metadata.json").is_file():
        return f"pipx inject {home.name} {libraries}"
    if (home / "uv-receipt.toml").is_file() or find_spec("pip") is None:
        return f'uv pip install --python "{sys.executable}" {libraries}'
    if os.environ.get("VIRTUAL_ENV") == sys.prefix:
        return f"pip install {libraries}"
    # Another environment's `pip` may come first.
    return f"{as_program(sys.executable)} -m pip install {libraries}"


def _libraries(extra: str) -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires(DISTRIBUTION) or []
    except PackageNotFoundError:  # a folder of source that nobody installed
        declared = []
    named = (one.partition(";") for one in declared)
    mark = re.compile(rf"extra\s*==\s*(['\"]){re.escape(extra)}\1")
    return [library.strip() for library, _sign, marker in named if mark.search(marker)] or [f"{DISTRIBUTION}[{extra}]"]
