"""From one message to a verdict."""

from __future__ import annotations

from newsletter_cli.after.bounces import answers, complaints, notices
from newsletter_cli.after.bounces.addresses import is_same, parse_recipient, parse_sender
from newsletter_cli.after.bounces.delivery_reports import judge_notice, judge_report
from newsletter_cli.after.bounces.linking import link_of
from newsletter_cli.after.bounces.naming import moment_of, public_words, reference_of
from newsletter_cli.after.bounces.originals import ENCLOSED, enclosed_header
from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.after.bounces.reports import REPORTS, read_report
from newsletter_cli.after.bounces.tokens import (
    token_of_subject,
    tokens_addressed,
    tokens_in_envelope,
    tokens_returned,
)
from newsletter_cli.after.bounces.verdict import Doubt, Find, Verdict
from newsletter_cli.base.values import replace
from newsletter_cli.model.feedback import FeedbackKind

RECEIPT = "message/disposition-notification"
# What is worth a look when somebody sends it on.
SENT_ON = (
    FeedbackKind.HARD,
    FeedbackKind.FULL,
    FeedbackKind.SOFT,
    FeedbackKind.SENDER_FAULT,
    FeedbackKind.COMPLAINT,
)
MOST_ENCLOSED = 3


def judge(octets: bytes, *, find: Find, now: str, place: str = "") -> Verdict:
    """What a whole message says; of any octets, without ever failing.

    `now` (ISO 8601, UTC) is the moment of a message without a date, or with one to come.
    """
    mail = Mail(octets)
    verdict = _Judge(mail, find, 0).verdict()
    return replace(
        verdict,
        at=moment_of(mail.fields, now),
        reference=reference_of(mail, verdict.token),
        words=public_words(verdict.words, verdict.address, verdict.candidate),
        place=place,
    )


class _Judge:
    """One message being judged; `depth`: within how many others it was enclosed."""

    def __init__(self, mail: Mail, find: Find, depth: int):
        self._mail, self._fields, self._find, self._depth = mail, mail.fields, find, depth
        self._link = link_of(tokens_addressed(self._fields), find)

    def verdict(self) -> Verdict:
        mail, fields = self._mail, self._fields
        complaint = complaints.read_complaint(mail)
        if complaint is not None:
            return self._of_complaint(complaint)
        if mail.first(RECEIPT) is not None or "disposition-notification" in fields.get("content-type").lower():
            return self._told(FeedbackKind.OUT_OF_OFFICE)
        is_machine = notices.is_from_machine(fields)
        recipients = read_report(mail) if is_machine or mail.media_type == "multipart/report" else None
        if recipients:
            return judge_report(mail, recipients, self._link, self._find)
        if recipients is None and is_machine and answers.asks_for_proof(mail):
            return self._asked_for_proof()
        if recipients is not None or notices.is_notice(mail):
            verdict = judge_notice(mail, self._link, self._find)
            # Nobody but a program answers to an envelope; who only quotes a token may be anybody.
            is_told = is_machine or recipients is not None or bool(self._link.address)
            return verdict if is_told or verdict.doubt else replace(verdict, doubt=Doubt.WORDS)
        return self._of_subject() or self._of_program() or self._of_person(is_machine=is_machine)

    def _of_program(self) -> Verdict | None:
        """An automatic answer, or a report of a shape that nobody knows."""
        if answers.is_automatic(self._fields):
            if answers.asks_for_proof(self._mail):
                return self._asked_for_proof()
            doubt = Doubt.HAS_LEFT if answers.tells_of_going(self._mail) else None
            return self._told(FeedbackKind.OUT_OF_OFFICE, doubt=doubt, words=self._fields.get("subject"))
        forwarded = self._of_enclosed()
        if forwarded is None and self._link.address and notices.says_so(self._mail):
            # Who answers to an envelope is no person.
            verdict = judge_notice(self._mail, self._link, self._find)
            return replace(verdict, doubt=verdict.doubt or Doubt.WORDS)
        return forwarded

    def _asked_for_proof(self) -> Verdict:
        subject = self._fields.get("subject")
        writer = parse_sender(self._fields)
        return self._told(FeedbackKind.OUT_OF_OFFICE, doubt=Doubt.ASKS_FOR_PROOF, candidate=writer, words=subject)

    def _of_person(self, *, is_machine: bool) -> Verdict:
        writer = parse_sender(self._fields)
        if is_machine or not writer or answers.is_of_list(self._fields):
            return self._told(FeedbackKind.UNKNOWN)
        words = answers.own_words(self._mail.text) or self._fields.get("subject")
        if answers.wants_to_leave(self._mail):
            return self._told(FeedbackKind.UNSUBSCRIBE, doubt=Doubt.WORDS, candidate=writer, words=words)
        if answers.is_sent_on(self._mail) and notices.has_subject_of_notice(self._fields):
            return self._told(FeedbackKind.UNKNOWN, doubt=Doubt.FORWARDED, candidate=writer, words=words)
        return Verdict(kind=FeedbackKind.REPLY, candidate=writer, words=words)

    def _of_subject(self) -> Verdict | None:
        """Somebody follows the `mailto:` that each message has: the token ends the subject."""
        subject = self._fields.get("subject")
        token = token_of_subject(subject)
        addressee = self._find(token) if token else None
        if addressee is None or answers.is_answered_automatically(self._fields):
            return None
        return Verdict(
            kind=FeedbackKind.UNSUBSCRIBE,
            address=addressee.address,
            issue=addressee.issue,
            token=token,
            doubt=Doubt.FORWARDED if answers.has_prefix(subject) else None,
        )

    def _of_enclosed(self) -> Verdict | None:
        """What somebody sends on: a bounce as an attachment, or its parts."""
        if self._depth == MOST_ENCLOSED:
            return None
        for leaf in self._mail.leaves:
            if leaf.media_type in ENCLOSED:
                verdict = _Judge(Mail(leaf.octets), self._find, self._depth + 1).verdict()
            elif leaf.media_type == complaints.REPORT:
                verdict = self._of_complaint(Fields(leaf.text.strip("\n")))
            elif leaf.media_type in REPORTS:
                recipients = read_report(self._mail) or []
                verdict = judge_report(self._mail, recipients, self._link, self._find)
            else:
                continue
            if verdict.kind in SENT_ON:
                return replace(verdict, doubt=Doubt.FORWARDED)
        return None

    def _of_complaint(self, report: Fields) -> Verdict:
        kind = complaints.kind_of_complaint(report)
        if kind is None:
            return self._told(FeedbackKind.UNKNOWN, doubt=Doubt.NOTHING)
        returned = enclosed_header(self._mail)
        tokens = tokens_in_envelope(report.get("original-mail-from")) + (tokens_returned(returned) if returned else [])
        link = link_of(tokens, self._find)
        named = [parse_recipient(value) for value in report.all("original-rcpt-to", "removal-recipient")]
        other = next((one for one in named if one and not is_same(one, link.address)), "")
        doubt = link.doubt or (Doubt.OTHER_RECIPIENT if other and not complaints.is_redacted(other) else None)
        return link.verdict(kind, doubt=doubt, candidate=other)

    def _told(self, kind: FeedbackKind, *, doubt: Doubt | None = None, candidate: str = "", words: str = "") -> Verdict:
        return replace(self._link.verdict(kind, doubt=doubt, candidate=candidate), words=words)
