"""The rules on an issue's structure, those an assembly cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from newsletter_cli.check.rules import definition_twice, section_draft, section_empty, section_missing, section_unknown
from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.model import Finding, Issue

Rule = Callable[[Issue, Sequence[SectionNames]], Iterator[Finding]]

RULES: dict[str, Rule] = {
    "definition-twice": definition_twice.check,
    "section-draft": section_draft.check,
    "section-empty": section_empty.check,
    "section-missing": section_missing.check,
    "section-unknown": section_unknown.check,
}


def check_issue(issue: Issue, canonical: Sequence[SectionNames]) -> tuple[Finding, ...]:
    """Every finding of every rule, by file and line."""
    findings = [finding for rule in RULES.values() for finding in rule(issue, canonical)]
    return tuple(sorted(findings, key=lambda finding: (finding.file, finding.line or 0, finding.rule)))
