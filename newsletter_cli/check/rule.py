"""What a rule is: what it is called and why it is there, with the pure function that looks for its fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, Generic, TypeVar

from newsletter_cli.model import Finding, Level, Rule

Subject = TypeVar("Subject")


class CheckedRule(Rule, Generic[Subject], frozen=True, kw_only=True):
    """A rule with its check: every place of the subject where it is broken.

    The subject is the manuscript, the renditions, the report on links or that on language; `catalogue.py` has a list
    for each.
    """

    check: Callable[[Subject], Iterator[Finding]]


def rule(
    slug: str, level: Level, title: str, *, why: str, bad: str, good: str, is_fixable: bool = False
) -> Callable[[Callable[[Subject], Iterator[Finding]]], CheckedRule[Subject]]:
    """Makes a rule of a function that finds what is wrong; it has the rule's name, `_` for `-`.

    The words are those of `Rule`. Within the function its own name is the rule: `yield link_empty.at(place, …)`.
    """

    def make(check: Callable[[Subject], Iterator[Finding]]) -> CheckedRule[Subject]:
        return CheckedRule(
            slug=slug, level=level, title=title, why=why, bad=bad, good=good, is_fixable=is_fixable, check=check
        )

    return make


def rules_in(*modules: ModuleType) -> tuple[CheckedRule[Any], ...]:
    """The rules with a check that stand in these modules, by name."""
    return tuple(one for one in named_in(*modules) if isinstance(one, CheckedRule))


def named_in(*modules: ModuleType) -> tuple[Rule, ...]:
    """Every rule that has a name in these modules, checked or not."""
    found = {one.slug: one for module in modules for one in vars(module).values() if isinstance(one, Rule)}
    return tuple(found[slug] for slug in sorted(found))
