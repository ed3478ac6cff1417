"""One message judged: whom it is about, and whether something may be done about them."""

from __future__ import annotations

from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Addressee, Doubt, Verdict
from newsletter_cli.model.feedback import FeedbackKind

TOKEN = "abcdefghijklmnopqrstuvwx"
NOW = "2026-12-01T08:00:00+00:00"
REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces+{token}@example.com
Date: Mon, 30 Nov 2026 10:00:00 +0100
Message-ID: <1@mx.example.net>
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain

A message of yours came to nobody.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--XX--
"""


def find(token: str) -> Addressee | None:
    return Addressee(address="paul@example.org", issue=3) if token == TOKEN else None


def judged(text: str) -> Verdict:
    return judge(text.encode(), find=find, now=NOW, place="here")


def report(
    *,
    token: str = TOKEN,
    recipient: str = "paul@example.org",
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 Unknown",
) -> Verdict:
    return judged(REPORT.format(token=token, recipient=recipient, status=status, diagnostic=diagnostic))


def test_a_report_about_our_reader_is_certain() -> None:
    verdict = report()
    assert (verdict.kind, verdict.address, verdict.issue, verdict.status) == (
        FeedbackKind.HARD, "paul@example.org", 3, "5.1.1",
    )  # fmt: skip
    assert verdict.is_certain
    assert verdict.is_failure
    assert (verdict.at, verdict.place, verdict.token) == ("2026-11-30T09:00:00+00:00", "here", TOKEN)


def test_without_a_token_of_ours_nobody_is_meant() -> None:
    verdict = report(token="z" * 24)
    assert (verdict.kind, verdict.address, verdict.doubt) == (FeedbackKind.HARD, "", Doubt.NO_TOKEN)
    assert verdict.candidate == "paul@example.org"
    assert not verdict.is_certain


def test_a_report_about_somebody_else_is_about_nobody() -> None:
    verdict = report(recipient="nora@example.org")
    assert verdict.doubt is Doubt.OTHER_RECIPIENT
    assert not verdict.is_certain
