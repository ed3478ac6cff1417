"""Servers that offer other things, or speak strangely."""

from __future__ import annotations

from collections.abc import Iterable

from tests.deliver.server.misbehaviour import HangUp, Misbehaviour, Moment, Phase, named


class Without(Misbehaviour):
    """Does not offer something."""

    extension = ""

    def offered(self, extensions: list[str]) -> list[str]:
        return [one for one in extensions if one.split()[0] != self.extension]


@named("no-pipelining")
class NoPipelining(Without):
    """Not in the matrix: RFC 2920 is not offered; each command waits for the reply to the last."""

    extension = "PIPELINING"


@named("deaf-pipelining")
class DeafPipelining(Misbehaviour):
    """Row “PIPELINING offered and not kept to”: what follows MAIL in one go is dropped."""

    on_haste = "drop"


@named("deaf-behind-dot")
class DeafBehindDot(DeafPipelining):
    """Row “PIPELINING offered and not kept to”: what follows a final dot in one go is dropped."""

    hasty_after = "dot"


@named("strict-pipelining")
class StrictPipelining(DeafPipelining):
    """Row “PIPELINING offered and not kept to”: what follows MAIL in one go is called an error."""

    on_haste = "503"


@named("shy-pipelining")
class ShyPipelining(DeafPipelining):
    """Row “PIPELINING offered and not kept to”: whoever sends in one go is hung up on."""

    on_haste = "close"


@named("504-ehlo")
class HelloRefused(Misbehaviour):
    """Row “5xx at the greeting or EHLO”: the name that the client gives is not good enough."""

    phase = Phase.EHLO

    async def act(self, _moment: Moment) -> str | None:
        return "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname"


@named("no-8bitmime")
class NoEightBit(Without):
    """Not in the matrix: RFC 6152 is not offered."""

    extension = "8BITMIME"


@named("no-smtputf8")
class NoUtf8(Without):
    """Row “one poisoned row”: an address with a non-ASCII local part cannot be written to here; that row alone."""

    extension = "SMTPUTF8"


@named("no-starttls")
class NoStartTls(Without):
    """Row “bad certificate; STARTTLS stripped”: somebody in between took it out of the offer."""

    extension = "STARTTLS"


@named("454-starttls")
class StartTlsFails(Misbehaviour):
    """Row “bad certificate; STARTTLS stripped”: offered, and then not to be had."""

    phase = Phase.STARTTLS

    async def act(self, _moment: Moment) -> str | None:
        return "454 4.7.0 TLS not available"


@named("starttls-injection")
class Injection(Misbehaviour):
    """Row “bad certificate; STARTTLS stripped”: plain words behind the go-ahead must not count once TLS is up."""

    def pieces(self, reply: bytes) -> Iterable[bytes]:
        return (reply + b"250-injected\r\n250 AUTH PLAIN\r\n",) if reply.startswith(b"220 Ready") else (reply,)


@named("self-signed")
class SelfSigned(Misbehaviour):
    """Row “bad certificate; STARTTLS stripped”: nobody the client trusts has signed it."""

    certificate = "self-signed"


@named("wrong-host")
class WrongHost(Misbehaviour):
    """Row “bad certificate; STARTTLS stripped”: a good one, for another name."""

    certificate = "wrong-host"


@named("expired")
class Expired(Misbehaviour):
    """Row “bad certificate; STARTTLS stripped”: good until yesterday."""

    certificate = "expired"


@named("small-limit")
class SmallLimit(Misbehaviour):
    """Row “5xx at MAIL or AUTH”: SIZE says less than a message has."""

    size_limit_bytes = 300


@named("garbage")
class Garbage(Misbehaviour):
    """Row “disconnect at …”, worse: the reply to MAIL is not SMTP at all, every fifth time."""

    phase = Phase.MAIL
    every = 5

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("HTTP/1.1 400 Bad Request\r\n\r\n<html>\xff</html>")


@named("garbage-dot")
class GarbageAtDot(Misbehaviour):
    """Row “250 lost / timeout after the dot”: accepted, and the reply says nothing that can be understood."""

    phase = Phase.ACCEPTED
    every = 7

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("\x00\x1b[2J?? OK 250")


@named("garbage-greeting")
class NotSmtp(Misbehaviour):
    """Row “hung server”: something else answers at that port."""

    phase = Phase.CONNECT

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("SSH-2.0-OpenSSH_9.2")


@named("endless-reply")
class EndlessReply(Misbehaviour):
    """Row “hung server”: a reply that never ends must fill no memory, nor wait for ever. Once."""

    phase = Phase.MAIL
    every = 4
    times = 1

    async def act(self, _moment: Moment) -> str | None:
        raise HangUp("250-" + "x" * 4_000_000)


@named("multi-line")
class MultiLine(Misbehaviour):
    """Not in the matrix: every reply has several lines (RFC 5321 §4.2.1), the last of them without a text."""

    def pieces(self, reply: bytes) -> Iterable[bytes]:
        code, mark, text = reply[:3], reply[3:4], reply[4:].rstrip(b"\r\n")
        if mark != b" " or code == b"334":
            return (reply,)
        return (code + b"-" + text + b"\r\n" + code + b"-and more\r\n" + code + b"\r\n",)


@named("byte-by-byte")
class ByteByByte(Misbehaviour):
    """Not in the matrix: a reply arrives in as many segments as it has octets."""

    def pieces(self, reply: bytes) -> Iterable[bytes]:
        return [bytes((octet,)) for octet in reply]


@named("escapes")
class Escapes(Misbehaviour):
    """Not in the matrix: control characters and 8-bit octets in replies reach neither terminal nor JSON raw."""

    def pieces(self, reply: bytes) -> Iterable[bytes]:
        head = reply.rstrip(b"\r\n")
        return (head + b" \x1b[31m\x07 \xe9\xff\r\n",)
