"""Text that hardly stands out from what is behind it: in the light, in the dark, inverted by force."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.looks import Look, ShownText, contrast_of, inverted, written
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="email-contrast", level=Level.WARNING, title=_("Text hardly stands out from its background"))
LEAST, LEAST_LARGE = 4.5, 3.0
QUOTED = 40  # characters of the text that is quoted


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each pair of colours below 4.5:1, large text 3:1 (WCAG 2.2, 1.4.3).

    What is the same fault in the light and inverted is told once.
    """
    seen = set()
    for shown in renditions.looks.texts:
        if not any(character.isalnum() for character in shown.text):
            continue
        for mode, look, is_inverted in (
            (_("in light mode"), shown.light, False),
            (_("in dark mode"), shown.dark, False),
            (_("with colours inverted by the mail reader"), shown.light, True),
        ):
            key = (look.ink, look.paper, look.is_large)
            if (key, mode) in seen:
                continue
            seen.add((key, mode))
            ratio = _ratio(look, is_inverted=is_inverted)
            if ratio is not None and ratio < _least(look):
                if is_inverted and (_ratio(look, is_inverted=False) or 21) < _least(look):
                    continue
                yield _finding(renditions, shown, look, ratio, mode)


def _least(look: Look) -> float:
    return LEAST_LARGE if look.is_large else LEAST


def _ratio(look: Look, *, is_inverted: bool) -> float | None:
    if look.ink is None or look.paper is None:
        return None
    if is_inverted:
        return contrast_of(inverted(look.ink), inverted(look.paper))
    return contrast_of(look.ink, look.paper)


def _finding(renditions: Renditions, shown: ShownText, look: Look, ratio: float, mode: str) -> Finding:
    ink, paper = written(look.ink or (0, 0, 0)), written(look.paper or (1, 1, 1))
    text = shown.text if len(shown.text) <= QUOTED else shown.text[:QUOTED] + "…"
    return RULE.at(
        Place(file=renditions.theme_settings),
        # Cut, not rounded: 4.49 must not be called 4.5.
        _("“{text}” is hard to read {mode}: {ink} on {paper} is {ratio}:1, {least}:1 is needed").format(
            text=text, mode=mode, ink=ink, paper=paper, ratio=f"{int(ratio * 10) / 10:g}", least=f"{_least(look):g}"
        ),
        suggestion=_("change one of the two colours in the theme"),
        subject=f"{ink} {paper} {mode}",
    )
