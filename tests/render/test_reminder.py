"""Who owes which text until when, in words: late ones first, nobody's address, nobody called by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter_cli.render.reminder import Owed, person_of, render_reminder
from newsletter_cli.render.words import parse_words
from newsletter_cli.workspace.shipped import shipped_templates

NOW = datetime(2026, 6, 10, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))


def reminder(*owed: Owed, language: str = "en") -> str:
    words = parse_words((shipped_templates() / "words" / f"{language}.toml").read_text(), file="w")
    assert words.remind is not None
    return render_reminder(
        owed, newsletter="Tidings", number=4, words=words, remind=words.remind, language=language, now=NOW
    )


def text(author: str | None, days: int | None, slug: str = "news") -> Owed:
    due = None if days is None else NOW.date() + timedelta(days=days)
    return Owed(slug=slug, title=slug.title(), author=author, due=due)


def test_late_ones_first_and_person_by_person() -> None:
    assert reminder(
        text("Ada", 3, "agenda"), text(None, -9, "jobs"), text("Grace", -2), text("Ada", 0, "news"), text("Noor", None)
    ) == (
        "Tidings no. 4: texts we are waiting for\n\n"
        "Grace\n- News: late by 2 days (Monday 8 June 2026)\n\n"
        "Ada\n- News: due today\n- Agenda: due in 3 days (Saturday 13 June 2026)\n\n"
        "Noor\n- News: no date set\n\n"
        "For whoever takes it\n- Jobs: late by 9 days (Monday 1 June 2026)\n"
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "en retard d’un jour"), (-2, "en retard de 2 jours"), (0, "pour aujourd’hui"), (1, "pour demain"),
     (3, "dans 3 jours (samedi 13 juin 2026)"), (None, "sans échéance")],
)  # fmt: skip
def test_in_french(days: int | None, said: str) -> None:
    assert f"- News\u00a0: {said}" in reminder(text("Ada", days), language="fr")


def test_an_hour_counts() -> None:
    morning, evening = (Owed(slug="a", title="A", due=NOW.replace(hour=hour)) for hour in (9, 18))
    assert "was due earlier today (Wednesday" in reminder(morning)
    assert "due today" in reminder(evening)
    assert (morning.is_late(NOW), evening.is_late(NOW)) == (True, False)
    assert Owed(slug="a", title="A", due=date(2026, 6, 10)).is_late(NOW) is False


@pytest.mark.parametrize(
    ("author", "name"),
    [("Ada", "Ada"), ("Ada <ada@example.org>", "Ada"), ("ada@example.org", None), ("@all", "all"), (None, None),
     ("Ada, Grace <g@example.org>", "Ada, Grace")],
)  # fmt: skip
def test_no_address_and_no_call_to_everybody(author: str | None, name: str | None) -> None:
    assert person_of(author) == name


def test_nothing_owed_and_hostile_titles() -> None:
    assert reminder() == "Tidings no. 4: all texts are there.\n"
    said = reminder(Owed(slug="a", title="@channel\n# **x** [y](z) <!all>", author="Ada\n@here"))
    assert "@" not in said
    assert "<!" not in said
    assert "\n#" not in said


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it"])
def test_every_shipped_language_has_the_words(language: str) -> None:
    for days in (-3, -1, 0, 1, 5, None):
        assert "{" not in reminder(text("Ada", days), text(None, days), language=language)
