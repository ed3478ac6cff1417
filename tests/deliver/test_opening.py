"""Texts that name a transport, the transports they open, and where its password comes from."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.trust import PermittedCommand
from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.maildir import MaildirTransport
from newsletter_cli.deliver.opening import TransportAddress, open_transport, parse_transport_url, probe_transport
from newsletter_cli.deliver.secrets import Secret, read_send_secret
from newsletter_cli.deliver.smtp.server import Login
from newsletter_cli.deliver.smtp.transport import SmtpTransport
from tests.deliver.smtp.scripted_server import ScriptedServer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("maildir:state/outbox", "maildir:state/outbox"),
        (" maildir:/srv/out box ", "maildir:/srv/out box"),
        ("maildir:///srv/outbox", "maildir:/srv/outbox"),
        (r"maildir:C:\outbox", r"maildir:C:\outbox"),
        ("MAILDIR:x", "maildir:x"),
        ("smtp://mail.example.org", "smtp://mail.example.org:587"),
        ("smtp://mail.example.org/", "smtp://mail.example.org:587"),
        ("smtp://mail.example.org:", "smtp://mail.example.org:587"),
        ("SMTP://Mail.Example.org:2525", "smtp://mail.example.org:2525"),
        ("smtps://mail.example.org", "smtps://mail.example.org:465"),
        ("smtp://localhost", "smtp://localhost:25"),
        ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
        ("smtp://[::1]", "smtp://[::1]:25"),
        ("smtps://[2001:db8::1]:4650", "smtps://[2001:db8::1]:4650"),
        ("smtp://relay", "smtp://relay:587"),
    ],
)
def test_addresses(text: str, shown: str) -> None:
    address = parse_transport_url(text)
    assert str(address) == shown
    assert parse_transport_url(str(address)) == address


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("", "no transport", "maildir:PATH"),
        ("state/outbox", "no transport", "maildir:PATH"),
        ("smpt://mail.example.org:25", "smpt", "did you mean smtp://mail.example.org:25?"),
        ("maildr:x", "maildr", "maildir:x?"),
        ("smpt://ann:secret@mail.example.org", "mail.example.org", "did you mean smtp:?"),
        ("http://example.org", "http", "smtp"),
        ("localhost:2525", "localhost:2525", "smtp://localhost:2525"),
        ("maildir:", "path", "maildir:state/outbox"),
        ("maildir://state/outbox", "path", "maildir:state/outbox"),
        ("smtp:", "names no", "smtp://mail.example.org:587"),
        ("smtp:mail.example.org", "names no", "smtp://mail.example.org:587"),
        ("smtp://", "names no", "smtp://"),
        ("smtp://:25", "names no", "smtp://"),
        ("smtp://mail.example.org:0", "names no", "smtp://"),
        ("smtp://mail.example.org:99999", "no right", "smtp://"),
        ("smtp://mail.example.org:smtp", "no right", "smtp://"),
        ("smtps://mail.example.org/inbox", "names no", "smtps://mail.example.org:465"),
        ("smtp://mail.example.org?x=1", "names no", "smtp://"),
        ("smtp://ma il.example.org", "names no", "smtp://"),
        ("smtp://[::1", "no right", "smtp://"),
    ],
)
def test_texts_that_are_none(text: str, words: str, hint: str) -> None:
    with pytest.raises(TransportError) as caught:
        parse_transport_url(text)
    assert words in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    "text",
    ["smtp://ann:secret@mail.example.org", "smtps://ann@mail.example.org", "smtpp://ann:secret@mail.example.org"],
)
def test_a_password_in_the_address_is_not_taken_and_not_shown(text: str) -> None:
    with pytest.raises(TransportError) as caught:
        parse_transport_url(text)
    assert "secret" not in str(caught.value) + (caught.value.hint or "")


def test_a_maildir_is_opened_below_the_workspace(tmp_path: Path) -> None:
    transport = open_transport(parse_transport_url("maildir:state/outbox"), SmtpSettings(), root=tmp_path)
    assert isinstance(transport, MaildirTransport)
    assert list(tmp_path.iterdir()) == []
    transport.connect()
    assert sorted(path.name for path in (tmp_path / "state" / "outbox").iterdir()) == ["cur", "new", "tmp"]
    assert transport.name == "maildir:state/outbox"


def test_a_server_is_opened_with_its_options(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        address = TransportAddress(scheme="smtp", host="127.0.0.1", port=server.port)
        transport = open_transport(address, SmtpSettings(hello="me.example", timeout_seconds=5), root=tmp_path)
        assert isinstance(transport, SmtpTransport)
        assert transport.name == str(address)
        transport.connect()
        assert transport.poll(5)
        transport.close()
        assert server.commands[0].split(" ")[1] == "me.example"


def test_certificates_to_trust_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(TransportError) as caught:
        open_transport(
            parse_transport_url("smtps://mail.example.org"), SmtpSettings(), root=tmp_path, ca_file=tmp_path / "ca.pem"
        )
    assert caught.value.file == str(tmp_path / "ca.pem")


def test_a_probe(tmp_path: Path) -> None:
    login = Login(user="ann", secret=Secret(lambda: "secret"))
    options = SmtpSettings(timeout_seconds=5)
    with ScriptedServer(extensions=("PIPELINING", "AUTH LOGIN")) as server:
        seen = probe_transport(
            TransportAddress(scheme="smtp", host="127.0.0.1", port=server.port), options, login=login
        )
        assert seen is not None
        assert (seen.auth, seen.tls) == ("LOGIN", None)
        assert not any(command.startswith("MAIL") for command in server.commands)
    assert probe_transport(parse_transport_url("maildir:x"), options) is None
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TransportError, match="nothing listens"):
        probe_transport(TransportAddress(scheme="smtp", host="127.0.0.1", port=server.port), options)


# Passwords


class Keys(keyring.backend.KeyringBackend):
    """A keyring that holds one password."""

    priority = 1
    error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return "from keyring" if (service, username) == ("newsletter", "ann") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    keys = Keys()  # type: ignore[no-untyped-call] # keyring's own constructor bears no types
    monkeypatch.setattr(keyring, "get_password", keys.get_password)
    return keys


def read(**more: Any) -> str:
    return read_send_secret("the password", variable="NL_TEST_PASSWORD", **more)


def permitted(*words: str) -> PermittedCommand:
    return PermittedCommand(words=words, folder=Path.cwd())


COMMAND = permitted(sys.executable, "-c", "print('from command')")


def test_a_command_comes_first_then_the_keyring_then_the_environment(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL_TEST_PASSWORD", "from environment")
    assert read() == "from environment"
    assert read(keyring_service="newsletter", user="ann") == "from keyring"
    assert read(keyring_service="newsletter", user="ann", command=COMMAND) == "from command"


def test_no_password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NL_TEST_PASSWORD", raising=False)
    with pytest.raises(TransportError, match="NL_TEST_PASSWORD"):
        read()


def test_a_command_that_fails_shows_nothing_of_what_it_printed() -> None:
    with pytest.raises(TransportError, match="status 3") as caught:
        read(command=permitted(sys.executable, "-c", "print('hidden'); exit(3)"))
    assert "hidden" not in str(caught.value) + (caught.value.hint or "")


def test_a_keyring_without_the_password(keys: Keys) -> None:
    with pytest.raises(TransportError, match="nothing for bob") as caught:
        read(keyring_service="newsletter", user="bob")
    assert caught.value.hint == "store it: keyring set newsletter bob"
    with pytest.raises(TransportError, match="no user"):
        read(keyring_service="newsletter")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (keyring.errors.NoKeyringError(), "no keyring"),
        (keyring.errors.KeyringLocked("locked"), "KeyringLocked"),
        (RuntimeError("D-Bus"), "RuntimeError"),
    ],
)
def test_a_keyring_that_cannot_be_read(keys: Keys, error: Exception, words: str) -> None:
    keys.error = error
    with pytest.raises(TransportError, match=words):
        read(keyring_service="newsletter", user="ann")


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.startswith("keyring"):
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(TransportError) as caught:
        read(keyring_service="newsletter", user="ann")
    assert 'pip install "keyring>=' in (caught.value.hint or "")
