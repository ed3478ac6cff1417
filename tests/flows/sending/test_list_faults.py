"""A list that may hide people, or that they left: a dry run and a send say the same, and nobody is written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import NotReady
from tests.flows.sending.newsletter import Newsletter

SWALLOWED = 'email;name\nada@example.org;Ada\nben@example.org;"Ben\n' + "".join(
    f"u{number}@example.org;User {number}\n" for number in range(40)
)
UNCLEAR = "email;name;Newsletter\nada@example.org;Ada;oui\nben@example.org;Ben;non\n"


@pytest.mark.parametrize(
    ("people", "code", "place", "why"),
    [
        (SWALLOWED, "list-rows-lost", "list.csv:3", "it swallows 40 rows"),
        (UNCLEAR, "list-column-unclear", "list.csv", "the column “Newsletter” may say who left"),
    ],
    ids=["rows swallowed", "a column that is not clear"],
)
def test_a_dry_run_and_a_send_stop_alike(tmp_path: Path, people: str, code: str, place: str, why: str) -> None:
    newsletter = Newsletter(tmp_path / "w", people=people)
    (problem,) = newsletter.dry().problems
    assert (problem.code, problem.place) == (code, place)
    assert why in problem.message
    assert problem.hint
    with pytest.raises(NotReady, match=why) as refused:
        newsletter.send()
    assert refused.value.exit_status == 1
    assert refused.value.hint == problem.hint
    assert newsletter.messages() == []


def test_once_it_is_said_what_the_column_means_the_send_goes(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path / "w", people=UNCLEAR, config='[list.columns]\nsubscribed = "Newsletter"\n')
    assert newsletter.dry().problems == []
    assert newsletter.send().exit_status == 0
    assert [message["To"] for message in newsletter.messages()] == ["Ada <ada@example.org>"]


def test_a_dry_run_names_every_column_that_decides_nothing(tmp_path: Path) -> None:
    people = "email;name;Ville;Métier\nada@example.org;Ada;Lyon;Pilote\n"
    newsletter = Newsletter(tmp_path / "w", people=people)
    (note,) = (note for note in newsletter.dry().notes if "Ville" in note)
    assert "Métier" in note
    newsletter.configure('[list]\nunused_columns = ["Ville", "metier"]\n')
    assert not any("Ville" in note for note in newsletter.dry().notes)


def test_one_answer_for_a_part_before_the_at_sign_that_is_too_long(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path / "w", people=f"email;name\nada@example.org;Ada\n{'l' * 65}@example.org;L\n")
    dry = newsletter.dry()
    assert (dry.problems, dry.as_dict()["excluded"]) == ([], {"invalid": 1})
    assert newsletter.send().exit_status == 0
    numbers = newsletter.report().numbers
    assert (numbers.deliveries, numbers.excluded) == (1, {"invalid": 1})
