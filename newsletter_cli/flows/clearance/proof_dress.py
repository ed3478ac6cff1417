"""A message dressed as a proof: the mark before its subject, the banner above the letter, and which proof it is.

A proof's number is that of its content: the same content is the same proof, whoever gets it when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.flows.clearance.proof_records import Proof, ProofFacts, read_facts
from newsletter_cli.flows.message import picture_files, sender_of
from newsletter_cli.flows.read import Sources
from newsletter_cli.model import Issue
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.render.differences import SectionDifference, SectionText, compare_sections, texts_of
from newsletter_cli.render.words import ProofWords
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.message.parts import MessageParts
    from newsletter_cli.render.compose import ComposedIssue
    from newsletter_cli.render.proof_banner import ProofBanner

# What stands beside the sections in a comparison: no slug of a section begins so.
SUBJECT, PREHEADER = "#subject", "#preheader"
SATURDAY = 5


class Dressed(Struct, kw_only=True):
    """What came of dressing: which proof it is (`number`), and whether that one was sent before (`is_known`); `changes`
    since proof `since`, `None` where there is none to compare with or nobody wants to hear of it. `linked_pictures` of
    the issue's own are seen once it is online.
    """

    number: int = 0
    is_known: bool = False
    content_hash: str = ""
    since: int | None = None
    is_same: bool = False
    changes: tuple[SectionDifference, ...] = ()
    texts: tuple[SectionText, ...] = ()
    linked_pictures: int = 0


class ProofDress(Struct, frozen=True, kw_only=True):
    """Dresses a message. `earlier` are the proofs that were sent, `until` is when an answer is wanted, if ever.

    `is_embedded`: messages go into a folder. What only went into one was read by no reviewer: a proof that is mailed
    never is that one, and does not tell what has changed since. `is_again`: it is a proof of its own even where the
    content is that of the last. What comes of it is noted in `made`.
    """

    workspace: Workspace
    earlier: Sequence[Proof]
    until: date | datetime | None
    by: str
    is_embedded: bool
    is_again: bool
    has_changes: bool
    made: Dressed

    def __call__(
        self, sources: Sources, composed: ComposedIssue, parts: MessageParts, content_hash: str
    ) -> MessageParts:
        """The parts of the proof's message."""
        from newsletter_cli.render.proof_banner import page_with_banner, text_with_banner
        from newsletter_cli.workspace.wording import read_table

        frame = sources.frame
        words = read_table(frame.words, frame.language, lambda words: words.proof)
        self._settle(sources.issue, composed, words, content_hash)
        own = picture_files(sources, parts.html, local_files=frozenset())
        self.made.linked_pictures = len(own.keys() - parts.pictures.keys())
        banner = self._banner(sources)
        mark = self.workspace.config.proof.mark or words.mark
        return replace(
            parts,
            subject=marked_subject(parts.subject, mark),
            html=page_with_banner(parts.html, banner, words, direction=frame.direction, language=frame.language),
            text=text_with_banner(parts.text, banner, words),
        )

    def _settle(self, issue: Issue, composed: ComposedIssue, words: ProofWords, content_hash: str) -> None:
        made = self.made
        made.content_hash = content_hash
        made.texts = (*_head_texts(issue, words), *texts_of(composed))
        last = self.earlier[-1] if self.earlier else None
        made.is_known = (
            last is not None
            and last.content_hash == content_hash
            and not self.is_again
            and (self.is_embedded or not last.rehearsed)
        )
        made.number = last.number if made.is_known and last is not None else self.next_number
        base = next((one for one in reversed(self.earlier) if one.number < made.number and self._was_read(one)), None)
        if base is None or not self.has_changes:
            return
        before = read_facts(self.workspace, base.issue, base.number)
        made.is_same = base.content_hash == content_hash
        if before is not None or made.is_same:
            made.since = base.number
            made.changes = () if before is None else tuple(compare_sections(before.texts, made.texts))

    def _was_read(self, proof: Proof) -> bool:
        """Whether reviewers know that proof; where all goes into a folder, what went there before."""
        arrived = proof.sent + proof.counts[DeliveryState.IN_DOUBT]
        return arrived > (0 if self.is_embedded else proof.rehearsed)

    @property
    def next_number(self) -> int:
        """The number of a new proof."""
        return self.earlier[-1].number + 1 if self.earlier else 1

    def facts(self) -> ProofFacts:
        """What is kept of it."""
        until = "" if self.until is None else self.until.isoformat()
        return ProofFacts(by=self.by, until=until, texts=self.made.texts)

    def _banner(self, sources: Sources) -> ProofBanner:
        from newsletter_cli.render.proof_banner import ProofBanner

        made, config = self.made, self.workspace.config
        sender = sender_of(config)
        return ProofBanner(
            number=made.number,
            address=config.reply_address or (sender.address if sender else ""),
            until=self._until(sources),
            by=self.by,
            since=made.since,
            changes=made.changes,
            is_same=made.is_same,
        )

    def _until(self, sources: Sources) -> str:
        from newsletter_cli.render.dates import format_day, format_moment

        words, language = sources.frame.words, sources.frame.language
        if self.until is None:
            return ""
        if isinstance(self.until, datetime):
            return format_moment(self.until, words, language)
        return format_day(self.until, words, language)


def marked_subject(subject: str | PersonalText, mark: str) -> str | PersonalText:
    """The subject behind the mark, whether it is the same for everybody or not."""
    if isinstance(subject, PersonalText):
        return replace(subject, texts=(f"{mark} {subject.texts[0]}", *subject.texts[1:]))
    return f"{mark} {subject}"


def working_days_later(today: date, days: int) -> date | None:
    """The day so many working days (Monday to Friday) after today; `None` for none."""
    day = today
    for _day in range(days):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day if days else None


def _head_texts(issue: Issue, words: ProofWords) -> tuple[SectionText, ...]:
    """What an inbox shows of the message, compared like sections."""
    subject, preheader = issue.subject or issue.title, issue.preheader or ""
    return (
        SectionText(slug=SUBJECT, title=words.subject, lines=(subject,)),
        SectionText(slug=PREHEADER, title=words.preheader, lines=(preheader,) if preheader else ()),
    )
