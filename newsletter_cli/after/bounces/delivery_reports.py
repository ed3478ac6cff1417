"""Reports of delivery judged, those with a status for each recipient and those in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter_cli.after.bounces import notices, originals
from newsletter_cli.after.bounces.addresses import addresses_in
from newsletter_cli.after.bounces.answers import is_automatic
from newsletter_cli.after.bounces.failure import Failure, judge_failure
from newsletter_cli.after.bounces.linking import Link, link_of
from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.after.bounces.reports import NOT_FAILED, Recipient
from newsletter_cli.after.bounces.statuses import KINDS, Meaning, meaning_of
from newsletter_cli.after.bounces.strange import named_by_flufl
from newsletter_cli.after.bounces.tokens import tokens_in_envelope, tokens_returned
from newsletter_cli.after.bounces.verdict import Doubt, Find, Verdict
from newsletter_cli.base.values import replace
from newsletter_cli.model.feedback import FeedbackKind

# A server's reply, as others quote it: from its first code to the next empty line.
REPLY = re.compile(
    r"(?:^|[\s<(:#;])([45]\d\d[ -](?:(?!\n\s*\n).){0,600}|#?[45]\.\d{1,3}\.\d{1,3}[ >](?:(?!\n\s*\n).){0,600})",
    re.DOTALL,
)


def judge_report(mail: Mail, recipients: Sequence[Recipient], link: Link, find: Find) -> Verdict:
    """What a report (RFC 3464) says of the one we wrote to."""
    returned = originals.enclosed_header(mail)
    link, own = _linked(link, returned or originals.cut_notice(mail.text)[1], find)
    if own or any(tokens_in_envelope(one.final) for one in recipients):
        return link.verdict(FeedbackKind.UNKNOWN, doubt=Doubt.OWN_BOUNCE)
    about = [one for one in recipients if one.is_of(link.address)]
    doubt = link.doubt or (None if about else Doubt.OTHER_RECIPIENT)
    told = [one for one in about or recipients if one.action not in NOT_FAILED]
    if not told:
        return link.verdict(FeedbackKind.UNKNOWN, doubt=Doubt.NOTHING)
    one = next((one for one in told if one.action != "delayed"), told[0])
    candidate = "" if about else one.final or one.original
    words = one.diagnostic or _said_in_words(mail, one, link.address)
    failure = judge_failure(one.status, words)
    if one.action == "delayed":
        late = link.verdict(FeedbackKind.SOFT, doubt=Doubt.DELAYED, candidate=candidate)
        return replace(late, status=failure.status, words=words)
    return _failed(link, failure, doubt, candidate=candidate, words=words)


def judge_notice(mail: Mail, link: Link, find: Find) -> Verdict:
    """What a report in words says of the one we wrote to."""
    text, quoted = originals.cut_notice(mail.text)
    returned = originals.enclosed_header(mail) or quoted
    link, own = _linked(link, returned, find)
    if own:
        return link.verdict(FeedbackKind.UNKNOWN, doubt=Doubt.OWN_BOUNCE)
    notice = _notice(mail, text)
    about = notices.part_about(notice, link.address) if link.address else None
    doubt, candidate = link.doubt, ""
    if about is None:
        named = [*notice.failed, *addresses_in(text)]
        candidate = next(iter(notice.failed), "") or named_by_flufl(mail.octets)
        doubt = doubt or (Doubt.OTHER_RECIPIENT if named else Doubt.NOT_NAMED)
    said = about or text
    if notice.is_late:
        return replace(link.verdict(FeedbackKind.SOFT, doubt=Doubt.DELAYED, candidate=candidate), words=said)
    words = _reply_in(said) or said
    failure = judge_failure("", words)
    if about and failure.meaning is Meaning.OPEN and not notices.others_named(notice, link.address):
        # Some give the reason first, and then whom it is about.
        above = _reply_in(text) or text
        told = judge_failure("", above)
        words, failure = (above, told) if told.meaning is not Meaning.OPEN else (words, failure)
    return _failed(link, failure, doubt, candidate=candidate, words=words)


def _notice(mail: Mail, text: str) -> notices.Notice:
    failed = notices.failed_recipients(mail.fields)
    return notices.Notice(text=text, subject=mail.fields.get("subject"), failed=failed)


def _said_in_words(mail: Mail, recipient: Recipient, address: str) -> str:
    """What the text says of one recipient; where its status says enough, only what it quotes of the server's reply."""
    text, _quoted = originals.cut_notice(mail.text)
    about = (notices.part_about(_notice(mail, text), address) or "") if address else ""
    if meaning_of(recipient.status) in (None, Meaning.OPEN):
        about = about or text
        return _reply_in(about) or about
    return _reply_in(about)


def _linked(link: Link, returned: Fields, find: Find) -> tuple[Link, bool]:
    """Whom a report is about, by its own envelope and by what it returns; and whether that is no issue of ours."""
    tokens = tokens_returned(returned)
    back = link_of(tokens, find)
    if back.addressee is None:
        is_own = returned.get("content-type").lower().startswith("multipart/report") or (
            bool(returned) and (notices.is_from_machine(returned) or is_automatic(returned))
        )
        return (link if back.doubt is not Doubt.SEVERAL_TOKENS else back), is_own
    return link_of([link.token, *tokens] if link.token else tokens, find), False


def _failed(link: Link, failure: Failure, doubt: Doubt | None, *, candidate: str, words: str) -> Verdict:
    kind = KINDS[failure.meaning]
    verdict = link.verdict(kind, doubt=doubt or failure.doubt, candidate=candidate)
    return replace(verdict, status=failure.status, words=words)


def _reply_in(text: str) -> str:
    """The server's reply within a text; empty where none is."""
    found = REPLY.search(text)
    return found[1].strip() if found else ""
