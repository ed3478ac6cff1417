from __future__ import annotations

from pathlib import Path

from newsletter_cli.render.renditions import render_announcement
from newsletter_cli.render.words import parse_words

FOLDER = Path(__file__).parents[2] / "templates" / "words"
FRENCH, ENGLISH = (
    parse_words((FOLDER / f"{language}.toml").read_text("utf-8"), file=language) for language in ("fr", "en")
)


def test_whole_announcement() -> None:
    text = render_announcement(
        newsletter_name="Programme 10 %",
        title="Newsletter de mars",
        summary="Trois rendez-vous\net huit projets.",
        contents=["À l’agenda", "Zoom sur un projet : OCR"],
        online_url="https://a.example/newsletter1/",
        words=FRENCH,
    )
    expected = (
        "Programme 10 %~: Newsletter de mars\n\nTrois rendez-vous et huit projets.\n\n"
        "Au sommaire~:\n\n- À l’agenda\n- Zoom sur un projet : OCR\n\n"
        "À lire en ligne~: https://a.example/newsletter1/\n"
    )
    assert text == expected.replace("~", "\u00a0")


def test_nothing_but_a_title() -> None:
    text = render_announcement(
        newsletter_name="Programme 10 %",
        title="Programme 10 %, mars",
        summary="Programme 10 %, mars",
        contents=[],
        online_url=None,
        words=ENGLISH,
    )
    assert text == "Programme 10 %, mars\n"


def test_braces_and_line_ends_are_text() -> None:
    text = render_announcement(
        newsletter_name="{x}",
        title="{{ var }}\n{0}",
        summary=None,
        contents=["a\nb", " "],
        online_url=None,
        words=ENGLISH,
    )
    assert text == "{x}: {{ var }} {0}\n\nIn this issue:\n\n- a b\n"
