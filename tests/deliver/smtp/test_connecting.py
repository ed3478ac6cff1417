"""Opening a connection: TLS that is verified, a log-in that is safe, and every way in which it fails."""

from __future__ import annotations

import base64
import errno
import socket
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import TransportError
from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.secrets import Secret
from newsletter_cli.deliver.smtp.attempt import Attempt, CannotOpen
from newsletter_cli.deliver.smtp.connecting import Opened, open_connection, probe
from newsletter_cli.deliver.smtp.offer import Offer
from newsletter_cli.deliver.smtp.server import Auth, Login, Server, read_server_trust
from newsletter_cli.model.delivery import Reply
from tests.deliver.certificates import Authority
from tests.deliver.smtp.scripted_server import CLOSE, HANG, RESET, ScriptedServer

SECRET = "s3crét passwörd"


def at(
    port: int,
    *,
    host: str = "127.0.0.1",
    smtps: bool = False,
    user: str | None = None,
    auth: Auth = "auto",
    read_secret: Callable[[], str] = lambda: SECRET,
    ca_file: Path | None = None,
    **options: Any,
) -> Server:
    login = None if user is None else Login(user=user, auth=auth, secret=Secret(read_secret))
    options = {"timeout_seconds": 5, "hello": "client.example", **options}
    return Server(
        host=host, port=port, is_tls_at_once=smtps, options=SmtpSettings(**options), login=login, ca_file=ca_file
    )


def opened(server: Server) -> Opened:
    result = open_connection(server, read_server_trust(server.ca_file), Attempt())
    result.sock.close()
    return result


def refused(server: Server, *, is_tls_asked: bool = False) -> CannotOpen:
    with pytest.raises(CannotOpen) as caught:
        open_connection(server, read_server_trust(server.ca_file), Attempt(), is_tls_asked=is_tls_asked)
    error = caught.value
    for text in (str(error), repr(error), error.reply.text, error.hint or ""):
        assert SECRET not in text
        assert base64.b64encode(SECRET.encode()).decode() not in text
    return error


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


# In clear


def test_a_server_on_this_machine() -> None:
    with ScriptedServer(extensions=("PIPELINING", "SIZE 1000", "SMTPUTF8", "8BITMIME", "STARTTLS")) as server:
        result = opened(at(server.port))
        assert result.offer == Offer(has_pipelining=True, size_limit_bytes=1000, has_smtputf8=True, has_8bitmime=True)
        assert result.seen.greeting == "scripted.example ESMTP"
        assert result.seen.tls is None
        assert "SIZE 1000" in result.seen.extensions
        # STARTTLS is not asked for: its certificate would hardly be for a loopback address.
        assert [command.upper() for command in server.commands] == ["EHLO CLIENT.EXAMPLE"]


def test_a_server_without_ehlo() -> None:
    with ScriptedServer({"EHLO": "500 what?", "HELO": "250 hello"}) as server:
        assert opened(at(server.port)).offer == Offer()


def test_without_a_name_an_address_says_hello() -> None:
    with ScriptedServer() as server:
        opened(at(server.port, hello=None))
        name = server.commands[0].partition(" ")[2]
        assert name == "[127.0.0.1]" or "." in name


def test_what_the_server_says_early_is_kept() -> None:
    with ScriptedServer({"EHLO": "250 hello\r\n421 too busy"}) as server:
        # Both lines come in one piece, so that smtplib has read the second one, too.
        assert opened(at(server.port)).early == b"421 too busy\r\n"


@pytest.mark.parametrize("where", ["CONNECT", "EHLO"])
@pytest.mark.parametrize("how", [CLOSE, RESET, HANG, "421 later", "554 no service", "nonsense"])
def test_failures_that_may_pass(where: str, how: str) -> None:
    replies = {where: how, **({"HELO": how} if where == "EHLO" else {})}
    with ScriptedServer(replies) as server:
        error = refused(at(server.port, timeout_seconds=0.3))
    assert not error.is_fatal
    assert error.reply.text
    assert error.reply.code == (int(how[:3]) if how[:3].isdigit() else 0)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = refused(at(port))
    assert not error.is_fatal
    assert "nothing listens" in error.reply.text
    assert "587" in (error.hint or "")


