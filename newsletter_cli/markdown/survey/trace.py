"""Inline Markdown parsed by the parser of the e-mail, each token with the stretch of text it comes from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from newsletter_cli.markdown.parse import build_parser
from newsletter_cli.markdown.survey.elements import Span

InlineRule = Callable[[StateInline, bool], bool]
SPAN = "nl_span"


class _TracedState(StateInline):
    """Remembers where the rule at work began, and where each piece of plain text did."""

    rule_start = 0

    def pushPending(self) -> Token:  # the library's own name
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


@cache
def _traced_parser() -> MarkdownIt:
    """The e-mail's parser, its inline rules telling what each of them took."""
    parser = build_parser()
    ruler = parser.inline.ruler
    for name, rule in zip(ruler.get_active_rules(), ruler.getRules(""), strict=True):
        ruler.at(name, _traced(rule))
    return parser


def _traced(rule: InlineRule) -> InlineRule:
    def run(state: StateInline, silent: bool) -> bool:
        if silent or not isinstance(state, _TracedState):
            return rule(state, silent)
        start, count, outer = state.pos, len(state.tokens), state.rule_start
        state.rule_start = start
        is_match = rule(state, silent)
        state.rule_start = outer
        if is_match:
            _mark(state.tokens[count:], start, state.pos)
        return is_match

    return run


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


def trace_inline(content: str, env: dict[str, Any]) -> list[Token]:
    """The inline tokens of `content`, each with `meta[SPAN]`, its offsets in `content`.

    Text tokens hold the text verbatim, so that offsets within them count; plain text is not joined across marks.
    Addresses without a scheme are not links yet.
    """
    parser = _traced_parser()
    tokens: list[Token] = []
    state = _TracedState(content, parser, env, tokens)
    parser.inline.tokenize(state)
    ruler = parser.inline.ruler2
    for name, rule in zip(ruler.get_active_rules(), ruler.getRules(""), strict=True):
        # Joined fragments would keep the place of the last one only.
        if name != "fragments_join":
            rule(state)
    return state.tokens


def find_bare_addresses(text: str) -> list[Any]:
    """The addresses in plain text that become links: linkify-it's matches."""
    return _traced_parser().linkify.match(text) or []  # type: ignore[union-attr]


def normalised(address: str) -> str:
    """The address as links have it: percent-encoded, its host in ASCII."""
    return _traced_parser().normalizeLink(address)


def destination_end(text: str, start: int) -> int:
    """Where the link destination that begins at `start` ends (https://spec.commonmark.org/0.31.2/#link-destination)."""
    found = _traced_parser().helpers.parseLinkDestination(text, start, len(text))
    return int(found.pos) if found.ok else start
