"""Messages from files: saved ones, folders of them, mbox, Maildir."""

from __future__ import annotations

import datetime
import mailbox
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.mailbox.opening import open_files
from newsletter_cli.mailbox.source import Source

MESSAGE = b"Subject: Tidings\r\nMessage-ID: <1@example.org>\r\n\r\nGood morning.\r\n.\r\nFrom here on\r\n"


def number(one: int) -> bytes:
    return f"Subject: Lettre {one}\n\nBonjour {one}.\n\nFrom here on\n".encode()


def subjects(source: Source) -> list[bytes]:
    return [head.header.split(b"\n")[0].strip() for head in source.heads()]


@pytest.mark.parametrize("octets", [MESSAGE, MESSAGE.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + MESSAGE])
@pytest.mark.parametrize("name", ["proof.eml", "proof.EML", "épreuve n° 1", "message.txt"])
def test_a_saved_message(tmp_path: Path, octets: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(octets)
    with open_files(name, tmp_path) as source:
        (head,) = source.heads()
        assert source.read(head) == octets.removeprefix(b"\xef\xbb\xbf")
        assert head.header.startswith(b"Subject: Tidings")


@pytest.mark.parametrize(
    ("name", "octets", "said"),
    [
        ("proof.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Outlook’s own format"),
        ("proof.eml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Outlook’s own format"),
        ("proof.eml", b"", "the file is empty"),
        ("proof.eml", b"<html><body>Bonjour</body></html>", "this is no message"),
        ("proof.zip", b"PK\x03\x04rest", "this is an archive"),
        ("proof.eml", b"%PDF-1.7\n", "this is no message"),
        ("proof.emlx", b"1234\nSubject: x\n", "Apple Mail’s own format"),
    ],
)
def test_what_is_no_message_says_how_one_is_saved(tmp_path: Path, name: str, octets: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(octets)
    with pytest.raises(MailboxError, match=said) as caught:
        open_files(name, tmp_path)
    assert caught.value.hint
    assert caught.value.file == name


@pytest.mark.parametrize("text", ["nowhere.eml", "proof.eml/inner", "mbox:nowhere", "x\0y"])
def test_what_is_not_there(tmp_path: Path, text: str) -> None:
    (tmp_path / "proof.eml").write_bytes(MESSAGE)
    with pytest.raises(MailboxError):
        open_files(text, tmp_path)


def test_a_folder_names_what_lies_in_it_and_is_not_read_with_it(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(number(1))
    for name in ("Inbox", "returns.mbox", "März.MBX", "saved.eml"):
        (tmp_path / name).write_bytes(b"From x@example.org Mon Jan 12 10:00:00 2026\n" + number(2))
    for name in ("all.zip", "outlook.pst"):
        (tmp_path / name).write_bytes(b"x")
    for below in ("été", "Apple.mbox", "kept/cur", "kept/new", "pictures"):
        (tmp_path / below).mkdir(parents=True)
    (tmp_path / "été" / "2.EML").write_bytes(number(2))
    (tmp_path / "pictures" / "ball.png").write_bytes(b"x")
    (tmp_path / "list.csv").write_text("email\n", encoding="utf-8")
    with open_files(".", tmp_path) as source:
        assert subjects(source) == [b"Subject: Lettre 1"]
        said = {one.place: one.reason for one in source.unread}
    many = {name for name, reason in said.items() if "mailbox of many messages" in reason}
    assert many == {"Inbox", "returns.mbox", "März.MBX", "saved.eml"}
    assert {name for name, reason in said.items() if "archive" in reason} == {"all.zip", "outlook.pst"}
    assert {name for name, reason in said.items() if "messages of its own" in reason} == {"été", "Apple.mbox", "kept"}
    assert len(said) == 9


def test_a_folder_of_saved_messages_names_what_it_cannot_read(tmp_path: Path) -> None:
    for one in (1, 2):
        (tmp_path / f"{one}.eml").write_bytes(number(one))
    (tmp_path / "3.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "below").mkdir()
    source = open_files(str(tmp_path), Path.cwd())
    assert subjects(source) == [b"Subject: Lettre 1", b"Subject: Lettre 2"]
    (unread,) = source.unread
    assert unread.place == "3.msg"
    assert "Outlook" in unread.reason


@given(
    bodies=st.lists(st.text(alphabet="aF>rom \nFrom é.", max_size=60), min_size=1, max_size=5), is_crlf=st.booleans()
)
def test_an_mbox_gives_back_what_the_standard_library_put_in(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[str], is_crlf: bool
) -> None:
    path = tmp_path_factory.mktemp("mbox") / "box"
    written = [f"Subject: {place}\n\n{body.strip()}\n".encode() for place, body in enumerate(bodies)]
    # mboxrd: a “From ” at the begin of a line gets a “>”, however many there are.
    text = b"".join(
        b"From a@example.org Thu Jun 11 10:00:00 2026\n"
        + b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in one.split(b"\n"))
        + b"\n"
        for one in written
    )
    path.write_bytes(text.replace(b"\n", b"\r\n") if is_crlf else text)
    with open_files("mbox:box", path.parent) as source:
        found = [source.read(head).replace(b"\r\n", b"\n") for head in source.heads()]
    assert found == written


def test_a_maildir_is_left_as_it_is(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    for one in (1, 2, 3):
        box.add(number(one))
    before = sorted(str(path) for path in (tmp_path / "box").rglob("*"))
    with open_files("maildir:box", tmp_path) as source:
        heads = list(source.heads())
        assert sorted(head.header for head in heads) == [b"Subject: Lettre %d" % one for one in (1, 2, 3)]
        # Its reader opens one meanwhile.
        key = heads[0].key.partition("/")[2]
        (tmp_path / "box" / "new" / key).rename(tmp_path / "box" / "cur" / f"{key}:2,S")
        assert source.read(heads[0]).startswith(heads[0].header)
        (tmp_path / "box" / "cur" / f"{key}:2,S").rename(tmp_path / "box" / "new" / key)
    assert sorted(str(path) for path in (tmp_path / "box").rglob("*")) == before


def test_a_maildir_leaves_out_what_came_long_before(tmp_path: Path) -> None:
    for name, days in (("old", 30), ("late", 1)):
        for folder in ("new", "cur", "tmp"):
            (tmp_path / folder).mkdir(exist_ok=True)
        path = tmp_path / "new" / name
        path.write_bytes(MESSAGE)
        at = datetime.datetime(2026, 6, 11, tzinfo=datetime.UTC) - datetime.timedelta(days=days)
        os.utime(path, (at.timestamp(), at.timestamp()))
    source = open_files(str(tmp_path), Path.cwd())
    found = list(source.heads(since=datetime.datetime(2026, 6, 11, tzinfo=datetime.UTC)))
    assert [head.key for head in found] == ["new/late"]


@pytest.mark.long
def test_a_hundred_thousand_messages_take_no_more_memory_than_a_few(tmp_path: Path) -> None:
    path = tmp_path / "box"
    with path.open("wb") as file:
        for one in range(100_000):
            file.write(
                b"From a@example.org Thu Jun 11 10:00:00 2026\n" + number(one).replace(b"\nFrom", b"\n>From") + b"\n"
            )
    tracemalloc.start()
    try:
        with open_files("box", tmp_path) as source:
            count = sum(1 for _head in source.heads())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 4_000_000