@pytest.mark.parametrize("reason", [TimeoutError(), OSError(errno.EHOSTUNREACH, "No route to host")])
@pytest.mark.parametrize("port", [25, 587])
def test_a_port_that_networks_block(reason: OSError, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_arguments: object, **_more: object) -> None:
        raise reason

    monkeypatch.setattr(socket, "create_connection", blocked)
    error = refused(at(port, host="mail.example.org"))
    assert not error.is_fatal
    assert ("587" in (error.hint or "")) is (port == 25)


def test_a_name_that_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    error = refused(at(587, host="mail.invalid"))
    assert not error.is_fatal
    assert "mail.invalid" in error.reply.text
    assert "send.transport" in (error.hint or "")


# TLS


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("smtps", [False, True])
def test_a_good_certificate(authority: Authority, host: str, smtps: bool) -> None:
    with ScriptedServer(tls=authority.context("good"), is_tls_at_once=smtps) as server:
        result = opened(at(server.port, host=host, smtps=smtps, starttls="required", ca_file=authority.ca_file))
        assert result.seen.tls in ("TLSv1.2", "TLSv1.3")
        assert result.offer.has_pipelining
        assert "STARTTLS" not in result.seen.extensions


@pytest.mark.parametrize("smtps", [False, True])
@pytest.mark.parametrize(
    ("name", "is_trusted", "words", "hint"),
    [
        ("good", False, "certificate", "ca_file"),
        ("expired", True, "expired", "clock"),
        ("wrong-host", True, "not valid for", "send.transport"),
    ],
)
def test_a_bad_certificate_ends_it_before_the_password(
    authority: Authority, smtps: bool, name: str, is_trusted: bool, words: str, hint: str
) -> None:
    with ScriptedServer(tls=authority.context(name), is_tls_at_once=smtps, extensions=("AUTH PLAIN LOGIN",)) as server:
        ca_file = authority.ca_file if is_trusted else None
        error = refused(at(server.port, smtps=smtps, starttls="required", user="ann", ca_file=ca_file))
        assert error.is_fatal
        assert words in error.reply.text
        assert hint in (error.hint or "")
        server.wait_for_quiet()
        assert not any("AUTH" in command.upper() for command in server.commands)


def test_a_server_whose_starttls_was_stripped() -> None:
    with ScriptedServer(extensions=("AUTH PLAIN LOGIN",)) as server:
        error = refused(at(server.port, starttls="required", user="ann"))
        assert error.is_fatal
        assert "STARTTLS" in error.reply.text
        assert len(server.commands) == 1


@pytest.mark.parametrize(("reply", "is_fatal"), [("454 TLS not available", False), ("554 no", True)])
def test_a_server_that_refuses_starttls(authority: Authority, reply: str, is_fatal: bool) -> None:
    with ScriptedServer({"STARTTLS": reply}, tls=authority.context("good")) as server:
        error = refused(at(server.port, starttls="required"))
        assert error.is_fatal is is_fatal
        assert error.reply.code == int(reply[:3])


def test_smtps_to_a_port_that_begins_in_clear() -> None:
    with ScriptedServer() as server:
        error = refused(at(server.port, smtps=True))
        assert error.is_fatal
        assert "smtp://" in (error.hint or "")


def test_smtp_to_a_port_that_begins_with_tls(authority: Authority) -> None:
    with ScriptedServer(tls=authority.context("good"), is_tls_at_once=True) as server:
        error = refused(at(server.port, timeout_seconds=0.3))
        assert not error.is_fatal
        assert "smtps://" in error.reply.text


