"""The e-mail's HTML: Jinja2 → MJML → HTML → inlined CSS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import html
from markupsafe import Markup
from msgspec import Struct, field

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.fragment import LANGUAGE, serialise_content
from newsletter_cli.render.active import refuse_active
from newsletter_cli.render.blocks import Block, ImageBlock, Layout, fit_description, split_blocks
from newsletter_cli.render.cards import event_card, job_card
from newsletter_cli.render.compose import ComposedEvent, ComposedIssue, ComposedSection
from newsletter_cli.render.dates import format_day
from newsletter_cli.render.dressing import dress_of, dressed, turned_direction
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.gaps import Gap
from newsletter_cli.render.inline import inline_css
from newsletter_cli.render.kept import Kept
from newsletter_cli.render.lean_frame import lean_frame
from newsletter_cli.render.masthead import ShownLogo
from newsletter_cli.render.mjml import Slots, convert_mjml
from newsletter_cli.render.places import Sizes
from newsletter_cli.render.templating import render_template
from newsletter_cli.render.theme import INLINED_CSS, TEMPLATE, Theme

# What a card's frame, the date beside its text, and their paddings take away from the column, in CSS pixels.
CARD_SIDES = 118


class EmailParts(Struct, frozen=True):
    """What the e-mail needs besides the issue.

    `sizes`: (width, height) in pixels of known images, by address; `plates`: those that need light paper, too; `kept`:
    what earlier runs have found out; `gaps`: where the theme's templates wrote what has no value, told while they are
    filled in.
    """

    theme: Theme
    sizes: Sizes
    cover: ImageBlock | None = None
    logo: ShownLogo | None = None
    plates: frozenset[str] = frozenset()
    kept: Kept = Kept()
    gaps: list[Gap] = field(default_factory=list)


def render_email(composed: ComposedIssue, parts: EmailParts) -> str:
    """The finished HTML document.

    Raises `RenderError` when the theme cannot be rendered; the issue's own text never is the cause, since it
    is cleaned and put in after the conversion.
    """
    source, slots = mjml_source(composed, parts)
    try:
        page = convert_mjml(source, file=parts.theme.places.get(TEMPLATE, TEMPLATE))
    except RenderError as error:
        raise _blamed(error, composed, parts) from None
    refuse_active(page, parts.theme)
    # Slots are filled before the inlining: the content's elements get their styles, too.
    return inline_css(slots.fill(lean_frame(page)), render_css(composed, parts), parts.kept.css)


def _blamed(error: RenderError, composed: ComposedIssue, parts: EmailParts) -> RenderError:
    """The same error, led back to the file and line of the workspace's own theme that it comes from."""
    from newsletter_cli.render.theme_scan import find_broken_markup, own_files

    theme = parts.theme
    own = [name for name in own_files(theme) if name.endswith(".j2")]
    faults = {name: find_broken_markup(theme.places[name], theme.files[name]) for name in own}
    # The one without which it is whole is at fault.
    guilty = next((name for name in own if _converts_without(name, composed, parts)), None)
    if guilty is None:
        guilty = next((name for name in own if faults[name]), None)
    if guilty is None:
        return error
    fault = faults[guilty]
    if fault is None:
        return RenderError(error.message, file=theme.places[guilty], hint=error.hint)
    return RenderError(fault.message, file=fault.file, line=fault.line, hint=fault.hint)


def _converts_without(name: str, composed: ComposedIssue, parts: EmailParts) -> bool:
    theme = replace(parts.theme, files={**parts.theme.files, name: ""})
    try:
        source, _slots = mjml_source(composed, replace(parts, theme=theme, kept=Kept(), gaps=[]))
        # An empty page converts, too, and says nothing.
        return "<mj-body" in source and bool(convert_mjml(source, file=name))
    except RenderError:
        return False


def mjml_source(composed: ComposedIssue, parts: EmailParts) -> tuple[str, Slots]:
    """The MJML with places held open for the content, and what goes there."""
    slots = Slots(composed.issue.title + composed.published_editorial + "".join(s.published for s in composed.sections))
    context = _context(composed, parts, slots)
    return render_template(parts.theme, TEMPLATE, context, compiled=parts.kept.templates, gaps=parts.gaps), slots


