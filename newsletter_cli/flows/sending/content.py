"""An issue → the message that a send splices for each reader: rendered once, serialised once."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter_cli.base.domains import ascii_address, ascii_domain
from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config
from newsletter_cli.deliver.message.marks import Marks
from newsletter_cli.deliver.message.tokens import personal_unsubscribe_url
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.flows.sending.personal import PersonalPatterns, read_patterns
from newsletter_cli.model import Issue
from newsletter_cli.render.frame import Frame, mail_link
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.message.parts import MessageParts
    from newsletter_cli.deliver.message.splicing import MessageTemplate
    from newsletter_cli.render.mime import Mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What everybody is sent. `subject` is as shown to the editor, its fields with their fallbacks."""

    template: MessageTemplate
    patterns: PersonalPatterns
    subject: str
    sender: str


def build_content(workspace: Workspace, number: int, *, now: datetime) -> Content:
    """The issue's message, its personal parts held open. `now` becomes its date.

    Raises `ContentError`, `ConfigError`, `StorageError`.
    """
    return content_of(workspace, read_sources(workspace, number), now=now)


def content_of(workspace: Workspace, sources: Sources, *, now: datetime) -> Content:
    """The same of an issue that has been read. Raises as `build_content`."""
    from newsletter_cli.deliver.message.parts import TemplateFault
    from newsletter_cli.deliver.message.template import build_template
    from newsletter_cli.flows.message import sender_of

    sender = sender_of(workspace.config)
    if sender is None:
        raise ConfigError(
            _("newsletter.toml does not say who the issue comes from"),
            file="newsletter.toml",
            hint=_('add: [sender] address = "lettre@example.org"'),
        )
    patterns = read_patterns(workspace.config, sources.issue)
    try:
        template = build_template(_message_parts(workspace, sources, patterns, sender, now))
    except TemplateFault as fault:
        raise ConfigError(
            _("no message can be made: {reason}").format(reason=fault),
            file="newsletter.toml",
            hint=_("look at [sender], [send], post.url and email.unsubscribe"),
        ) from None
    issue = sources.issue
    shown = issue.subject or issue.title
    if patterns.subject:
        shown = patterns.subject.fill(patterns.values_of(None), patterns.fallbacks)
    name = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    return Content(template=template, patterns=patterns, subject=shown, sender=name)


def _message_parts(
    workspace: Workspace, sources: Sources, patterns: PersonalPatterns, sender: Mailbox, now: datetime
) -> MessageParts:
    """The issue rendered with marks where each reader's own words and link will stand, and all that goes around it."""
    from newsletter_cli.deliver.message.parts import DraftParts, MessageParts
    from newsletter_cli.flows.message import read_pictures
    from newsletter_cli.flows.render import compose_sources
    from newsletter_cli.flows.sending.parts import draft_parts, free_marks, with_link, with_marks
    from newsletter_cli.render.renditions import EMAIL, render_mail

    config, issue = workspace.config, sources.issue
    marks = free_marks(sources, config)
    marked = with_link(with_marks(sources, patterns, marks), marks.token)
    composed, parts = compose_sources(marked)
    renditions = render_mail(composed, parts)
    has_pictures = _has_embedded_images(config, issue)
    draft = draft_parts(
        config,
        composed.shown,
        renditions,
        marks=marks,
        patterns=patterns,
        pictures=read_pictures(workspace, sources, renditions[EMAIL]) if has_pictures else {},
    )
    common: dict[str, Any] = {one.name: getattr(draft, one.name) for one in fields(DraftParts)}
    return MessageParts(
        **common | {"sender": sender},
        date=now.astimezone(UTC),
        list_id=_list_id(config, sender.address),
        unsubscribe_page=_unsubscribe_page(marked.frame),
        unsubscribe_mail=_unsubscribe_mail(config, marks),
        online_url=sources.frame.online_url,
        feedback_id=_feedback_id(config, issue.number, sender.address) if config.send.feedback_id else None,
        message_id_domain=_domain(sender.address),
        bounces=config.send.bounces,
    )


def _has_embedded_images(config: Config, issue: Issue) -> bool:
    return config.send.images == "embedded" if issue.has_embedded_images is None else issue.has_embedded_images


def _list_id(config: Config, address: str) -> str:
    """RFC 2919: stable, whatever the newsletter's name becomes."""
    name = config.send.list_id or re.sub(r"[^A-Za-z0-9_.-]+", "-", ".".join(ascii_address(address).partition("@")[::2]))
    return f"{config.newsletter.name} <{name}>"


def _unsubscribe_page(frame: Frame) -> str | None:
    url = frame.unsubscribe_url
    return url if url is not None and url.lower().startswith("https://") else None


def _unsubscribe_mail(config: Config, marks: Marks) -> str | None:
    configured = config.email.unsubscribe
    own = configured.removeprefix("mailto:") if configured and "://" not in configured else None
    address = config.send.unsubscribe_mail or own or config.reply_address
    return (
        personal_unsubscribe_url(mail_link(address.partition("?")[0], "unsubscribe"), marks.token) if address else None
    )


def _domain(address: str) -> str:
    # That it is one was seen when the issue's frame was made.
    return ascii_domain(address.rpartition("@")[2])


def _feedback_id(config: Config, number: int, address: str) -> str:
    """`campaign:customer:type:sender`, as Gmail has it; the same for everybody, so that nobody is told apart."""
    domain = _domain(address)
    return f"issue-{number}:{config.send.list_id or domain}:newsletter:{domain}"
