"""What the tests of messages share: parts of a small issue, people, and the message as another program reads it."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.message.marks import Marks, choose_marks
from newsletter_cli.deliver.message.parts import MessageParts
from newsletter_cli.deliver.message.person import Person, Spliced
from newsletter_cli.render.mime import Mailbox

DOMAIN = "tidings.example"
TOKENS = Tokens(b"a secret of thirty-two octets, so")
MARKS = choose_marks()
PAGE = f"https://tidings.example/leave?list=1&u={MARKS.token}"
MAIL = f"mailto:leave@tidings.example?subject=unsubscribe%20{MARKS.token}"
HTML = (
    f"<!DOCTYPE html><html><head><title>The tide table</title></head><body><p>{MARKS.greeting}</p>\n"
    f'<p>Once more, the tides.</p><a href="{PAGE.replace("&", "&amp;")}">Leave</a></body></html>\n'
)
TEXT = f"{MARKS.greeting}\n\nOnce more, the tides.\n\nLeave: {PAGE}\n"


def parts(**changes: Any) -> MessageParts:
    """The parts of a small issue, but for `changes`."""
    marks: Marks = changes.get("marks", MARKS)
    usual: dict[str, Any] = {
        "html": HTML if changes.get("greeting") else HTML.replace(marks.greeting, "Good day"),
        "text": TEXT if changes.get("greeting") else TEXT.replace(marks.greeting, "Good day"),
        "marks": marks,
        "subject": "The tide table",
        "sender": Mailbox(address="letter@tidings.example", name="The tide table"),
        "reply_to": Mailbox(address="editors@tidings.example"),
        "date": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "list_id": "The tide table <letter.tidings.example>",
        "message_id_domain": DOMAIN,
        "language": "en",
        "unsubscribe_page": PAGE,
        "unsubscribe_mail": MAIL,
        "bounces": "bounces@tidings.example",
    }
    return MessageParts(**(usual | changes))


def person(row: int = 1, *, address: str = "ada@example.org", name: str = "Ada Lovelace", **values: str) -> Person:
    """The recipient of the delivery `row`."""
    return Person(
        address=address, name=name, values=values, token=TOKENS.token(row), message_id=TOKENS.message_id(row, DOMAIN)
    )


def received(data: bytes) -> bytes:
    """What a server stores of what it was sent (RFC 5321 §4.5.2)."""
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in data.split(b"\r\n"))


def parsed(spliced: Spliced) -> EmailMessage:
    """The message as a mail program reads it, without a fault in its form."""
    message = email.message_from_string(received(spliced.data).decode(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Text and HTML, their lines ended by `\\n`."""
    found = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    text, page = (found[kind].decode().replace("\r\n", "\n") for kind in ("text/plain", "text/html"))  # type: ignore[union-attr]
    return text, page
