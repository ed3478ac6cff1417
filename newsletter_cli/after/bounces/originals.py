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
    r"^[> \t|]*(?:[-=*_|]{2,}[^\n]{0,80}\b(?:original (?:message|mail)|unsent message|returned (?:mail|message)|copy of"
    r"|message (?:header|text|follows|body)|headers?\b|below this line|message d['’]origine|copie d)[^\n]*"
    r"|[^\n]{0,60}(?:original message (?:header|follow)|message headers?(?: follow)?|copy of the (?:message|original)"
    r"|en-t[êe]tes? d[ue] message|message d['’]origine|following header fields)[^\n]{0,60}:?[ \t]*)$"
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
    cut = len(text)
    for found in MARK.finditer(text):
        if not found[0].rstrip(" \t").endswith(":") or found[0].lstrip(" \t>|").startswith(("-", "=", "*", "_")):
            cut = min(cut, found.start())
        for block in re.split(r"\n\s*\n", text[found.start() :])[:MOST_BLOCKS]:
            header = QUOTING.sub("", block)
            if HEADED.search(header):
                return text[: min(cut, found.start())], Fields(header)
    return text[:cut], Fields("")
