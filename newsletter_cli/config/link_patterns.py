"""`exclude` and `remap` of `[check.links]`: what an entry means, or why it means nothing."""

from __future__ import annotations

import re

from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import library_reason

# How a host is written in `exclude`: anything else there is a regular expression.
HOST = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)


class LinkPatternFault(ValueError):
    """An entry that cannot be followed: what is wrong with it, and how one is written."""

    def __init__(self, message: str, hint: str):
        super().__init__(message)
        self.message = message
        self.hint = hint


def parse_exclusion(text: str) -> str | re.Pattern[str]:
    """A host, in small letters, or a regular expression. Raises `LinkPatternFault`."""
    return text.lower() if HOST.fullmatch(text) else _pattern(text)


def parse_remap(text: str) -> tuple[re.Pattern[str], str]:
    """What is looked for, and what is asked for in its place. Raises `LinkPatternFault`."""
    hint = 'remap = ["https://www.example.org http://127.0.0.1:1313"]'
    parts = text.split()
    if len(parts) != 2:
        raise LinkPatternFault(
            _("check.links.remap: “{entry}” is not two addresses with a blank between them").format(entry=text), hint
        )
    pattern, replacement = _pattern(parts[0]), re.sub(r"\$(\d)", r"\\\1", parts[1])
    try:
        re.compile(f"(?:{parts[0]})|").sub(replacement, "")
    except (re.error, IndexError) as error:
        message = _("check.links.remap: “{entry}” cannot be followed: {reason}").format(
            entry=text, reason=library_reason(error)
        )
        raise LinkPatternFault(message, hint) from error
    return pattern, replacement


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise LinkPatternFault(
            _("check.links: “{pattern}” is no regular expression: {reason}").format(
                pattern=text, reason=library_reason(error)
            ),
            _("a host alone (www.example.org) leaves out all of it; signs are meant as they are with \\ before them"),
        ) from None
