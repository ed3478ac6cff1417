"""Runs → a line of Markdown, and whether the parser understands it as it was meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from itertools import groupby
from typing import Any

from newsletter_cli.markdown.from_html.runs import Kind, Run

# Outermost first. Without a sign of its own in Markdown, an element says it.
ORDER = ("strong", "em", "s", "sup", "sub")
SIGNS = {"strong": ("**", "__"), "em": ("*", "_"), "s": ("~~",)}
# Signs that mean something wherever they stand; all others are escaped where the parser takes them for more.
ALWAYS = re.compile(r"[\\`*\[\]<]|~~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# Those of pads and sites: `==x==`, `:tada:`, `{.button}`, `{{ x }}`, `$$x$$`, `(@ref)`.
OFTEN = re.compile(r"[\\`*_\[\]<>~&=:{}+^$@#|]")
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# What begins a block at the head of a line.
AT_HEAD = re.compile(r"(?m)^(?:(#{1,6})(?=\s|$)|([>|=:+-]|~(?=~~))|(\d{1,9})([.)])(?=\s|$))")
UNFIT_ADDRESS = re.compile(r"[\s()<>\\]")
HARD_BREAK = "\\\n"
# What is no letter stands for itself, while what was meant and what is read are compared.
STANDING = {"softbreak": "\n", "hardbreak": "\n", "footnote_ref": "\ufffc", "image": "\ufffb"}
KINDS = {Kind.BREAK: "hardbreak", Kind.NOTE: "footnote_ref", Kind.IMAGE: "image"}


class Care(Enum):
    """How much is escaped. With the greatest care, marks are written as elements besides."""

    LITTLE = ALWAYS
    MORE = OFTEN
    GREAT = PUNCTUATION


def line_of(runs: Sequence[Run], *, in_cell: bool = False) -> str:
    """The runs as Markdown. `in_cell`: of a table, where a line's end is written `<br>` and `|` is escaped."""
    if in_cell:
        return _written(runs, Care.LITTLE, in_cell=True)
    tries = (_written(runs, care, in_cell=False) for care in Care)
    # What is written with the greatest care needs no look.
    return next((line for line in tries if _is_understood(line, runs)), _written(runs, Care.GREAT, in_cell=False))


def _written(runs: Sequence[Run], care: Care, *, in_cell: bool) -> str:
    writer = _Writer(care, in_cell=in_cell)
    writer.write(runs, ("link", *ORDER), after="")
    line = "".join(writer.pieces)
    return line if in_cell else AT_HEAD.sub(_escaped_head, line)


def _escaped_head(found: re.Match[str]) -> str:
    return f"{found[3]}\\{found[4]}" if found[3] else f"\\{found[0]}"


class _Writer:
    def __init__(self, care: Care, *, in_cell: bool):
        self.pieces: list[str] = []
        self._care = care
        self._in_cell = in_cell

    def write(self, runs: Sequence[Run], marks: Sequence[str], *, after: str) -> None:
        """The runs, split by the first of `marks` and within by the others; `after`: what follows, to look at."""
        if not marks:
            for run in runs:
                self._run(run)
            return
        first, others = marks[0], marks[1:]
        groups = [(key, list(group)) for key, group in groupby(runs, lambda run: _mark_of(run, first))]
        for index, (key, group) in enumerate(groups):
            following = _first_sign(groups[index + 1][1]) if index + 1 < len(groups) else after
            if not key:
                self.write(group, others, after=following)
            elif first == "link":
                self._link(str(key), group, others, following)
            else:
                self._marked(first, group, others, following)

    def _marked(self, mark: str, runs: Sequence[Run], others: Sequence[str], after: str) -> None:
        opened = next(
            (
                sign
                for sign in SIGNS.get(mark, ())
                if self._care is not Care.GREAT and self._can_stand(sign, runs, after)
            ),
            None,
        )
        tag = "del" if mark == "s" else mark
        self.pieces.append(opened or f"<{tag}>")
        self.write(runs, others, after=opened or "<")
        self.pieces.append(opened or f"</{tag}>")

    def _can_stand(self, sign: str, runs: Sequence[Run], after: str) -> bool:
        """By the rules of CommonMark for what opens and what closes (https://spec.commonmark.org/0.31.2/#delimiter-run)."""
        before = (self.pieces[-1] if self.pieces else "")[-1:]
        first, last = _first_sign(runs), _last_sign(runs)
        if before == sign[0] or first == sign[0] or last == sign[0] or after[:1] == sign[0]:
            return False
        opens = not _is_blank(first) and (not _is_mark(first) or _is_blank(before) or _is_mark(before))
        closes = not _is_blank(last) and (not _is_mark(last) or _is_blank(after) or _is_mark(after))
        if sign[0] == "_":
            opens = opens and (_is_blank(before) or _is_mark(before))
            closes = closes and (_is_blank(after) or _is_mark(after))
        return opens and closes

    def _link(self, href: str, runs: Sequence[Run], others: Sequence[str], after: str) -> None:
        text = "".join(run.text for run in runs)
        if text in (href, href.removeprefix("mailto:")) and len(runs) == 1 and not runs[0].marks and "://" in href:
            self.pieces.append(
                f"<{href}>" if not UNFIT_ADDRESS.search(href) else f"[{self._text(text)}]({_angled(href)})"
            )
            return
        self.pieces.append("[")
        self.write(runs, others, after="]")
        self.pieces.append(f"]({_angled(href)})")

    def _run(self, run: Run) -> None:
        if run.kind is Kind.BREAK:
            self.pieces.append("<br>" if self._in_cell else HARD_BREAK)
        elif run.kind is Kind.NOTE:
            self.pieces.append(f"[^{run.text}]")
        elif run.kind is Kind.IMAGE:
            self.pieces.append(f"![{self._text(run.text)}]({_angled(run.target)})")
        elif "code" in run.marks and run.text.strip():
            self.pieces.append(_code(run.text))
        else:
            self.pieces.append(self._text(run.text))

    def _text(self, text: str) -> str:
        escaped = self._care.value.sub(_escape, text)
        return escaped.replace("|", "\\|") if self._in_cell else escaped


