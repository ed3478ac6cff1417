"""How the e-mail's texts look: contrast, size, line height, links."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.looks import Look, ShownText, contrast_of, inverted, written
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place

LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
QUOTED = 40  # characters of the text that is quoted


@rule(
    "email-contrast",
    Level.WARNING,
    _("Text hardly stands out from its background"),
    why="""
        Text does not stand out enough from what is behind it: 4.5:1 is needed, 3:1 for large text (24 pixels, or
        18.66 in bold). It is computed for the e-mail in the light, in the dark as the theme asks for it, and with its
        colours turned over by a mail reader that makes its own dark. Editors cannot set colours, so the theme is
        named; text on a picture, or in a colour that cannot be told, is passed over.
    """,
    bad="""
        ```toml
        [colors]
        muted = "#9aa5aa"
        ```
    """,
    good="""
        ```toml
        [colors]
        muted = "#55636a"
        ```
    """,
)
def email_contrast(renditions: Renditions) -> Iterator[Finding]:
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
            ratio = _contrast(look, is_inverted=is_inverted)
            if ratio is not None and ratio < _least_contrast(look):
                if is_inverted and (_contrast(look, is_inverted=False) or 21) < _least_contrast(look):
                    continue
                yield _contrast_finding(renditions, shown, look, ratio, mode)


def _least_contrast(look: Look) -> float:
    return LEAST_CONTRAST_LARGE if look.is_large else LEAST_CONTRAST


def _contrast(look: Look, *, is_inverted: bool) -> float | None:
    if look.ink is None or look.paper is None:
        return None
    if is_inverted:
        return contrast_of(inverted(look.ink), inverted(look.paper))
    return contrast_of(look.ink, look.paper)


def _contrast_finding(renditions: Renditions, shown: ShownText, look: Look, ratio: float, mode: str) -> Finding:
    ink, paper = written(look.ink or (0, 0, 0)), written(look.paper or (1, 1, 1))
    text = shown.text if len(shown.text) <= QUOTED else shown.text[:QUOTED] + "…"
    return email_contrast.at(
        Place(file=renditions.theme_settings),
        # Cut, not rounded: 4.49 must not be called 4.5.
        _("“{text}” is hard to read {mode}: {ink} on {paper} is {ratio}:1, {least}:1 is needed").format(
            text=text,
            mode=mode,
            ink=ink,
            paper=paper,
            ratio=f"{int(ratio * 10) / 10:g}",
            least=f"{_least_contrast(look):g}",
        ),
        suggestion=_("change one of the two colours in the theme"),
        subject=f"{ink} {paper} {mode}",
    )


LEAST_LINE_HEIGHT = 1.5


@rule(
    "email-line-height",
    Level.WARNING,
    _("Lines of text stand too close together"),
    why="""
        The lines of running text stand less than 1.5 times their size apart. Headings, buttons and badges may be
        closer.
    """,
    bad='`line-height="1.2"` on the theme\'s `<mj-text>`.',
    good='`line-height="1.6"`.',
)
def email_line_height(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each line height below 1.5 that running text has (WCAG 2.2, 1.4.12 takes it for granted)."""
    seen = set()
    for shown in renditions.running_texts:
        ratio = shown.light.line_ratio
        if ratio is None or ratio >= LEAST_LINE_HEIGHT or ratio in seen:
            continue
        seen.add(ratio)
        yield email_line_height.at(
            renditions.theme,
            _("“{text}” has a line height of {ratio}; running text needs 1.5").format(
                text=shown.text[:40], ratio=f"{ratio:.3g}"
            ),
            suggestion=_("a larger line-height in the theme"),
        )


LEAST_TEXT_PX = 14.0
# Small by their meaning; and code, which is set a little smaller everywhere.
SMALL_TAGS = frozenset(("small", "sub", "sup", "rt", "rp", "code", "pre", "kbd", "samp", "tt"))


