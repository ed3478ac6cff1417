"""Running text whose lines stand too close together."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-line-height", level=Level.WARNING, title=_("Lines of text stand too close together"))
LEAST = 1.5


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each line height below 1.5 that running text has (WCAG 2.2, 1.4.12 takes it for granted)."""
    seen = set()
    for shown in renditions.running_texts:
        ratio = shown.light.line_ratio
        if ratio is None or ratio >= LEAST or ratio in seen:
            continue
        seen.add(ratio)
        yield RULE.at(
            renditions.theme,
            _("“{text}” has a line height of {ratio}; running text needs 1.5").format(
                text=shown.text[:40], ratio=f"{ratio:.3g}"
            ),
            suggestion=_("a larger line-height in the theme"),
        )
