"""`--rules`: what is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.console import level_names
from newsletter_cli.model import Rule


def rules_as_dict(rules: Sequence[Rule]) -> dict[str, Any]:
    """`{"rules": […]}`, for scripts."""
    return {
        "rules": [
            {"slug": rule.slug, "level": rule.level, "fixable": rule.is_fixable, "title": rule.title} for rule in rules
        ]
    }


def rules_table(rules: Sequence[Rule]) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """Title, head and rows of a table, for people."""
    names = level_names()
    rows: list[tuple[str, ...]] = [
        (rule.slug, names[rule.level], "✓" if rule.is_fixable else "", rule.title) for rule in rules
    ]
    return _("Rules"), (_("rule"), _("level"), _("--fix"), _("what is wrong")), rows
