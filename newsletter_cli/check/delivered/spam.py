"""What filters say of the message: each in its own header, what it means in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import Field, Parsed

SPAM_SCL, BULK_BCL, VADE_SPAM = 5, 7, 300
SUSPECTED = frozenset({"SPM", "HSPM", "PHSH", "HPHSH", "HPHISH", "SPOOF", "MALW", "UIMP", "DIMP", "GIMP", "BIMP"})


class Opinion(Struct, frozen=True, kw_only=True):
    """What one header comes to: `is_spam`, and what it says, as short as it can be."""

    is_spam: bool
    words: str


def compare_filters(was: Parsed, now: Parsed) -> Iterator[Difference]:
    """Whoever takes it for spam is a difference; what others say is worth a note."""
    for field in now.fields:
        opinion = _opinion(field)
        if opinion is not None and field.value not in was.values(field.name):
            message = (
                _("a filter takes it for spam") if opinion.is_spam else _("a filter has looked at it, and lets it pass")
            )
            yield Difference(
                kind="spam" if opinion.is_spam else "filter-passed",
                message=message,
                place=field.name,
                now=opinion.words,
                is_note=not opinion.is_spam,
            )


def _opinion(field: Field) -> Opinion | None:
    """What a header says; `None` for one that is no filter's, or says nothing."""
    for names, read in _READERS:
        if field.key in names:
            return read(field.value.strip())
    return None


def _flag(value: str) -> Opinion:
    return Opinion(is_spam=value.lower().startswith(("yes", "true", "spam")), words=_first(value))


def _bulk(value: str) -> Opinion | None:
    bcl = _number(r"\bBCL:\s*(-?\d+)", value)
    return None if bcl is None else Opinion(is_spam=bcl >= BULK_BCL, words=f"BCL {bcl:g}")


def _scl(value: str) -> Opinion | None:
    scl = _number(r"(-?\d+)", value)
    return None if scl is None else Opinion(is_spam=scl >= SPAM_SCL, words=f"SCL {scl:g}")


def _action(value: str) -> Opinion:
    return Opinion(is_spam=value.lower() not in ("no action", "greylist", "none", ""), words=value)


def _state(value: str) -> Opinion:
    return Opinion(is_spam=value.upper() not in ("OK", "HAM", "LEGIT", "COMMERCE", ""), words=value)


def _vade_score(value: str) -> Opinion | None:
    score = _number(r"(-?\d+)", value)
    return None if score is None else Opinion(is_spam=score >= VADE_SPAM, words=f"{score:g}")


def _proofpoint(value: str) -> Opinion:
    return Opinion(is_spam="rule=spam" in value.lower(), words=_first(value))


def _gmx(value: str) -> Opinion:
    return Opinion(is_spam=value[:1] not in ("0", ""), words=_first(value))


def _level(value: str) -> Opinion:
    return Opinion(is_spam=value.count("*") >= SPAM_SCL, words=value[:20] or "0")


def _microsoft(value: str) -> Opinion:
    """https://learn.microsoft.com/defender-office-365/message-headers-eop-mdo"""
    said = dict(re.findall(r"\b(SCL|SFV|CAT|SFTY):\s*([^;\s]*)", value))
    scl = _number(r"(-?\d+)", said.get("SCL", ""))
    is_spam = (scl is not None and scl >= SPAM_SCL) or bool(SUSPECTED & {said.get("SFV", ""), said.get("CAT", "")})
    return Opinion(is_spam=is_spam, words=", ".join(f"{name} {text}" for name, text in said.items() if text))


def _scored(value: str) -> Opinion | None:
    """Rspamd's score of so many; a score alone says nothing but itself."""
    found = re.search(r"(-?\d+(?:\.\d+)?)\s*/\s*(-?\d+(?:\.\d+)?)", value)
    if found:
        is_spam = float(found[1]) >= float(found[2]) or bool(re.match(r"\w+:\s*True", value))
        return Opinion(is_spam=is_spam, words=f"{found[1]} / {found[2]}")
    score = _number(r"(-?\d+(?:\.\d+)?)", value)
    return None if score is None else Opinion(is_spam=score >= SPAM_SCL, words=f"{score:g}")


def _number(pattern: str, value: str) -> float | None:
    found = re.search(pattern, value)
    return float(found[1]) if found else None


def _first(value: str) -> str:
    return re.split(r"\s+(?:tests|autolearn|X-VR)=", value)[0]


_READERS: tuple[tuple[frozenset[str], Callable[[str], Opinion | None]], ...] = (
    (
        frozenset(
            {
                "x-spam-flag", "x-mailgun-sflag", "x-spam", "x-junkmail", "x-spam-status", "x-barracuda-spam-status",
                "x-ovh-spam-status",
            }
        ),
        _flag,
    ),
    (frozenset({"x-forefront-antispam-report"}), _microsoft),
    (frozenset({"x-microsoft-antispam"}), _bulk),
    (frozenset({"x-ms-exchange-organization-scl"}), _scl),
    (frozenset({"x-spamd-result", "x-rspamd-score", "x-spam-score", "x-mailgun-sscore"}), _scored),
    (frozenset({"x-spam-level"}), _level),
    (frozenset({"x-rspamd-action", "x-spam-action"}), _action),
    (frozenset({"x-vr-spamstate", "x-vade-spamstate", "x-vrc-spam-state"}), _state),
    (frozenset({"x-vr-spamscore", "x-vade-spamscore"}), _vade_score),
    (frozenset({"x-proofpoint-spam-details"}), _proofpoint),
    (frozenset({"x-gmx-antispam"}), _gmx),
)  # fmt: skip
