"""Places for a reader's name: in headers, and of fields that somebody has declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.rules.personal_marks import merge_tag
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.merge_tags import find_places
from newsletter_cli.model import Level
from tests.check.cases import Case, manuscript_of


def manuscript(text: str, folder: Path) -> Manuscript:
    return manuscript_of(Case(rule="merge-tag", kind="bad", title="", text=text), folder)


@pytest.mark.parametrize("field", ["first_name", "prénom"])
def test_a_declared_field_is_an_error_under_all_its_names(field: str, tmp_path: Path) -> None:
    made = manuscript("Bonjour {prenom}, bonjour *|FNAME|*, à {ville}, à {{ contact.CITY }}.\n", tmp_path)
    made = replace(made, personal_fields=frozenset((field,)))
    assert sorted((one.column or 0, one.level) for one in merge_tag.check(made)) == [
        (9, Level.ERROR),
        (27, Level.ERROR),
        (51, Level.WARNING),
    ]


def test_a_column_that_is_declared_is_known(tmp_path: Path) -> None:
    made = replace(manuscript("La marée à {ville}.\n", tmp_path), personal_fields=frozenset(("ville",)))
    assert [one.level for one in merge_tag.check(made)] == [Level.ERROR]


@pytest.mark.parametrize("name", ["subject", "preheader", "summary", "title"])
def test_a_header_is_looked_at(name: str, tmp_path: Path) -> None:
    made = manuscript("La marée.\n", tmp_path)
    values: dict[str, Any] = {name: "*|FNAME|*, la marée"}
    issue = replace(made.issue, lines={**made.issue.lines, name: 3}, **values)
    assert [(one.line, one.level) for one in merge_tag.check(replace(made, issue=issue))] == [(3, Level.WARNING)]


@pytest.mark.parametrize(
    "typed",
    [
        "{FIRSTNAME}",
        "{{contact.PRENOM}}",
        "{{ params.prenom }}",
        "{{{FIRST_NAME}}}",
        '{{var:prenom:"vous"}}',
        "{$name}",
        "*|IF:FNAME|*",
        "%%emailaddr%%",
        "%recipient_name%",
        "%PRENOM%",
        "%(name)s",
        "[[data:firstname]]",
        "[UNSUBSCRIBE]",
        "[votre nom]",
        "<%= @user.name %>",
        "#PRENOM#",
        "<<Prénom>>",
        "{{ unsubscribe_url }}",
    ],
)
def test_every_program_has_its_own(typed: str) -> None:
    assert [found[0] for found in find_places(f"Bonjour {typed}, la marée")] == [typed]
