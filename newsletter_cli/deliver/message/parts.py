"""What messages are made from: the issue as rendered, and what a send adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct, field

from newsletter_cli.deliver.message.fields import PersonalText
from newsletter_cli.deliver.message.marks import Marks
from newsletter_cli.render.mime import Content, Mailbox

NO_FALLBACKS: Mapping[str, str | None] = MappingProxyType({})
NO_PICTURES: Mapping[str, Content] = MappingProxyType({})


class TemplateFault(ValueError):
    """The parts do not make a message that may be sent, or a kept template cannot be read; the message says why."""


class DraftParts(Struct, frozen=True, kw_only=True):
    """The parts of a message before there is a send.

    `html` and `text` hold `marks` where personal parts go. `subject` is the whole subject, `greeting` and `preheader`
    are what their marks stand for; `fallbacks` are what stands in for empty fields. `pictures` are contents of images
    by their address in `html`: these are embedded, others stay links. `language` is a BCP 47 tag.
    """

    html: str
    text: str
    marks: Marks
    subject: str | PersonalText
    language: str
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    greeting: PersonalText | None = None
    preheader: PersonalText | None = None
    fallbacks: Mapping[str, str | None] = field(default_factory=lambda: NO_FALLBACKS)
    pictures: Mapping[str, Content] = field(default_factory=lambda: NO_PICTURES)


class MessageParts(DraftParts, frozen=True, kw_only=True):
    """The parts of every message of a send.

    `html` and `text` hold the token's mark, too. `date` (aware) is the freeze's. `list_id` is as RFC 2919 has it,
    `Name <lettre.example.org>`; without one the message is for a list server, which says of what list it is.
    `unsubscribe_page` (one that is promised to do RFC 8058, by https) and `unsubscribe_mail` (`mailto:`, RFC 2369) hold
    the token's mark. `online_url` is where the issue stays online (RFC 5064). `message_id_domain` is the right side of
    Message-IDs. `bounces` is the address that reports of delivery go to, told apart by token; without one they go to
    `sender`. `complaints` is the address that reports of complaints go to (RFC 9477).
    """

    sender: Mailbox
    date: datetime
    message_id_domain: str
    list_id: str | None = None
    unsubscribe_page: str | None = None
    unsubscribe_mail: str | None = None
    online_url: str | None = None
    feedback_id: str | None = None
    bounces: str | None = None
    complaints: str | None = None
