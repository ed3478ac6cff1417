"""A pattern that is compiled when it is needed finds what it finds when it is compiled at once."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.base.pattern import Pattern
from tests.tree import ROOT, modules

PLAIN = re.compile(r"\[\[(\w+)\]\]")
TEXTS = ("", "a", "[[a]]", "[[a]] and [[b]]", "[a]", "[[", "x [[a]] y", "a]]")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "guard", [{}, {"signs": ("[[", "x")}, {"rough": r"\]\]"}, {"signs": ("[[",), "rough": r"\]\]"}]
)
def test_it_finds_what_the_pattern_itself_finds(text: str, guard: dict[str, str]) -> None:
    pattern = Pattern(PLAIN.pattern, **guard)  # type: ignore[arg-type]
    for name in ("search", "match", "fullmatch"):
        mine, others = getattr(pattern, name)(text), getattr(PLAIN, name)(text)
        assert (mine and mine.span()) == (others and others.span())
    assert [found.span() for found in pattern.finditer(text)] == [found.span() for found in PLAIN.finditer(text)]
    assert pattern.findall(text) == [found[0] for found in PLAIN.finditer(text)]
    assert pattern.sub("-", text) == PLAIN.sub("-", text)
    assert pattern.split(text) == PLAIN.split(text)


def guarded(value: object) -> Iterator[Pattern]:
    """The patterns of the package that look for a sign of a match first."""
    if isinstance(value, Pattern) and (value.signs or value.rough):
        yield value
    elif isinstance(value, (tuple, list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from guarded(one)


def all_guarded() -> list[Pattern]:
    names = [name for name in modules() if name.startswith(("newsletter_cli.check.", "newsletter_cli.markdown."))]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    return list({id(one): one for value in values for one in guarded(value)}.values())


def texts_of_cases() -> set[str]:
    """The cases of the rules, whole and by line: there is a bad one for whatever is looked for."""
    whole = [path.read_text("utf-8") for path in sorted(Path(ROOT, "tests/check/cases").glob("*.md"))]
    lines = {line for text in whole for line in text.splitlines()}
    words = {word for line in lines for word in line.split() if not word.isalpha()}
    return {*whole, *(line.strip() for line in lines), *words}


def test_wherever_there_is_a_match_there_is_its_sign() -> None:
    """A rough pattern that is bound to the beginning goes with one that is only asked for a match there."""
    texts, patterns = texts_of_cases(), all_guarded()
    assert len(patterns) > 40
    missed = []
    for pattern in patterns:
        fresh = Pattern(pattern.pattern, pattern.compiled.flags & ~re.UNICODE, signs=pattern.signs, rough=pattern.rough)
        find = pattern.compiled.match if pattern.rough.startswith(r"\A") else pattern.compiled.search
        missed += [(pattern.pattern, text) for text in texts if fresh.is_absent(text) and find(text)]
    assert missed == []
