"""Reports as mail servers lay them out, around one recipient and one answer. The words are the tests' own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable

TOKEN = "adaadaadaadaadaadaadaada"
ADA = "ada@example.net"
CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
HEAD = """\
Return-Path: <>
Delivered-To: bounces+{token}@example.org
Date: Mon, 30 Nov 2026 10:00:00 +0100
Message-ID: <{name}.1@mx.example.com>
MIME-Version: 1.0
"""
# What was sent, as servers return it.
SENT = """\
Return-Path: <bounces+{token}@example.org>
Received: from mail.example.org (mail.example.org [192.0.2.7]) by mx.example.com; Mon, 30 Nov 2026 09:59:58 +0100
From: The letter <letter@example.org>
To: ada@example.net
Subject: The letter, issue 3
Message-ID: <mfzwiylebq@example.org>
List-Unsubscribe: <mailto:leave@example.org?subject=unsubscribe%20{token}>

You may leave this list at any time: unsubscribe, se désabonner.
"""


def _head(name: str, token: str, rest: str) -> str:
    return HEAD.format(name=name, token=token) + rest


def _report(name: str, token: str, head: str, text: str, status: str) -> str:
    return _head(name, token, head) + textwrap.dedent("""\
        Content-Type: multipart/report; report-type=delivery-status; boundary="=_edge"

        --=_edge
        Content-Type: text/plain; charset=utf-8

        {text}
        --=_edge
        Content-Type: message/delivery-status

        {status}
        --=_edge
        Content-Type: message/rfc822

        {sent}
        --=_edge--
        """).format(text=text, status=status, sent=SENT.format(token=token))


def _code(reply: str) -> str:
    """As most servers fill in Status: the answer's own, else by the first digit."""
    found = CODE.search(reply)
    return found[0] if found else f"{reply[0]}.0.0"


def _folded(reply: str) -> str:
    return "\n    ".join(textwrap.wrap(reply, 76, break_long_words=False, break_on_hyphens=False))


def postfix(reply: str, *, token: str = TOKEN, to: str = ADA) -> str:
    return _report(
        "postfix", token,
        "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n",
        f"Here is the mail system of mx.example.com.\n\n<{to}>: host mx.example.net[192.0.2.25] said: {_folded(reply)}"
        " (in reply to RCPT TO command)\n",
        f"Reporting-MTA: dns; mx.example.com\nX-Postfix-Queue-ID: 4AB12\nX-Postfix-Sender: rfc822; l@example.org\n\n"
        f"Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: failed\nStatus: {_code(reply)}\n"
        f"Remote-MTA: dns; mx.example.net\nDiagnostic-Code: smtp; {_folded(reply)}\n",
    )  # fmt: skip


def exchange(reply: str, *, token: str = TOKEN, to: str = ADA) -> str:
    return _report(
        "exchange", token,
        "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>\n"
        "Subject: =?utf-8?q?Non_remis_=3A_La_lettre=2C_num=C3=A9ro_3?=\nX-MS-Exchange-Message-Is-Ndr:\n",
        f"Le message n’est pas arrivé chez {to}.\n\nInformations pour les administrateurs :\n",
        f"Reporting-MTA: dns;PR3P191MB01.example.net\nReceived-From-MTA: dns;mail.example.org\n\n"
        f"Original-Recipient: rfc822;{to}\nFinal-Recipient: rfc822;{to}\nAction: failed\nStatus: {_code(reply)}\n"
        f"Diagnostic-Code: smtp;{_folded(reply)}\nX-Display-Name: ada\n",
    )  # fmt: skip


def exim(reply: str, *, token: str = TOKEN, to: str = ADA) -> str:
    return _head(
        "exim", token,
        f"X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example.com>\n"
        "Subject: Mail delivery failed: returning message to sender\nContent-Type: text/plain; charset=utf-8\n\n"
        "A message from you was not brought to all of its recipients, and will not be.\n\n"
        f"  {to}\n    host mx.example.net [192.0.2.25]\n    SMTP error from remote mail server after RCPT TO:<{to}>:\n"
        f"    {_folded(reply)}\n\n------ This is a copy of your message, with all its headers. ------\n\n",
    ) + SENT.format(token=token)  # fmt: skip


def qmail(reply: str, *, token: str = TOKEN, to: str = ADA) -> str:
    return _head(
        "qmail", token,
        "From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n\n"
        "Hi, here is the qmail of mx.example.com.\nSorry, this message goes no further; I have given up.\n\n"
        f"<{to}>:\n192.0.2.25 does not like recipient.\nRemote host said: {_folded(reply)}\n"
        "Giving up on 192.0.2.25.\n\n"
        "--- Below this line is a copy of the message.\n\n",
    ) + SENT.format(token=token)  # fmt: skip


def sendmail(reply: str, *, token: str = TOKEN, to: str = ADA) -> str:
    return _report(
        "sendmail", token,
        "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.com>\n"
        "Subject: Returned mail: see transcript for details\n"
        "Auto-Submitted: auto-generated (failure)\n",
        f"   ----- These addresses had errors that will stay -----\n<{to}>\n    (reason: {_folded(reply)})\n\n"
        f"   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n>>> RCPT To:<{to}>\n"
        f"<<< {_folded(reply)}\n",
        f"Reporting-MTA: dns; mx.example.com\nArrival-Date: Mon, 30 Nov 2026 09:59:58 +0100\n\n"
        f"Final-Recipient: RFC822; {to}\nAction: failed\nStatus: {_code(reply)}\nRemote-MTA: DNS; mx.example.net\n"
        f"Diagnostic-Code: SMTP; {_folded(reply)}\nLast-Attempt-Date: Mon, 30 Nov 2026 10:00:00 +0100\n",
    )  # fmt: skip


FRAMES: dict[str, Callable[..., str]] = {one.__name__: one for one in (postfix, exchange, exim, qmail, sendmail)}
