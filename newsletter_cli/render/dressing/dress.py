"""A text's tree → the same, as the e-mail shows it; the tree itself stays whole, for the text is made from it."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import html
from msgspec import Struct

from newsletter_cli.render.dressing.addresses import shorten_addresses
from newsletter_cli.render.dressing.quotes import frame_quotes
from newsletter_cli.render.dressing.tasks import mark_tasks
from newsletter_cli.render.theme import HEAD_CSS, INLINED_CSS, Theme

CLASS = re.compile(r"\.([a-z][a-z0-9-]*)")


class Dress(Struct, frozen=True, kw_only=True):
    """What it depends on besides the tree.

    `language` and `direction` are the document's. `known` are the classes that the theme's styles know: a workspace
    may have a former version of either file, and what that does not know is better left plain.
    """

    language: str
    direction: str
    known: frozenset[str]


def dress_of(theme: Theme, *, language: str, direction: str) -> Dress:
    """The dress that a theme asks for."""
    inlined = set(CLASS.findall(theme.files.get(INLINED_CSS, "")))
    in_head = set(CLASS.findall(theme.files.get(HEAD_CSS, "")))
    # What has paper or ink of its own has to have both twice, or the dark takes one of them alone.
    known = (inlined - COLOURED) | (inlined & in_head & COLOURED)
    return Dress(language=language, direction=direction, known=frozenset(known))


COLOURED = frozenset(("code", "ck"))


def dressed(root: html.HtmlElement, dress: Dress) -> html.HtmlElement:
    """A copy of the tree, dressed."""
    copy = deepcopy(root)
    shorten_addresses(copy)
    mark_tasks(copy, dress)
    if "quote" in dress.known:
        frame_quotes(copy)
    return copy
