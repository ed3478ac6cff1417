"""The Maildir: whole files only, once for each row, and nothing that was not released."""

from __future__ import annotations

import errno
import mailbox
import os
import sys
from pathlib import Path

import pytest

from newsletter_cli.base.errors import TransportError
from newsletter_cli.deliver.maildir import MaildirTransport, name_file
from newsletter_cli.deliver.transport import Happened, Transport
from newsletter_cli.model.delivery import Outgoing

MESSAGE = b"Message-ID: <%d@news.example.org>\r\nSubject: hello\r\n\r\n.dot\r\n..two\r\n.\r\nbye\r\n"
AS_DATA = MESSAGE.replace(b"\n.", b"\n..")


def outgoing(row: int) -> Outgoing:
    data = AS_DATA % row
    return Outgoing(row=row, sender="news@example.org", recipient=f"r{row}@example.org", data=data)


def told(transport: MaildirTransport) -> list[tuple[str, int, int]]:
    return [(event.kind.name, event.connection, event.row) for event in transport.poll(0)]


def delivered(path: Path) -> list[bytes]:
    return sorted(file.read_bytes() for file in (path / "new").iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox"


@pytest.fixture
def transport(path: Path) -> MaildirTransport:
    return MaildirTransport(path, "maildir:state/outbox")


def test_it_is_a_transport(transport: MaildirTransport) -> None:
    checked: Transport = transport
    assert checked.name == "maildir:state/outbox"


def test_a_message_and_the_next(transport: MaildirTransport, path: Path) -> None:
    assert not path.exists()
    connection = transport.connect()
    assert told(transport) == [("READY", connection, 0)]
    transport.hand(connection, outgoing(1))
    assert told(transport) == [("AT_DOT", connection, 1)]
    transport.hand(connection, outgoing(2))
    transport.release(connection)
    assert told(transport) == [("SENT", connection, 1), ("AT_DOT", connection, 2)]
    transport.release(connection)
    (sent, _ready) = transport.poll(0)
    assert sent.reply.code == 250
    name = sent.reply.text.removeprefix("nl: delivered to ")
    assert (path / name).read_bytes() == (MESSAGE % 2).replace(b"\r\n", b"\n")


def test_a_mail_reader_finds_them(transport: MaildirTransport, path: Path) -> None:
    connections = [transport.connect() for _connection in range(5)]
    transport.poll(0)
    for row, connection in enumerate(connections, 1):
        transport.hand(connection, outgoing(row))
        transport.release(connection)
    assert [name for name, _connection, _row in told(transport)].count("SENT") == 5
    box = mailbox.Maildir(path, create=False)
    assert sorted(message["Message-ID"] for message in box) == [f"<{row}@news.example.org>" for row in range(1, 6)]
    assert not any(":" in file.name for file in (path / "new").iterdir())
    assert list((path / "tmp").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX modes")
def test_nobody_else_may_read_it(transport: MaildirTransport, path: Path) -> None:
    connection = transport.connect()
    transport.hand(connection, outgoing(1))
    transport.release(connection)
    transport.poll(0)
    assert {file.stat().st_mode & 0o077 for file in [path, *path.rglob("*")]} == {0}


def test_the_same_row_twice_is_one_file(path: Path) -> None:
    for _run in range(2):
        transport = MaildirTransport(path, "x")
        connection = transport.connect()
        transport.hand(connection, outgoing(1))
        transport.release(connection)
        assert ("SENT", connection, 1) in told(transport)
        transport.close()
    assert len(delivered(path)) == 1


def test_names_differ_where_rows_or_issues_do() -> None:
    other_issue = Outgoing(row=1, sender="s@e.org", recipient="r@e.org", data=b"message-id:\r\n <x@y>\r\n\r\n")
    without = Outgoing(row=1, sender="s@e.org", recipient="r@e.org", data=b"Subject: x\r\n\r\nMessage-ID: <x@y>\r\n")
    names = [name_file(one) for one in (outgoing(1), outgoing(2), other_issue, without)]
    assert len(set(names)) == 4
    assert names[0] == name_file(outgoing(1))


def test_nothing_that_was_not_released(transport: MaildirTransport, path: Path) -> None:
    connection = transport.connect()
    transport.hand(connection, outgoing(1))
    transport.poll(0)
    transport.hand(connection, outgoing(2))
    transport.poll(0)
    transport.close()
    transport.close()
    assert delivered(path) == []
    assert transport.poll(0) == []


def test_wrong_use(transport: MaildirTransport) -> None:
    connection = transport.connect()
    with pytest.raises(ValueError, match="at its dot"):
        transport.release(connection)
    transport.hand(connection, outgoing(1))
    transport.hand(connection, outgoing(2))
    with pytest.raises(ValueError, match="cannot take"):
        transport.hand(connection, outgoing(3))


def full(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk(transport: MaildirTransport, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = transport.connect(), transport.connect()
    transport.poll(0)
    transport.hand(bad, outgoing(1))
    transport.hand(bad, outgoing(2))
    transport.release(bad)
    monkeypatch.setattr(os, "fsync", full)
    events = transport.poll(0)
    assert [(event.kind, event.row) for event in events] == [
        (Happened.AT_DOT, 1),
        (Happened.RETURNED, 1),
        (Happened.RETURNED, 2),
        (Happened.DOWN, 0),
    ]
    assert events[-1].is_failure
    assert "No space left" in events[-1].reply.text
    assert delivered(path) == []
    assert list((path / "tmp").iterdir()) == []
    # Others go on, once there is room.
    monkeypatch.undo()
    transport.hand(bad, outgoing(1))
    transport.hand(good, outgoing(3))
    transport.release(good)
    assert told(transport) == [("RETURNED", bad, 1), ("AT_DOT", good, 3), ("SENT", good, 3), ("READY", good, 0)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs folders that can be flushed")
def test_names_that_cannot_be_flushed_are_in_doubt(
    transport: MaildirTransport, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = transport.connect()
    transport.hand(connection, outgoing(1))
    transport.release(connection)
    flush = os.fsync

    def no_folders(handle: int) -> None:
        if Path(f"/dev/fd/{handle}").is_dir():
            raise OSError(errno.EIO, "Input/output error")
        flush(handle)

    monkeypatch.setattr(os, "fsync", no_folders)
    assert told(transport)[-2:] == [("IN_DOUBT", connection, 1), ("DOWN", connection, 0)]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path / "box", "x")
    (tmp_path / "box").write_text("in the way")
    connection = transport.connect()
    (event,) = transport.poll(0)
    assert (event.kind, event.connection, event.is_failure) == (Happened.DOWN, connection, True)
    assert event.reply.text


@pytest.mark.parametrize("folders", [(), ("cur", "new", "tmp"), ("cur",), ("cur", "new", "tmp", ".Sent")])
def test_folders_that_will_do(tmp_path: Path, folders: tuple[str, ...]) -> None:
    for folder in folders:
        (tmp_path / "box" / folder).mkdir(parents=True)
    MaildirTransport(tmp_path / "box", "x")


def test_folders_that_are_something_else(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("a")
    for path in (tmp_path / "letters", tmp_path / "letters" / "a.txt"):
        with pytest.raises(TransportError) as caught:
            MaildirTransport(path, "maildir:letters")
        assert "maildir:letters" in caught.value.message
        assert caught.value.hint


def test_poll_waits_only_where_there_is_nothing(transport: MaildirTransport) -> None:
    transport.connect()
    assert transport.poll(30)
    assert transport.poll(0.01) == []
    assert transport.poll(-1) == []
