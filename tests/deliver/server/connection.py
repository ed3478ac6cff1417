"""What lies under the commands of a connection: reading, replying, hanging up; misbehaviours have their turn here.

aiosmtpd ends the talk when the client goes away. Here, what was read before is still carried out: a message whose
dot had arrived is accepted though nobody waits for the reply, as real servers do. The other way would hide doubles.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import sys
from collections import Counter
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, TLSSetupException

from tests.deliver.server.misbehaviour import HangUp, Misbehaviour, Moment, Phase
from tests.deliver.server.reading import Reader
from tests.deliver.server.record import Record
from tests.deliver.server.settings import ServerSettings

LIMIT_BYTES = 64 * 1024 * 1024
LINGER_SECONDS = 1.0
# By what Linux tells whether a peer has left; elsewhere it counts as gone once the clients of the tests have given up.
TCP_INFO: int | None = getattr(socket, "TCP_INFO", None)
STUCK_SECONDS = 10.0
LINGER = "hh" if sys.platform == "win32" else "ii"
ENHANCED = re.compile(r"[245]\d\d[ -][245]\.\d+\.\d+ ")


class Shared:
    """What the connections of one server have in common."""

    def __init__(self, settings: ServerSettings, record: Record, misbehaviours: list[Misbehaviour]):
        self.settings = settings
        self.record = record
        self.misbehaviours = misbehaviours
        self.connections = 0
        self.counts: Counter[str] = Counter()


class Connection(SMTP):
    """One connection."""

    def __init__(self, shared: Shared, loop: asyncio.AbstractEventLoop):
        settings = shared.settings
        limits = [one.size_limit_bytes for one in shared.misbehaviours if one.size_limit_bytes]
        super().__init__(
            self,
            data_size_limit=min(limits, default=LIMIT_BYTES),
            enable_SMTPUTF8=True,
            hostname="sink.example.org",
            ident="ESMTP",
            tls_context=settings.tls_context if settings.tls == "starttls" else None,
            require_starttls=settings.tls == "starttls" and settings.is_tls_required,
            auth_required=settings.login is not None,
            auth_require_tls=settings.tls == "starttls",
            authenticator=self.authenticate_login,
            timeout=3600,
            loop=loop,
        )
        # A second time, for a reader of our own: aiosmtpd's holds 1001 octets.
        self.reader = Reader(limit=LIMIT_BYTES, loop=loop)
        asyncio.StreamReaderProtocol.__init__(
            self, self.reader, client_connected_cb=self._cb_client_connected, loop=loop
        )
        self.shared = shared
        shared.connections += 1
        self.number = shared.connections
        self.messages = 0
        self.recipient = ""
        self.has_refused_recipient = False
        self.is_out_of_step = False
        self.gone = asyncio.Event()

    def authenticate_login(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        is_known = (data.login.decode(), data.password.decode()) == self.shared.settings.login
        return AuthResult(success=is_known, handled=False)

    # The client leaves

    def eof_received(self) -> bool:
        self.gone.set()
        asyncio.StreamReaderProtocol.eof_received(self)
        return self.session is not None and self.session.ssl is None and self.shared.settings.tls != "implicit"

    def connection_lost(self, error: Exception | None) -> None:
        self.gone.set()
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        if self._original_transport is not None:
            self._original_transport.close()
        # Without the error: the reader would forget what it holds.
        asyncio.StreamReaderProtocol.connection_lost(self, None)

    async def handle_exception(self, error: Exception) -> str:
        # A client that does not trust the certificate is right to leave; one that was killed leaves its socket so.
        if not isinstance(error, TLSSetupException | OSError):
            self.violate(f"the server failed: {type(error).__name__}: {error}")
        return f"451 4.3.0 {type(error).__name__}"

    # Misbehaviour

    async def at(self, phase: Phase) -> bool:
        """Let the misbehaviours have this phase: whether one of them has replied."""
        moment = Moment(
            phase=phase,
            connection=self.number,
            messages=self.messages,
            recipient=self.recipient,
            wait=self._wait,
            stop_reading=self._stop_reading,
        )
        for misbehaviour in self.shared.misbehaviours:
            try:
                reply = await misbehaviour.at(moment)
            except HangUp as end:
                await self._hang_up(end)
                raise asyncio.CancelledError from None
            if reply is not None:
                await self.push(reply)
                return True
        return False

    async def _wait(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.gone.wait(), seconds)
        except TimeoutError:
            return True
        return False

    async def _stop_reading(self, seconds: float) -> bool:
        transport = self.transport
        if not isinstance(transport, asyncio.Transport):
            return False
        transport.pause_reading()
        # Paused, it would not hear of the client's leaving either.
        deadline = self.loop.time() + (seconds if TCP_INFO is not None else min(seconds, STUCK_SECONDS))
        while self.loop.time() < deadline and not self.gone.is_set():
            await asyncio.sleep(min(0.5, max(0.0, deadline - self.loop.time())))
            if seconds > 1 and self._has_left():
                break
        if not transport.is_closing():
            transport.resume_reading()
        return not self.gone.is_set()

    def _has_left(self) -> bool:
        held = self.transport.get_extra_info("socket") if self.transport is not None else None
        if held is None or held.fileno() < 0:
            return True
        if TCP_INFO is None:
            return False
        info = held.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 1)
        return bool(info[0] != 1)  # no longer ESTABLISHED

    async def _hang_up(self, end: HangUp) -> None:
        transport = self.transport
        if not isinstance(transport, asyncio.Transport) or transport.is_closing():
            return
        if end.is_abrupt:
            held = transport.get_extra_info("socket")
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER, 1, 0))
            transport.abort()
            return
        if end.words is not None:
            await self.push(end.words)
        # Closing with something unread would send a reset, and the client might never read those words.
        if transport.can_write_eof():
            transport.write_eof()
            await self._wait(LINGER_SECONDS)
        transport.close()

    # What is said

    async def push(self, status: str | bytes) -> None:
        text = status.encode("latin-1", "replace") if isinstance(status, str) else status
        if text[:1] in b"245" and text[3:4] == b" " and not ENHANCED.match(text.decode("latin-1")):
            text = self._enhanced(text)
        try:
            for misbehaviour in self.shared.misbehaviours:
                pieces = list(misbehaviour.pieces(text + b"\r\n"))
                if len(pieces) > 1:
                    for piece in pieces:
                        self._writer.write(piece)
                        await self._writer.drain()
                        await asyncio.sleep(0)
                    return
                text = pieces[0].removesuffix(b"\r\n")
            self._writer.write(text + b"\r\n")
            await self._writer.drain()
        except (ConnectionError, RuntimeError):
            # Nobody listens any more, and so nothing else is done: what was accepted stands in the record.
            self._writer.close()
            raise asyncio.CancelledError from None

    def _enhanced(self, text: bytes) -> bytes:
        """RFC 2034 wants a second code in replies, but for the greeting, EHLO, 354 and AUTH's go-ahead."""
        is_mail = self.session is not None and bool(self.session.host_name)
        if not is_mail or (text[:3] in {b"220", b"250"} and text[4:] != b"OK"):
            return text
        return text[:4] + text[:1] + b".0.0 " + text[4:]

    def violate(self, what: str) -> None:
        """The client has done something that no client may do."""
        self.shared.record.log(connection=self.number, violation=what)
