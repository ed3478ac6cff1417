"""`--json`: the contract of the design, for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newsletter_cli.console.escaping import escaped_json
from newsletter_cli.flows.reporting.interface import CheckResult, Line, View, plain


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """`{"issue", "findings", "links", "language"}`, one object."""
    value = {
        # None before the first one.
        "issue": checked.number or None,
        "findings": [finding.as_dict() for finding in checked.findings],
        "links": checked.links,
        "language": checked.language,
    }
    yield from json_lines(value)


def json_lines(value: Mapping[str, Any] | Sequence[Any]) -> Iterator[Line]:
    """A value as JSON, indented."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    yield from map(plain, escaped_json(text).split("\n"))
