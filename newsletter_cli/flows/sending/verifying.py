"""Every message that waits, built as a send builds it and looked at: the dry run's own half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.deliver.building import Builder, load_templates
from newsletter_cli.deliver.ledger.reading import count_waiting, read_templates
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.deliver.message.tokens import Tokens
from newsletter_cli.deliver.message.verifier import Verifier
from newsletter_cli.flows.sending.job import SendJob
from newsletter_cli.flows.sending.obstacles import SendProblem
from newsletter_cli.flows.sending.settings import pace_book

PROGRESS_EVERY = 500
# Only for looking at: what a dry run shows must take nobody off the list, so its links lead nowhere.
STAND_IN_SECRET = b"nl: dry run, no token of a send.."


@dataclass(slots=True, kw_only=True)
class Verified:
    """The messages that are as they should be, and those that are not. Sizes are in bytes."""

    verified: int = 0
    sizes: Counter[int] = field(default_factory=Counter)
    paces: Counter[str] = field(default_factory=Counter)
    unbuildable: int = 0
    reason: str = ""
    has_no_page: bool = False
    problems: list[SendProblem] = field(default_factory=list)

    def count(self, size: int, pace: str) -> None:
        """One more message is as it should be."""
        self.verified += 1
        self.sizes[size] += 1
        self.paces[pace] += 1

    @property
    def most_bytes(self) -> int:
        """The size of the largest."""
        return max(self.sizes, default=0)

    @property
    def median_bytes(self) -> int:
        """The size that half of the messages do not pass."""
        seen, half = 0, (self.verified + 1) // 2
        for size in sorted(self.sizes):
            seen += self.sizes[size]
            if seen >= half:
                return size
        return 0

    def notes(self) -> Iterator[str]:
        """What the editor should know."""
        if self.has_no_page:
            yield _(
                "readers leave by mail only: large providers want a page for one click as well"
                " (email.unsubscribe = https://…)"
            )
        if self.unbuildable:
            yield ngettext(
                "for {count} recipient no message can be made, and a send counts them as refused: {reason}",
                "for {count} recipients no message can be made, and a send counts them as refused: {reason}",
                self.unbuildable,
            ).format(count=shown_count(self.unbuildable), reason=self.reason)


def verify_waiting(
    job: SendJob, put: Callable[[bytes, int], None], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Verified:
    """Build and verify each message that the send would send now, and hand it to `put` with its number.

    Raises `LedgerError` for a frozen message that is damaged.
    """
    result, book = Verified(), pace_book(job.workspace)
    # None could be made where the issue has faults: they are told already.
    frozen = {freeze_id: octets for freeze_id, octets in read_templates(job.connection, job.number).items() if octets}
    templates = load_templates(frozen)
    verifiers = {freeze_id: Verifier(template) for freeze_id, template in templates.items()}
    result.has_no_page = any(not template.unsubscribe_page for template in templates.values())
    builder = Builder(templates, Tokens(STAND_IN_SECRET))
    total = count_waiting(job.connection, job.number)
    for number, row in enumerate(Records(job.connection, job.number).read_waiting(), 1):
        if row.freeze_id not in templates:
            continue
        try:
            data = builder(row).data
        except Unbuildable as fault:
            result.unbuildable += 1
            result.reason = result.reason or str(fault)
            continue
        found = verifiers[row.freeze_id].check(data, builder.person(row))
        if found is not None:
            # A fault of nl itself: one is enough to be told of.
            if not result.problems:
                result.problems.append(SendProblem(code="message", message=found))
            continue
        result.count(len(data), book.name_of(row.domain))
        put(data, number)
        if number % PROGRESS_EVERY == 0:
            on_progress(number, total)
    return result
