"""docs/reference/list.md keeps up with the commands of `nl list`, their options, rules and reasons."""

from __future__ import annotations

import re

import pytest

from newsletter_cli.audience.leaving import SUSPECT_WORDS
from newsletter_cli.cli.mailing_list import COMMANDS, SUPPRESSION_COMMANDS
from newsletter_cli.model.subscriber import Reason, SubscriberStatus
from tests.docs.test_docs import ROOT, options_of, page, part

NAMES = [name for group in COMMANDS.values() for name, *_rest in group]
NAMES += [f"suppression {name}" for group in SUPPRESSION_COMMANDS.values() for name, *_rest in group]


@pytest.mark.parametrize("name", NAMES)
def test_each_command_has_a_section_with_its_options(name: str) -> None:
    text = part(page("docs/reference/list.md"), f"nl list {name}")
    documented = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    assert options_of(f"list {name}") - {"-h", "--help"} <= documented
    assert f"$ nl list {name}" in text
    assert "Exit statuses:" in text


def test_no_command_is_documented_that_does_not_exist() -> None:
    found = re.findall(r"^### nl list (.+)$", page("docs/reference/list.md"), flags=re.MULTILINE)
    assert found == NAMES or set(found) == set(NAMES)


def test_the_words_that_make_nl_ask_are_those_of_the_code() -> None:
    listed = (
        part(page("docs/reference/list.md"), "Faults of the list").partition("or a link:\n\n")[2].partition(".\n")[0]
    )
    assert tuple(word.replace("\n", " ") for word in re.findall(r"`([^`]+)`", listed)) == SUSPECT_WORDS


def test_every_rule_reason_and_status_is_explained() -> None:
    text = page("docs/reference/list.md")
    source = "".join(
        (ROOT / "newsletter_cli" / "audience" / name).read_text("utf-8") for name in ("check.py", "fault.py")
    )
    rules = set(re.findall(r'"(list-[a-z0-9-]+)"', source))
    assert len(rules) == 12
    for name in (*rules, *Reason):
        assert f"`{name}`" in text
    for status in SubscriberStatus:
        assert str(status) in text
