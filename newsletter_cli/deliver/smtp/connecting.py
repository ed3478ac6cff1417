"""Opening a connection, blocking: TCP, greeting, EHLO, TLS, log-in. What follows is the dialogue's.

On the standard library's `smtplib`, of which only commands and replies are used: it neither verifies certificates by
itself nor lets its socket go while it is busy.
"""

from __future__ import annotations

import contextlib
import functools
import re
import smtplib
import socket
import ssl

from msgspec import Struct

from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.deliver.remedies import remedy_of
from newsletter_cli.deliver.smtp.attempt import Attempt, CannotOpen
from newsletter_cli.deliver.smtp.failures import LimitedReader, failed, fatal, told_failures
from newsletter_cli.deliver.smtp.greeting import GREETING_SECONDS, TLS_ANSWER_SECONDS, answers_tls, is_silent
from newsletter_cli.deliver.smtp.login import log_in
from newsletter_cli.deliver.smtp.offer import Offer, parse_offer
from newsletter_cli.deliver.smtp.replies import read_answer
from newsletter_cli.deliver.smtp.server import Server
from newsletter_cli.model.delivery import Reply, shown

# What Postfix takes (smtp_connect_timeout): a machine that is there answers a SYN sooner.
CONNECT_SECONDS = 30
HELLO_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Seen(Struct, frozen=True, kw_only=True):
    """What a server showed of itself. `tls` is the protocol's version, `auth` the mechanism that let us in."""

    greeting: str
    tls: str | None
    extensions: tuple[str, ...]
    size_limit_bytes: int | None
    auth: str | None


class Opened(Struct, frozen=True, kw_only=True):
    """A connection that is ready for MAIL. `early` are bytes that the server sent without being asked."""

    sock: socket.socket
    offer: Offer
    seen: Seen
    early: bytes


def open_connection(
    server: Server, trust: ssl.SSLContext | None, attempt: Attempt, *, is_tls_asked: bool = False
) -> Opened:
    """Open one connection; its socket does not block. Raises `CannotOpen`; nothing is left open then.

    `is_tls_asked`: a server that says nothing for some seconds is asked whether it speaks TLS, and given up. The secret
    is asked for only once the way is known to be safe; that may raise `TransportError`.
    """
    try:
        with told_failures(server):
            smtp, seen = _converse(server, trust, attempt, is_tls_asked=is_tls_asked)
            early = _let_go(smtp)
            sock = attempt.let_go()
            assert sock is not None, "only this thread lets it go"
            return Opened(sock=sock, offer=parse_offer(smtp.esmtp_features), seen=seen, early=early)
    except BaseException:
        attempt.close()
        raise


def probe(server: Server, trust: ssl.SSLContext | None) -> Seen:
    """Open a connection, NOOP, QUIT: what a send would meet. Raises `TransportError`."""
    attempt = Attempt()
    try:
        with told_failures(server):
            smtp, seen = _converse(server, trust, attempt, is_tls_asked=True)
            _expect(smtp.docmd("NOOP"), 250)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.docmd("QUIT")
            smtp.close()
            return seen
    except CannotOpen as error:
        raise TransportError(f"{server.name}: {without_addresses(shown(error.reply))}", hint=error.hint) from None
    finally:
        attempt.close()


def _converse(
    server: Server, trust: ssl.SSLContext | None, attempt: Attempt, *, is_tls_asked: bool
) -> tuple[smtplib.SMTP, Seen]:
    options = server.options
    if server.login is not None and not server.may_see_secret:
        raise fatal(
            _("a password would cross the network without encryption"),
            _("leave send.smtp.starttls at auto, or use smtps://"),
        )
    sock = socket.create_connection((server.host, server.port), min(CONNECT_SECONDS, options.timeout_seconds))
    attempt.hold(sock)
    sock.settimeout(options.timeout_seconds)
    # Each write is a whole group of commands: nothing is gained by waiting for more.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if server.is_tls_at_once:
        sock = _encrypt(sock, server, trust, attempt)
    elif is_tls_asked:
        _listen_for_greeting(sock, server)
    smtp = smtplib.SMTP(local_hostname=options.hello or _own_name(server, sock), timeout=options.timeout_seconds)
    smtp.sock = sock
    smtp.file = LimitedReader(sock)
    try:
        return smtp, _introduce(smtp, server, trust, attempt)
    except BaseException:
        # Its reader holds the socket open, too.
        smtp.close()
        raise


