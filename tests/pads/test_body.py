"""What of a pad's text is the body of a section."""

from __future__ import annotations

import pytest

from newsletter_cli.pads.body import PadBody, body_of, read_body
from newsletter_cli.pads.pad import PadRefusal, PadText

FILE = "sections/002/agenda.md"
TITLES = ("Retour sur l’atelier", "agenda", "Coming up")


def body(text: str) -> PadBody:
    return body_of(text, TITLES, file=FILE)


@pytest.mark.parametrize(
    "text",
    [
        "# Coming up\n\nTea.\n",
        "## **Coming up** ##\nTea.\n",
        "# 1. Coming up\n\nTea.",
        "#  2) Agenda\n\nTea.\n",
        "Coming up\n=========\n\nTea.\n",
        "\ufeff\r\n# RETOUR SUR L'ATELIER\r\n\r\nTea.\r\n\r\n",
        "---\ntitle: Coming up\nauthor: Ada\n---\n\n# Coming up\n\nTea.\n",
    ],
)
def test_a_title_that_nl_sets_itself_is_left_out_and_told(text: str) -> None:
    found = body(text)
    assert found.text == "Tea.\n"
    assert any("is the section's title" in note for note in found.notes)


@pytest.mark.parametrize(
    "text",
    [
        "# Something else\n\nTea.\n",
        "Coming up\n",
        "Tea.\n\n# Coming up\n",
        "#Coming up\n",
        "    # Coming up\n",
        "---\nTea.\n\nA rule above.\n",
        "---\nauthor: never closed\n",
    ],
)
def test_what_is_no_title_and_no_header_stays(text: str) -> None:
    assert body(text) == PadBody(text=text)


def test_a_header_is_left_out_and_its_keys_are_told() -> None:
    found = body("---\ntags: [lettre]\nauthor: Ada\n---\nTea.\n")
    assert found.text == "Tea.\n"
    assert "(tags, author)" in found.notes[0]
    assert FILE in found.notes[0]


@pytest.mark.parametrize("text", ["", " \n\n", "# Coming up\n", "<!-- nl: write here -->\n", "---\nauthor: x\n---\n"])
def test_an_empty_pad_is_refused(text: str) -> None:
    found = read_body(PadText(text=text), TITLES, file=FILE)
    assert isinstance(found, PadRefusal)
    assert "empty" in found.reason


@pytest.mark.parametrize("text", ["a\nb\x00c\n", "a\n\ud800\n"])
def test_what_is_no_text_is_refused_with_its_line(text: str) -> None:
    found = read_body(PadText(text=text), TITLES, file=FILE)
    assert isinstance(found, PadRefusal)
    assert "line 2" in found.reason


def test_a_conflict_in_the_pad_is_refused_and_an_example_of_one_is_not() -> None:
    marks = "<<<<<<< one\na\n=======\nb\n>>>>>>> two\n"
    found = read_body(PadText(text=f"x\n{marks}"), TITLES, file=FILE)
    assert isinstance(found, PadRefusal)
    assert "line 2" in found.reason
    assert isinstance(read_body(PadText(text=f"```\n{marks}```\n"), TITLES, file=FILE), PadBody)
