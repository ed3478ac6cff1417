"""What a browser finds in the finished e-mail: how usable it is, and whether it fits a telephone's screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import CONFIG_FILE, Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

if TYPE_CHECKING:
    # What runs the browser need not load where the rules are only named.
    from newsletter_cli.check.browser.chromium import BrowserFailed
    from newsletter_cli.check.browser.measure import Measured, Violation

BROWSER_AXE = Rule(
    slug="browser-axe",
    level=Level.WARNING,
    title=_("A browser finds the e-mail hard to use"),
    why="""
        [axe-core](https://github.com/dequelabs/axe-core), the usual measure of accessibility, finds a fault that it
        calls serious or critical. A note for the rest. The message says what, where, and in which of the three looks;
        the address behind it explains the rule.
    """,
    bad="pale grey on white in a theme.",
    good="the theme's own colours, which are measured.",
)
GRAVE = ("critical", "serious")
SHOWN = 40  # characters of an element's text


def axe_findings(renditions: Renditions, measured: Mapping[str, Measured]) -> Iterator[Finding]:
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
        yield BROWSER_AXE.at(
            place,
            ngettext(
                "{help} ({rule}; {modes}): {element}",
                "{help} ({rule}; {modes}; {count} places): {element}…",
                len(elements),
            ).format(
                help=violation.help,
                rule=rule,
                modes=_named_modes(all_modes, len(measured)),
                count=len(elements),
                element=_described(elements[0]),
            ),
            suggestion=violation.url.partition("?")[0],
            level=None if violation.impact in GRAVE else Level.INFO,
            subject=f"{rule} {' '.join(all_modes)}",
        )


def _named_modes(modes: tuple[str, ...], count: int) -> str:
    if len(modes) == count:
        return _("everywhere")
    names = {"light": _("in light mode"), "dark": _("in dark mode"), "narrow": _("on a narrow screen")}
    return ", ".join(names[mode] for mode in modes)


def _described(element: HtmlElement | None) -> str:
    if element is None:
        return "<html>"
    text = " ".join((element.get("alt") or element.text_content()).split())
    return f"<{element.tag!s}> “{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" if text else f"<{element.tag!s}>"


BROWSER_MISSING = Rule(
    slug="browser-missing",
    level=Level.WARNING,
    title=_("The e-mail was not looked at in a browser"),
    why="""
        There is no browser, or it does not answer: nothing of this part was looked at.
    """,
    bad="`nl check --browser` on a machine without Chromium.",
    good="`apt install chromium`, or any Chrome or Edge in its usual place.",
)


def browser_absent() -> Finding:
    """The finding where no Chromium is found."""
    return BROWSER_MISSING.at(
        Place(file=CONFIG_FILE),
        _("the e-mail was not looked at in a browser: there is no Chromium here"),
        suggestion=_("install Chromium, Chrome or Edge (Debian, Ubuntu: apt install chromium)"),
    )


def browser_failed(program: Path, failure: BrowserFailed) -> Finding:
    """The finding where it does not start or does not answer."""
    return BROWSER_MISSING.at(
        Place(file=CONFIG_FILE),
        _("the e-mail was not looked at in a browser: {program} gave no answer ({reason})").format(
            program=program.name, reason=failure
        ),
        suggestion=_("run the command again; “{program} --version” tells whether it works at all").format(
            program=program.name
        ),
    )


BROWSER_SCROLL = Rule(
    slug="browser-scroll",
    level=Level.WARNING,
    title=_("The e-mail is wider than a telephone's screen"),
    why="""
        On a narrow telephone the e-mail is wider than the screen, and every line has to be pushed to and fro. What
        makes it so wide is named.
    """,
    bad="a table of nine columns.",
    good="three columns, or a list.",
)


def scroll_findings(renditions: Renditions, measured: Mapping[str, Measured]) -> Iterator[Finding]:
    """One finding for each place with something that does not fit into 320 px (WCAG 2.2, 1.4.10)."""
    narrow = measured["narrow"]
    if narrow.scroll_px <= narrow.width_px:
        return
    places: dict[Place, HtmlElement | None] = {}
    for element in narrow.wide:
        places.setdefault(renditions.origin_of(element), element)
    if not places:
        places[renditions.theme] = None
    for place, culprit in places.items():
        text = "" if culprit is None else " ".join((culprit.get("alt") or culprit.text_content()).split())
        yield BROWSER_SCROLL.at(
            place,
            _("the e-mail is {scroll} px wide on a screen of {width} px: “{text}”").format(
                scroll=narrow.scroll_px, width=narrow.width_px, text=text[:SHOWN]
            )
            if text
            else _("the e-mail is {scroll} px wide on a screen of {width} px").format(
                scroll=narrow.scroll_px, width=narrow.width_px
            ),
            suggestion=_("fewer columns in a table, a shorter word or address, a narrower picture"),
        )
