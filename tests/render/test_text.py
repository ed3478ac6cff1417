from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.text_wrap import display_width
from newsletter_cli.model import Event, Issue, Job, SourceText
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.text import render_email_text
from newsletter_cli.render.words import parse_words
from tests.examples import examples

FOLDER = Path(__file__).parents[2] / "templates" / "words"
WORDS = parse_words((FOLDER / "fr.toml").read_text("utf-8"), file="fr.toml")
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class EventView:
    event: Event
    description: etree._Element | None = None


def tree(markup: str) -> etree._Element:
    return etree.fromstring(f"<div>{markup}</div>")


@dataclass(frozen=True)
class SectionView:
    number: int | None
    title: str
    body: etree._Element | None = None
    events: Sequence[EventView] = ()
    jobs: Sequence[Job] = ()
    heading_markup: str | None = None

    @property
    def heading(self) -> etree._Element:
        if self.heading_markup is not None:
            return tree(self.heading_markup)
        root = etree.Element("div")
        root.text = self.title
        return root


FRAME = Frame(
    name="Programme 10 %",
    language="fr",
    direction="ltr",
    timezone="Europe/Paris",
    words=WORDS,
    online_url="https://a.example/newsletter1/",
    reply_to="lab-ia@a.example",
    unsubscribe_url="__UNSUBSCRIBE__",
    legal=("Vous recevez ce message parce que vous êtes inscrit à la liste de diffusion du 10 %.",),
)
MARCH = Issue(
    number=1,
    title="Newsletter de mars",
    slug="newsletter1",
    editorial=SourceText(text="", file="_issue.md"),
    sections=(),
    date=datetime(2023, 3, 28, 13, tzinfo=PARIS),
)


@dataclass(frozen=True)
class View:
    issue: Issue = MARCH
    frame: Frame = FRAME
    editorial: etree._Element | None = None
    sections: Sequence[SectionView] = ()
    notes: etree._Element | None = None
    calendar_url: str | None = None


ISSUE = View(
    editorial=tree('<p>Bonjour à toutes et tous, <a href="https://a.example/ici">voici</a> la première lettre.</p>'),
    sections=(
        SectionView(
            1,
            "À l’agenda",
            tree('<h3>Et aussi</h3><p>Lire <a href="https://a.example/ici">ceci</a>.<sup>[1]</sup></p>'),
            events=(
                EventView(
                    Event(
                        title="Atelier 10 %",
                        start=datetime(2023, 3, 30, 14, tzinfo=PARIS),
                        end=datetime(2023, 3, 30, 17, 30, tzinfo=PARIS),
                        place="Lieu de la Transformation publique, 77 avenue de Ségur, Paris, deuxième étage",
                        url="https://a.example/atelier",
                    ),
                    tree('<p>Avec <a href="https://b.example/lino">Lino</a>.</p>'),
                ),
                EventView(Event(title="Viva Technology", start=date(2023, 6, 14), end=date(2023, 6, 17))),
            ),
        ),
        SectionView(
            2,
            "Jobs",
            jobs=(
                Job(
                    title="Data scientist",
                    employer="INPI",
                    url="https://a.example/job",
                    reference="MEF_2023-8937",
                    deadline=date(2023, 5, 1),
                ),
                Job(title="Expert cloud"),
            ),
        ),
    ),
    notes=tree("<ol><li>Une note.</li></ol>"),
)

