"""The examples in the docs of the rules are true: the bad one is found, of the good one nothing is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from itertools import product
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ContentError
from newsletter_cli.check.catalogue import MANUSCRIPT_RULES
from newsletter_cli.check.rule import CheckedRule
from newsletter_cli.check.subjects.manuscript import Manuscript
from tests.check.cases import Case, manuscript_of

# Of these the example tells more than a text: a file, another section or issue, a setting, what is not there.
TOLD_IN_WORDS = {
    "author-missing",
    "control-character",
    "date-missing",
    "date-past",
    "definition-twice",
    "event-revised",
    "front-matter-image-missing",
    "image-file-missing",
    "image-heavy",
    "image-unreadable",
    "leftover-name",
    "link-file-missing",
    "leftover-number",
    "leftover-paragraph",
    "link-earlier",
    "link-twice",
    "section-missing",
    "section-unknown",
}
BLOCK = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)


def codes_of(example: str) -> list[str]:
    """What is to be typed: the blocks of code, else the words in backticks."""
    text = cleandoc(example)
    return BLOCK.findall(text) or [found[2].strip() for found in SPAN.finditer(text)]


def ways_to_type(example: str) -> Iterator[Case]:
    """As the text of a section, in its header, in that of the issue; in either language; all of it, or the first."""
    codes = codes_of(example)
    for lang, code in product(("en", "fr"), ("\n\n".join(codes), codes[0])):
        for text, file in (
            (f"{code}\n", "agenda.md"),
            (f"---\n{code}\n---\nWords.\n", "agenda.md"),
            (f"---\n{code}\n---\nWords.\n", "_issue.md"),
            (f"---\n{code}\ndate: 2026-06-11\n---\nWords.\n", "_issue.md"),
        ):
            yield Case(rule="", kind="", title="", text=text, settings={"lang": lang, "file": file})


def has_finding(rule: CheckedRule[Manuscript], case: Case, root: Path) -> bool | None:
    """Whether the rule finds something; `None` where the case cannot be read that way."""
    try:
        return any(rule.check(manuscript_of(case, root)))
    except ContentError:
        return None


@pytest.mark.parametrize(
    "rule", [one for one in MANUSCRIPT_RULES if one.slug not in TOLD_IN_WORDS], ids=lambda rule: rule.slug
)
def test_the_example_of_a_rule_is_true(rule: CheckedRule[Manuscript], tmp_path: Path) -> None:
    ways = zip(ways_to_type(rule.bad), ways_to_type(rule.good), strict=True)
    assert any(
        has_finding(rule, bad, tmp_path / f"bad{number}") is True
        and has_finding(rule, good, tmp_path / f"good{number}") is False
        for number, (bad, good) in enumerate(ways)
    )


def test_those_told_in_words_are_rules() -> None:
    assert {one.slug for one in MANUSCRIPT_RULES} >= TOLD_IN_WORDS
