"""Messages over IMAP, from a real Dovecot."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.web.certificates import read_trust
from newsletter_cli.mailbox import imap
from newsletter_cli.mailbox.imap import ImapSource
from newsletter_cli.mailbox.imap_address import parse_imap_url
from newsletter_cli.mailbox.imap_connection import ImapConnection, ImapLogin
from tests.deliver.certificates import Authority
from tests.mailbox.dovecot import PASSWORD, USER, Dovecot
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.needs("dovecot"),
    pytest.mark.skipif(not IS_ROOT, reason="Dovecot wants to be started by root"),
]


def message(number: int) -> bytes:
    return f"Subject: Lettre {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\nBonjour {number}\r\n".encode()


def never() -> str:
    raise AssertionError("the password was asked for")


def trusting(authority: Authority) -> ssl.SSLContext:
    return read_trust(authority.ca_file, key="mailbox.ca_file", error=MailboxError)


def connect(dovecot: Dovecot, url: str = "", *, secret: Callable[[], str] = lambda: PASSWORD) -> ImapConnection:
    return ImapConnection(
        parse_imap_url(url or dovecot.url),
        ImapLogin(user=USER, secret=secret),
        trust=trusting(dovecot.authority),
        timeout_seconds=20,
    )


def source(dovecot: Dovecot, folder: str = "") -> ImapSource:
    return ImapSource(connect(dovecot), folder)


def test_the_newest_first_as_they_are_and_nothing_is_marked(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "WINDOW", 3)
    for number in range(1, 11):
        dovecot.deliver(message(number))
    before = sorted(path.name for path in dovecot.inbox.glob("new/*"))
    with source(dovecot) as mailbox:
        heads = list(mailbox.heads())
        assert [head.header.split(b"\r\n")[0] for head in heads] == [
            b"Subject: Lettre %d" % n for n in range(10, 0, -1)
        ]
        assert [mailbox.read(head) for head in heads] == [message(number) for number in range(10, 0, -1)]
        assert mailbox.unread == []
    with source(dovecot) as mailbox:
        flags = mailbox._connection.client.get_flags(range(1, 11))
        assert all(b"\\Seen" not in marks for marks in flags.values()), flags
    assert len(before) == 10


def test_those_that_came_long_before_are_left_out(dovecot: Dovecot) -> None:
    dovecot.deliver(message(1))
    now = datetime.datetime.now(datetime.UTC)
    with source(dovecot) as mailbox:
        assert len(list(mailbox.heads(since=now))) == 1
        assert list(mailbox.heads(since=now + datetime.timedelta(days=30))) == []


def test_one_that_is_deleted_meanwhile_hides_no_other(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "WINDOW", 2)
    for number in range(1, 9):
        dovecot.deliver(message(number))
    with source(dovecot) as mailbox:
        seen = mailbox.heads()
        found = [next(seen), next(seen)]
        with connect(dovecot) as other:
            other.client.select_folder("INBOX")
            other.client.delete_messages([1])
            other.client.expunge()
        found += list(seen)
    assert [head.key for head in found] in (list("87654321"), list("8765432"))


@pytest.mark.parametrize("separator", ["/", "."])
def test_folders_are_found_as_people_name_them(authority: Authority, separator: str) -> None:
    with Dovecot(authority, separator=separator) as dovecot:
        with connect(dovecot) as connection:
            connection.client.create_folder(f"Envoyés{separator}Épreuves & co")
            connection.append(f"Envoyés{separator}Épreuves & co", message(7), flags=[b"\\Draft"])
            assert connection.special_folder("drafts") == "Drafts"
            assert connection.special_folder("junk") == "Courrier indésirable"
        with source(dovecot, "envoyés/épreuves & co") as mailbox:
            (head,) = mailbox.heads()
            assert mailbox.read(head) == message(7)
            assert head.place == f"Envoyés{separator}Épreuves & co, message 1"
        with pytest.raises(MailboxError, match="no folder “Nulle part”") as caught, source(dovecot, "Nulle part"):
            pass
        assert "Drafts" in (caught.value.hint or "")


def test_starttls_where_it_is_demanded(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter_cli.mailbox.imap_address.is_loopback", lambda _host: False)
    with connect(dovecot, f"imap://{USER}@127.0.0.1:{dovecot.port}") as connection:
        assert isinstance(connection.client.socket(), ssl.SSLSocket)
        assert connection.examine("INBOX")[0] == 0


@pytest.mark.parametrize("certificate", ["self-signed", "wrong-host", "expired"])
@pytest.mark.parametrize("scheme", ["imaps", "imap"])
def test_no_password_for_a_server_that_cannot_be_trusted(
    authority: Authority, certificate: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter_cli.mailbox.imap_address.is_loopback", lambda _host: False)
    with Dovecot(authority, certificate=certificate) as dovecot:
        port = dovecot.secure_port if scheme == "imaps" else dovecot.port
        with (
            pytest.raises(MailboxError, match="cannot be trusted") as caught,
            connect(dovecot, f"{scheme}://{USER}@127.0.0.1:{port}", secret=never),
        ):
            pass
        assert "nothing was sent" in (caught.value.hint or "")


def test_a_wrong_password(dovecot: Dovecot) -> None:
    with (
        pytest.raises(MailboxError, match=r"does not let you in: .*Authentication failed") as caught,
        connect(dovecot, secret=lambda: "wrong"),
    ):
        pass
    assert USER not in f"{caught.value}{caught.value.hint}"


def test_the_other_port(dovecot: Dovecot, tmp_path: Path) -> None:
    with (
        pytest.raises(MailboxError, match="does not speak TLS from the start"),
        connect(dovecot, f"imaps://{USER}@127.0.0.1:{dovecot.port}", secret=never),
    ):
        pass