def render_css(composed: ComposedIssue, parts: EmailParts) -> str:
    """The author's CSS that is inlined, with the theme's colours and the writing direction in it."""
    context = {"theme": parts.theme.settings, "dir": composed.frame.direction, "lang": composed.frame.language}
    return render_template(parts.theme, INLINED_CSS, context, compiled=parts.kept.templates)


def _context(composed: ComposedIssue, parts: EmailParts, slots: Slots) -> dict[str, Any]:
    issue, frame, words = composed.shown, composed.frame, composed.frame.words

    dress = dress_of(parts.theme, language=frame.language, direction=frame.direction, code=parts.kept.code)
    layout = Layout(
        room=parts.theme.room,
        sizes=parts.sizes,
        label_pattern=words.label,
        plates=parts.plates,
        has_table_styles=parts.theme.has_table_styles,
    )
    within_card = replace(layout, room=layout.room.less(CARD_SIDES))

    def blocks_of(root: html.HtmlElement) -> list[Block]:
        return [_held(block, slots) for block in split_blocks(dressed(root, dress), layout)]

    def description_of(root: html.HtmlElement) -> Markup:
        return slots.hold(serialise_content(fit_description(dressed(root, dress), within_card)))

    return {
        "lang": frame.language,
        "dir": frame.direction,
        "theme": parts.theme.settings,
        "words": words.as_dict(),
        "newsletter": {"name": frame.name, "tagline": frame.tagline, "logo": parts.logo},
        "issue": {
            "number": issue.number,
            "title": issue.title,
            "subject": issue.subject or issue.title,
            "preheader": issue.preheader,
            "date_text": None if issue.date is None else format_day(issue.date.date(), words, frame.language),
            "cover": parts.cover,
        },
        "has_code": any(code.get(LANGUAGE) for tree in composed.trees for code in tree.iter("code")),
        "greeting": frame.greeting,
        "editorial": blocks_of(composed.editorial),
        "toc": [_contents_entry(section, frame) for section in composed.sections if section.title]
        if frame.contents != "none"
        else [],
        "sections": [
            _section_context(section, frame, slots, blocks_of, description_of) for section in composed.sections
        ],
        "notes": blocks_of(composed.notes),
        "footer": {
            "online_url": frame.online_url,
            "reply_to": frame.reply_to,
            "unsubscribe_url": frame.unsubscribe_url,
            "legal": list(frame.legal),
            "calendar_url": composed.calendar_url,
        },
    }


def _held(block: Block, slots: Slots) -> Block:
    return block if isinstance(block, ImageBlock) else replace(block, html=slots.hold(block.html))


def _contents_entry(section: ComposedSection, frame: Frame) -> dict[str, Any]:
    url = None
    if frame.contents == "anchors":
        url = f"#{section.anchor}"
    elif frame.contents == "online" and frame.online_url is not None:
        url = f"{frame.online_url}#{section.anchor}"
    return {"number": section.number, "title": section.title, "url": url}


def _section_context(
    section: ComposedSection,
    frame: Frame,
    slots: Slots,
    blocks_of: Callable[[html.HtmlElement], list[Block]],
    description_of: Callable[[html.HtmlElement], Markup],
) -> dict[str, Any]:
    return {
        "anchor": section.anchor,
        "dir": turned_direction(section.title, frame.direction),
        "number": section.number,
        "title_html": slots.hold(serialise_content(section.heading)),
        "events": [_event(event, frame, description_of) for event in section.events],
        "jobs": [job_card(job, frame) for job in section.jobs],
        "blocks": blocks_of(section.body),
    }


def _event(
    composed: ComposedEvent, frame: Frame, description_of: Callable[[html.HtmlElement], Markup]
) -> dict[str, Any]:
    described = composed.description
    description = None if described is None else description_of(described)
    return {**event_card(composed.event, frame), "description_html": description}
