"""`nl list check`: the findings on a list, counted, the first of them kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from newsletter_cli.audience.check import check_list, dns_probe
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Tally
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.values import replace
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.audience import list_source, open_state
from newsletter_cli.model.finding import Finding, Level
from newsletter_cli.workspace.folder import Workspace


class CheckedList(Struct):
    """What was found: the first findings, and how many of each rule and level there are in all."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    levels: Counter[Level] = field(default_factory=Counter)
    tally: Tally = field(default_factory=Tally)

    @property
    def has_errors(self) -> bool:
        """Whether a row cannot be used."""
        return bool(self.levels[Level.ERROR])

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; findings name rows, not people."""
        return {
            "list": self.name,
            "candidates": self.tally.candidates,
            "blank_rows": self.tally.blank_rows,
            "assumed": self.tally.notes,
            "rules": dict(self.rules),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """What to say beside the findings."""
        for note in self.tally.notes:
            yield Line((_("Assumed: {note}").format(note=note), "dim"))
        hidden = self.rules.total() - len(self.findings)
        if hidden:
            yield _("… and {count} more findings: --limit 0 shows all").format(count=hidden)
        for rule, count in self.rules.most_common():
            yield f"  {rule}: {count}"
        count = self.tally.candidates
        looked_at = ngettext("{count} candidate looked at", "{count} candidates looked at", count)
        yield Line((looked_at.format(count=count), "strong"))


def check_workspace_list(
    workspace: Workspace, *, override: str | None, encoding: str | None, is_asking_dns: bool, limit: int
) -> CheckedList:
    """Check the configured list or a CSV file. `limit` findings are kept; 0 keeps all.

    Raises `ListError`, `UsageError`.
    """
    with open_state(workspace) as store:
        source = list_source(workspace, store, override=override)
        if encoding:
            if not isinstance(source, CsvSource):
                raise UsageError(
                    _("--encoding is for a CSV file, and the list is {name}").format(name=source.name),
                    hint=_("name the file: nl list check FILE.csv"),
                )
            source = replace(source, encoding=encoding)
        checked = CheckedList(source.name)
        probe = dns_probe() if is_asking_dns else None
        for finding in check_list(source, checked.tally, probe=probe):
            checked.rules[finding.rule] += 1
            checked.levels[finding.level] += 1
            if not limit or len(checked.findings) < limit:
                checked.findings.append(finding)
    return checked
