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
    r"|^(?P<field>[> \t]*(?:Return-Path|Received|DKIM-Signature|X-Original-To|Delivered-To|Message-ID):[ \t])",
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
        for block in re.split(r"\n\s*\n", text[start : start + LONGEST_HEADER], maxsplit=MOST_BLOCKS)[:MOST_BLOCKS]:
            header = QUOTING.sub("", block)
            if HEADED.search(header):
                return text[: min(cut, start)], Fields(header)
    return text[:cut], Fields("")
