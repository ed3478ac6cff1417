"""Lines on a terminal: broken at blanks that may break and nowhere else, styled in pieces, plain in a pipe."""

from __future__ import annotations

import contextlib
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli import console
from newsletter_cli.console.lines import FEWEST_COLUMNS, Line, cut

NO_BREAK = "\u00a0\u202f"
CODES = re.compile(r"\x1b\[[\d;]*m")


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


@given(st.text("ab \u00a0\u202f-/", max_size=200), st.integers(FEWEST_COLUMNS, 60))
def test_only_blanks_are_lost_and_no_word_is_cut(text: str, width: int) -> None:
    rows = [(text[start:end], indent) for start, end, indent in cut(text, width)]
    assert " ".join(" ".join(row.split(" ")).strip(" ") for row, _indent in rows).split() == text.split()
    for row, indent in rows:
        assert len(row) + indent <= width or " " not in row.strip(" ")


@pytest.mark.parametrize("columns", [36, 41, 46, 53])
def test_blanks_that_must_not_break_hold_in_lines_and_tables(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    held = "programme\u00a010\u00a0% «\u00a0mot\u00a0» oui\u202f!"
    text = f"Participer au {held} et à la suite de ce {held}"
    with contextlib.redirect_stdout(terminal):
        console.say(text)
        console.show_table("Un titre", ("rubrique", "auteur"), [(text, "L’équipe")])
    shown = CODES.sub("", terminal.getvalue())
    for word in held.split(" "):
        assert shown.count(word) == 4, word


def test_a_line_in_pieces_goes_on_under_its_value(terminal: Terminal) -> None:
    with contextlib.redirect_stdout(terminal):
        console.say(Line(("  Subject  ", "dim"), ("forty thousand lines and one that is longer", "strong"), hang=11))
    rows = CODES.sub("", terminal.getvalue()).splitlines()
    assert rows == ["  Subject  forty thousand lines and one", " " * 11 + "that is longer"]
    assert terminal.getvalue().count("\x1b[1m") == 2  # in bold on both rows


def test_without_colour_nothing_but_text_is_written(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with contextlib.redirect_stdout(terminal):
        console.say(Line(("✓ ", "well"), ("well", "strong")))
        console.say_next("Next: nl preview 1")
    assert terminal.getvalue() == "✓ well\n→ Next: nl preview 1\n"


def test_a_pipe_is_given_text_and_not_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    console.say(Line(("✓ ", "well"), ("well", "strong")))
    console.say_next("Next: nl preview 1")
    assert capsys.readouterr().out == "✓ well\n"
