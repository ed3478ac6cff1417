"""All rules there are, and the ways to apply them."""

from __future__ import annotations

from newsletter_cli.check.browser import RULES as BROWSER_RULES
from newsletter_cli.check.reading import READING_RULES
from newsletter_cli.check.rules import (
    LINK_RULES,
    MANUSCRIPT_RULES,
    RENDITION_RULES,
    check_link_report,
    check_manuscript,
    check_renditions,
)
from newsletter_cli.check.silence import RULE as IGNORE_UNKNOWN
from newsletter_cli.model import Rule

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *READING_RULES,
            IGNORE_UNKNOWN,
            *(module.RULE for module in MANUSCRIPT_RULES),
            *(module.RULE for module in RENDITION_RULES),
            *(module.RULE for module in LINK_RULES),
            *(module.RULE for module in BROWSER_RULES),
        ),
        key=lambda rule: rule.slug,
    )
)

__all__ = [
    "ALL_RULES",
    "LINK_RULES",
    "MANUSCRIPT_RULES",
    "RENDITION_RULES",
    "check_link_report",
    "check_manuscript",
    "check_renditions",
]
