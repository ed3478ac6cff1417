"""What servers over IMAP do wrong, and addresses that are none: each said plainly, no secret and no address in it."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.mailbox.imap import ImapSource
from newsletter_cli.mailbox.imap_address import parse_imap_url
from newsletter_cli.mailbox.imap_connection import ImapConnection, ImapLogin
from tests.loopback import own_port
from tests.mailbox.scripted import ScriptedImap

MESSAGES = tuple(f"Subject: {one}\r\n\r\nBonjour {one}\r\n".encode() for one in range(1, 4))
PASSWORD = "tout à fait secret"


def source(port: int, *, timeout_seconds: float = 5, scheme: str = "imap") -> ImapSource:
    address = parse_imap_url(f"{scheme}://lettre@example.org@127.0.0.1:{port}/")
    login = ImapLogin(user=address.user, secret=lambda: PASSWORD)
    return ImapSource(ImapConnection(address, login, trust=None, timeout_seconds=timeout_seconds), "")


def read_all(mailbox: ImapSource) -> list[bytes]:
    return [mailbox.read(head) for head in mailbox.heads()]


def test_a_server_that_does_as_it_should() -> None:
    with ScriptedImap(messages=MESSAGES) as server:
        with source(server.port) as mailbox:
            found = read_all(mailbox)
        assert found == list(reversed(MESSAGES))
        assert not [one for one in server.heard if one.startswith(("SELECT", "STORE")) or "BODY[" in one]


@pytest.mark.parametrize(
    ("misbehaviour", "said"),
    [
        ("silent", "did not answer in time"),
        ("bye", "broke off|refuses"),
        ("http", "broke off|cannot be understood|refuses"),
        ("garbage", "broke off|cannot be understood|refuses"),
        ("refuse", "does not let you in"),
        ("nonsense", "broke off|cannot be understood|refuses|closed the connection|in time"),
        ("cut", "broke off|closed the connection"),
    ],
)
def test_a_fault_is_said_without_secrets(misbehaviour: str, said: str) -> None:
    with (
        ScriptedImap(misbehaviour, messages=MESSAGES) as server,
        pytest.raises(MailboxError, match=said) as caught,
        source(server.port, timeout_seconds=1) as mailbox,
    ):
        read_all(mailbox)
    told = f"{caught.value}{caught.value.hint}"
    assert "lettre" not in told
    assert PASSWORD not in told


def test_what_has_no_header_is_named_and_fewer_messages_than_said_are_no_fault() -> None:
    with ScriptedImap("no-header", "lies", messages=MESSAGES) as server, source(server.port) as mailbox:
        assert list(mailbox.heads()) == []
        assert len(mailbox.unread) == len(MESSAGES)


@pytest.mark.parametrize("misbehaviours", [("preauth",), ()])
def test_no_password_without_starttls(misbehaviours: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that counts one as logged in, or has it taken out on the way."""
    monkeypatch.setattr("newsletter_cli.mailbox.imap_address.is_loopback", lambda _host: False)
    with ScriptedImap(*misbehaviours) as server:
        with pytest.raises(MailboxError, match="does not offer STARTTLS"), source(server.port):
            pass
        assert not [one for one in server.heard if one.startswith(("LOGIN", "AUTHENTICATE"))]


def test_nobody_listens() -> None:
    with pytest.raises(MailboxError, match="nothing listens at imap://"), source(own_port()):
        pass


@pytest.mark.parametrize(
    ("text", "user", "host", "port", "folder"),
    [
        ("imaps://ines@imap.example.org", "ines", "imap.example.org", 993, ""),
        ("IMAPS://ines@example.org@imap.example.org/INBOX/", "ines@example.org", "imap.example.org", 993, "INBOX"),
        ("imap://ines%40example.org@host:1143/Envoy%C3%A9s/%20x", "ines@example.org", "host", 1143, "Envoyés/ x"),
        ("imaps://ines@[::1]:9993/Épreuves", "ines", "::1", 9993, "Épreuves"),
        ("imap://host/Liste@lieu", "", "host", 143, "Liste@lieu"),
    ],
)
def test_an_address(text: str, user: str, host: str, port: int, folder: str) -> None:
    found = parse_imap_url(text)
    assert (found.user, found.host, found.port, found.folder) == (user, host, port, folder)
    if user:
        assert user not in str(found)


@pytest.mark.parametrize(
    "text",
    ["imaps://", "imaps:host", "imaps://ines:pass@host/", "imaps://ines@ho st/", "imaps://ines@host:0/",
     "imaps://ines@host:99999/", "imaps://ines@[::g]/", "imaps://ines@host/a%00b", "imaps://ines@host:port/"],
)  # fmt: skip
def test_what_is_no_address_is_not_shown(text: str) -> None:
    with pytest.raises(MailboxError) as caught:
        parse_imap_url(text)
    assert "ines:pass" not in f"{caught.value}{caught.value.hint}"
