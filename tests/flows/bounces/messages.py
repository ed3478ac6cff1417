"""Messages that come back, as servers and people write them; all of them made up."""

from __future__ import annotations

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces+{token}@example.org
Date: Mon, 12 Jan 2026 10:00:00 +0100
Message-ID: <{number}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain

From the queue: your message could not be delivered.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {reader}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--XX--
"""
WORDS = {
    "5.1.1": "550 5.1.1 User unknown",
    "5.2.2": "552 5.2.2 Mailbox full",
    "4.2.2": "452 4.2.2 Over quota",
    "5.7.26": "550 5.7.26 This mail is unauthenticated",
}


def report(
    reader: str, token: str, *, status: str = "5.1.1", number: int = 1, words: str = "", action: str = "failed"
) -> bytes:
    """A delivery report (RFC 3464)."""
    text = REPORT.format(
        reader=reader, token=token, status=status, number=number, words=words or WORDS[status], action=action
    )
    return text.replace("\n", "\r\n").encode()


def letter(sender: str, words: str, *, subject: str = "Re: Tidings", to: str = "desk@example.org") -> bytes:
    """Something that a person wrote."""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 12 Jan 2026 11:00:00 +0100\r\n"
        f"Message-ID: <{abs(hash((sender, words, subject)))}@home.example>\r\n\r\n{words}\r\n"
    ).encode()


def absence(sender: str, token: str, words: str) -> bytes:
    """An automatic answer."""
    return (
        f"From: {sender}\r\nTo: bounces+{token}@example.org\r\nSubject: Absence\r\nAuto-Submitted: auto-replied\r\n"
        f"Date: Mon, 12 Jan 2026 11:00:00 +0100\r\nMessage-ID: <a{len(words)}@home.example>\r\n\r\n{words}\r\n"
    ).encode()


def mbox(*messages: bytes) -> bytes:
    """All of them in one file, as mail programs keep them."""
    return b"".join(
        b"From MAILER-DAEMON Mon Jan 12 10:00:00 2026\n"
        + one.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ").rstrip(b"\n")
        + b"\n\n"
        for one in messages
    )
