"""The parser of all renditions, which tells of each token the stretch of text it comes from."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common import normalize_url
from markdown_it.common.utils import isLinkOpen
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core import StateCore, block, normalize
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from newsletter_cli.base.domains import DomainFault, ascii_domain
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.labels import bound_labels
from newsletter_cli.markdown.links import ProseLinkify
from newsletter_cli.markdown.spans import Span

# Where a token keeps its stretch.
SPAN = "nl_span"
WEB_HOST = Pattern(r"\A((?:https?:)?//(?:[^/?#@]*@)?)([^/?#@:\\]+)", re.IGNORECASE)
# Of `mailto:`: what follows `?` is the subject.
MAIL_HOST = Pattern(r"(@)([^@,]+)")
# <img alt= “” width="45%">: a word processor's quotes where HTML wants straight ones.
CURLY_VALUE = r"[“”„«]([^“”„«»<>]*)[“”»]"
VALUE = rf"""(?:"[^"]*"|'[^']*'|{CURLY_VALUE.replace("(", "(?:")}|[^\s"'=<>`“”„«»]+)"""
TAG = Pattern(rf"""<[A-Za-z][A-Za-z0-9-]*(?:\s+[^\s"'=<>/`“”„«»]+(?:\s*=\s*{VALUE})?)*\s*/?>""")
STRAIGHT_OR_CURLY = Pattern(rf"""("[^"]*"|'[^']*')|{CURLY_VALUE}""")


class TracedState(StateInline):
    """Remembers where the rule at work began, and where each piece of plain text did."""

    rule_start = 0

    def pushPending(self) -> Token:
        """What the library does, and where the text stands."""
        token = super().pushPending()
        # Plain text ends where the rule at work began, or, at the end of a link's words, where the parser stands.
        ends = (self.pos, self.rule_start)
        start = next((end - len(token.content) for end in ends if self._ends_with(token.content, end)), None)
        if start is None:
            start = max(0, self.src.rfind(token.content, 0, self.pos))
        token.meta[SPAN] = Span(start=start, end=start + len(token.content))
        return token

    def _ends_with(self, text: str, end: int) -> bool:
        return end >= len(text) and self.src.startswith(text, end - len(text))


class TracedInline(ParserInline):
    """The library's parser of inline content, each token told where it comes from (`meta[SPAN]`).

    Text tokens hold the text verbatim, so that offsets within them count.
    """

    def tokenize(self, state: StateInline) -> None:
        """As the library does it: the first rule that matches takes its part, what none takes is text."""
        assert isinstance(state, TracedState)
        rules = self.ruler.getRules("")
        outer, is_nested_too_deep = state.rule_start, state.level >= state.md.options["maxNesting"]
        while state.pos < state.posMax:
            start, count = state.pos, len(state.tokens)
            state.rule_start = start
            is_taken = False
            # Asked for nearly each character: with `any` and its generator, a parse takes a fourteenth longer.
            for rule in () if is_nested_too_deep else rules:
                if rule(state, False):
                    is_taken = True
                    break
            if is_taken:
                state.rule_start = outer
                _mark(state.tokens[count:], start, state.pos)
            else:
                state.append_pending(state.src[start])
                state.pos += 1
        state.rule_start = outer
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        """The library's own, with a state that remembers."""
        state = TracedState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _mark(tokens: list[Token], start: int, end: int) -> None:
    """Give the new tokens their stretch: one each for a row of `*` or `_`, else the whole."""
    new = [token for token in tokens if SPAN not in token.meta]
    if new and all(token.type == "text" for token in new) and sum(len(token.content) for token in new) == end - start:
        for token in new:
            token.meta[SPAN] = Span(start=start, end=start + len(token.content))
            start += len(token.content)
        return
    if new and new[0].markup == "linkify":
        # The scheme stood before the colon at which the rule began.
        start = end - len(new[1].content)
    for token in new:
        token.meta[SPAN] = Span(start=start, end=end)


@cache
def markdown_parser() -> MarkdownIt:
    """CommonMark with what Hugo's Goldmark adds (tables, footnotes, definitions, bare links…), and pads."""
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    from newsletter_cli.markdown.dialects import add_block_rules, add_inline_rules

    parser = MarkdownIt("commonmark")
    parser.inline = TracedInline()
    # The preset drops what is nested deeper than 20; Goldmark does not.
    parser.configure("commonmark", {"linkify": True, "html": True, "maxNesting": 100})
    parser.enable(["table", "strikethrough", "linkify"])
    parser.use(footnote_plugin, inline=False).use(deflist_plugin)
    parser.inline.ruler.before("html_inline", "fixed_html", _fixed_html)
    add_block_rules(parser)
    add_inline_rules(parser)
    parser.linkify = ProseLinkify()
    bound_labels(parser)
    # Addresses are shown as they were typed.
    parser.normalizeLink = normalise_link  # type: ignore[method-assign, assignment]
    parser.normalizeLinkText = lambda address: address  # type: ignore[method-assign, assignment]
    return parser


def parse_blocks(text: str, env: dict[str, Any]) -> list[Token]:
    """The block tokens of `text`, inline content left unparsed; `env` takes what it defines.

    Token maps are indexes into `split_lines(text)`.
    """
    state = StateCore(text, markdown_parser(), env)
    normalize(state)
    block(state)
    return state.tokens


def parse_inline(content: str, env: dict[str, Any], *, taken: int = 0) -> list[Token]:
    """The inline tokens of `content` from the offset `taken` on, each with its place in it (`meta[SPAN]`).

    Plain text is not joined across marks, and addresses without a scheme are not links yet.
    """
    parser = markdown_parser()
    state = TracedState(content, parser, env, [])
    state.pos = taken
    parser.inline.tokenize(state)
    ruler = parser.inline.ruler2
    for name, rule in zip(ruler.get_active_rules(), ruler.getRules(""), strict=True):
        # Joined fragments would keep the place of the last one only.
        if name != "fragments_join":
            rule(state)
    return state.tokens


def copied(token: Token) -> Token:
    """Another token that says the same; their children are one. As `copy`, in a fifth of the time."""
    return Token(
        token.type,
        token.tag,
        token.nesting,
        token.attrs,
        token.map,
        token.level,
        token.children,
        token.content,
        token.markup,
        token.info,
        token.meta,
        token.block,
        token.hidden,
    )


def fixed_markup(markup: str) -> str:
    """Raw HTML, the values of its attributes in straight quotes."""
    return TAG.sub(_fixed, markup)


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


def _fixed_html(state: StateInline, silent: bool) -> bool:
    """Raw HTML whose attributes stand in curly quotes, which the parser's own rule takes for text."""
    found = TAG.match(state.src, state.pos) if state.src[state.pos] == "<" else None
    if found is None or (fixed := _fixed(found)) == found[0]:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = fixed
        state.linkLevel += isLinkOpen(fixed)
    state.pos = found.end()
    return True


def _fixed(tag: re.Match[str]) -> str:
    return STRAIGHT_OR_CURLY.sub(lambda value: value[1] or '"' + value[2].replace('"', "&quot;") + '"', tag[0])
