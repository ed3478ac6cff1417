"""An issue in the terminal: on a real one (a pseudo-terminal), in a pipe, through a pager."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from newsletter_cli.preview.terminal import draw_issue
from tests.cli.keyboard import start_at
from tests.inside import run
from tests.rendering import compose, make_issue, make_section
from tests.waiting import PATIENCE_SECONDS
from tests.workspaces import environment, make_workspace, write

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
LONG_LINK = "https://example.org/" + "a-very-long-path/" * 12


def drawn(*sections: object, width: int = 80, **issue: object) -> str:
    """The issue as a terminal without colours shows it."""
    console = Console(width=width, color_system=None, force_terminal=False, record=False)
    with console.capture() as capture:
        for piece in draw_issue(compose(make_issue(*sections, **issue)), width):  # type: ignore[arg-type]
            console.print(piece, crop=False, no_wrap=getattr(piece, "no_wrap", None), overflow="ignore")
    return "\n".join(re.sub("[\u00a0\u202f]", " ", line).rstrip() for line in capture.get().split("\n"))


def on_terminal(root: Path, *, rows: int = 500, keys: bytes = b"", **extra: str) -> str:
    """What `nl preview --terminal` writes on a terminal of 90 columns."""
    ours, theirs = pty.openpty()
    env = environment(**{"TERM": "xterm-256color", "COLUMNS": "90", "LINES": str(rows), **extra})
    process = start_at(theirs, "-C", str(root), "preview", "1", "--terminal", folder=root, env=env)
    os.close(theirs)
    if keys:
        os.write(ours, keys)
    output = bytearray()
    # Linux ends a pseudo-terminal with an error, others with an empty read.
    with contextlib.suppress(OSError):
        while data := os.read(ours, 65536):
            output += data
    os.close(ours)
    assert process.wait(PATIENCE_SECONDS) == 0, output
    return output.decode().replace("\r\n", "\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path).root


# --- what is said


def test_a_pipe_gets_plain_text(root: Path) -> None:
    done = run("-C", str(root), "preview", "1", "--terminal", env={"PAGER": "echo never"})
    assert done.returncode == 0
    lines = done.stdout.split("\n")
    assert lines[:4] == ["Tidings #1", "Thursday 11 June 2026", "", "Hello."]
    assert [line for line in lines if re.match(r"\d\. ", line)] == ["1. Coming up", "2. News", "3. About us"]
    assert re.search(r"^Tea\nThursday 18 June 2026", done.stdout, re.MULTILINE)
    assert "Something happened [1]." in lines
    assert "[1] https://example.org/a" in lines
    assert "\x1b" not in done.stdout
    assert all(line == line.rstrip() for line in lines)


def test_faults_of_the_content_are_told_with_their_place(root: Path) -> None:
    write(root / "sections/001/news.md", "---\nauthor: [Grace\n---\n")
    done = run("-C", str(root), "preview", "1", "--terminal")
    assert done.returncode == 1
    assert "sections/001/news.md" in done.stderr
    assert done.stdout == ""


def test_links_are_listed_whole_however_long() -> None:
    text = drawn(f"See [this]({LONG_LINK}), [that](https://example.org/b), [this]({LONG_LINK}) and <ada@example.org>.")
    assert "this [1], that [2], this [1] and ada@example.org." in text.replace("\n", " ")
    assert f"\n[1] {LONG_LINK}\n" in text
    assert "[3]" not in text


def test_a_reference_of_another_section_and_a_footnote() -> None:
    text = drawn("One [link][far].[^n]", "[far]: https://example.org/far\n\n[^n]: A note.\n")
    assert "One link [1]. (note 1)" in text
    assert "[1] https://example.org/far" in text
    assert re.search(r"Notes\n+ 1 A note\.", text)


def test_raw_html_and_images_are_what_they_say() -> None:
    text = drawn(
        '<center><b>Bold</b> &amp; &#27;[31mred<br>line <img src="a.png" alt="A map"></center>\n\n'
        "in line <img alt='A cat' src='c.png'> and <mark>marked</mark> ![A dog](d.png)\n\n<!-- unseen -->\n\n"
        "<style>p { color: unseen }</style>\n\n<script>\nunseen()\n"
    )
    assert "Bold & [31mred line A map" in text.replace("\ufffd", "")
    assert "in line [Image : A cat] and marked [Image : A dog] [1]" in text
    assert "unseen" not in text


def test_definitions_lists_and_tasks() -> None:
    text = drawn("Term\n:   What it means\n\n- [x] done\n- [ ] to do\n\n1. one\n2. two\n")
    assert re.search(r"Term\n+ • What it means\n", text)
    assert " • ☑ done\n • ☐ to do\n" in text
    assert " 1 one\n 2 two\n" in text


def test_the_words_of_other_programs_marks_are_drawn() -> None:
    typed = "La ==marée *haute*== du 1^er^, H~2~O, ++vite++ :tada: [grand]{.x} $$a : b$$\n\n"
    shown = drawn(make_section(typed + "::: {.columns}\nici\n:::\n\n> [!TIP]\n> là\n"))
    assert "La marée haute du 1er, H2O, vite 🎉 grand $$a : b$$" in shown
    assert all(word in shown for word in ("ici", "Astuce", "là"))


def test_a_table_without_room_becomes_a_list() -> None:
    table = "| a | b | c | d |\n|---|---|---|---|\n" + "| one | two [x](https://example.org) | three | four |\n" * 2
    wide, narrow = drawn(table, width=80), drawn(table, width=40)
    assert re.search(r"one +two x \[1\] +three +four", wide)
    assert [line.strip(" •") for line in narrow.split("\n")].count("b : two x [1]") == 2
    assert max(map(len, narrow.split("\n"))) <= 40


# --- what must not happen


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "\x9b31m", "a\x08b", "\x00", "&#27;[31m", "&#x9b;31m"])
def test_no_text_drives_the_terminal(root: Path, text: str) -> None:
    write(root / "sections/001/news.md", f"---\nauthor: Ada\n---\n{text} [x](<https://example.org/{text}>) `{text}`\n")
    done = run("-C", str(root), "preview", "1", "--terminal")
    assert done.returncode == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from([20, 80]))
def test_any_text_is_drawn(text: str, width: int) -> None:
    section = make_section(text, title=text.replace("\n", " ") or "x")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", drawn(section, width=width, title=text))


@given(st.text(st.sampled_from("*_`[]()<>!|-#:&;\\^~ \n\t>a1."), max_size=120))
def test_any_markdown_is_drawn(text: str) -> None:
    assert "owned" not in drawn(text, width=30)


@pytest.mark.parametrize("deep", ["- " * 45 + "end", "> " * 90 + "end", "1. " * 45 + "end", "> - " * 30 + "end"])
def test_deep_nesting_is_drawn(deep: str) -> None:
    assert "end" in drawn(deep, width=40)


# --- the terminal and the pager


def test_a_terminal_gets_styles_through_the_readers_pager(root: Path) -> None:
    output = on_terminal(root, PAGER="sed s/Hello/Paged/")
    assert "\x1b[1mTidings #1\x1b[0m" in output
    assert "Paged." in ESCAPES.sub("", output)


def test_no_color_has_no_styles(root: Path) -> None:
    output = on_terminal(root, PAGER="cat", NO_COLOR="1")
    assert "Tidings #1" in output
    assert "\x1b" not in output


@pytest.mark.parametrize("pager", ["", "no-such-pager-here", "true"])
def test_a_pager_that_shows_nothing(root: Path, pager: str) -> None:
    output = on_terminal(root, PAGER=pager)
    # One that reads nothing and is content is the reader's own choice.
    assert ("Hello." in ESCAPES.sub("", output)) is (pager != "true")


@pytest.mark.needs("less")
def test_less_is_left_with_a_key(root: Path) -> None:
    write(root / "sections/001/news.md", "---\nauthor: Ada\n---\n" + "One more.\n\n" * 3000)
    output = on_terminal(root, rows=20, keys=b"q")
    assert "Hello." in ESCAPES.sub("", output)
    assert "Who we are." not in output


@pytest.mark.needs("less")
def test_what_fits_the_screen_is_just_written(root: Path) -> None:
    output = on_terminal(root, rows=200)
    assert "Who we are." in ESCAPES.sub("", output)
    assert "\x1b[1mTidings #1" in output


def test_a_dumb_terminal_gets_plain_text(root: Path) -> None:
    output = on_terminal(root, TERM="dumb", PAGER="echo never")
    assert "\x1b" not in output
    assert "never" not in output
