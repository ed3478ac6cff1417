"""An issue → the message that a send splices for each reader: rendered once, serialised once. Drafts are alike.

A message that is looked at before there is a send is made by the same code, octet for octet, but for what only the
moment of sending knows (date, Message-ID, token): something of the same form stands in their place. A message that is
signed here (DKIM) gets its signature then, too: the header field above all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import fields

from newsletter_cli.base.domains import ascii_address, ascii_domain
from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import Tokens, personal_unsubscribe_url
from newsletter_cli.base.values import replace
from newsletter_cli.config import Config
from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.deliver.message.marks import Marks, choose_marks
from newsletter_cli.deliver.message.parts import DraftParts
from newsletter_cli.deliver.message.person import make_person
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.flows.frame import has_embedded_images
from newsletter_cli.flows.message import reply_to_of, sender_of
from newsletter_cli.flows.read import Sources, read_sources
from newsletter_cli.flows.sending.personal import PersonalPatterns, read_patterns
from newsletter_cli.flows.way_out import has_one_click
from newsletter_cli.model import Issue
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.render.frame import mail_link
from newsletter_cli.render.mime import Content
from newsletter_cli.render.names import EMAIL, TEXT
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.deliver.message.parts import MessageParts
    from newsletter_cli.deliver.message.splicing import MessageTemplate
    from newsletter_cli.flows.content import SeenContent
    from newsletter_cli.render.compose import ComposedIssue
    from newsletter_cli.render.mime import Mailbox


class MessageContent(Struct, frozen=True, kw_only=True):
    """What everybody is sent. `subject` is as shown to the editor, its fields with their fallbacks; `seen` is all that
    readers see of the issue, whatever a proof was dressed in.
    """

    template: MessageTemplate
    patterns: PersonalPatterns
    subject: str
    sender: str
    seen: SeenContent

    @property
    def content_hash(self) -> str:
        """The hash of what readers see."""
        return self.seen.hash


# What makes a proof of the message: told the sources, what was made of them, its parts and their hash.
Dress = Callable[[Sources, "ComposedIssue", "MessageParts", str], "MessageParts"]


def build_content(workspace: Workspace, number: int, *, now: datetime) -> MessageContent:
    """The issue's message, its personal parts held open. `now` becomes its date.

    Raises `ContentError`, `ConfigError`, `StorageError`.
    """
    return content_of(workspace, read_sources(workspace, number), now=now)


def content_of(workspace: Workspace, sources: Sources, *, now: datetime, dress: Dress | None = None) -> MessageContent:
    """The same of an issue that has been read, dressed as a proof where it is one. Raises as `build_content`."""
    from newsletter_cli.deliver.message.parts import TemplateFault
    from newsletter_cli.deliver.message.template import build_template
    from newsletter_cli.flows.content import seen_content
    from newsletter_cli.flows.message import sender_of

    sender = sender_of(workspace.config)
    if sender is None:
        raise ConfigError(
            _("newsletter.toml does not say who the issue comes from"),
            file="newsletter.toml",
            hint=_('add: [sender] address = "lettre@example.org"'),
        )
    patterns = read_patterns(workspace.config, sources.issue)
    parts, composed, renditions = _message_parts(workspace, sources, patterns, sender, now)
    seen = seen_content(workspace, sources, parts, composed, renditions)
    try:
        template = build_template(parts)
        if dress is not None:
            parts = dress(sources, composed, parts, seen.hash)
            template = build_template(parts)
    except TemplateFault as fault:
        raise ConfigError(
            _("no message can be made: {reason}").format(reason=fault),
            file="newsletter.toml",
            hint=_("look at [sender], [send], post.url and email.unsubscribe"),
        ) from None
    issue = sources.issue
    shown = issue.subject or issue.title
    if isinstance(parts.subject, PersonalText):
        shown = parts.subject.fill(patterns.values_of(None), patterns.fallbacks)
    elif dress is not None:
        shown = parts.subject
    name = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    return MessageContent(template=template, patterns=patterns, subject=shown, sender=name, seen=seen)


def _message_parts(
    workspace: Workspace, sources: Sources, patterns: PersonalPatterns, sender: Mailbox, now: datetime
) -> tuple[MessageParts, ComposedIssue, Mapping[str, str | bytes]]:
    """The issue rendered with marks where each reader's own words and link will stand, and all that goes around it; and
    the issue as it was composed, with all its renditions.
    """
    from newsletter_cli.deliver.message.parts import DraftParts, MessageParts
    from newsletter_cli.flows.kept import keep, kept_for
    from newsletter_cli.flows.message import read_pictures
    from newsletter_cli.flows.render import compose_sources
    from newsletter_cli.render.names import EMAIL
    from newsletter_cli.render.renditions import render_renditions

    config, issue = workspace.config, sources.issue
    marks = free_marks(sources, config)
    marked = with_link(with_marks(sources, patterns, marks), marks.token)
    composed, parts = compose_sources(marked, kept=kept_for(workspace))
    renditions = render_renditions(composed, parts)
    keep(parts.kept)
    has_pictures = has_embedded_images(config, issue)
    draft = draft_parts(
        config,
        composed.shown,
        renditions,
        marks=marks,
        patterns=patterns,
        pictures=read_pictures(workspace, sources, str(renditions[EMAIL])) if has_pictures else {},
    )
    common: dict[str, Any] = {one.name: getattr(draft, one.name) for one in fields(DraftParts)}
    # One to a list server has none of it: the server says how to leave, and of what list it is.
    for_readers = _for_readers(config, issue, sender, marked, marks) if config.send.to_list is None else {}
    made = MessageParts(
        **common | {"sender": sender} | for_readers,
        date=now.astimezone(UTC),
        online_url=sources.frame.online_url,
        message_id_domain=_domain(sender.address),
    )
    return made, composed, renditions


def _for_readers(config: Config, issue: Issue, sender: Mailbox, marked: Sources, marks: Marks) -> dict[str, Any]:
    """What a message to a reader of our own has besides."""
    return {
        "list_id": _list_id(config, sender.address),
        "unsubscribe_page": marked.frame.unsubscribe_url if has_one_click(config) else None,
        "unsubscribe_mail": _unsubscribe_mail(config, marks),
        "feedback_id": _feedback_id(config, issue.number, sender.address) if config.send.feedback_id else None,
        "bounces": config.send.bounces,
        "complaints": config.send.complaints,
    }


def _list_id(config: Config, address: str) -> str:
    """RFC 2919: stable, whatever the newsletter's name becomes."""
    name = config.send.list_id or re.sub(r"[^A-Za-z0-9_.-]+", "-", ".".join(ascii_address(address).partition("@")[::2]))
    return f"{config.newsletter.name} <{name}>"


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
    """The same issue with the link by which the owner of `token` leaves the list; a list server knows no tokens."""
    if sources.frame.is_for_list_server:
        return sources
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


# No ledger knows its tokens: the links in a message that was only looked at lead nowhere.
STAND_IN_SECRET = b"nl: a look at a message, no send"
# Who reads where nobody was chosen; a domain that is nobody's (RFC 2606).
ANYBODY = "reader@example.org"


def message_shown(content: MessageContent, recipient: Recipient | None, *, row: int = 0) -> bytes:
    """The message of `recipient`, or of anybody; `row` makes its tokens differ. Raises `Unbuildable`.

    Of anybody nothing is known: a field shows its fallback, or its name where it has none.
    """
    template, tokens = content.template, Tokens(STAND_IN_SECRET)
    person = make_person(
        tokens,
        row,
        template.message_id_domain,
        address=recipient.address if recipient else ANYBODY,
        name=recipient.name if recipient else "",
        values=content.patterns.values_of(recipient),
    )
    return unstuff(template.splice(person).data)
