"""What `nl list stats` and `nl list show` tell: counts without anybody's address, and people where asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field

from newsletter_cli.audience.fault import ListFault
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.rights import count_due
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.audience.select import Segment
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.audience import Audience
from newsletter_cli.flows.list_life import read_life, told_suppression
from newsletter_cli.flows.list_rights import KnownPerson
from newsletter_cli.flows.sending.words import reason_names
from newsletter_cli.model.subscriber import Exclusion, Reason, SubscriberStatus
from newsletter_cli.workspace.folder import Workspace

# More groups than these are no groups any more.
MAX_GROUPS = 1_000
DETAILS = 20


class ListStats(Struct, kw_only=True):
    """The list in numbers."""

    kind: str
    name: str
    counts: dict[str, Any]
    notes: list[str]
    groups: Counter[str] = field(default_factory=Counter)
    suppressed: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    without_consent: int | None = None
    due: dict[str, int] = field(default_factory=dict)
    first_invalid: list[Exclusion] = field(default_factory=list)
    blank_rows: int = 0
    faults: Sequence[ListFault] = ()
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            "source": self.kind,
            "name": self.name,
            **self.counts,
            "blank_rows": self.blank_rows,
            "groups": dict(self.groups.most_common()),
            "statuses": self.statuses,
            "suppressed": self.suppressed,
            "without_consent_record": self.without_consent,
            "due_for_purge": self.due,
            "assumed": self.notes,
            "faults": [one._asdict() for one in self.faults],
            "warnings": self.warnings,
        }

    def lines(self) -> Iterator[str]:
        """The result for people."""
        yield _("List: {name} ({kind})").format(name=self.name, kind=self.kind)
        for note in self.notes:
            yield Line((_("Assumed: {note}").format(note=note), "dim"))
        for fault in self.faults:
            yield _("Fault of the list: {fault}").format(fault=fault)
        for warning in self.warnings:
            yield _("Beware: {warning}").format(warning=warning)
        counted = _("{candidates} candidates, {recipients} would be written to").format(**self.counts)
        yield Line((counted, "strong"))
        for reason, count in self.counts["excluded"].items():
            yield _("  {name}: {count}").format(name=reason_names().get(reason, reason), count=count)
        for one in self.first_invalid:
            yield _("    row {row}: {detail}").format(row=one.row, detail=one.detail)
        if self.groups:
            shown = ", ".join(f"{group} {count}" for group, count in self.groups.most_common(DETAILS))
            yield _("Groups: {groups}").format(groups=shown)
        if self.suppressed:
            shown = ", ".join(
                f"{status_names().get(reason, reason)} {count}" for reason, count in self.suppressed.items()
            )
            yield _("Suppression list: {reasons}").format(reasons=shown)
        if self.without_consent:
            yield _("Without a record of how they agreed: {count}").format(count=self.without_consent)
        if self.due:
            shown = ", ".join(f"{kind} {count}" for kind, count in self.due.items())
            yield _("Kept long enough, to be erased by `nl list purge`: {due}").format(due=shown)


def read_stats(workspace: Workspace, audience: Audience, segment: Segment | None) -> ListStats:
    """Select as a send would, and count. Raises `ListError`."""
    selection = audience.select(segment)
    groups: Counter[str] = Counter()
    invalid: list[Exclusion] = []
    for one in selection:
        if isinstance(one, Exclusion):
            if one.reason is Reason.INVALID and len(invalid) < DETAILS:
                invalid.append(one)
        elif one.groups and len(groups) < MAX_GROUPS:
            groups.update(one.groups)
    subscribers = ManagedList(audience.store)
    warnings = (
        [_("this list is older than the last one that was used here: nl doctor")]
        if audience.store.is_old_copy()
        else []
    )
    is_managed = audience.source.kind == "managed"
    return ListStats(
        kind=audience.source.kind,
        name=audience.source.name,
        counts=selection.as_counts(),
        notes=list(selection.tally.notes),
        warnings=warnings,
        groups=groups,
        suppressed=Suppression(audience.store).count_by_reason(),
        statuses=subscribers.count_by_status() if is_managed else {},
        without_consent=subscribers.count_without_consent() if is_managed else None,
        due=count_due(audience.store, workspace.config.list.retention, now=datetime.now(UTC), others=audience.others),
        first_invalid=invalid,
        blank_rows=selection.tally.blank_rows,
        faults=selection.faults,
    )


def list_people(audience: Audience, segment: Segment | None, limit: int) -> Iterator[Candidate]:
    """The first `limit` candidates of the list, or of a part of it; rows that cannot be read are left to `check`."""
    count = 0
    for candidate in audience.source.read(Tally()):
        if candidate.fault or (segment and not segment.has(candidate.groups, candidate.attributes)):
            continue
        if count >= limit:
            return
        count += 1
        yield candidate


def status_names() -> dict[str, str]:
    """What people call where somebody stands."""
    return {
        SubscriberStatus.UNCONFIRMED: _("unconfirmed"),
        SubscriberStatus.CONFIRMED: _("confirmed"),
        SubscriberStatus.UNSUBSCRIBED: _("unsubscribed"),
        SubscriberStatus.BOUNCED: _("bounced"),
        SubscriberStatus.COMPLAINED: _("complained"),
    }


def person_lines(known: KnownPerson) -> Iterator[str]:
    """What is known of one person, for people."""
    data = known.data
    foreign = [(source["name"], row) for source in data["sources"] for row in source["rows"]]
    for name, record in ((None, data["subscriber"]), *foreign):
        if record is None:
            continue
        place = _("{source}, row {row}").format(source=name, row=record["row"]) if name else ""
        if record.get("unreadable"):
            yield _("{place}: a row about them that cannot be read: {reason}").format(
                place=place, reason=record["unreadable"]
            )
            continue
        status = status_names().get(record["status"], record["status"])
        yield f"{record['address']}  {record['name']}  {status}  {place}".rstrip()
        if record["groups"]:
            yield _("  groups: {groups}").format(groups=", ".join(record["groups"]))
        for attribute, value in record["attributes"].items():
            yield f"  {attribute}: {value}"
    if (text := told_suppression(data)) is not None:
        yield text
    if count := data["rejected_rows"]:
        yield ngettext(
            "{count} row about them that an import refused", "{count} rows about them that imports refused", count
        ).format(count=count)
    life = read_life(data)
    if life:
        yield ""
        yield Line((_("What happened"), "strong"))
    width = max((len(one.moment) for one in life), default=0)
    for one in life:
        yield Line((f"  {one.moment or '–':{width}}  ", "dim"), (one.text, ""), hang=width + 4)
    if not known.is_known:
        yield _("Nothing is known of this address.")
