"""An endpoint on this machine that answers as it is told to: what a real one says, and what it should never say."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

from newsletter_cli.after.endpoint.entries import LogEnd, LogEntry, LogHead, LogPage, NewEntry, render_page
from newsletter_cli.after.endpoint.serving_log import parse_after
from newsletter_cli.base.endpoint_key import EndpointKey
from newsletter_cli.base.moments import timestamp
from newsletter_cli.model.feedback import FeedbackKind
from tests.loopback import LoopbackServer

Answer = tuple[int, dict[str, str], bytes]


class StubEndpoint:
    """Serves `entries` to whoever has the key, `page_entries` at a time."""

    def __init__(self, key: EndpointKey) -> None:
        self.key, self.log = key, "first"
        self.entries: list[LogEntry] = []
        self.pruned, self.page_entries = 0, 1000
        self.asked: list[int] = []
        self.clock = timedelta()
        self.answer: Callable[[int], Answer] = self.page
        self.url = ""

    def tell(self, *entries: NewEntry) -> None:
        for entry in entries:
            number = (self.entries[-1].n if self.entries else self.pruned) + 3
            self.entries.append(LogEntry(n=number, **{name: getattr(entry, name) for name in entry.__struct_fields__}))

    def page(self, after: int) -> Answer:
        found = [one for one in self.entries if one.n > after]
        told = tuple(found[: self.page_entries])
        head = LogHead(
            log=self.log,
            newsletter=self.key.newsletter,
            keys=tuple(part.id for part in self.key.parts),
            last=max([self.pruned, *(one.n for one in self.entries)]),
            pruned=self.pruned,
            now=timestamp(datetime.now(UTC) + self.clock),
        )
        end = LogEnd(after=told[-1].n if told else after, more=len(found) > len(told))
        return 200, {}, render_page(LogPage(head=head, entries=told, end=end))

    @contextlib.contextmanager
    def serving(self) -> Iterator[StubEndpoint]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _mark, query = self.path.partition("?")
                after = parse_after(query.encode())
                assert path == "/nl/log", path
                assert after is not None
                stub.asked.append(after)
                if self.headers["Authorization"] != f"Bearer {stub.key.parts[0].fetch}":
                    answer: Answer = 401, {}, b""
                else:
                    answer = stub.answer(after)
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_about: Any) -> None: ...

        with LoopbackServer(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_address[1]}/nl"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def told(
    kind: FeedbackKind = FeedbackKind.UNSUBSCRIBE, *, reference: int, key: EndpointKey, at: str = "", **about: str
) -> NewEntry:
    """An entry; by default a click, now."""
    usual = {"source": "one-click" if kind is FeedbackKind.UNSUBSCRIBE else "brevo"}
    return NewEntry(
        at=at or timestamp(datetime.now(UTC)),
        newsletter=key.newsletter,
        key=key.parts[0].id,
        kind=kind,
        reference=f"{reference:064x}",
        **usual | about,
    )
