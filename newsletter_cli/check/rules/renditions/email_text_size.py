"""Running text that is set too small to be read on a phone, or by tired eyes."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-text-size", level=Level.WARNING, title=_("Text is too small"))
LEAST_PX = 14.0
# Small by their meaning; and code, which is set a little smaller everywhere.
SMALL_TAGS = frozenset(("small", "sub", "sup", "rt", "rp", "code", "pre", "kbd", "samp", "tt"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each size below 14 pixels that running text has."""
    seen = set()
    for shown in renditions.running_texts:
        size_px = shown.light.size_px
        if size_px >= LEAST_PX or size_px in seen:
            continue
        if any(one.tag in SMALL_TAGS for one in (shown.element, *shown.element.iterancestors())):
            continue
        seen.add(size_px)
        yield RULE.at(
            renditions.theme,
            _("“{text}” is set in {size} px; running text needs 14 px").format(
                text=shown.text[:40], size=f"{size_px:.3g}"
            ),
            suggestion=_("a larger font-size in the theme"),
        )
