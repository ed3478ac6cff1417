"""An issue as rendered → the parts of a message: the same for a draft and for a send, which adds its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from newsletter_cli.config import Config
from newsletter_cli.deliver.message.marks import Marks, choose_marks
from newsletter_cli.deliver.message.parts import DraftParts
from newsletter_cli.deliver.message.tokens import personal_unsubscribe_url
from newsletter_cli.flows.message import reply_to_of, sender_of
from newsletter_cli.flows.read import Sources
from newsletter_cli.flows.sending.personal import PersonalPatterns
from newsletter_cli.model import Issue
from newsletter_cli.render.mime import Content
from newsletter_cli.render.renditions import EMAIL, TEXT


def free_marks(sources: Sources, config: Config) -> Marks:
    """Marks that the issue's messages do not hold."""
    frame, personal = sources.frame, config.personal
    said = [frame.name, frame.tagline, frame.online_url, frame.unsubscribe_url, frame.reply_to, *frame.legal]
    said += [personal.greeting, personal.subject, personal.preheader, *(one.fallback for one in personal.fields)]
    return choose_marks(*sources.read.texts.values(), *sources.theme.files.values(), *(one for one in said if one))


def with_marks(sources: Sources, patterns: PersonalPatterns, marks: Marks) -> Sources:
    """The same issue with marks where each reader's own words will stand."""
    frame, issue = sources.frame, sources.issue
    frame = replace(frame, greeting=marks.greeting if patterns.greeting else None)
    issue = replace(
        issue,
        subject=marks.subject if patterns.subject else issue.subject,
        preheader=marks.preheader if patterns.preheader else issue.preheader,
    )
    return replace(sources, frame=frame, parsed=replace(sources.parsed, issue=issue))


def with_link(sources: Sources, token: str) -> Sources:
    """The same issue with the link by which the owner of `token` leaves the list."""
    url = sources.frame.unsubscribe_url
    own = None if url is None else personal_unsubscribe_url(url, token)
    return replace(sources, frame=replace(sources.frame, unsubscribe_url=own))


def draft_parts(
    config: Config,
    shown: Issue,
    renditions: Mapping[str, str | bytes],
    *,
    marks: Marks,
    patterns: PersonalPatterns,
    pictures: Mapping[str, Content],
) -> DraftParts:
    """The parts of the message; `shown` is the issue as it was set for readers, `renditions` hold the marks."""
    return DraftParts(
        html=str(renditions[EMAIL]),
        text=str(renditions[TEXT]),
        marks=marks,
        subject=patterns.subject or shown.subject or shown.title,
        greeting=patterns.greeting,
        preheader=patterns.preheader,
        fallbacks=patterns.fallbacks,
        sender=sender_of(config),
        reply_to=reply_to_of(config),
        language=config.newsletter.language,
        pictures=pictures,
    )
