"""Markdown text → tokens with line numbers, for several texts that are one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common import normalize_url
from markdown_it.common.utils import isLinkOpen
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from newsletter_cli.base.domains import DomainFault, ascii_domain
from newsletter_cli.markdown.labels import bound_labels
from newsletter_cli.markdown.links import ProseLinkify

PART = "nl_part"
WEB_HOST = re.compile(r"\A((?:https?:)?//(?:[^/?#@]*@)?)([^/?#@:\\]+)", re.IGNORECASE)
# Of `mailto:`: what follows `?` is the subject.
MAIL_HOST = re.compile(r"(@)([^@,]+)")
# <img alt= “” width="45%">: a word processor's quotes where HTML wants straight ones.
CURLY_VALUE = r"[“”„«]([^“”„«»<>]*)[“”»]"
VALUE = rf"""(?:"[^"]*"|'[^']*'|{CURLY_VALUE.replace("(", "(?:")}|[^\s"'=<>`“”„«»]+)"""
TAG = re.compile(rf"""<[A-Za-z][A-Za-z0-9-]*(?:\s+[^\s"'=<>/`“”„«»]+(?:\s*=\s*{VALUE})?)*\s*/?>""")
TASK = re.compile(r"\A\[([ \txX])\](?=\s|\Z)")
STRAIGHT_OR_CURLY = re.compile(rf"""("[^"]*"|'[^']*')|{CURLY_VALUE}""")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the document; `is_inline`: a title, without blocks."""

    text: str
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The tokens of each part, and those of the footnotes of all (from `footnote_block_open` on).

    Token maps count lines from 0 in their own part.
    """

    parts: tuple[list[Token], ...]
    notes: list[Token]


@cache
def markdown_parser() -> MarkdownIt:
    """The parser of all renditions."""
    return build_parser()


def build_parser() -> MarkdownIt:
    """CommonMark with what Hugo's Goldmark adds: tables, strikethrough, footnotes, definitions, autolinks, tasks."""
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    # The preset drops what is nested deeper than 20; Goldmark does not.
    parser = MarkdownIt("commonmark", {"linkify": True, "html": True, "maxNesting": 100})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.use(footnote_plugin, inline=False).use(deflist_plugin)
    parser.core.ruler.after("block", "tasks", _tick_tasks)
    parser.inline.ruler.before("html_inline", "mended_html", _mended_html)
    parser.linkify = ProseLinkify()
    bound_labels(parser)
    # Addresses are shown as they were typed.
    parser.normalizeLink = normalise_link  # type: ignore[method-assign, assignment]
    parser.normalizeLinkText = lambda address: address  # type: ignore[method-assign, assignment]
    return parser


def normalise_link(address: str) -> str:
    """The address as links have it: percent-encoded, its host in ASCII as browsers know it.

    markdown-it's own way takes `BÜCHER.example` and `bücher.example` for two hosts.
    """
    if not address.isascii():
        if address[:7].lower() == "mailto:":
            mailboxes, mark, subject = address.partition("?")
            address = MAIL_HOST.sub(_in_ascii, mailboxes) + mark + subject
        else:
            address = WEB_HOST.sub(_in_ascii, address)
    return normalize_url.normalizeLink(address)


def _in_ascii(found: re.Match[str]) -> str:
    # What is no domain the link check names.
    with suppress(DomainFault):
        return found[1] + ascii_domain(found[2])
    return found[0]


def parse_document(parts: Sequence[Part]) -> ParsedDocument:
    """Parse the parts as one document: a reference or footnote defined in one resolves in all.

    The first definition of a reference wins, in the order of the parts, as in one CommonMark document.
    """
    parser = markdown_parser()
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    for part in parts:
        tokens.append(Token(PART, "", 0))
        if part.is_inline:
            tokens.append(Token("inline", "", 0, content=part.text, children=[], map=[0, 1]))
            continue
        state = StateCore(part.text, parser, env)
        _apply(parser, state, ("normalize", "block"))
        tokens += state.tokens
    # Inline parsing waits for the blocks of all parts: only then every definition is known.
    state = StateCore("", parser, env)
    state.tokens = list(_with_first_notes(map(_mended_block, tokens)))
    _apply(parser, state, [name for name in parser.core.ruler.get_active_rules() if name not in ("normalize", "block")])
    return _split(state.tokens)


def _apply(parser: MarkdownIt, state: StateCore, names: Sequence[str]) -> None:
    rules = dict(zip(parser.core.ruler.get_active_rules(), parser.core.ruler.getRules(""), strict=True))
    for name in names:
        rules[name](state)


def _tick_tasks(state: StateCore) -> None:
    """`- [ ] to do` and `- [x] done`: a box that every mail reader shows, at the start of an item only."""
    for item, paragraph, text in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type == "list_item_open" and paragraph.type == "paragraph_open":
            text.content = TASK.sub(lambda task: "☐" if task[1].isspace() else "☑", text.content)


def _mended_html(state: StateInline, silent: bool) -> bool:
    """Raw HTML whose attributes stand in curly quotes, which the parser's own rule takes for text."""
    found = TAG.match(state.src, state.pos) if state.src[state.pos] == "<" else None
    if found is None or (mended := _mended(found)) == found[0]:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = mended
        state.linkLevel += isLinkOpen(mended)
    state.pos = found.end()
    return True


def _mended_block(token: Token) -> Token:
    if token.type == "html_block":
        token.content = TAG.sub(_mended, token.content)
    return token


def _mended(tag: re.Match[str]) -> str:
    return STRAIGHT_OR_CURLY.sub(lambda value: value[1] or '"' + value[2].replace('"', "&quot;") + '"', tag[0])


def _with_first_notes(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without the footnotes whose label has been defined before."""
    defined: set[str] = set()
    is_repeated = False
    for token in tokens:
        if token.type == "footnote_reference_open":
            is_repeated = token.meta["label"] in defined
            defined.add(token.meta["label"])
        if not is_repeated:
            yield token
        elif token.type == "footnote_reference_close":
            is_repeated = False


def _split(tokens: list[Token]) -> ParsedDocument:
    parts: list[list[Token]] = []
    notes: list[Token] = []
    for token in tokens:
        if token.type == PART:
            parts.append([])
        elif notes or token.type == "footnote_block_open":
            notes.append(token)
        else:
            parts[-1].append(token)
    return ParsedDocument(tuple(parts), notes)
