"""`--json`: the contract of the design, for scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter_cli.flows.reporting.interface import Checked, Line, View, plain

# JSON allows them as they are; a terminal might obey them.
C1 = re.compile(r"[\x7f-\x9f]")


def lines(checked: Checked, view: View, /) -> Iterator[Line]:
    """`{"issue", "findings", "links"}`, one object."""
    value = {
        "issue": checked.number,
        "findings": [finding.as_dict() for finding in checked.findings],
        "links": checked.links,
    }
    yield from json_lines(value)


def json_lines(value: Mapping[str, Any]) -> Iterator[Line]:
    """A value as JSON, indented."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    yield from map(plain, C1.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text).split("\n"))
