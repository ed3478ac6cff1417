"""The commands: aiosmtpd's, with a record, misbehaviours and an eye on the client.

PIPELINING is offered and checked: what a client must not send before it has a reply is a violation in the log. The
content is read as a whole, not by the line: this server must not be the slow part of a test.
"""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.deliver.server.connection import Connection
from tests.deliver.server.misbehaviour import HangUp, Phase
from tests.deliver.server.reading import faults_of
from tests.deliver.server.record import address_key

PATH = re.compile(r"<([^<>\s]*@[^<>\s@]+|)>(.*)", re.DOTALL)
ENDS_A_GROUP = {"EHLO", "HELO", "DATA", "VRFY", "STARTTLS", "AUTH", "QUIT", "NOOP"}  # RFC 2920 §3.1


class RecordingSMTP(Connection):
    """One connection of a client."""

    def heard(self, verb: str, argument: str | None) -> None:
        self.shared.counts[verb] += 1
        self.shared.record.log(connection=self.number, verb=verb, argument=argument or "")
        waiting = self.reader.waiting_bytes
        if waiting and verb in ENDS_A_GROUP:
            self.violate(f"something follows {verb} before its reply")
        elif waiting and not self.is_pipelining:
            self.violate(f"PIPELINING is not offered, and something follows {verb} before its reply")

    @property
    def is_pipelining(self) -> bool:
        return any(one.split()[0] == "PIPELINING" for one in self.extensions())

    def extensions(self) -> list[str]:
        """What EHLO offers now, in order."""
        offered = ["PIPELINING", f"SIZE {self.data_size_limit}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self.tls_context is not None and self._tls_protocol is None:
            offered.append("STARTTLS")
        if self.shared.settings.login is not None and (not self._auth_require_tls or self._tls_protocol is not None):
            offered.append("AUTH PLAIN LOGIN XOAUTH2")
        for misbehaviour in self.shared.misbehaviours:
            offered = misbehaviour.offered(offered)
        return offered

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        # aiosmtpd asks the email package, which takes longer than everything else here together.
        found = PATH.fullmatch(arg.strip())
        return (found[1], found[2]) if found else (None, None)

    # The commands

    async def _handle_client(self) -> None:
        # Said by nobody, but what a client does first.
        self.shared.record.log(connection=self.number, verb="CONNECT", argument="")
        if self.reader.waiting_bytes:
            self.violate("something was said before the greeting")
        if await self.at(Phase.CONNECT):
            self._writer.close()
            return
        await super()._handle_client()

    async def smtp_HELO(self, hostname: str) -> None:
        self.heard("HELO", hostname)
        if not await self.at(Phase.EHLO):
            await super().smtp_HELO(hostname)

    async def smtp_EHLO(self, hostname: str) -> None:
        self.heard("EHLO", hostname)
        if not await self.at(Phase.EHLO):
            await super().smtp_EHLO(hostname)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, _said: Any) -> list[str]:
        session.host_name = hostname
        lines = ["sink.example.org", *self.extensions()]
        return [f"250{'-' if index < len(lines) - 1 else ' '}{line}" for index, line in enumerate(lines)]

    async def smtp_STARTTLS(self, arg: str) -> None:
        self.heard("STARTTLS", arg)
        if not await self.at(Phase.STARTTLS):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        # Never the credentials.
        self.heard("AUTH", (arg or "").partition(" ")[0])
        if not await self.at(Phase.AUTH):
            await super().smtp_AUTH(arg)

    async def auth_XOAUTH2(self, _server: Any, args: list[str]) -> AuthResult:
        text = base64.b64decode(args[1] if len(args) > 1 else b"").decode()
        fields = dict(one.split("=", 1) for one in text.split("\x01") if "=" in one)
        token = fields.get("auth", "").removeprefix("Bearer ")
        return self._authenticate("XOAUTH2", LoginPassword(fields.get("user", "").encode(), token.encode()))

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.heard("MAIL", arg)
        self.recipient, self.has_refused_recipient = "", False
        await self._judge_haste("mail")
        if not await self.at(Phase.MAIL):
            await super().smtp_MAIL(arg)

    async def _judge_haste(self, after: str) -> None:
        """PIPELINING is offered; some do not mean it."""
        self.is_out_of_step = False
        for one in self.shared.misbehaviours:
            if not one.on_haste or one.hasty_after != after:
                continue
            # What was sent in one go arrives in one go, or nearly.
            await asyncio.sleep(0.01)
            if not self.reader.waiting_bytes:
                continue
            if one.on_haste == "close":
                await self._hang_up(HangUp())
                raise asyncio.CancelledError
            if one.on_haste == "drop":
                self.reader.forget()
            self.is_out_of_step = one.on_haste == "503"

    async def smtp_RCPT(self, arg: str | None) -> None:
        self.heard("RCPT", arg)
        if self.is_out_of_step:
            await self.push("503 5.5.0 Error: improper command pipelining")
            return
        found = PATH.fullmatch((arg or "").partition(":")[2].strip())
        self.recipient = address_key(found[1]) if found else ""
        if self.recipient.isascii() or (self.envelope is not None and self.envelope.smtp_utf8):
            if await self.at(Phase.RCPT):
                self.has_refused_recipient = True
                if self.envelope is not None and any(
                    getattr(one, "is_recipient_kept", False) for one in self.shared.misbehaviours
                ):
                    self.envelope.rcpt_tos.append(self.recipient)
                return
        else:
            self.violate("a non-ASCII recipient without SMTPUTF8")
        await super().smtp_RCPT(arg)

    async def smtp_RSET(self, arg: str | None) -> None:
        self.heard("RSET", arg)
        await super().smtp_RSET(arg or "")

    async def smtp_QUIT(self, arg: str | None) -> None:
        self.heard("QUIT", arg)
        await super().smtp_QUIT(arg or "")

    async def smtp_DATA(self, arg: str | None) -> None:
        self.heard("DATA", arg)
        envelope = self.envelope
        assert envelope is not None
        is_regardless = self.has_refused_recipient and any(
            getattr(one, "is_data_answered", False) for one in self.shared.misbehaviours
        )
        if not envelope.rcpt_tos and not is_regardless:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if await self.at(Phase.DATA):
            self._set_rset_state()  # type: ignore[no-untyped-call]
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self.reader.peek(1)
        await self.at(Phase.BODY)
        raw = await self.reader.read_content()
        if not envelope.rcpt_tos:
            if raw != b".\r\n":
                self.violate("a message for nobody")
            reply = "554 5.5.1 No valid recipients"
        else:
            reply = await self._take(envelope, raw)
        self._set_rset_state()  # type: ignore[no-untyped-call]
        if reply:
            await self._judge_haste("dot")
            await self.push(reply)
            await self.at(Phase.REPLIED)

    async def _take(self, envelope: Any, raw: bytes) -> str:
        """Accept a message, or do not: the reply, or "" where one was given."""
        # No command, but what a client does last.
        self.shared.record.log(connection=self.number, verb="DOT", argument="")
        for fault in faults_of(raw, is_8bit="BODY=8BITMIME" in envelope.mail_options):
            self.violate(fault)
        if await self.at(Phase.DOT):
            return ""
        content = raw[:-3].replace(b"\r\n..", b"\r\n.")
        for recipient in envelope.rcpt_tos:
            self.shared.record.accept(recipient, envelope.mail_from, content, self.number)
        self.messages += 1
        if await self.at(Phase.ACCEPTED):
            return ""
        return f"250 2.0.0 Queued as {self.number}-{self.messages}"
