"""`--format gitlab`: a Code Quality report, which GitLab compares with that of the target branch and shows in a merge
request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from newsletter_cli.flows.reporting.as_json import json_lines
from newsletter_cli.flows.reporting.fingerprints import fingerprints
from newsletter_cli.flows.reporting.interface import CheckResult, Line, View
from newsletter_cli.model import Finding, Level

# What stops a send is grave; nothing here is GitLab's `critical` or `blocker`.
SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.INFO: "info"}


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """A list with an entry for each finding."""
    known_by = fingerprints(checked, view.file_prefix)
    yield from json_lines([_entry(*one, view) for one in zip(checked.findings, known_by, strict=True)])


def _entry(finding: Finding, fingerprint: str, view: View) -> dict[str, Any]:
    return {
        "description": f"{finding.message} → {finding.suggestion}" if finding.suggestion else finding.message,
        "check_name": finding.rule,
        "fingerprint": fingerprint,
        "severity": SEVERITIES[finding.level],
        # Without a line there is no entry for GitLab: what is about a whole file stands at its beginning.
        "location": {"path": view.file_in_repository(finding.file), "lines": {"begin": finding.line or 1}},
    }
