"""`--format github`: workflow commands, which GitHub shows beside the lines of a pull request.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.flows.reporting.interface import CheckResult, Line, View, plain
from newsletter_cli.flows.reporting.summary import summary
from newsletter_cli.model import Finding, Level

COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}
# As the runner's own toolkit writes them; the sign of the escape itself comes first.
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = DATA | {":": "%3A", ",": "%2C"}


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """A command per finding, then the summary for whoever reads the log."""
    for finding in checked.findings:
        yield plain(_command(finding, view))
    yield plain(summary(checked, view))


def _command(finding: Finding, view: View) -> str:
    properties: dict[str, str | int | None] = {
        "file": view.file_in_repository(finding.file),
        "line": finding.line,
        "col": finding.column,
        "endColumn": finding.column + finding.length if finding.column and finding.length else None,
        "title": f"nl ({finding.rule})",
    }
    listed = ",".join(
        f"{name}={_escaped(str(value), PROPERTY)}" for name, value in properties.items() if value is not None
    )
    text = f"{finding.message} → {finding.suggestion}" if finding.suggestion else finding.message
    return f"::{COMMANDS[finding.level]} {listed}::{_escaped(text, DATA)}"


def _escaped(text: str, codes: dict[str, str]) -> str:
    return "".join(codes.get(sign, sign) for sign in text)