@pytest.mark.parametrize("certificate", ["good", "wrong-host", "self-signed"])
def test_a_server_that_says_nothing_is_asked_for_tls(
    authority: Authority, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever its certificate, and long before patience ends.
    monkeypatch.setattr("newsletter_cli.deliver.smtp.connecting.GREETING_SECONDS", 0.2)
    with ScriptedServer(tls=authority.context(certificate), is_tls_at_once=True) as server:
        error = refused(at(server.port, timeout_seconds=60), is_tls_asked=True)
    assert error.is_fatal
    assert "smtps://" in (error.hint or "")


@pytest.mark.parametrize("how", [HANG, "220 late"])
def test_a_server_that_is_only_slow_is_not_given_up_for_good(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter_cli.deliver.smtp.connecting.GREETING_SECONDS", 0.05 if how == HANG else 8.0)
    with ScriptedServer({"CONNECT": how}) as server:
        if how == HANG:
            error = refused(at(server.port, timeout_seconds=60), is_tls_asked=True)
            assert not error.is_fatal
            assert "smtps://" in error.reply.text
        else:
            open_connection(at(server.port), None, Attempt(), is_tls_asked=True).sock.close()


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({"CONNECT": "554 5.7.1 not here"}, "whoever runs it"),
        ({"CONNECT": "554 5.7.1 blocked using zen.spamhaus.org"}, "blocklist"),
        ({"EHLO": "504 what a name", "HELO": "504 what a name"}, "send.smtp.hello"),
        ({"EHLO": "550 what a name", "HELO": "501 what a name"}, "send.smtp.hello"),
        ({"CONNECT": "421 later"}, ""),
        ({"EHLO": "450 later"}, ""),
    ],
)
def test_a_definite_no_says_what_to_do(replies: dict[str, str], words: str) -> None:
    with ScriptedServer(replies) as server:
        error = refused(at(server.port))
    # Another machine of theirs may say yes.
    assert not error.is_fatal
    assert (words in (error.hint or "")) if words else error.hint is None


def test_a_server_that_hangs_in_the_handshake() -> None:
    with ScriptedServer({"STARTTLS": HANG}, extensions=("STARTTLS",)) as server:
        error = refused(at(server.port, starttls="required", timeout_seconds=0.3))
        assert not error.is_fatal


def test_what_came_in_clear_after_starttls_is_not_believed(authority: Authority) -> None:
    injected = "220 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN"
    with ScriptedServer({"STARTTLS": injected}, tls=authority.context("good")) as server:
        result = opened(at(server.port, starttls="required", ca_file=authority.ca_file))
        assert result.early == b""
        assert "AUTH PLAIN" not in result.seen.extensions


def test_certificates_to_trust_that_cannot_be_read(tmp_path: Any) -> None:
    with pytest.raises(TransportError, match="ca_file"):
        read_server_trust(tmp_path / "absent.pem")
    (tmp_path / "empty.pem").write_text("hello\n")
    with pytest.raises(TransportError, match="no certificate"):
        read_server_trust(tmp_path / "empty.pem")


# Logging in


@pytest.mark.parametrize(
    ("offered", "auth", "expected", "by"),
    [
        ("PLAIN LOGIN", "auto", [f"AUTH PLAIN {encoded(chr(0) + 'ann' + chr(0) + SECRET)}"], "PLAIN"),
        ("LOGIN", "auto", ["AUTH LOGIN", encoded("ann"), encoded(SECRET)], "LOGIN"),
        ("PLAIN LOGIN", "login", ["AUTH LOGIN", encoded("ann"), encoded(SECRET)], "LOGIN"),
        ("plain", "plain", [f"AUTH PLAIN {encoded(chr(0) + 'ann' + chr(0) + SECRET)}"], "PLAIN"),
        (
            "PLAIN XOAUTH2",
            "xoauth2",
            [f"AUTH XOAUTH2 {encoded(f'user=ann{chr(1)}auth=Bearer {SECRET}{chr(1)}{chr(1)}')}"],
            "XOAUTH2",
        ),
    ],
)
def test_logging_in(offered: str, auth: Auth, expected: list[str], by: str) -> None:
    with ScriptedServer(extensions=(f"AUTH {offered}",)) as server:
        result = opened(at(server.port, user="ann", auth=auth))
        assert result.seen.auth == by
        assert server.commands[1:] == expected


@pytest.mark.parametrize(
    ("reply", "is_fatal"),
    [("535 5.7.8 wrong password", True), ("554 no", True), ("454 4.7.0 later", False), ("421 busy", False)],
)
def test_a_log_in_that_is_refused(reply: str, is_fatal: bool) -> None:
    with ScriptedServer({"AUTH": reply}, extensions=("AUTH PLAIN LOGIN",)) as server:
        error = refused(at(server.port, user="ann"))
        assert error.is_fatal is is_fatal
        assert error.reply.code == int(reply[:3])
        # A wrong password is not tried a second time another way.
        assert sum("AUTH" in command for command in server.commands) == 1


def test_another_mechanism_where_the_first_is_not_known_after_all() -> None:
    with ScriptedServer({"AUTH": ["504 unrecognized", "235 in"]}, extensions=("AUTH PLAIN LOGIN",)) as server:
        assert opened(at(server.port, user="ann")).seen.auth == "LOGIN"


