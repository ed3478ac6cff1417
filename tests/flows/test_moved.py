"""Findings of a text that has changed since: at their place, or not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.flows.moved import still_standing
from newsletter_cli.model import Edit, Finding, Level

FILE = "sections/002/news.md"
TEXT = "---\ntitle: News\n---\nThe first lettre.\n\nA hakathon, and another hakathon.\n"


def finding(text: str, word: str, *, nth: int = 0, new: str = "hackathon") -> Finding:
    offset = -1
    for _time in range(nth + 1):
        offset = text.index(word, offset + 1)
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    edit = Edit(file=FILE, line=line, column=column, old=word, new=new)
    return Finding(
        file=FILE, rule="misspelt", level=Level.INFO, message=word, line=line, column=column, length=len(word),
        proposals=(edit,),
    )  # fmt: skip


def moved(before: str, after: str, *found: Finding) -> tuple[Finding, ...]:
    return still_standing(found, {FILE: before}, {FILE: after})


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("first", "very first"),
        TEXT.replace("first lettre.", "first letter.\n\nAnd a line more."),
        TEXT.replace("title: News", "title: Better news\nauthor: Ada"),
        TEXT.replace("A hakathon, and", "A hackathon, and also"),
        TEXT.replace("\n\nA ", " "),
        TEXT + "And a last line.\n",
    ],
)
def test_what_stands_behind_or_before_a_change_is_found_at_its_new_place(after: str) -> None:
    (found,) = moved(TEXT, after, finding(TEXT, "hakathon", nth=1))
    (edit,) = found.proposals
    assert (found.line, found.column) == (edit.line, edit.column)
    assert after.split("\n")[edit.line - 1][edit.column - 1 :].startswith("hakathon.")


@pytest.mark.parametrize(
    "after",
    [
        TEXT.replace("another hakathon", "another hackathon"),
        TEXT.replace("another hakathon", "another hakathons"),
        TEXT.replace("another hakathon", "another xhakathon"),
        TEXT.replace("another hakathon", "another haka\nthon"),
        TEXT.replace(", and another hakathon", ""),
        "",
    ],
)
def test_what_was_changed_or_touched_is_left_out(after: str) -> None:
    assert moved(TEXT, after, finding(TEXT, "hakathon", nth=1)) == ()


def test_a_file_that_is_gone_takes_its_findings_along() -> None:
    assert still_standing([finding(TEXT, "hakathon")], {FILE: TEXT}, {"sections/002/agenda.md": TEXT}) == ()


def test_nothing_changes_where_the_text_did_not() -> None:
    everything = (finding(TEXT, "lettre"), Finding(file=FILE, rule="whole", level=Level.INFO, message="all of it"))
    assert moved(TEXT, TEXT, *everything) == everything


@given(
    before=st.text(alphabet="ab \n\r", max_size=30),
    after=st.text(alphabet="ab \n\r", max_size=30),
    cut=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_whatever_is_still_shown_has_its_words_at_its_place(before: str, after: str, cut: tuple[int, int]) -> None:
    # The same beginning and end around what was changed, as a save leaves them.
    text = f"{before} hakathon {before}"
    changed = text[: cut[0]] + after + text[cut[1] :]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = next(index for index, one in enumerate(lines) if "hakathon" in one)
    column = lines[line].index("hakathon") + 1
    place = {"line": line + 1, "column": column, "length": len("hakathon")}
    found = Finding(file=FILE, rule="misspelt", level=Level.INFO, message="", **place)  # type: ignore[arg-type]
    for one in moved(text, changed, found):
        assert one.line is not None
        assert one.column is not None
        new = changed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert new[one.line - 1][one.column - 1 :].startswith("hakathon")
