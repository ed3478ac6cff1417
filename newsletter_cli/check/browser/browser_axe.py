"""What axe-core, the usual measure of accessibility, finds in the e-mail as a browser shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

if TYPE_CHECKING:
    from newsletter_cli.check.browser.measure import Measured, Violation

RULE = Rule(slug="browser-axe", level=Level.WARNING, title=_("A browser finds the e-mail hard to use"))
GRAVE = ("critical", "serious")
SHOWN = 40  # characters of an element's text


def check(renditions: Renditions, measured: Mapping[str, Measured]) -> Iterator[Finding]:
    """One finding for each rule of axe, place and set of modes: what is the same fault in all of them is told once."""
    modes: dict[tuple[str, HtmlElement | None], list[str]] = defaultdict(list)
    violations: dict[str, Violation] = {}
    for mode, one in measured.items():
        for violation in one.violations:
            violations[violation.rule] = violation
            for element in dict.fromkeys(violation.elements):
                modes[violation.rule, element].append(mode)
    grouped: dict[tuple[str, Place, tuple[str, ...]], list[HtmlElement | None]] = defaultdict(list)
    for (rule, element), seen_in in modes.items():
        place = renditions.theme if element is None else renditions.origin_of(element)
        grouped[rule, place, tuple(seen_in)].append(element)
    for (rule, place, all_modes), elements in grouped.items():
        violation = violations[rule]
        yield RULE.at(
            place,
            ngettext(
                "{help} ({rule}; {modes}): {element}",
                "{help} ({rule}; {modes}; {count} places): {element}…",
                len(elements),
            ).format(
                help=violation.help,
                rule=rule,
                modes=_named(all_modes, len(measured)),
                count=len(elements),
                element=_described(elements[0]),
            ),
            suggestion=violation.url.partition("?")[0],
            level=None if violation.impact in GRAVE else Level.INFO,
            subject=f"{rule} {' '.join(all_modes)}",
        )


def _named(modes: tuple[str, ...], count: int) -> str:
    if len(modes) == count:
        return _("everywhere")
    names = {"light": _("in light mode"), "dark": _("in dark mode"), "narrow": _("on a narrow screen")}
    return ", ".join(names[mode] for mode in modes)


def _described(element: HtmlElement | None) -> str:
    if element is None:
        return "<html>"
    text = " ".join((element.get("alt") or element.text_content()).split())
    return f"<{element.tag!s}> “{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" if text else f"<{element.tag!s}>"
