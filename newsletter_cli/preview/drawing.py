"""Tokens of Markdown → tokens that rich draws well on a terminal. Pure.

Links are named by a number, their addresses listed below where they can be copied; tables without room become lists;
raw HTML is its text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from markdown_it.token import Token
from msgspec import Struct, field

from newsletter_cli.console.escaping import escaped_lines
from newsletter_cli.render.words import Words

# No column of a table is narrower than this.
COLUMN_WIDTH = 14
# Lists in lists in lists: each level takes some columns.
MOST_LEVELS = 4
NESTED = frozenset(("bullet_list", "ordered_list", "list_item", "blockquote"))
# Elements that rich has no style for, and would drop with their words.
UNSTYLED = frozenset(("mark", "ins", "sup", "sub", "span"))
# With what stands in scripts and style sheets: nobody reads that.
TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?(?:</\1\s*>|$)|<[/!?A-Za-z][^>]*>", re.DOTALL | re.IGNORECASE)
ALT = re.compile(r"""<img\b[^>]*?\balt\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>""", re.IGNORECASE)
BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
# Footnotes and definition lists, which rich does not know, as lists: type, tag, nesting.
AS_LIST: dict[str, tuple[tuple[str, str, Literal[-1, 0, 1]], ...]] = {
    "footnote_block_open": (("ordered_list_open", "ol", 1),),
    "footnote_block_close": (("ordered_list_close", "ol", -1),),
    "footnote_open": (("list_item_open", "li", 1),),
    "footnote_close": (("list_item_close", "li", -1),),
    "footnote_anchor": (),
    # A block of another program that only arranges a page.
    "dialect_open": (),
    "dialect_close": (),
    "dl_open": (),
    "dl_close": (),
    "dt_open": (("paragraph_open", "p", 1),),
    "dt_close": (("paragraph_close", "p", -1),),
    "dd_open": (("bullet_list_open", "ul", 1), ("list_item_open", "li", 1)),
    "dd_close": (("list_item_close", "li", -1), ("bullet_list_close", "ul", -1)),
}


def clean(text: str) -> str:
    """The text without what would drive the terminal; tabs become blanks, since they indent."""
    return escaped_lines(text.expandtabs(4))


class Drawing(Struct):
    """The tokens of one section, and the addresses that they name by number, from 1."""

    words: Words
    width: int
    addresses: list[str] = field(default_factory=list)

    def mark(self, address: str | None) -> str:
        """What stands for an address in the text; nothing for none."""
        address = clean(address or "").replace("\n", " ").strip()
        if not address:
            return ""
        if address not in self.addresses:
            self.addresses.append(address)
        return f" [{self.addresses.index(address) + 1}]"

    def tokens(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens to be drawn."""
        flat = (one for token in self._with_room(tokens) for one in _known(token))
        drawn = list(_shallow(flat))
        for token in drawn:
            if token.type == "inline":
                token.children = list(self._inline(token.children or ()))
        return drawn

    def _with_room(self, tokens: Sequence[Token]) -> Iterator[Token]:
        table: list[Token] = []
        for token in tokens:
            if token.type != "table_open" and not table:
                yield token
                continue
            table.append(token)
            if token.type == "table_close":
                columns = sum(one.type == "th_open" for one in table)
                yield from table if columns * COLUMN_WIDTH <= self.width else self._as_list(table)
                table = []

    def _as_list(self, table: Sequence[Token]) -> Iterator[Token]:
        """For each row an item: what each column says of it."""
        cells = [(before.type, token) for before, token in pairwise(table) if token.type == "inline"]
        heads = [token.content for kind, token in cells if kind == "th_open"]
        bodies = [token.children or [] for kind, token in cells if kind == "td_open"]
        yield Token("bullet_list_open", "ul", 1)
        for start in range(0, len(bodies), len(heads)):
            line = Token("inline", "", 0, children=[])
            for head, body in zip(heads, bodies[start:], strict=False):
                label = _text(self.words.labelled(head, ""))
                line.children += [*([Token("hardbreak", "br", 0)] if line.children else []), label, *body]  # type: ignore[operator]
            yield from (Token("list_item_open", "li", 1), *_paragraph(line), Token("list_item_close", "li", -1))
        yield Token("bullet_list_close", "ul", -1)

    def _inline(self, children: Sequence[Token]) -> Iterator[Token]:
        link, shown = "", ""
        for child in children:
            shown += child.content
            if child.type == "link_open":
                link, shown = str(child.attrs.get("href", "")), ""
                yield Token("named_open", "link", 1)
            elif child.type == "link_close":
                yield Token("named_close", "link", -1)
                if shown.strip() not in (link, link.removeprefix("mailto:")):
                    yield _text(self.mark(link))
            elif child.type == "image":
                alt = "".join(one.content for one in child.children or ())
                yield _text(self._image(alt) + self.mark(str(child.attrs.get("src", ""))))
            elif child.type == "html_inline":
                yield from self._html(child.content)
            elif child.tag in UNSTYLED:
                # `==x==`, `1^er^`: the words alone.
                continue
            elif child.type == "dialect_formula":
                yield _text(child.content)
            elif child.type == "footnote_ref":
                yield _text(" " + self.words.note_mark.replace("{number}", str(child.meta["id"] + 1)))
            else:
                yield child

    def _html(self, content: str) -> Iterator[Token]:
        alt = ALT.match(content)
        if alt:
            yield _text(self._image(clean(html.unescape(alt[1] or alt[2] or ""))))
        elif BREAK.match(content):
            yield Token("hardbreak", "br", 0)

    def _image(self, alt: str) -> str:
        return self.words.image_text.replace("{alt}", alt.replace("\n", " ")) if alt else f"[{self.words.image}]"


def _known(token: Token) -> Iterator[Token]:
    """A token that rich knows, or those that say the same."""
    if token.type == "html_block":
        said = TAGS.sub("", ALT.sub(lambda found: found[1] or found[2] or "", BREAK.sub("\n", token.content)))
        text = " ".join(clean(html.unescape(said)).split())
        if text:
            yield from _paragraph(Token("inline", "", 0, children=[_text(text)]))
    elif token.type in AS_LIST:
        yield from (Token(kind, tag, nesting) for kind, tag, nesting in AS_LIST[token.type])
    else:
        yield token


def _shallow(tokens: Iterator[Token]) -> Iterator[Token]:
    """What is nested too deep, as if it were not."""
    kept: list[bool] = []
    for token in tokens:
        name, nesting = token.type.rpartition("_")[0], token.nesting
        if name not in NESTED:
            yield token
        elif nesting < 0:
            yield from [token] if kept.pop() else []
        else:
            # An item goes the way of its list.
            kept.append(kept[-1] if name == "list_item" else sum(kept) < 2 * MOST_LEVELS)
            yield from [token] if kept[-1] else []


def _paragraph(line: Token) -> tuple[Token, Token, Token]:
    return Token("paragraph_open", "p", 1), line, Token("paragraph_close", "p", -1)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
