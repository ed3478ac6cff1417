"""Keys, entries and requests for the tests of the endpoint."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from msgspec import Struct

from newsletter_cli.after.endpoint.app import EndpointApp
from newsletter_cli.after.endpoint.entries import NewEntry
from newsletter_cli.after.endpoint.house import Settings
from newsletter_cli.after.endpoint.log import Log
from newsletter_cli.base.endpoint_key import EndpointKey, key_id, make_key
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.base.values import replace
from newsletter_cli.model.feedback import FeedbackKind

SECRET, OLD_SECRET, OTHER_SECRET = b"n" * 32, b"o" * 32, b"x" * 32
KEY = make_key([SECRET], newsletter=key_id(SECRET), name="Data news", language="en", contact="news@example.org")
OTHER = make_key([OTHER_SECRET], newsletter=key_id(OTHER_SECRET), name="La lettre", language="fr")
# After a change of key.
CHANGED = make_key(
    [SECRET, OLD_SECRET], newsletter=key_id(OLD_SECRET), name="Data news", language="en", contact="news@example.org"
)
TOKENS = Tokens(SECRET)
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def settings(*keys: EndpointKey, **changes: Any) -> Settings:
    return replace(Settings(keys=keys or (KEY,), log="", keep_days=400), **changes)


def entry(number: int, newsletter: str = KEY.newsletter, at: str = "2026-12-01T08:00:00Z") -> NewEntry:
    return NewEntry(
        at=at,
        newsletter=newsletter,
        key=KEY.parts[0].id,
        kind=FeedbackKind.UNSUBSCRIBE,
        token=TOKENS.token(number),
        source="one-click",
        reference=f"{number:064x}",
    )


class Reply(Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def ask(
    app: EndpointApp,
    method: str,
    address: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] = {},
    client: tuple[str, int] | None = ("192.0.2.1", 4711),
) -> Reply:
    """One request, as a server of ASGI hands it over."""
    path, _sign, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode("latin-1"),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": client,
        "server": ("127.0.0.1", 80),
    }
    parts = [body] if isinstance(body, bytes) else list(body) or [b""]
    coming = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)} for number, part in enumerate(parts, 1)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert sent, "no answer"
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(status=sent[0]["status"], headers=named, body=b"".join(one.get("body", b"") for one in sent[1:]))


@contextlib.asynccontextmanager
async def opened(log: Log, *keys: EndpointKey, **changes: Any) -> AsyncIterator[EndpointApp]:
    app = EndpointApp(lambda: settings(*keys, **changes), log)
    try:
        yield app
    finally:
        await asyncio.sleep(0)
        await app.close()
