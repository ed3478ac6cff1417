"""One reader's own message in the preview: the message that a send would make for them, and the views of it."""

from __future__ import annotations

import email
import email.policy
import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

from msgspec import Struct

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.message.fields import Unfillable
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.flows.render import Rendered
from newsletter_cli.flows.sending.message import MessageContent, content_of, message_shown
from newsletter_cli.flows.sending.personal import read_patterns
from newsletter_cli.markdown.fragment import file_address, final_address
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.render.mime import image_sources, replace_image_sources
from newsletter_cli.render.names import EMAIL, TEXT
from newsletter_cli.workspace.files import storage_error
from newsletter_cli.workspace.folder import Workspace

# The two issues that are compared, each with the parts that all its messages share.
KEPT = 2


class Message(Struct, frozen=True, kw_only=True):
    """A message as it will travel, but for what `flows/sending/message.py` names; or why there is none (`fault`)."""

    source: bytes = b""
    fault: str = ""


class Messages:
    """The messages of renderings; what all messages of one share is made once. Safe to be used from any thread."""

    def __init__(self) -> None:
        self._contents: list[tuple[Rendered, MessageContent]] = []
        self._lock = threading.Lock()

    def build(self, workspace: Workspace, rendered: Rendered, recipient: Recipient | None = None) -> Message:
        """The message for a recipient, or for anybody. Raises nothing that a send would tell about."""
        try:
            with self._lock:
                content = self._content(workspace, rendered)
            return Message(source=message_shown(content, recipient, row=0 if recipient is None else _row_of(recipient)))
        except Unbuildable as reason:
            return Message(fault=_("No message can be written to this reader: {reason}").format(reason=reason))
        except (NewsletterError, OSError) as error:
            known = error if isinstance(error, NewsletterError) else storage_error(error, name=None)
            reasons = [f"{known.place}: {known}" if known.place else str(known), known.hint or ""]
            return Message(fault="\n".join(one for one in reasons if one))

    def _content(self, workspace: Workspace, rendered: Rendered) -> MessageContent:
        found = next((content for known, content in self._contents if known is rendered), None)
        if found is None:
            found = content_of(workspace, rendered.sources, now=datetime.now(UTC))
            self._contents = [(rendered, found), *self._contents][:KEPT]
        return found


def inbox_line(workspace: Workspace, rendered: Rendered, recipient: Recipient | None) -> dict[str, str | None]:
    """Subject and preheader as they stand in a recipient's inbox, or in that of somebody of whom nothing is known.

    Where there is no message for them, its source says why; what everybody gets is shown meanwhile.
    """
    shown = rendered.composed.shown
    line = {"subject": shown.subject or shown.title, "preheader": shown.preheader}
    try:
        patterns = read_patterns(workspace.config, rendered.sources.issue)
    except NewsletterError:
        return line
    for one in (recipient, None):
        values = patterns.values_of(one)
        own = (("subject", patterns.subject), ("preheader", patterns.preheader))
        try:
            return line | {part: pattern.fill(values, patterns.fallbacks) for part, pattern in own if pattern}
        except Unfillable:
            continue
    return line


def _row_of(recipient: Recipient) -> int:
    """A number such as a delivery has, the same for the same person."""
    return int.from_bytes(hashlib.sha256(recipient.key.encode("utf-8", "surrogatepass")).digest()[:4], "big")


def personalise(rendered: Rendered, message: bytes) -> Rendered:
    """The issue as a message has it: its HTML and its text, the issue's own images led back to the files here."""
    page, text = message_part(message, "html"), message_part(message, "plain")
    page = replace_image_sources(page, dict(_local_sources(rendered, page)))
    looked_at = replace(rendered.looked_at, email=page, text=text)
    return replace(rendered, renditions={**rendered.renditions, EMAIL: page, TEXT: text}, looked_at=looked_at)


def message_part(message: bytes, kind: str) -> str:
    """The text of a message that is `html` or `plain`."""
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    part = parsed.get_body((kind,))
    content = b"" if part is None else part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def _local_sources(rendered: Rendered, page: str) -> Iterator[tuple[str, str]]:
    """What stands in the message for the issue's own images, and how the preview knows them."""
    rules = rendered.sources.frame.addressing()
    embedded = {source[4:].partition(".")[0]: source for source in image_sources(page) if source.startswith("cid:")}
    for name, path in rendered.sources.assets.items():
        yield final_address(file_address(name), rules), file_address(name)
        # A content id begins with what the picture's octets make (`Embedded.content_id`).
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:24] if embedded else ""
        if digest in embedded:
            yield embedded[digest], file_address(name)
