"""Twice the text takes twice the steps, whatever the text: what is counted are calls, not seconds."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.plain_toml import MAX_KEY_PARTS, BrokenToml, load_toml
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.markdown.frontmatter import parse_header, split_header
from newsletter_cli.markdown.survey import survey_texts
from newsletter_cli.model import SourceText
from newsletter_cli.workspace.folder import Workspace
from tests.samples import sample
from tests.workspaces import CONFIG, make_workspace

SIGNS = 250
# Twice as much is 2.0; a sort takes somewhat more.
MAX_RATIO = 2.25
HOSTILE = (
    ("[", ""),
    ("![", ""),
    ("[", "]"),
    ("![", "]"),
    ("](", ""),
    ("[a](", ")"),
    ("[a](b) ", ""),
    ("[^a ", ""),
    ("**a _b ", ""),
    ("> ", ""),
    ("<b>", ""),
    ("<a href=x>a ", "</a>"),
    ("<a href=x>a ", ""),
    ("a**b", ""),
    ("a@b.c ", ""),
    ("a@b.org\n\n", ""),
    ("===\n", ""),
    ("« a » ", ""),
    ("12 mars 2026, ", ""),
    ("https://example.org/a ", ""),
    ("a@b.org ", ""),
    ("\u202e", ""),
    ("`a ", ""),
    ("|a", "|\n"),
    ("a\n: b\n\n", ""),
)


class Steps:
    """How many calls were made while it was entered."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Steps:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        self.count += event in {"call", "c_call"}


def steps_of_an_issue(folder: Path, text: str) -> int:
    workspace = make_workspace(folder, CONFIG.replace('"en"', '"fr"'), {1: {"news.md": f"{text}\n"}})
    with Steps() as steps:
        assemble_issue(workspace, 1)
    return steps.count


def growth(folder: Path, opening: str, closing: str = "") -> float:
    """How many times the steps of the first so many signs the steps of twice as many further ones are: 2 where a text
    takes a time that grows with its length, 4 where it grows with its square. What is done once does not count.
    """
    turns = SIGNS // len(opening + closing)
    # The first time is for what is loaded on first use.
    once, few, some, many = (
        steps_of_an_issue(folder / str(turn), opening * count + closing * count)
        for turn, count in enumerate((turns, turns, 2 * turns, 4 * turns))
    )
    assert once >= few
    return (many - some) / (some - few)


# The openings that different parts of the way have to look for the ends of; `make test-long` has them all.
USUAL = (
    ("[", "]"),
    ("**a _b ", ""),
    ("> ", ""),
    ("<a href=x>a ", ""),
    ("« a » ", ""),
    ("https://example.org/a ", ""),
    ("|a", "|\n"),
)


@pytest.mark.parametrize(("opening", "closing"), sample(HOSTILE, *USUAL))
def test_twice_the_text_takes_twice_the_steps(tmp_path: Path, opening: str, closing: str) -> None:
    assert growth(tmp_path, opening, closing) <= MAX_RATIO


def test_one_step_for_each_tenth_pair_of_signs_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault on purpose, far smaller than any that was ever found here."""

    whole = assemble_issue

    def with_fault(workspace: Workspace, number: int) -> None:
        whole(workspace, number)
        text = (workspace.issue_folder(number) / "news.md").read_text("utf-8")
        for _pair in range(len(text) ** 2 // 10):
            text.isascii()

    monkeypatch.setattr("tests.flows.test_linear.assemble_issue", with_fault)
    assert growth(tmp_path, "![") > MAX_RATIO


def test_the_survey_of_a_block_of_many_lines(tmp_path: Path) -> None:
    texts = ["mot *et* https://example.org/a\n" * count for count in (100, 200)]
    counts = []
    for text in texts:
        survey_texts([SourceText(text=text, file="a.md")])
        with Steps() as steps:
            survey_texts([SourceText(text=text, file="a.md")])
        counts.append(steps.count)
    assert counts[1] <= MAX_RATIO * counts[0]


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_headers_of_many_keys(fence: str) -> None:
    counts = []
    for count in (400, 800):
        sign = ":" if fence == "---" else " ="
        text = f"{fence}\n" + "".join(f"a.b{index}{sign} 1\n" for index in range(count)) + f"{fence}\nx"
        with Steps() as steps:
            header = parse_header(split_header(text), file="a.md")
            assert header.lines
        counts.append(steps.count)
    assert counts[1] <= MAX_RATIO * counts[0]


@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000 + "b = 1",
        "x = 1\n[" + "a . " * 20_000 + "b]",
        'x = {y = 1, "a".' + "'a'." * 20_000 + "b = 1}",
    ],
)
def test_a_key_of_endless_parts_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(BrokenToml, match=f"more than {MAX_KEY_PARTS} parts") as caught:
        load_toml(f"# first\n{text}")
    assert caught.value.line == 2 + text.startswith("x = 1\n")


def test_a_key_of_a_few_parts_and_dots_in_texts_are_not() -> None:
    text = "a." * 90 + f'b = 1\nc = "{"a." * 200}"\nd = 1.5\ne = ["{"..." * 99}", "x"]\n'
    assert set(load_toml(text)) == {"a", "c", "d", "e"}


HOSTILE_TOML = (
    ("a = " + "[" * 20_000, "nested more than 100 deep", 1),
    ("x = 1\na = " + "{b = " * 20_000 + "1" + "}" * 20_000, "nested more than 100 deep", 2),
    ("x = 1\na = " + "[" * 120 + "]" * 120, "nested more than 100 deep", 2),
    ("x = 1\na = " + "1" * 20_000, "larger than any", 2),
    ("x = 1\na = 0x" + "f" * 20_000, "larger than any", 2),
)


@pytest.mark.parametrize(("text", "message", "line"), HOSTILE_TOML)
def test_monstrous_toml_is_refused_with_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(BrokenToml, match=message) as caught:
        load_toml(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("header", "message", "line"),
    [
        ("a: " + "[" * 20_000, "nested too deeply", 2),
        ("x: 1\na: " + "{b: " * 20_000, "nested too deeply", 3),
        pytest.param("a:\n" + "- " * 20_000, "nested too deeply", 3, marks=pytest.mark.long),
        ("a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)), "multiply", 15),
        ("a: &a [*a]", "contains itself", 2),
        ("".join(f"a{n}: 1\n" for n in range(10_001)), "more than 20000 values", 2),
        ("a: " + "!" * 20_000 + " x", "the tag “!{60}” is not allowed", 2),
    ],
)
def test_a_monstrous_header_is_refused_with_its_line(header: str, message: str, line: int) -> None:
    with pytest.raises(FrontMatterError, match=message) as caught:
        parse_header(split_header(f"---\n{header}\n---\nx"), file="a.md")
    assert caught.value.line == line


@pytest.mark.parametrize("number", ["0x" + "f" * 20_000, "1" + ":1" * 20_000, "0b" + "1" * 20_000])
def test_a_number_beyond_all_bounds_is_a_text(number: str) -> None:
    header = parse_header(split_header(f"---\na: {number}\n---\nx"), file="a.md")
    assert header.values["a"] == number
