"""A text's tree → the same, as the e-mail shows it; the tree itself stays whole, for the text is made from it."""

from __future__ import annotations

from copy import deepcopy

from lxml import html
from msgspec import Struct

from newsletter_cli.render.dressing.addresses import shorten_addresses
from newsletter_cli.render.dressing.code import set_code
from newsletter_cli.render.dressing.direction import align_headings, set_directions
from newsletter_cli.render.dressing.quotes import frame_quotes
from newsletter_cli.render.dressing.tasks import mark_tasks
from newsletter_cli.render.known_code import CODE_IN_PROCESS, KnownCode
from newsletter_cli.render.theme import HEAD_CSS, INLINED_CSS, Theme

# Of what has paper or ink of its own, a theme has to have both twice, or the dark takes one of them alone.
COLOURED = ("code", "ck")
PLAIN = ("quote", "task", "turned")


class Dress(Struct, frozen=True, kw_only=True):
    """What it depends on besides the tree.

    `language` and `direction` are the document's. `known` are the classes that the theme's styles know: a workspace
    may have a former version of either file, and what that does not know is better left plain. `code` has the parts of
    code that were found before.
    """

    language: str
    direction: str
    known: frozenset[str]
    code: KnownCode = CODE_IN_PROCESS


def dress_of(theme: Theme, *, language: str, direction: str, code: KnownCode = CODE_IN_PROCESS) -> Dress:
    """The dress that a theme asks for."""
    inlined, head = theme.files.get(INLINED_CSS, ""), theme.files.get(HEAD_CSS, "")
    known = [name for name in (*PLAIN, *COLOURED) if _is_named(name, inlined)]
    return Dress(
        language=language,
        direction=direction,
        code=code,
        known=frozenset(name for name in known if name in PLAIN or _is_named(name, head)),
    )


def _is_named(name: str, css: str) -> bool:
    return any(f".{name}{sign}" in css for sign in " ,{.:")


def dressed(root: html.HtmlElement, dress: Dress) -> html.HtmlElement:
    """A copy of the tree, dressed."""
    copy = deepcopy(root)
    # Before the others: what they add has letters and boxes of its own.
    set_directions(copy, dress)
    align_headings(copy, dress.direction)
    shorten_addresses(copy)
    mark_tasks(copy, dress)
    if "quote" in dress.known:
        frame_quotes(copy)
    if "code" in dress.known:
        set_code(copy, dress)
    return copy
