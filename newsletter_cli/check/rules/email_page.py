"""The e-mail as a whole: its language, title, headings and size."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.origins import HEADINGS, squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place


@rule(
    "email-headings",
    Level.WARNING,
    _("The e-mail's headings are out of order"),
    why="""
        The e-mail has no first heading or several, or a level is jumped over. Readers who do not see go from heading
        to heading. `nl` levels the headings of each text itself; what is left is a theme with an order of its own, or
        a section without a title that begins with `###` at the very top.
    """,
    bad="""
        `title: ""` in the first section, whose text begins with `### Dates`, without a table of contents above.
    """,
    good="`title: Agenda` in its header.",
)
def email_headings(renditions: Renditions) -> Iterator[Finding]:
    """One finding where there is not exactly one `h1`, one for each level that is jumped over (RGAA 9.1).

    `nl` levels the headings of a text itself; what is left comes from the theme, or from a section without a title.
    """
    hidden = renditions.looks.light
    headings = [one for one in renditions.body.iter(*HEADINGS) if not hidden[one].is_hidden]
    first = [one for one in headings if one.tag == "h1"]
    if len(first) != 1:
        yield email_headings.at(
            renditions.theme,
            ngettext(
                "the e-mail has {count} heading of the first level instead of one",
                "the e-mail has {count} headings of the first level instead of one",
                len(first),
            ).format(count=len(first)),
            suggestion=_("the issue's title is the one <h1>"),
        )
    previous = 0
    for heading in headings:
        level = int(str(heading.tag)[1])
        if level > previous + 1 and previous:
            yield email_headings.at(
                renditions.origin_of(heading),
                _("the heading “{text}” is of level {level} after one of level {previous} in the e-mail").format(
                    text=" ".join(heading.text_content().split()), level=level, previous=previous
                ),
                suggestion=_("give the section a title, or the heading above it its own level"),
            )
        previous = level


@rule(
    "email-language",
    Level.WARNING,
    _("The e-mail does not say its language or direction"),
    why="""
        The e-mail does not say which language it is in, or in which direction it is read. A screen reader then reads
        French with an English voice. It has to be said twice: webmails throw the first away.
    """,
    bad="a theme that begins with `<mjml>`.",
    good='`<mjml lang="{{ lang|attr }}" dir="{{ dir|attr }}">`, as the default theme has it.',
)
def email_language(renditions: Renditions) -> Iterator[Finding]:
    """One finding for `<html>`, one for what is in the body (RGAA 8.3): webmails throw `<html>` away."""
    expected = (renditions.language.lower(), renditions.direction)
    if _language_said(renditions.page) != expected:
        yield email_language.at(
            renditions.theme,
            _('the e-mail\'s <html> does not say lang="{language}" dir="{direction}"').format(
                language=renditions.language, direction=renditions.direction
            ),
            suggestion=_('<mjml lang="{{ lang|attr }}" dir="{{ dir|attr }}">, as the default theme has it'),
        )
    hidden = renditions.looks.light
    shown = [child for child in renditions.body if isinstance(child.tag, str) and not hidden[child].is_hidden]
    if _language_said(renditions.body) != expected and not (
        shown and all(_language_said(one) == expected for one in shown)
    ):
        yield email_language.at(
            renditions.theme,
            _('nothing within the e-mail\'s body says lang="{language}" dir="{direction}" of all of it').format(
                language=renditions.language, direction=renditions.direction
            ),
            suggestion=_("webmails drop <html>: the outermost <div> has to say it, too"),
        )


def _language_said(element: html.HtmlElement) -> tuple[str, str]:
    return ((element.get("lang") or "").lower(), (element.get("dir") or "").lower())


LARGE_BYTES, CUT_BYTES = 90_000, 102_400
NAMED_SECTIONS = 3  # sections that are named


@rule(
    "email-size",
    Level.WARNING,
    _("The e-mail is too long"),
    why="""
        The e-mail has more than 90,000 bytes. An error above 102,400: there Gmail cuts it off, and the link to leave
        the list with it. The heaviest sections are named.
    """,
    bad="forty job offers with their whole text.",
    good="a line and a link for each; the whole text in the post online.",
)
def email_size(renditions: Renditions) -> Iterator[Finding]:
    """Warning above 90,000 bytes of UTF-8, error above 102,400: there Gmail cuts."""
    size_bytes = len(renditions.email.encode())
    if size_bytes <= LARGE_BYTES:
        return
    is_cut = size_bytes > CUT_BYTES
    message = (
        _("the e-mail has {size} kB; Gmail shows the first 102 kB and cuts the rest off")
        if is_cut
        else _("the e-mail has {size} kB; Gmail cuts at 102 kB")
    )
    heaviest = sorted(_section_weights(renditions).items(), key=lambda pair: -pair[1])[:NAMED_SECTIONS]
    listed = ", ".join(f"{title} ({weight / 1000:.0f} kB)" for title, weight in heaviest if weight >= 1000)
    yield email_size.at(
        Place(file=renditions.issue_file),
        message.format(size=f"{size_bytes / 1000:.0f}"),
        suggestion=_("shorten what weighs most: {sections}").format(sections=listed)
        if listed
        else _("shorten the issue, or leave a part of it to the post online"),
        level=Level.ERROR if is_cut else None,
    )


def _section_weights(renditions: Renditions) -> dict[str, int]:
    """Bytes of the e-mail by section: what stands around each section's heading and no other's."""
    titles = {squeezed(text.heading): text.heading for text in renditions.texts if text.heading}
    found: dict[html.HtmlElement, str] = {}
    for heading in renditions.body.iter(*HEADINGS):
        said = squeezed(heading.text_content())
        title = titles.get(said) or titles.get(said.lstrip("0123456789"))
        if title is not None and title not in found.values():
            found[heading] = title
    around: dict[html.HtmlElement, int] = {}
    for heading in found:
        for one in heading.iterancestors():
            around[one] = around.get(one, 0) + 1
    weights = {}
    for heading, title in found.items():
        alone = [one for one in heading.iterancestors() if around[one] == 1]
        if alone:
            weights[title] = len(etree.tostring(alone[-1], encoding="utf-8", with_tail=False))
    return weights


@rule(
    "email-title",
    Level.WARNING,
    _("The e-mail's title is not its subject"),
    why="""
        The e-mail's `<title>` is absent or is not the subject. It is what a screen reader says first.
    """,
    bad="`<mj-title>Newsletter</mj-title>` in a theme.",
    good="`<mj-title>{{ issue.subject|attr }}</mj-title>`.",
)
def email_title(renditions: Renditions) -> Iterator[Finding]:
    """One finding where `<title>` is absent or says something else than the subject (RGAA 8.5, 8.6)."""
    title = " ".join((renditions.page.findtext(".//title") or "").split())
    # Typography sets spaces and quotation marks anew.
    if title != renditions.subject and (squeezed(title) or title) != squeezed(renditions.subject):
        yield email_title.at(
            renditions.theme,
            _("the e-mail's <title> is “{title}”, its subject “{subject}”").format(
                title=title, subject=renditions.subject
            ),
            suggestion=_("<mj-title>{{ issue.subject|attr }}</mj-title>, as the default theme has it"),
        )


LOCK = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale\s*=\s*[\d.]+", re.IGNORECASE)


@rule(
    "email-zoom",
    Level.WARNING,
    _("Readers cannot enlarge the e-mail"),
    why="""
        The e-mail keeps readers from enlarging it on a telephone.
    """,
    bad='`<meta name="viewport" content="width=device-width, maximum-scale=1">` in a theme.',
    good='`<meta name="viewport" content="width=device-width, initial-scale=1">`.',
)
def email_zoom(renditions: Renditions) -> Iterator[Finding]:
    """One finding for `maximum-scale` or `user-scalable=no` (WCAG 2.2, 1.4.4)."""
    for meta in renditions.page.iter("meta"):
        found = LOCK.search(meta.get("content") or "")
        if (meta.get("name") or "").lower() == "viewport" and found:
            yield email_zoom.at(
                renditions.theme,
                _("“{setting}” keeps readers from enlarging the text").format(setting=found[0]),
                suggestion=_("width=device-width, initial-scale=1 is enough"),
            )


LEAST_PREHEADER, MOST_PREHEADER = 40, 100


@rule(
    "preheader-length",
    Level.INFO,
    _("The preheader is too short or too long"),
    why="""
        The preheader has fewer than 40 characters, and the inbox goes on with the first words of the e-mail; or more
        than 100, and it is cut.
    """,
    bad="`preheader: Hello!`",
    good='`preheader: "Three dates by the water, a recipe, and who won the kite race."`',
)
def preheader_length(renditions: Renditions) -> Iterator[Finding]:
    """Info below 40 characters (the inbox fills up with the e-mail's first words) and above 100 (it cuts)."""
    preheader = " ".join((renditions.preheader or "").split())
    if not preheader or LEAST_PREHEADER <= len(preheader) <= MOST_PREHEADER:
        return
    yield preheader_length.at(
        renditions.field("preheader"),
        ngettext(
            "the preheader has {count} character; inboxes show between 40 and 100 well",
            "the preheader has {count} characters; inboxes show between 40 and 100 well",
            len(preheader),
        ).format(count=len(preheader)),
        suggestion=_("a few more words: what the subject does not say yet")
        if len(preheader) < LEAST_PREHEADER
        else _("the weightiest words first: the end is cut off"),
    )
