"""What a mail service is to the transport: it words a request, and understands an answer.

A further service is one module in `services/` with a class like this one, and its scheme in `opening.py`. It opens
nothing, waits for nothing and keeps nothing: `answers.py` beside it has what HTTP itself says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing, Reply


class HttpRequest(NamedTuple):
    """A request; `path` begins with `/`. Length and host are added where it is sent."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class HttpAnswer(NamedTuple):
    """An answer; the names of `headers` are lower-case. `body` is its beginning, perhaps cut."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class Heard(NamedTuple):
    """What an answer says about the message that was posted.

    `kind`: SENT, REFUSED (for good), DEFERRED (not now; `rest_seconds`: nobody else should be tried before),
    IN_DOUBT (it may have been taken), RETURNED (it was certainly not). `fatal`: going on makes no sense, and what to do
    about it. `is_secret_refused`: the key or token is not, or no longer, accepted. `is_known`: it has had this
    message's key before.
    """

    kind: Happened
    reply: Reply
    rest_seconds: float = 0.0
    fatal: str | None = None
    is_secret_refused: bool = False
    is_known: bool = False


class ServiceOptions(Protocol):
    """What is configured of a service."""

    @property
    def mailbox(self) -> str | None:
        """The mailbox that writes, as the service names it."""
        ...

    @property
    def channel(self) -> str | None:
        """La Suite: what the key is for."""
        ...

    @property
    def timeout_seconds(self) -> float:
        """How long the answer to a message may take."""
        ...


class Service(Protocol):
    """A service, with all that has to be known to speak to it."""

    @property
    def most_bytes(self) -> int | None:
        """How large a message may be for it; `None` where nobody knows."""
        ...

    @property
    def key_seconds(self) -> int:
        """For how long a request may be made again with its key; 0 where the service knows no keys."""
        ...

    def fault(self, message: Outgoing) -> str:
        """Why this message cannot be carried as it stands, for people; empty where it can."""
        ...

    def submit(self, message: Outgoing, secret: str) -> HttpRequest:
        """The request that hands this message over."""
        ...

    def hear(self, answer: HttpAnswer) -> Heard:
        """What the answer to it means."""
        ...

    def probe(self, secret: str) -> HttpRequest:
        """A request that changes nothing, by whose answer it shows whether the secret is accepted."""
        ...
