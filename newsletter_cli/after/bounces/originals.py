"""The message of ours that a report sends back: its header, wherever a server puts it."""

from __future__ import annotations

import re

from newsletter_cli.after.bounces.parts import Fields, Mail

ENCLOSED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/global-headers",
)
# Where a server quotes the message within its own text: a line of its own, or a field that begins a header.
MARK = re.compile(
    r"^[> \t]*(?:[-=*_]{2,}[^\n]{0,80}\b(?:original|unsent|returned|copy|message|header|d'origine|copie)[^\n]*"
    r"|[^\n]{0,60}(?:original message (?:header|follow)|message headers?(?: follow)?|copy of the (?:message|original)"
    r"|en-t[êe]tes? d[ue] message|message d['’]origine)[^\n]{0,60}:?[ \t]*)$"
    r"|^[> \t]*(?:Return-Path|Received|DKIM-Signature|X-Original-To|Delivered-To|Message-ID):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
QUOTING = re.compile(r"^[> \t]+(?=[!-9;-~]+:)", re.MULTILINE)
HEADED = re.compile(
    r"^(?:Received|Return-Path|Message-ID|List-Unsubscribe|Subject|From):", re.IGNORECASE | re.MULTILINE
)
MOST_BLOCKS = 4


def enclosed_header(mail: Mail) -> Fields | None:
    """The header of the message that a report encloses as a part; `None` where it encloses none."""
    leaf = mail.first(*ENCLOSED)
    return Mail(leaf.octets).fields if leaf else None


def cut_notice(text: str) -> tuple[str, Fields]:
    """What a server says for itself, and the header that it quotes below, empty where it quotes none."""
    for found in MARK.finditer(text):
        for block in re.split(r"\n\s*\n", text[found.start() :])[:MOST_BLOCKS]:
            header = QUOTING.sub("", block)
            if HEADED.search(header):
                return text[: found.start()], Fields(header)
    return text, Fields("")
