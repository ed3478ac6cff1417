"""All renditions of an issue."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.text import InlineLinks, render_text
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.email import EmailParts, render_email
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.kept import Calendars
from newsletter_cli.render.names import ANNOUNCEMENT, CALENDAR, EMAIL, POST, TEXT
from newsletter_cli.render.post import render_post
from newsletter_cli.render.text import render_email_text
from newsletter_cli.render.words import Words

UNWRAPPED = 1_000_000


def render_renditions(composed: ComposedIssue, parts: EmailParts) -> dict[str, str | bytes]:
    """The renditions by the name of their file; the calendar only where there are events."""
    issue, frame = composed.issue, composed.frame
    renditions: dict[str, str | bytes] = {
        POST: render_post(composed),
        **render_mail(composed, parts),
        ANNOUNCEMENT: render_announcement(
            newsletter_name=frame.name,
            title=composed.shown.title,
            summary=composed.shown.summary,
            contents=[section.title for section in composed.sections],
            online_url=frame.online_url,
            words=frame.words,
        ),
    }
    if issue.events:
        renditions[CALENDAR] = render_calendar(composed, parts.kept.calendars)
    return renditions


def render_mail(composed: ComposedIssue, parts: EmailParts) -> dict[str, str]:
    """The two that a message is made of: its HTML and its text."""
    return {
        EMAIL: render_email(composed, parts),
        TEXT: render_email_text(replace(composed, issue=composed.shown), words=composed.frame.words),
    }


def render_calendar(composed: ComposedIssue, kept: Calendars) -> bytes:
    """The calendar file of an issue with events."""
    # Only for issues with events.
    from newsletter_cli.render.calendar import build_calendar

    frame = composed.frame
    # From the trees: a reference link in a description may be defined in another section.
    texts = {
        one.event.description: render_text(one.description, width=UNWRAPPED, references=InlineLinks())
        for section in composed.sections
        for one in section.events
        if one.description is not None
    }
    calendar = build_calendar(
        composed.issue,
        newsletter_name=frame.name,
        timezone=frame.timezone,
        uid_domain=_uid_domain(frame),
        description_text=lambda markdown: texts[markdown],
        kept=kept,
    )
    return calendar or b""


def _uid_domain(frame: Frame) -> str:
    """Whose calendar entries they are: the site's host, else the reply address's, else a reserved name (RFC 2606)."""
    if frame.online_url:
        return urlsplit(frame.online_url).hostname or "newsletter.invalid"
    return frame.reply_to.rpartition("@")[2] if frame.reply_to else "newsletter.invalid"


def heading_of(newsletter_name: str, title: str, words: Words) -> str:
    """What an announcement begins with: the issue's title, and the newsletter's name where that does not say it."""
    title, name = plain(title), plain(newsletter_name)
    return title if name in title else words.text("announce_title", newsletter=name, title=title)


def render_announcement(
    *,
    newsletter_name: str,
    title: str,
    summary: str | None,
    contents: Sequence[str],
    online_url: str | None,
    words: Words,
) -> str:
    """A text to paste anywhere: title, summary, contents, address.

    All texts are plain, `contents` the titles of the sections in order. Tchap and Mattermost show `- ` as
    a list and make the address a link, and a reader of plain text is not troubled by either; no other
    mark-up is used, since it differs, and nothing is escaped, since a room without mark-up would show
    the backslashes. Ends with one newline.
    """
    blocks = [heading_of(newsletter_name, title, words)]
    if summary and plain(summary) != plain(title):
        blocks.append(plain(summary))
    titles = [plain(entry) for entry in contents]
    if titles:
        blocks.append("\n".join([words.announce_contents, "", *(f"- {entry}" for entry in titles if entry)]))
    if online_url:
        blocks.append(words.text("announce_read", url=online_url.strip()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def plain(text: str) -> str:
    """The text on one line; non-breaking spaces stay."""
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)
