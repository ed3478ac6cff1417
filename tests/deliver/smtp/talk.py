"""A dialogue without a socket: what the server says and what the engine wants are typed in."""

from __future__ import annotations

from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.smtp.dialogue import Dialogue
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import Outgoing

BODY = b"Subject: hello\r\n\r\nHello\r\n"
ENVELOPE = "250 2.1.0 Ok\n250 2.1.5 Ok\n354 Go ahead\n"


def outgoing(row: int, *, recipient: str | None = None, data: bytes = BODY) -> Outgoing:
    return Outgoing(row=row, sender="news@example.org", recipient=recipient or f"r{row}@example.org", data=data)


def envelope(row: int, parameters: str = "") -> bytes:
    """What is written for a row, where it is one write."""
    return f"MAIL FROM:<news@example.org>{parameters}\r\nRCPT TO:<r{row}@example.org>\r\nDATA\r\n".encode()


class Talk:
    """`written` gives what the dialogue wants written and says that it was; `told` what has happened since, briefly."""

    def __init__(
        self,
        *,
        pipelining: bool = True,
        size: int | None = None,
        smtputf8: bool = False,
        messages: int = 1000,
        timeout: int = 10,
        final: int = 60,
    ):
        self.events: list[ConnectionEvent] = []
        offer = Offer(has_pipelining=pipelining, size_limit_bytes=size, has_smtputf8=smtputf8)
        options = SmtpSettings(timeout_seconds=timeout, final_timeout_seconds=final, messages_per_connection=messages)
        self.dialogue = Dialogue(7, offer, options, self.events)
        self.now = 0.0
        self.dialogue.begin(self.now)

    def hand(self, row: int, **more: object) -> None:
        self.dialogue.hand(outgoing(row, **more), self.now)  # type: ignore[arg-type]

    def release(self) -> None:
        self.dialogue.release(self.now)

    def hear(self, text: str) -> None:
        self.dialogue.received(text.replace("\n", "\r\n").encode(), self.now)

    def written(self) -> bytes:
        data = b"".join(self.dialogue.outbox.buffers)
        self.dialogue.taken(len(data), self.now)
        return data

    def told(self) -> list[tuple[str, int]]:
        assert all(event.connection == 7 for event in self.events)
        brief = [(_kind(event), event.row) for event in self.events]
        self.events.clear()
        return brief

    def to_dot(self, row: int = 1) -> None:
        """Everything up to the dot of a first row."""
        self.hand(row)
        self.written()
        self.hear(ENVELOPE)
        self.written()
        self.events.clear()


def _kind(event: ConnectionEvent) -> str:
    is_down = event.kind is Happened.DOWN
    return f"{event.kind.name}{' failure' if is_down and event.is_failure else ''}{' last' if event.is_last else ''}"