@rule(
    "email-text-size",
    Level.WARNING,
    _("Text is too small"),
    why="""
        Running text is smaller than 14 pixels. What is small by its meaning (`<small>`, footnote numbers, code) is
        not meant.
    """,
    bad='`font-size="12px"` on the theme\'s `<mj-text>`.',
    good='`font-size="16px"`.',
)
def email_text_size(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each size below 14 pixels that running text has."""
    seen = set()
    for shown in renditions.running_texts:
        size_px = shown.light.size_px
        if size_px >= LEAST_TEXT_PX or size_px in seen:
            continue
        if any(one.tag in SMALL_TAGS for one in (shown.element, *shown.element.iterancestors())):
            continue
        seen.add(size_px)
        yield email_text_size.at(
            renditions.theme,
            _("“{text}” is set in {size} px; running text needs 14 px").format(
                text=shown.text[:40], size=f"{size_px:.3g}"
            ),
            suggestion=_("a larger font-size in the theme"),
        )


BLOCKS = ("p", "li", "dd", "dt", "blockquote")
LEAST_LINK_CONTRAST = 3.0


@rule(
    "link-style",
    Level.WARNING,
    _("A link looks like the text around it"),
    why="""
        Links within a text look like the text: not underlined, not bold, on the same ground, and in a colour that
        hardly differs. Who cannot tell colours apart does not find them.
    """,
    bad="`.nl a { text-decoration: none }` in a theme's `content.css`.",
    good="`.nl a { text-decoration: underline }`.",
)
def link_style(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all links within a line of text that nothing but their colour tells apart (WCAG 2.2, 1.4.1).

    An underline does, a line below, bold letters in text that is not bold, or a background of their own. Colour alone
    does when it stands at 3:1 to the text around (technique G183), in the dark as in the light.
    """
    looks = renditions.looks
    alike = []
    # How many letters each block has: it may hold thousands of links.
    letters: dict[html.HtmlElement, int] = {}
    for link in renditions.body.iter("a"):
        block = next(link.iterancestors(*BLOCKS), None)
        if not link.get("href") or block is None or looks.light[link].is_hidden:
            continue
        if block not in letters:
            letters[block] = _count_letters(block)
        if 0 < _count_letters(link) < letters[block] and any(
            not _stands_out(_inmost(link, mode), mode[block]) for mode in (looks.light, looks.dark)
        ):
            alike.append(link)
    if alike:
        yield link_style.at(
            renditions.theme,
            _("links look like the text around them: “{text}”").format(
                text=" ".join(alike[0].text_content().split())[:40]
            ),
            suggestion=_("underline them: text-decoration: underline"),
        )


def _inmost(link: html.HtmlElement, looks: object) -> Look:
    """The look of the words: `<a><b>…</b></a>` is as bold as it looks."""
    element = link
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    found: Look = looks[element]  # type: ignore[index]
    return found


def _count_letters(element: html.HtmlElement) -> int:
    return sum(map(str.isalpha, "".join(element.itertext())))


def _stands_out(link: Look, text: Look) -> bool:
    if link.is_underlined or link.has_border_below or (link.is_bold and not text.is_bold) or link.paper != text.paper:
        return True
    if link.ink is None or text.ink is None:
        return True
    return contrast_of(link.ink, text.ink) >= LEAST_LINK_CONTRAST


@rule(
    "text-justified",
    Level.WARNING,
    _("Text is justified"),
    why="""
        A text is justified. The gaps between its words grow uneven, and dyslexic readers lose their line in them.
    """,
    bad='`<p align="justify">In the beginning…</p>`',
    good="`In the beginning…`",
)
def text_justified(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each place of a text that is justified, one for the theme (WCAG 2.2, 1.4.8)."""
    seen = set()
    for shown in renditions.running_texts:
        if shown.light.align != "justify":
            continue
        is_typed = any(one.get("align") == "justify" for one in (shown.element, *shown.element.iterancestors()))
        place = renditions.origin_of(shown.element) if is_typed else renditions.theme
        if place not in seen:
            seen.add(place)
            yield text_justified.at(
                place,
                _("“{text}” is justified: the gaps between the words are hard on many readers").format(
                    text=shown.text[:40]
                ),
                suggestion=_('leave out align="justify"') if is_typed else _("text-align: left in the theme"),
            )
