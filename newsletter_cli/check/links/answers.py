"""lychee's answers, read: from its report, or line by line while it works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

# “[404] http://… (at 4:10) | Rejected status code…”, as `-vv` prints it when the answer is there.
LINE = re.compile(r"^\s*\[(?P<said>[A-Z]+|\d{3})\] .*?\(at (?P<line>\d+):\d+\)(?: \| (?P<details>.*))?$")
HOP = re.compile(r" --\[(\d{3})\]--> (\S+)")
MAPS = ("success_map", "error_map", "timeout_map", "excluded_map")


class Answer(Struct, frozen=True, kw_only=True):
    """What lychee found. `hops` are the redirects followed: the status of each and the address it led to."""

    code: int | None = None
    details: str = ""
    hops: tuple[tuple[int, str], ...] = ()
    is_ok: bool = False
    is_timeout: bool = False
    is_excluded: bool = False


def parse_line(text: str) -> tuple[int, Answer] | None:
    """The line of the list (from 1) and its answer; `None` for a line that says something else."""
    found = LINE.match(text)
    if found is None:
        return None
    said, details = found["said"], found["details"] or ""
    code = int(said) if said.isdigit() else None
    answer = Answer(
        code=code,
        details=details,
        hops=tuple((int(status), url) for status, url in HOP.findall(details)),
        is_ok=said == "OK" or (code is not None and 200 <= code < 300),
        is_timeout=said == "TIMEOUT",
        is_excluded=said == "EXCLUDED",
    )
    return int(found["line"]), answer


def read_report(path: Path) -> Iterator[tuple[int, Answer]]:
    """The line of the list (from 1) and its answer, one after the other: a report may be long.

    Raises `ValueError` for a report that is none, `OSError` for one that cannot be read.
    """
    import ijson

    # Fields of the report: https://lychee.cli.rs/guides/cli/
    try:
        for name in MAPS:
            with path.open("rb") as file:
                for _input, entries in ijson.kvitems(file, name):
                    for entry in entries:
                        yield _entry(entry, name)
    except (ijson.JSONError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _entry(entry: dict[str, Any], name: str) -> tuple[int, Answer]:
    status = entry["status"]
    code = status.get("code")
    hops = (entry.get("redirects") or {}).get("redirects", ())
    answer = Answer(
        code=None if code is None else int(code),
        details=str(status.get("details") or status.get("text") or ""),
        hops=tuple((int(hop["code"]), str(hop["url"])) for hop in hops),
        is_ok=name == "success_map",
        is_timeout=name == "timeout_map",
        is_excluded=name == "excluded_map",
    )
    return int(entry["span"]["line"]), answer
