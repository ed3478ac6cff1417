"""Texts that are one document → tokens, parsed once: those that are rendered, and those that tell exact places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import groupby, islice
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.markdown.dialects import ALERT, LABEL, MARK, TITLE, alert_of, callout_label, readable_details
from newsletter_cli.markdown.parser import SPAN, copied, fixed_markup, markdown_parser, parse_blocks, parse_inline
from newsletter_cli.markdown.raw_html import UNSEEN, settle_raw_html, shown_markup
from newsletter_cli.markdown.spans import Span

PART = "nl_part"
TASK = re.compile(r"\A\[([ \txX])\](?=\s|\Z)")
BOXES = {True: "☐", False: "☑"}
# What has to be done for the document as a whole, once its parts are parsed.
FINISHING = ("footnote_tail", "linkify", "text_join")


class MarkdownRules(Struct, frozen=True, kw_only=True):
    """How the newsletter's Markdown is read: whether a line's end is a line break, and what a callout is called in."""

    has_hard_breaks: bool = False
    language: str = "en"


USUAL_RULES = MarkdownRules()


class Part(Struct, frozen=True):
    """One text of the document; `is_inline`: a title, without blocks."""

    text: str
    is_inline: bool = False


class TypedPart(Struct, frozen=True, kw_only=True):
    """A part as it was typed: its block tokens, and within each `inline` one tokens that know their places.

    `definitions` are the link references that it defines, by label, with what the parser says of each; those of a
    label that was defined before, here or in an earlier part, are there too.
    """

    tokens: list[Token]
    definitions: tuple[tuple[str, dict[str, Any]], ...]


class ParsedDocument(Struct, frozen=True, kw_only=True):
    """A document, parsed.

    `parts` has the tokens of each part as they are rendered, `notes` those of the footnotes of all (from
    `footnote_block_open` on). `typed` has each part as it was typed. Token maps count lines from 0 in their own part.
    `env` is what the parts define.
    """

    parts: tuple[list[Token], ...]
    notes: list[Token]
    typed: tuple[TypedPart, ...]
    env: dict[str, Any]


def parse_document(
    parts: Sequence[Part], *, after: ParsedDocument | None = None, rules: MarkdownRules = USUAL_RULES
) -> ParsedDocument:
    """Parse the parts as one document: a reference or footnote defined in one resolves in all.

    The first definition of a reference wins, in the order of the parts, as in one CommonMark document. With `after`,
    what that document defines resolves as well; it knows nothing of these parts.
    """
    env: dict[str, Any] = {} if after is None else _copy(after.env)
    typed = tuple(_parse_part(part, env) for part in parts)
    # Inline parsing waits for the blocks of all parts: only then every definition is known.
    repeated = set(map(id, _repeated_notes(typed)))
    left = []
    for token in (token for part in typed for token in part.tokens if token.type == "inline"):
        if id(token) in repeated:
            left.append(token)
        else:
            _parse_content(token, env)
    # A footnote whose label was defined before is in no rendition, and must not number what it mentions.
    own = _copy(env)
    for token in left:
        _parse_content(token, own)
    for part in typed:
        settle_raw_html(part.tokens)
    rendered, notes = _finish(
        [[_shown(one, rules) for one in part.tokens if id(one) not in repeated] for part in typed], env
    )
    return ParsedDocument(parts=rendered, notes=notes, typed=typed, env=env)


def _copy(env: dict[str, Any]) -> dict[str, Any]:
    return {
        "references": dict(env.get("references", {})),
        # The tokens of footnotes stand in the document, not here.
        **({"footnotes": deepcopy(env["footnotes"])} if "footnotes" in env else {}),
    }


def _parse_part(part: Part, env: dict[str, Any]) -> TypedPart:
    if part.is_inline:
        return TypedPart(tokens=[Token("inline", "", 0, content=part.text, children=[], map=[0, 1])], definitions=())
    known, repeated = len(env.get("references", ())), len(env.get("duplicate_refs", ()))
    tokens = parse_blocks(part.text, env)
    own = islice(env.get("references", {}).items(), known, None)
    again = ((one["label"], one) for one in env.get("duplicate_refs", [])[repeated:])
    # `- [ ] to do` and `- [x] done`: at the start of an item only.
    for item, paragraph, text in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type == "list_item_open" and paragraph.type == "paragraph_open" and TASK.match(text.content):
            text.meta["task"] = True
    _find_quoted(tokens)
    return TypedPart(tokens=tokens, definitions=(*own, *again))


def _find_quoted(tokens: Sequence[Token]) -> None:
    """Which texts stand in a quotation, and which of them begin one with `[!NOTE]`."""
    depth = 0
    last = ""
    for token in tokens:
        if token.type.startswith("blockquote_"):
            depth += token.nesting
        elif token.type == "inline" and depth and not token.meta:
            token.meta["quoted"] = True
            # Behind the opening of the quotation and that of the paragraph.
            if last == "blockquote_open" and (found := alert_of(token.content)):
                token.meta[ALERT] = found
        if token.type != "paragraph_open":
            last = token.type


def _parse_content(token: Token, env: dict[str, Any]) -> None:
    if token.meta.get(LABEL):
        # What a callout is, in place of a title: no prose.
        whole = Span(start=0, end=len(token.content))
        token.children = [Token("text_special", "", 0, content=token.content, meta={SPAN: whole})]
        return
    if alert := token.meta.get(ALERT):
        mark = Token("text_special", "", 0, meta={SPAN: Span(start=0, end=alert.end()), MARK: "callouts"})
        token.children = [mark, *parse_inline(token.content, env, taken=alert.end())]
        return
    # The box of a task is no link, whatever is defined.
    taken = 3 if token.meta.get("task") else 0
    box = [Token("text", "", 0, content=token.content[:3], meta={SPAN: Span(start=0, end=3)})] if taken else []
    token.children = box + parse_inline(token.content, env, taken=taken)


def _repeated_notes(typed: Sequence[TypedPart]) -> Iterator[Token]:
    """The tokens of the footnotes whose label has been defined before."""
    defined: set[str] = set()
    is_repeated = False
    for token in (token for part in typed for token in part.tokens):
        if token.type == "footnote_reference_open":
            is_repeated = token.meta["label"] in defined
            defined.add(token.meta["label"])
        if is_repeated:
            yield token
        if token.type == "footnote_reference_close":
            is_repeated = False


def _shown(token: Token, rules: MarkdownRules) -> Token:
    """The token as it is rendered; the typed one stays as it is."""
    if token.type == "html_block":
        shown = copied(token)
        shown.content = fixed_markup(shown_markup(token))
        return shown
    if token.type != "inline":
        return token
    shown = copied(token)
    children = list(_joined(token.children or []))
    if token.meta.get("task"):
        # A box that every mail reader shows.
        children[0].content = BOXES[token.content[1].isspace()] + children[0].content[3:]
    if token.meta:
        children = _callout(token, children, rules.language)
    if rules.has_hard_breaks:
        children = [_hard(one) for one in children]
    shown.children = children
    return shown


def _hard(token: Token) -> Token:
    return Token("hardbreak", "br", 0, level=token.level) if token.type == "softbreak" else token


def _callout(token: Token, children: list[Token], language: str) -> list[Token]:
    """What a callout is called, or its title, in bold, on a line of its own; who is quoted, behind a dash."""
    if token.meta.get(LABEL):
        return _strong([Token("text", "", 0, content=callout_label(token.content, language))])
    if token.meta.get(TITLE):
        return _strong(children)
    for one in children if token.meta.get("quoted") else ():
        if one.type == "text" and "=" in one.content:
            one.content = readable_details(one.content)
    if alert := token.meta.get(ALERT):
        rest = children[1:]
        end = next((at for at, one in enumerate(rest) if one.type in ("softbreak", "hardbreak")), len(rest))
        title = rest[:end] or [Token("text", "", 0, content=callout_label(alert["kind"], language))]
        below = [Token("hardbreak", "br", 0)] if rest[end + 1 :] else []
        return [*_strong(title), *below, *rest[end + 1 :]]
    return children


def _strong(children: list[Token]) -> list[Token]:
    return [
        Token("strong_open", "strong", 1, markup="**"),
        *children,
        Token("strong_close", "strong", -1, markup="**"),
    ]


def _joined(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens with plain text joined across what turned out to be no marks, each with its level."""
    level = 0
    for (is_text, is_unseen), group in groupby(tokens, key=lambda token: (token.type == "text", UNSEEN in token.meta)):
        if is_text:
            meta = {UNSEEN: True} if is_unseen else {}
            yield Token("text", "", 0, content="".join(token.content for token in group), level=level, meta=meta)
            continue
        for token in group:
            level += min(token.nesting, 0)
            token.level = level
            level += max(token.nesting, 0)
            # Later rules make plain text of what was escaped.
            yield copied(token) if token.type == "text_special" else token


def _finish(parts: Sequence[list[Token]], env: dict[str, Any]) -> tuple[tuple[list[Token], ...], list[Token]]:
    """The parts and the footnotes of all, after the rules that look at the whole document."""
    parser = markdown_parser()
    state = StateCore("", parser, env)
    for part in parts:
        state.tokens += [Token(PART, "", 0), *part]
    for name, rule in zip(parser.core.ruler.get_active_rules(), parser.core.ruler.getRules(""), strict=True):
        if name in FINISHING:
            rule(state)
    return _split(state.tokens)


def _split(tokens: Sequence[Token]) -> tuple[tuple[list[Token], ...], list[Token]]:
    parts: list[list[Token]] = []
    notes: list[Token] = []
    for token in tokens:
        if token.type == PART:
            parts.append([])
        elif notes or token.type == "footnote_block_open":
            notes.append(token)
        else:
            parts[-1].append(token)
    return tuple(parts), notes
