"""The styles of an e-mail as one mail reader knows them: of its elements, and of its sheets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from lxml import html

from newsletter_cli.check.clients.css import (
    features_of_declaration,
    features_of_media,
    features_of_selector,
    subject_tag,
)
from newsletter_cli.check.clients.readers import MailReader
from newsletter_cli.check.looks.css import Declaration, read_css, read_declarations

UNSPACED = re.compile(r"[^;{}]*[^\s;{}]!\s*important\s*;?", re.IGNORECASE)
OUTLOOKS_OWN = "data-ogs"
# What Word calls by names of its own.
OF_WORD = {"mso-padding-alt": "padding"}

Noted = Callable[[str, "html.HtmlElement | None"], None]


class ShownStyles:
    """`noted` is told each feature of the sheets that is lacking; of elements, whoever asks tells it."""

    def __init__(self, reader: MailReader, noted: Noted):
        self.reader = reader
        self.noted = noted
        self._lacked: dict[str, bool] = {}

    def lacks(self, feature: str) -> bool:
        """Whether the reader does not show the feature."""
        if feature not in self._lacked:
            self._lacked[feature] = self.reader.lacks(feature)
        return self._lacked[feature]

    @cached_property
    def has_frame(self) -> bool:
        """Whether the e-mail is put into a page of the reader's own, and has no `<html>` and `<body>` any more."""
        return self.reader.answer("html-body") in ("a", "n")

    def of_element(self, style: str, tag: str) -> tuple[str, tuple[str, ...]]:
        """What is left of the `style` of an element, and the features that it lacks."""
        if "/*" in style and self.lacks("css-comments"):
            return "", ("css-comments",)
        declarations, lost = self._shown_declarations(style, tag, is_inline=True)
        return (_written(declarations) if lost or self.reader.is_word else style), lost

    def _shown_declarations(self, text: str, tag: str, *, is_inline: bool) -> tuple[list[Declaration], tuple[str, ...]]:
        lost: list[str] = []
        if "!" in text and self.lacks("css-important-unspaced"):
            spaced = UNSPACED.sub("", text)
            lost += ["css-important-unspaced"] if spaced != text else []
            text = spaced
        kept = []
        for one in read_declarations(text):
            features = list(features_of_declaration(one, tag))
            if one.is_important and is_inline:
                features.append("css-important-inline")
            missing = [feature for feature in features if self.lacks(feature)]
            lost += missing
            if not missing:
                kept.append(self._of_word(one) if self.reader.is_word else one)
        return kept, tuple(dict.fromkeys(lost))

    def _of_word(self, one: Declaration) -> Declaration:
        if one.name == "mso-hide" and one.value == "all":
            return Declaration(name="display", value="none", is_important=True)
        return Declaration(name=OF_WORD.get(one.name, one.name), value=one.value, is_important=one.is_important)

    def holds_for(self, media: str) -> bool:
        """Whether the reader knows all that a media query asks."""
        missing = [one for one in features_of_media(media) if self.lacks(one)] if media else []
        for feature in missing:
            self.noted(feature, None)
        return not missing

    def rules_of(self, text: str) -> Iterator[str]:
        """The rules of a sheet that the reader knows, as text."""
        for rule in read_css(text):
            if not all(self.holds_for(one) for one in rule.media):
                continue
            if rule.supports and self.lacks("css-at-supports"):
                self.noted("css-at-supports", None)
                continue
            selectors = [one for one in split_selectors(rule.selector) if self._means_something(one)]
            body = "".join(self._shown_body(selectors, rule.declarations))
            if body:
                before = "".join(
                    f"@{name} {one}{{"
                    for name, all_ in (("supports", rule.supports), ("media", rule.media))
                    for one in all_
                )
                yield before + body + "}" * (len(rule.supports) + len(rule.media))

    def _means_something(self, selector: str) -> bool:
        features = features_of_selector(selector)
        if self.has_frame and "html-body" in features:
            return False
        missing = [one for one in features if self.lacks(one)]
        # What is written for Outlook alone nobody else misses.
        for feature in missing if OUTLOOKS_OWN not in selector else ():
            self.noted(feature, None)
        return not missing

    def _shown_body(self, selectors: list[str], declarations: tuple[Declaration, ...]) -> Iterator[str]:
        for selector in selectors:
            tag, kept = subject_tag(selector), []
            for one in declarations:
                missing = [feature for feature in features_of_declaration(one, tag) if self.lacks(feature)]
                for feature in missing:
                    self.noted(feature, None)
                if not missing:
                    kept.append(self._of_word(one) if self.reader.is_word else one)
            if kept:
                yield f"{selector}{{{_written(kept)}}}"


def split_selectors(text: str) -> list[str]:
    """The selectors of a list; commas within brackets divide nothing."""
    found, depth, at = [], 0, 0
    for index, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            found.append(text[at:index].strip())
            at = index + 1
    return [one for one in (*found, text[at:].strip()) if one]


def _written(declarations: list[Declaration]) -> str:
    return ";".join(f"{one.name}:{one.value}{' !important' if one.is_important else ''}" for one in declarations)
