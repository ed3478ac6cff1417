"""The pages in French: there for every guide, in step with the English one, and set as French books are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsletter_cli.check.rules.typography import typography
from tests.check.language.texts import manuscript
from tests.workspaces import ROOT

DOCS = ROOT / "docs"
FRENCH = DOCS / "fr"
PAGES = sorted(path.relative_to(FRENCH).as_posix() for path in FRENCH.rglob("*.md"))
GUIDES = [name for name in PAGES if name.startswith("guides/")]
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
# A commit's message, a name, a day: words in quotation marks that a blank parts are said in the reader's language.
WORDS = re.compile(r'"[^"\n]* [^"\n]*"')
# What a program reads: a French page shows the same to it. Of the others (outputs, texts of a letter) the words differ.
READ_BY_PROGRAMS = ("sh", "json", "jinja")


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(one["kind"], one["text"]) for one in BLOCK.finditer(page.read_text("utf-8"))]


def commands(console: str) -> list[str]:
    """What is typed, without the remarks."""
    typed = re.findall(r"^\$ (.*)$", console, flags=re.MULTILINE)
    return [WORDS.sub('"…"', re.sub(r"\s+# .*$", "", line)) for line in typed]


def settings(value: Any) -> Any:
    """What is read from a block of TOML or YAML, but for words."""
    if isinstance(value, dict):
        return {key: settings(one) for key, one in value.items()}
    if isinstance(value, list):
        return [settings(one) for one in value]
    return "…" if isinstance(value, str) and " " in value else value


@pytest.mark.parametrize("kind", ["guides", "tutorial"])
def test_every_page_is_there_in_french(kind: str) -> None:
    english = {path.name for path in (DOCS / kind).glob("*.md")}
    french = {path.name for path in (FRENCH / kind).glob("*.md")}
    assert french == english, f"docs/fr/{kind} has a page for each of docs/{kind}, and no other"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_has_the_same_headings(name: str) -> None:
    levels = []
    for page in (DOCS / name, FRENCH / name):
        plain = BLOCK.sub("", page.read_text("utf-8"))
        levels.append(HEADING.findall(plain))
    assert levels[1] == levels[0], f"docs/fr/{name} has not the headings of docs/{name}"


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_shows_the_same_examples(name: str) -> None:
    english, french = blocks(DOCS / name), blocks(FRENCH / name)
    assert [kind for kind, _text in french] == [kind for kind, _text in english]
    for (kind, theirs), (_kind, ours) in zip(english, french, strict=True):
        if kind == "console":
            assert commands(ours) == commands(theirs)
        elif kind == "toml":
            assert settings(tomllib.loads(ours)) == settings(tomllib.loads(theirs))
        elif kind == "yaml":
            assert settings(yaml.safe_load(ours)) == settings(yaml.safe_load(theirs))
        elif kind in READ_BY_PROGRAMS:
            assert ours == theirs


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_set_as_french_books_are(name: str, tmp_path: Path) -> None:
    # A conflict that a page shows is an example; the titles of rules are messages, and tested with these.
    text = re.sub(r"^[<=>|]{7}", "xxxxxxx", (FRENCH / name).read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^\| \[`.*$", "", text, flags=re.MULTILINE) if name == "reference/rules.md" else text
    found = [f"line {one.line}: {one.message}" for one in typography.check(manuscript(tmp_path, text))]
    assert found == []
