"""The message of ours that a report sends back: its header, wherever a server puts it."""

from __future__ import annotations

import re
from itertools import islice

from newsletter_cli.after.bounces.parts import Fields, Mail

ENCLOSED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/global-headers",
)
# What stands in a line that parts a server's own text from the message it quotes, or in a field that begins a header.
SIGN = re.compile(
    r"original|unsent message|returned m|copy of|message (?:header|text|follow|body)|headers?\b|below this line"
    r"|d['’]origine|copie d|en-t[êe]tes? d"
    r"|^(?P<field>[> \t]*(?:Return-Path|Received|DKIM-Signature|X-Original-To|Delivered-To|Message-ID):)",
    re.IGNORECASE | re.MULTILINE,
)
RULE = re.compile(r"[> \t|]*[-=*_|]{2,}")
ANNOUNCED = re.compile(
    r".*(?:original message (?:header|follow)|message headers?(?: follow)?|copy of the (?:message|original)"
    r"|en-t[êe]tes? d[ue] message|message d['’]origine|following header fields).*",
    re.IGNORECASE,
)
LONGEST_MARK = 140
QUOTING = re.compile(r"^[> \t]+(?=[!-9;-~]+:)", re.MULTILINE)
HEADED = re.compile(
    r"^(?:Received|Return-Path|Message-ID|List-Unsubscribe|Subject|From):", re.IGNORECASE | re.MULTILINE
)
PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
MOST_BLOCKS = 4
MOST_SIGNS = 200
LONGEST_HEADER = 50_000


def enclosed_header(mail: Mail) -> Fields | None:
    """The header of the message that a report encloses as a part; `None` where it encloses none."""
    leaf = mail.first(*ENCLOSED)
    return Mail(leaf.octets).fields if leaf else None


def cut_notice(text: str) -> tuple[str, Fields]:
    """What a server says for itself, and the header that it quotes below, empty where it quotes none."""
    cut = len(text)
    end = 0
    for found in islice(SIGN.finditer(text), MOST_SIGNS):
        if found.start() < end:
            continue
        start = text.rfind("\n", 0, found.end() - 1) + 1
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        line = text[start:end]
        is_ruled = bool(RULE.match(line))
        if not (found["field"] or (len(line) <= LONGEST_MARK and (is_ruled or ANNOUNCED.match(line)))):
            continue
        if is_ruled or not line.rstrip().endswith(":"):
            cut = min(cut, start)
        header, length = _header_in(text[start : start + LONGEST_HEADER])
        if header and cut > start and not found["field"]:
            # A summary of the message above what is said of it, or its header below: only that is left out.
            said, _more = cut_notice(text[start + length :])
            return text[:start] + said, header
        if header:
            return text[: min(cut, start)], header
    return text[:cut], Fields("")


def _header_in(text: str) -> tuple[Fields, int]:
    """The first header among the next paragraphs, and how far it reaches; empty where none is."""
    start = 0
    for found in islice(PARAGRAPH.finditer(text), MOST_BLOCKS):
        header = QUOTING.sub("", found[0])
        if HEADED.search(header):
            return Fields(header), found.end()
        start = found.end()
    return Fields(""), start