def test_a_token_that_has_expired() -> None:
    challenge = f"334 {encoded('{status: 400}')}"
    with ScriptedServer({"AUTH": [challenge, "535 5.7.8 expired"]}, extensions=("AUTH XOAUTH2",)) as server:
        error = refused(at(server.port, user="ann", auth="xoauth2"))
        assert error.is_fatal
        assert error.reply.code == 535
        assert server.commands[-1] == ""


@pytest.mark.parametrize(
    ("extensions", "auth"), [((), "auto"), (("AUTH CRAM-MD5",), "auto"), (("AUTH PLAIN",), "xoauth2")]
)
def test_a_way_to_log_in_that_is_not_offered(extensions: tuple[str, ...], auth: Auth) -> None:
    with ScriptedServer(extensions=extensions) as server:
        error = refused(at(server.port, user="ann", auth=auth))
        assert error.is_fatal
        assert "does not offer" in error.reply.text


def test_no_password_in_clear_over_the_network() -> None:
    error = refused(at(25, host="mail.example.org", user="ann", starttls="never"))
    assert error.is_fatal
    assert "encryption" in error.reply.text


def test_the_password_is_asked_for_only_when_the_way_is_safe(authority: Authority) -> None:
    def never() -> str:
        raise AssertionError("asked")

    with ScriptedServer(tls=authority.context("good"), extensions=("AUTH PLAIN",)) as server:
        refused(at(server.port, user="ann", starttls="required", read_secret=never))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its authorities in no file")
def test_without_authorities_of_the_system_there_are_mozillas(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / "none"))
    assert ssl.create_default_context().cert_store_stats()["x509_ca"] == 0
    assert read_server_trust(None).cert_store_stats()["x509_ca"] > 50


@pytest.mark.parametrize("step", ["CONNECT", "EHLO"])
def test_a_reply_without_end_is_heard_so_far_and_no_further(step: str) -> None:
    endless = "\r\n".join(["250-" + "x" * 500] * 200)
    with ScriptedServer({step: endless}) as server:
        error = refused(at(server.port))
    assert not error.is_fatal
    assert "too long" in error.reply.text


def test_a_password_in_another_encoding_is_passed_on_as_it_is() -> None:
    secret = b"p\xe4ss".decode("utf-8", "surrogateescape")
    with ScriptedServer(extensions=("AUTH PLAIN",)) as server:
        opened(at(server.port, user="ann", read_secret=lambda: secret))
        assert base64.b64decode(server.commands[-1].split(" ")[2]) == b"\0ann\0p\xe4ss"


# Others


def test_a_probe_sees_what_a_send_would(authority: Authority) -> None:
    with ScriptedServer(tls=authority.context("good"), extensions=("PIPELINING", "AUTH PLAIN")) as server:
        where = at(server.port, user="ann", starttls="required", ca_file=authority.ca_file)
        seen = probe(where, read_server_trust(authority.ca_file))
        assert (seen.greeting, seen.auth) == ("scripted.example ESMTP", "PLAIN")
        assert seen.tls is not None
        assert seen.extensions == ("AUTH PLAIN", "PIPELINING")
        server.wait_for_quiet()
        assert [command.split(" ")[0] for command in server.commands][-2:] == ["NOOP", "QUIT"]


def test_a_probe_that_fails_says_so() -> None:
    with ScriptedServer({"AUTH": "535 5.7.8 wrong"}, extensions=("AUTH PLAIN",)) as server:
        with pytest.raises(TransportError, match=r"535 5\.7\.8 wrong") as caught:
            probe(at(server.port, user="ann"), None)
        assert "send.smtp.user" in (caught.value.hint or "")


def test_an_attempt_that_is_called_off() -> None:
    attempt = Attempt()
    attempt.call_off("enough")
    with ScriptedServer() as server, pytest.raises(CannotOpen) as caught:
        open_connection(at(server.port), None, attempt)
    assert caught.value.reply == (0, "nl: enough")
    assert attempt.end_of(CannotOpen(Reply(0, "nl: the server closed the connection"))) is caught.value


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("mail.example.org", False),
        ("10.0.0.1", False),
        ("::2", False),
        ("localhost.example.org", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here
    server = at(25, host=host)
    assert server.demands_starttls is not is_here


def test_a_secret_is_not_shown_by_the_options() -> None:
    server = at(25, user="ann")
    assert server.login is not None
    assert server.login.secret() == SECRET
    assert SECRET not in repr(server)
