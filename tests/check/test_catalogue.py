"""No rule is forgotten: each is in the catalogue, under its own name, with words for the docs."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

from newsletter_cli.check import importing, reading, rules, silence
from newsletter_cli.check.catalogue import ALL_RULES, LANGUAGE_RULES, LINK_RULES, MANUSCRIPT_RULES, RENDITION_RULES
from newsletter_cli.check.rule import CheckedRule, named_in, rules_in
from newsletter_cli.model import Rule

TOPICS = [import_module(one.name) for one in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}.")]


def test_each_rule_of_each_module_is_in_the_catalogue_once() -> None:
    assert list(ALL_RULES) == sorted(named_in(*TOPICS, importing, reading, silence), key=lambda one: one.slug)
    assert len({one.slug for one in ALL_RULES}) == len(ALL_RULES)
    assert {*MANUSCRIPT_RULES, *RENDITION_RULES, *LINK_RULES, *LANGUAGE_RULES} == set(rules_in(*TOPICS))


def test_each_module_of_rules_has_some() -> None:
    assert [topic.__name__ for topic in TOPICS if not named_in(topic)] == []


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.slug)
def test_a_rule_has_its_own_name_and_words_for_the_docs(rule: Rule) -> None:
    if isinstance(rule, CheckedRule):
        assert rule.check.__name__ == rule.slug.replace("-", "_")
    assert rule.why.strip()
    assert rule.bad.strip()
    assert rule.good.strip()


def test_naming_the_rules_loads_neither_browser_nor_network() -> None:
    """An offline assembly has every rule, and no use for these."""
    code = (
        "import sys; import newsletter_cli.check.catalogue;"
        "print([one for one in ('subprocess', 'ssl', 'newsletter_cli.check.browser') if one in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
