"""A passage of prose → its corrections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.remembering import remembered
from newsletter_cli.markdown.typography.correction import Correction, TypographyRules, apply_corrections
from newsletter_cli.markdown.typography.english import find_english
from newsletter_cli.markdown.typography.french import find_french
from newsletter_cli.markdown.typography.guess import is_other_language

USUAL = TypographyRules()
# Templates, attributes behind a heading, addresses, paths: not words, whatever stands in them.
PROTECTED = Pattern(
    r"\{\{.*?\}\}|\{%.*?%\}|\{[^{}\n]*\}|[A-Za-z][A-Za-z0-9+.-]*://[^\s\ufffc]*|www\.[^\s\ufffc]*"
    r"|[\w.+-]+@[\w.-]+|\b[A-Za-z]:\\[^\s\ufffc]*",
    re.DOTALL,
)


def correct(text: str, language: str, rules: TypographyRules = USUAL) -> list[Correction]:
    """What is to change in a passage, in order, nothing twice; `language` is a BCP 47 tag.

    The passage is a whole paragraph or title: quotation marks are looked at in pairs. U+FFFC stands for what is no
    prose (code, an address, a bold mark) and is left alone, as are passages in another language, templates,
    addresses, hours and smileys. No letter and no digit ever changes; corrected text has no corrections. Languages
    other than French and English have none.
    """
    return list(_corrections(text, language, rules))


@remembered()
def _corrections(text: str, language: str, rules: TypographyRules) -> tuple[Correction, ...]:
    primary, _dash, region = language.lower().partition("-")
    if primary not in ("fr", "en"):
        return ()
    found = list(find_french(text, rules, is_canadian=region == "ca") if primary == "fr" else find_english(text, rules))
    if not found or is_other_language(text, primary):
        return ()
    return tuple(_disjoint(found, _protected_spans(text)))


def correct_text(text: str, language: str, rules: TypographyRules = USUAL) -> str:
    """The passage corrected."""
    return apply_corrections(text, correct(text, language, rules))


def _protected_spans(text: str) -> list[tuple[int, int]]:
    if not any(sign in text for sign in ("{", "://", "www.", "@", ":\\")):
        return []
    return [found.span() for found in PROTECTED.finditer(text)]


def _disjoint(found: Iterable[Correction], protected: list[tuple[int, int]]) -> list[Correction]:
    kept: list[Correction] = []
    last = 0
    spans = iter(protected)
    span = next(spans, None)
    for one in sorted(found, key=attrgetter("start", "end")):
        while span is not None and span[1] <= one.start:
            span = next(spans, None)
        if one.start >= last and (span is None or one.end <= span[0]):
            kept.append(one)
            last = one.end
    return kept
