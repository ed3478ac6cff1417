"""Our tokens in a message that came back: where they link it to a delivery, and where they only stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsletter_cli.after.bounces.parts import Fields
from newsletter_cli.base.tokens import TOKEN_LENGTH

LETTERS = f"[A-Za-z2-7]{{{TOKEN_LENGTH}}}"
# bounces+TOKEN@example.org, in an envelope.
ENVELOPE = re.compile(rf"\+({LETTERS})@")
# …?u=TOKEN, …subject=unsubscribe%20TOKEN, in List-Unsubscribe.
STANDING = re.compile(rf"(?<![A-Za-z0-9])({LETTERS})(?![A-Za-z0-9])|(?<=%20)({LETTERS})(?![A-Za-z0-9])")
# At the end of a subject, as `personal_unsubscribe_url` writes it; some programs leave the blank encoded.
SUBJECT = re.compile(rf"(?:^|[ _+]|%20)({LETTERS})\s*$")

# To whom a message was addressed, as each server on its way may note it.
ADDRESSED = (
    "to",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "original-recipient",
    "received",
)
# What a message of ours, returned, is known by.
RETURNED_ENVELOPE = ("return-path", "x-envelope-from", "envelope-from", "x-sender", "errors-to", "sender")
RETURNED_LEAVING = ("list-unsubscribe",)


def tokens_addressed(fields: Fields) -> list[str]:
    """The tokens of the envelopes that a message answers to."""
    return _found(ENVELOPE, fields.all(*ADDRESSED))


def tokens_returned(fields: Fields) -> list[str]:
    """The tokens in the header of a message of ours that somebody's server sent back."""
    return _found(ENVELOPE, fields.all(*RETURNED_ENVELOPE)) + _found(STANDING, fields.all(*RETURNED_LEAVING))


def tokens_in_envelope(value: str) -> list[str]:
    """The tokens of an envelope sender that a report names."""
    return _found(ENVELOPE, [value])


def token_of_subject(subject: str) -> str:
    """The token that a subject ends with; empty where none does."""
    found = SUBJECT.search(subject)
    return found[1].lower() if found else ""


def _found(pattern: re.Pattern[str], values: Iterable[str]) -> list[str]:
    tokens = []
    for value in values:
        for found in pattern.finditer(value):
            token = next(group for group in found.groups() if group).lower()
            if token not in tokens:
                tokens.append(token)
    return tokens
