"""`--format sarif`: for GitHub's code scanning and editors (OASIS SARIF 2.1.0).

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from newsletter_cli import __version__
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.reporting.as_json import json_lines
from newsletter_cli.flows.reporting.fingerprints import fingerprints
from newsletter_cli.flows.reporting.interface import CheckResult, Line, View
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit, Finding, Level, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
ROOT = "%SRCROOT%"


def lines(checked: CheckResult, view: View, /) -> Iterator[Line]:
    """One log with one run."""
    rules = _rules(checked, view)
    order = {rule.slug: index for index, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {"name": "nl", "version": __version__, "rules": [_descriptor(rule) for rule in rules]},
        },
        # Columns are counted as `Place` does, not in UTF-16 units.
        "columnKind": "unicodeCodePoints",
        "results": list(_results(checked, view, order)),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield from json_lines(log)


def _rules(checked: CheckResult, view: View) -> list[Rule]:
    """All rules, and those of the findings, which need not be among them."""
    found = {one.rule: Rule(slug=one.rule, level=one.level, title=one.rule) for one in checked.findings}
    return sorted((found | {rule.slug: rule for rule in view.rules}).values(), key=lambda rule: rule.slug)


def _descriptor(rule: Rule) -> dict[str, Any]:
    silenced = f"<!-- nl: ignore {rule.slug} -->"
    advice = [_("To silence it, put {comment} on the line above.").format(comment=silenced)]
    if rule.is_fixable:
        advice.insert(0, _("nl check --fix does it."))
    return {
        "id": rule.slug,
        "shortDescription": {"text": rule.title},
        "help": {
            "text": " ".join((f"{rule.title}.", *advice)),
            "markdown": " ".join((f"**{rule.title}.**", *advice)).replace(silenced, f"`{silenced}`"),
        },
        "defaultConfiguration": {"level": LEVELS[rule.level]},
        "properties": {"fixable": rule.is_fixable},
    }


def _results(checked: CheckResult, view: View, order: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for finding, fingerprint in zip(checked.findings, fingerprints(checked), strict=True):
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": order[finding.rule],
            "level": LEVELS[finding.level],
            "message": {"text": f"{finding.message} → {finding.suggestion}" if finding.suggestion else finding.message},
            "locations": [{"physicalLocation": _location(finding, view)}],
            "partialFingerprints": {"findingText/v1": fingerprint},
        }
        if finding.edits:
            result["fixes"] = [_fix(finding, view)]
        yield result


def _location(finding: Finding, view: View) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(finding.file, view)}
    if finding.line is not None:
        location["region"] = region = {"startLine": finding.line}
        if finding.column is not None:
            region["startColumn"] = finding.column
            if finding.length is not None:
                region["endColumn"] = finding.column + finding.length
    return location


def _artifact(file: str, view: View) -> dict[str, str]:
    # A name that is no text is given byte for byte.
    return {"uri": quote(view.file_in_repository(file), errors="surrogateescape"), "uriBaseId": ROOT}


def _fix(finding: Finding, view: View) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.edits:
        changes.setdefault(edit.file, []).append(_replacement(edit))
    return {
        "description": {"text": finding.suggestion or finding.message},
        "artifactChanges": [
            {"artifactLocation": _artifact(file, view), "replacements": replacements}
            for file, replacements in changes.items()
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    removed = split_lines(edit.old) or [""]
    ends_line = removed[-1].endswith(("\n", "\r"))
    last = edit.line + len(removed) - 1 + ends_line
    tail = "" if ends_line else removed[-1]
    return {
        "deletedRegion": {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": last,
            "endColumn": len(tail) + (edit.column if last == edit.line else 1),
        },
        "insertedContent": {"text": edit.new},
    }