def _mark_of(run: Run, mark: str) -> str | None:
    if mark == "link":
        return run.link
    return mark if mark in run.marks and run.kind is Kind.TEXT else None


def _escape(found: re.Match[str]) -> str:
    return "".join(f"\\{sign}" for sign in found[0])


def _angled(address: str) -> str:
    if not UNFIT_ADDRESS.search(address):
        return address
    return "<" + address.replace("\\", "/").replace("<", "%3C").replace(">", "%3E").replace("\n", "") + ">"


def _code(text: str) -> str:
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _first_sign(runs: Sequence[Run]) -> str:
    run = runs[0]
    if run.kind is not Kind.TEXT:
        return "\n" if run.kind is Kind.BREAK else "!"
    # An escape or a mark of its own stands before the text.
    return "[" if run.link else run.text[:1]


def _last_sign(runs: Sequence[Run]) -> str:
    run = runs[-1]
    if run.kind is not Kind.TEXT:
        return "\n" if run.kind is Kind.BREAK else ")"
    return run.text[-1:]


def _is_blank(sign: str) -> bool:
    return not sign or sign[0].isspace()


def _is_mark(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign[0])[0] in "PS"


def _is_understood(line: str, runs: Sequence[Run]) -> bool:
    """Whether the parser reads one paragraph in it, with that text, those marks and those links."""
    from newsletter_cli.markdown.parser import markdown_parser

    labels = dict.fromkeys(run.text for run in runs if run.kind is Kind.NOTE)
    notes = "".join(f"\n\n[^{label}]: x" for label in labels)
    tokens = markdown_parser().parse(line + notes, {})
    if [token.type for token in tokens[:3]] != ["paragraph_open", "inline", "paragraph_close"]:
        return not line
    if len(tokens) > 3 and not labels:
        return False
    return _read(tokens[1].children or []) == _meant(runs)


def _meant(runs: Sequence[Run]) -> list[tuple[str, frozenset[str]]]:
    signs: list[tuple[str, frozenset[str]]] = []
    for run in runs:
        text = STANDING.get(KINDS.get(run.kind, ""), run.text)
        signs += ((sign, run.marks if run.kind is Kind.TEXT else frozenset()) for sign in text)
    return signs


def _read(tokens: Sequence[Any]) -> list[tuple[str, frozenset[str]]]:
    signs: list[tuple[str, frozenset[str]]] = []
    marks: list[str] = []
    for token in tokens:
        if token.type == "html_inline":
            tag = token.content.strip("</>").replace("del", "s")
            if not token.content.startswith("</"):
                marks.append(tag)
            elif tag in marks:
                marks.remove(tag)
        elif token.type in STANDING:
            signs.append((STANDING[token.type], frozenset()))
        elif token.type in ("text", "code_inline"):
            own = ("code",) if token.type == "code_inline" else ()
            signs += ((sign, frozenset((*marks, *own))) for sign in token.content)
        elif token.tag != "a" and token.nesting > 0:
            marks.append(token.tag)
        elif token.nesting < 0 and token.tag in marks:
            marks.remove(token.tag)
    return signs
