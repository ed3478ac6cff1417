"""Places for a reader's name that nothing fills: those of other mailing programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.merge_tags import HINTS, find_places, is_leaving, name_in, same_names
from newsletter_cli.check.texts.passages import header_fields
from newsletter_cli.check.texts.wording import counted, shorten
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.model import Finding, Level, Place


@rule(
    "merge-tag",
    Level.WARNING,
    _("A place for a reader's name stands in the text"),
    why="""
        A place for what differs from reader to reader, as mailing programs have it: `{first_name}`,
        `{{ contact.PRENOM }}`, `*|FNAME|*`, `%%unsubscribe%%`, `%recipient.name%`, `[[prenom]]`. Sections, subject,
        preheader and summary are the same for everybody: nothing fills it, and every reader sees it as it stands. An
        error where `[[personal.fields]]` declares that field: somebody means it. The greeting and the pattern of the
        subject under `[personal]` do hold names; each message has its own link to leave the list.
    """,
    bad="`Dear {first_name}, to leave us: %%unsubscribe%%`",
    good='`Dear readers,`, with `greeting = "Dear {first_name},"` under `[personal]`.',
)
def merge_tag(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such place that differs from the others, at the first; code is code."""
    found: dict[str, list[tuple[Place, re.Match[str]]]] = {}
    for place, match in _places(manuscript):
        found.setdefault(match[0], []).append((place, match))
    declared = frozenset().union(*map(same_names, manuscript.personal_fields))
    for words, places in found.items():
        place, match = places[0]
        is_declared = name_in(match) in declared
        yield merge_tag.at(
            place,
            counted(
                _(
                    "“{words}” is a place for something of each reader's; nothing fills it: all see it as it stands"
                ).format(words=shorten(words, 40)),
                len(places),
            ),
            suggestion=_("take it out: each message has its own link to leave the list, and one to the page")
            if is_leaving(match)
            else _("take it out; names belong into the greeting and the subject of [personal] in newsletter.toml"),
            level=Level.ERROR if is_declared else Level.WARNING,
        )


def _places(manuscript: Manuscript) -> Iterator[tuple[Place, re.Match[str]]]:
    for value, place in header_fields(manuscript):
        yield from ((place, match) for match in find_places(value, manuscript.personal_fields))
    for text in manuscript.all_texts:
        yield from _in_text(text, manuscript.personal_fields)


def _in_text(text: Text, declared: frozenset[str]) -> Iterator[tuple[Place, re.Match[str]]]:
    survey = text.survey
    if not any(hint in survey.source.text for hint in HINTS):
        return
    for block in survey.blocks:
        if block.kind == "code":
            continue
        for match in find_places(block.text, declared):
            # As typed: `*|FNAME|*` is in italics. What is none of the prose is code, or an address.
            within = block.prose[match.start() : match.end()]
            if block.kind == "html" or within.strip(NOT_PROSE):
                yield survey.place_in(block, *match.span()), match
    for link in survey.links:
        address = unquote(link.address)
        if link.kind != "bare" and ("{" in address or "|" in address or "%" in address):
            yield from ((survey.place(link.span), match) for match in find_places(address, declared))
