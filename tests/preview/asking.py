"""Asking the preview's application without a socket: paths exactly as typed, as no well-behaved client sends them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from newsletter_cli.preview.live import Preview
from newsletter_cli.preview.server import make_app
from newsletter_cli.workspace.folder import Workspace
from tests.waiting import PATIENCE_SECONDS

PORT = 8420
HOST = f"127.0.0.1:{PORT}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Asking:
    """An open preview, its server left out. `path` is what follows the token; `ask_raw` takes all of it."""

    def __init__(self, preview: Preview):
        self.preview = preview
        self.app = make_app(preview)

    def ask(self, path: str = "", method: str = "GET", **headers: str) -> Answer:
        return self.ask_raw(f"/{self.preview.token}/{path}", method, headers)

    def post(self, path: str, wish: Any, **headers: str) -> Answer:
        """As the page itself posts; a header that is given empty is left out."""
        body = json.dumps(wish).encode()
        usual = {
            "origin": f"http://{HOST}", "sec_fetch_site": "same-origin", "content_type": "application/json",
            "content_length": str(len(body)),
        }  # fmt: skip
        sent = {name: value for name, value in (usual | headers).items() if value}
        return self.ask_raw(f"/{self.preview.token}/{path}", "POST", sent, body=body)

    def ask_raw(
        self,
        target: str,
        method: str = "GET",
        headers: Mapping[str, str] = {},
        hosts: tuple[str, ...] = (HOST,),
        body: bytes = b"",
    ) -> Answer:
        path, _mark, query = target.partition("?")
        named = [("host", host) for host in hosts]
        named += [(name.replace("_", "-"), value) for name, value in headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in named],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", PORT),
        }
        return asyncio.run(self._ask(scope, body))

    async def _ask(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[Any] = []
        has_asked = False

        async def receive() -> dict[str, Any]:
            nonlocal has_asked
            if has_asked:
                await asyncio.Event().wait()
            has_asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(self.app(scope, receive, send), PATIENCE_SECONDS)
        start = sent[0]
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        assert len(headers) == len(start["headers"]), "a header was sent twice"
        return Answer(start["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


@contextmanager
def opened(workspace: Workspace, number: int | None = None, **options: Any) -> Iterator[Asking]:
    """A preview of the workspace, without network. What nobody foresaw fails the test."""
    unexpected: list[BaseException] = []
    preview = Preview(workspace, number, is_offline=True, on_unexpected=unexpected.append, **options)
    preview.port = PORT
    preview.start()
    try:
        yield Asking(preview)
    finally:
        preview.stop()
    assert not unexpected