EXPECTED = """\
Programme 10 %
Newsletter de mars
==================
Numéro 1 · mardi 28 mars 2023

Bonjour à toutes et tous, voici [1] la première lettre.

[1] https://a.example/ici


Au sommaire
-----------

1. À l’agenda
2. Jobs


1. À l’agenda
=============

Atelier 10 %
------------
Quand~: jeudi 30 mars 2023, de 14~h à 17~h~30
Lieu~: Lieu de la Transformation publique, 77 avenue de Ségur, Paris,
  deuxième étage

Avec Lino [2].

Voir le détail~: https://a.example/atelier

Viva Technology
---------------
Quand~: du mercredi 14 au samedi 17 juin 2023

Et aussi
--------

Lire ceci [1]. (note~1)

[1] https://a.example/ici
[2] https://b.example/lino


2. Jobs
=======

Data scientist
--------------
Employeur~: INPI
Référence~: MEF_2023-8937
Date limite~: lundi 1er mai 2023
Voir l’offre~: https://a.example/job

Expert cloud
------------


Notes
=====

1. Une note.


----------------------------------------------------------------------------
Lire en ligne~: https://a.example/newsletter1/
Nous écrire~: lab-ia@a.example
Se désabonner~: __UNSUBSCRIBE__

Vous recevez ce message parce que vous êtes inscrit à la liste de diffusion
du 10 %.
"""


def test_whole_text() -> None:
    assert render_email_text(ISSUE, words=WORDS) == EXPECTED.replace("~", "\u00a0")


def titled(title: str, view: View = ISSUE) -> View:
    return replace(view, issue=replace(view.issue, title=title))


def test_bare_issue() -> None:
    frame = replace(FRAME, online_url=None, reply_to=None, unsubscribe_url=None, legal=())
    view = View(issue=replace(MARCH, date=None), frame=frame)
    header = "Programme 10 %\nNewsletter de mars\n==================\nNuméro 1\n\n\n"
    assert render_email_text(view, words=WORDS) == header + "-" * 76 + "\n"


def test_name_is_not_said_twice() -> None:
    assert render_email_text(titled("Programme 10 % : mars"), words=WORDS).startswith("Programme 10 % : mars\n====")


def test_link_in_a_section_title_is_kept() -> None:
    section = SectionView(1, "Le projet OCR", heading_markup='Le projet <a href="https://a.example/ocr">OCR</a>')
    result = render_email_text(View(sections=(section,)), words=WORDS)
    assert "\n1. Le projet OCR [1]\n====================\n\n[1] https://a.example/ocr\n" in result


def test_sections_without_numbers() -> None:
    view = replace(ISSUE, sections=(SectionView(None, "IA", tree("<p>x</p>")),))
    assert "\n- IA\n" in render_email_text(view, words=WORDS)
    assert "\nIA\n===\n\nx\n" in render_email_text(view, words=WORDS)


def test_empty_trees_leave_no_trace() -> None:
    view = replace(ISSUE, editorial=tree(""), notes=tree("<ol/>"))
    result = render_email_text(view, words=WORDS)
    assert "Notes" not in result
    assert "\n\n\n\n" not in result


TITLES = st.text(st.sampled_from("abé mot日{}[]\n\t\u00a0\u202f-"), max_size=120)


@examples(25)
@given(TITLES, TITLES, st.sampled_from([50, 76]))
def test_lines_are_narrow_and_clean(title: str, place: str, width: int) -> None:
    event = Event(title=title, start=date(2023, 3, 30), place=place, url="https://a.example/" + "x" * 80)
    section = SectionView(
        3, title, tree("<p>" + "mot " * 50 + "</p>"), (EventView(event),), (Job(title=title, employer=place),)
    )
    view = titled(title, replace(ISSUE, sections=(section,)))
    result = render_email_text(view, words=WORDS, width=width)
    assert result == render_email_text(view, words=WORDS, width=width)
    assert result.endswith("\n")
    assert not result.endswith("\n\n")
    assert "\r" not in result
    for line in result.removesuffix("\n").split("\n"):
        assert line == line.rstrip(" ")
        assert line != "--" or "--" in title + place
        longest = max(map(display_width, re.split(" +", line)))
        assert display_width(line) <= width or "://" in line or longest > width - 20


@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_any_language(language: str) -> None:
    assert "2023" in render_email_text(replace(ISSUE, frame=replace(FRAME, language=language)), words=WORDS)
