"""The selectors of other systems, stood in for: kqueue (macOS) and select (Windows)."""

from __future__ import annotations

import selectors
from collections.abc import Iterator
from contextlib import closing

import pytest

from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.smtp.server import Server
from newsletter_cli.deliver.smtp.transport import SmtpTransport
from newsletter_cli.deliver.transport import Happened
from tests.deliver.smtp.scripted_server import CLOSE, RESET, ScriptedServer
from tests.deliver.smtp.talk import outgoing

Ready = list[tuple[selectors.SelectorKey, int]]
LARGE = b"Subject: large\r\n\r\n" + (b"x" * 74 + b"\r\n") * 60_000


class OneByOne(selectors.SelectSelector):
    """As kqueue: reading and writing are told of one by one."""

    def select(self, timeout: float | None = None) -> Ready:
        def split() -> Iterator[tuple[selectors.SelectorKey, int]]:
            for key, mask in selectors.SelectSelector.select(self, timeout):
                for bit in (selectors.EVENT_READ, selectors.EVENT_WRITE):
                    if mask & bit:
                        yield key, bit

        return list(split())


@pytest.mark.parametrize("end", [CLOSE, RESET])
@pytest.mark.parametrize("selector", [OneByOne, selectors.SelectSelector])
def test_a_connection_that_breaks_while_it_is_read_and_written(
    selector: type[selectors.BaseSelector], end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "DefaultSelector", selector)
    told: list[Happened] = []
    with ScriptedServer({"BODY": end}, receive_buffer_bytes=4096) as server:
        options = SmtpSettings(timeout_seconds=5, hello="client.example")
        where = Server(host="127.0.0.1", port=server.port, is_tls_at_once=False, options=options)
        with closing(SmtpTransport(where)) as transport:
            connection = transport.connect()
            while Happened.DOWN not in told:
                for event in transport.poll(5):
                    told.append(event.kind)
                    if event.kind is Happened.READY:
                        transport.hand(connection, outgoing(1, data=LARGE))
    assert told == [Happened.READY, Happened.AT_DOT, Happened.RETURNED, Happened.DOWN]
