"""Who is written to, who is not, and why. One decision for each candidate, as a stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from newsletter_cli.audience.fault import ListFault
from newsletter_cli.audience.row import Candidate, Tally
from newsletter_cli.audience.seen import NotedKeys, SeenKeys
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.words import plain
from newsletter_cli.base.errors import ListError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.model.subscriber import GONE, Exclusion, Reason, Recipient, SubscriberStatus


class Selection(Struct):
    """A stream of `Recipient`s and `Exclusion`s, to be iterated once; the counts are whole at its end.

    A reason is the first that holds of: invalid; unsubscribed, bounced or complained (in this row or any other
    of the same person); suppressed; unconfirmed; not in the group; double of an earlier row that is written to.
    """

    source: ListSource
    is_suppressed: Callable[[str], bool] | None
    segment: Segment | None
    as_they_are: Callable[[Candidate], Candidate] | None = None
    tally: Tally = field(default_factory=Tally)
    recipients: int = 0
    excluded: Counter[Reason] = field(default_factory=Counter)

    @property
    def candidates(self) -> int:
        """How many candidates the source itself counted."""
        return self.tally.candidates

    @property
    def faults(self) -> Sequence[ListFault]:
        """What is wrong with the list itself, known once it has been read to its end: no send may pass it."""
        return self.tally.faults

    def __iter__(self) -> Iterator[Recipient | Exclusion]:
        if not self.source.has_doubles:
            yield from self._decide(None, None)
        else:
            with NotedKeys() as gone:
                has_gone = False
                for one in self.source.read_gone():
                    candidate = one if self.as_they_are is None else self.as_they_are(one)
                    gone.note(candidate.key, candidate.row, GONE[candidate.status])
                    has_gone = True
                yield from self._decide(SeenKeys(), gone if has_gone else None)
        self._check_sum()

    def _decide(self, seen: SeenKeys | None, gone: NotedKeys | None) -> Iterator[Recipient | Exclusion]:
        for one in self.source.read(self.tally):
            candidate = one if self.as_they_are is None or one.fault else self.as_they_are(one)
            exclusion = self._exclusion(candidate, gone)
            if exclusion is None and seen is not None:
                first = seen.first_row(candidate.key, candidate.row)
                if first is not None:
                    exclusion = _excluded(candidate, Reason.DOUBLE, _("duplicate of row {row}").format(row=first))
            if exclusion is None:
                self.recipients += 1
                yield Recipient(
                    key=candidate.key,
                    address=candidate.address,
                    name=candidate.name,
                    groups=candidate.groups,
                    attributes=candidate.attributes,
                    row=candidate.row,
                )
            else:
                self.excluded[exclusion.reason] += 1
                yield exclusion

    def _exclusion(self, candidate: Candidate, gone: NotedKeys | None) -> Exclusion | None:
        reason, detail = None, ""
        if candidate.fault:
            reason, detail = Reason.INVALID, candidate.fault
        elif candidate.status in GONE:
            reason = GONE[candidate.status]
        elif gone is not None and (noted := gone.noted(candidate.key)) is not None:
            reason, detail = Reason(noted[1]), _("row {row} says so").format(row=noted[0])
        elif self.is_suppressed is not None and self.is_suppressed(candidate.key):
            reason = Reason.SUPPRESSED
        elif candidate.status is SubscriberStatus.UNCONFIRMED:
            reason = Reason.UNCONFIRMED
        elif self.segment is not None and not self.segment.has(candidate.groups, candidate.attributes):
            reason = Reason.NOT_IN_GROUP
        return None if reason is None else _excluded(candidate, reason, detail)

    def _check_sum(self) -> None:
        """Nobody is silently missed: the source's own count must come out."""
        decided = self.recipients + self.excluded.total()
        if decided != self.candidates:
            raise ListError(
                _("the list has {candidates} candidates, but {decided} decisions were made").format(
                    candidates=self.candidates, decided=decided
                ),
                file=self.source.name,
                hint=_("nothing was sent; this is a fault of nl: please report it"),
            )

    def as_counts(self) -> dict[str, object]:
        """The counts for scripts: `candidates`, `recipients`, `excluded` by reason."""
        excluded = {str(reason): self.excluded[reason] for reason in Reason if self.excluded[reason]}
        return {"candidates": self.candidates, "recipients": self.recipients, "excluded": excluded}


def _excluded(candidate: Candidate, reason: Reason, detail: str) -> Exclusion:
    return Exclusion(row=candidate.row, key=candidate.key, reason=reason, detail=detail)


def select_recipients(
    source: ListSource,
    *,
    is_suppressed: Callable[[str], bool] | None,
    segment: Segment | None = None,
    as_they_are: Callable[[Candidate], Candidate] | None = None,
) -> Selection:
    """The recipients among the candidates of `source`, and the exclusions, as a stream.

    `is_suppressed` answers for a normalised address; `None` only where the suppression list is known to be empty.
    `as_they_are` gives what a list says under an address that its person has no more; `None` where nobody has moved.
    Iterating raises `ListError` when the source cannot be read, or the sum does not come out.
    """
    return Selection(source, is_suppressed, segment, as_they_are)


class Segment(Struct, frozen=True, kw_only=True):
    """The people of a group, or those whose attribute `name` has this value; compared without case or accents."""

    kind: str
    name: str
    value: str = ""

    def has(self, groups: tuple[str, ...], attributes: Mapping[str, str]) -> bool:
        """Whether somebody with these groups and attributes is in it."""
        if self.kind == "group":
            return any(plain(group) == self.name for group in groups)
        return any(plain(name) == self.name and plain(value) == self.value for name, value in attributes.items())

    def __str__(self) -> str:
        return f"group:{self.name}" if self.kind == "group" else f"{self.name}={self.value}"


def parse_segment(text: str) -> Segment:
    """`group:NAME` or `ATTRIBUTE=VALUE`. Raises `UsageError`."""
    kind, colon, name = text.partition(":")
    if colon and kind.strip().lower() in {"group", "groupe"} and plain(name):
        return Segment(kind="group", name=plain(name))
    name, equals, value = text.partition("=")
    if equals and plain(name):
        return Segment(kind="attribute", name=plain(name), value=plain(value))
    raise UsageError(
        _("“{text}” is no part of the list").format(text=text if "@" not in text else "…"),
        hint=_("name a group, group:proof — or an attribute and its value, ville=Paris"),
    )