def _listen_for_greeting(sock: socket.socket, server: Server) -> None:
    """Raises `CannotOpen` where the server says nothing for some seconds: for good where it waits for TLS."""
    seconds = min(GREETING_SECONDS, server.options.timeout_seconds)
    if is_silent(sock, seconds):
        if answers_tls(sock, server.host, min(TLS_ANSWER_SECONDS, seconds)):
            raise fatal(
                _("{server} says nothing, and waits for TLS from the start").format(server=server.name),
                _("use smtps:// for this port"),
            )
        raise failed(
            _("{server} has said nothing for {seconds} s (is it smtps:// that it speaks?)").format(
                server=server.name, seconds=f"{seconds:g}"
            )
        )
    sock.settimeout(server.options.timeout_seconds)


def _introduce(smtp: smtplib.SMTP, server: Server, trust: ssl.SSLContext | None, attempt: Attempt) -> Seen:
    greeting = _expect(
        smtp.getreply(),
        220,
        _("this server does not want to be spoken to from here: ask whoever runs it, or look at the address and port"),
    )
    _say_hello(smtp)
    if server.demands_starttls:
        _start_tls(smtp, server, trust, attempt)
        _say_hello(smtp)
    auth = None if server.login is None else log_in(smtp, server.login)
    tls = smtp.sock.version() if isinstance(smtp.sock, ssl.SSLSocket) else None
    extensions = tuple(" ".join([key.upper(), *value.split()]) for key, value in sorted(smtp.esmtp_features.items()))
    limit = parse_offer(smtp.esmtp_features).size_limit_bytes
    return Seen(greeting=greeting.text, tls=tls, extensions=extensions, size_limit_bytes=limit, auth=auth)


def _say_hello(smtp: smtplib.SMTP) -> None:
    code, text = smtp.ehlo()
    if code >= 500:
        # A server from before ESMTP, or one that hides it.
        smtp.esmtp_features = {}
        code, text = smtp.helo()
    _expect(
        (code, text),
        250,
        _(
            "it does not like the name that this machine gives ({name}): set a full one, as send.smtp.hello, or ask"
            " whoever runs the server"
        ).format(name=smtp.local_hostname),
    )


def _start_tls(smtp: smtplib.SMTP, server: Server, trust: ssl.SSLContext | None, attempt: Attempt) -> None:
    if not smtp.has_extn("starttls"):
        raise fatal(
            _("the server does not offer STARTTLS, so that nothing can be sent to it safely"),
            _("somebody on the way may have taken it out; if the server really has none, use smtps://"),
        )
    code, text = smtp.docmd("STARTTLS")
    reply = read_answer(code, text)
    if code != 220:
        raise CannotOpen(reply, is_fatal=code >= 500, hint=_("the server refuses STARTTLS: ask whoever runs it"))
    sock = smtp.sock
    assert sock is not None
    # What came in clear after this reply could be anybody's (RFC 3207 §6): it goes with the old reader.
    if smtp.file is not None:
        smtp.file.close()
    smtp.file = None
    smtp.sock = _encrypt(sock, server, trust, attempt)
    smtp.file = LimitedReader(smtp.sock)
    smtp.esmtp_features = {}
    smtp.does_esmtp = False
    smtp.ehlo_resp = smtp.helo_resp = None


def _encrypt(sock: socket.socket, server: Server, trust: ssl.SSLContext | None, attempt: Attempt) -> ssl.SSLSocket:
    assert trust is not None
    encrypted = trust.wrap_socket(sock, server_hostname=server.host, do_handshake_on_connect=False)
    attempt.hold(encrypted)
    encrypted.do_handshake()
    return encrypted


def _let_go(smtp: smtplib.SMTP) -> bytes:
    """What smtplib has read ahead; its socket is free and does not block afterwards."""
    sock, file = smtp.sock, smtp.file
    assert sock is not None
    sock.setblocking(False)
    early: bytes | None = b""
    with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        early = file.read1(65536) if file is not None else b""
    if file is not None:
        file.close()
    smtp.sock = smtp.file = None
    return early or b""


def _own_name(server: Server, sock: socket.socket) -> str:
    """The name for EHLO: this machine's, or where it has none, the address it speaks from (RFC 5321 §4.1.3)."""
    name = socket.gethostname() if is_loopback(server.host) else _full_name()
    if HELLO_NAME.fullmatch(name):
        return name
    address = sock.getsockname()[0].partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


@functools.lru_cache(maxsize=1)
def _full_name() -> str:
    """May ask the DNS, and wait for it: once."""
    return socket.getfqdn()


def _expect(answer: tuple[int, bytes], code: int, hint: str | None = None) -> Reply:
    """The reply, where it has this code. `hint` says what to do about a definite no. Raises `CannotOpen`."""
    reply = read_answer(*answer)
    if reply.code != code:
        is_no = reply.code >= 500
        raise CannotOpen(
            reply if reply.code else Reply(0, f"nl: {_('this is no mail server')}"),
            hint=remedy_of(reply, hint) if is_no and hint else None,
        )
    return reply
