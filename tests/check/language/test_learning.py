"""Which words a newsletter teaches by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.learning import learnt_words
from newsletter_cli.check.language.speller import find_speller
from tests.workspaces import make_workspace, read_manuscript

CONFIG = """\
[newsletter]
name = "Dunes"
language = "fr"

[[sections]]
slug = "news"
title = "Nouvelles"

[[sections]]
slug = "about"
title = "Qui nous sommes"
standing = true
"""


def issue(day: str | None, news: str, about: str = "Nous.\n") -> dict[str, str]:
    date = f"date: {day}\n" if day else ""
    return {
        "_issue.md": f"---\ntitle: Dunes\n{date}---\nBonjour.\n",
        "news.md": f"---\nauthor: Zoé Kervadec\n---\n{news}\n",
        "about.md": f"---\n---\n{about}\n",
    }


def learnt(tmp_path: Path, issues: dict[int, dict[str, str]], *unknown: str, sent: tuple[int, ...] = ()) -> KnownWords:
    speller = find_speller("fr")
    if speller is None:
        pytest.skip("needs a French dictionary of Hunspell")
    manuscript = read_manuscript(make_workspace(tmp_path, CONFIG, issues), max(issues))
    return learnt_words(manuscript, unknown, {"fr": speller}, sent)


def test_a_name_is_learnt_from_an_older_issue(tmp_path: Path) -> None:
    issues = {
        1: issue("2026-01-08", "Avec [Galiana](https://example.org/x), de l’Etalab, et Dufourd."),
        2: issue("2026-02-05", "Encore Galiana."),
    }
    found = learnt(tmp_path, issues, "Galiana", "Etalab", "Kermorvant")
    assert found.words == {"Galiana", "Etalab"}


def test_a_fault_that_was_published_is_not_learnt(tmp_path: Path) -> None:
    text = "Un hakathon développpé au Commissériat, pérénisé, developpement. Développpé par Transformmers."
    issues = {number: issue(f"2026-0{number}-08", text) for number in (1, 2, 3)}
    unknown = ("hakathon", "développpé", "Développpé", "Commissériat", "pérénisé", "developpement")
    assert learnt(tmp_path, issues, *unknown).words == set()


def test_a_word_in_small_letters_takes_two_issues_or_three_times(tmp_path: Path) -> None:
    issues = {
        1: issue("2026-01-08", "Un onboarding, par un datascienstist."),
        2: issue("2026-02-05", "Un datascientist, un freelance."),
        3: issue("2026-03-05", "Deux datascientist, un freelance, un datascienstist, un onboarding."),
        4: issue("2026-04-05", "Rien."),
    }
    issues[2]["news.md"] += "Un kubectl, un kubectl, un kubectl ; un terraform, un terraform.\n"
    found = learnt(tmp_path, issues, "onboarding", "freelance", "datascientist", "kubectl", "terraform")
    assert found.words == {"onboarding", "freelance", "datascientist", "kubectl"}


def test_of_two_that_are_one_slip_apart_the_more_frequent_is_learnt(tmp_path: Path) -> None:
    issues = {number: issue(f"2026-0{number}-08", "Un datascientist.") for number in (1, 2, 3)}
    issues[1] = issue("2026-01-08", "Un datascienstist, un datascientist.")
    issues[2] = issue("2026-02-08", "Un datascienstist, un datascientist, des datascientists.")
    issues[3] = issue("2026-03-08", "Un datascientist, des datascientists.")
    issues[4] = issue("2026-04-08", "Rien.")
    found = learnt(tmp_path, issues, "datascienstist", "datascientist", "datascientists")
    assert found.words == {"datascientist", "datascientists"}


@pytest.mark.parametrize(
    ("first", "sent", "is_learnt"),
    [
        (issue("2026-01-08", "Rien.", "Avec Galiana."), (1,), False),  # carried over from issue to issue
        (issue("2026-03-08", "Avec Galiana."), (), False),  # later than this one
        (issue(None, "Avec Galiana."), (), False),
        (issue(None, "Avec Galiana."), (1,), True),
        (issue("2026-01-08", "Avec `Galiana`, [lui](https://galiana.example.org/Galiana)."), (), False),
    ],
)
def test_only_what_was_published_teaches(
    tmp_path: Path, first: dict[str, str], sent: tuple[int, ...], is_learnt: bool
) -> None:
    found = learnt(tmp_path, {1: first, 2: issue("2026-02-05", "Galiana.")}, "Galiana", sent=sent)
    assert found.has("Galiana") is is_learnt


def test_hosts_of_links_and_names_in_headers_teach_without_an_earlier_issue(tmp_path: Path) -> None:
    news = "[La carte](https://cartiflette.example.org/numerique/), [l’autre](https://economie-numerique.example.org/)."
    head = "events:\n- title: Réunion\n  start: 2026-05-02\n  place: Salle Bidulard\n"
    head += "jobs:\n- title: Poste\n  employer: Zorglub\n"
    files = issue("2026-04-05", news)
    files["news.md"] = files["news.md"].replace("---\n[", f"{head}---\n[")
    found = learnt(tmp_path, {1: files}, "Cartiflette", "Kervadec", "Bidulard", "Zorglub", "numerique", "Numerique")
    assert found.words == {"Cartiflette", "Kervadec", "Bidulard", "Zorglub"}


def test_a_term_that_is_near_to_a_word_of_another_language_is_learnt(tmp_path: Path) -> None:
    french, english = find_speller("fr"), find_speller("en")
    if french is None or english is None:
        pytest.skip("needs dictionaries of Hunspell")
    issues = {number: issue(f"2026-0{number}-08", "Le dpkg du serveur.") for number in (1, 2, 3)}
    manuscript = read_manuscript(make_workspace(tmp_path, CONFIG, issues), 3)
    spellers = {"fr": french, "en": english}
    assert english.has_near("dpkg")
    assert learnt_words(manuscript, ["dpkg"], spellers, ()).words == {"dpkg"}
