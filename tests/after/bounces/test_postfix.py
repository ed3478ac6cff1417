"""What a real Postfix sends back: messages go to a server that refuses them, its reports come to a Maildir."""

from __future__ import annotations

import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Addressee
from newsletter_cli.base.tokens import Tokens, personal_unsubscribe_url, verp
from tests.deliver.server.postfix import Postfix
from tests.loopback import own_port
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.needs("postfix"),
    pytest.mark.skipif(not IS_ROOT, reason="Postfix wants to be started by root"),
]
TOKENS = Tokens(b"0123456789abcdef0123456789abcdef")
# By the recipient's name: what their server answers, and what that comes to.
ANSWERS = {
    "gone": ("550 5.1.1 <gone@example.net>: no such user here", "hard 5.1.1 certain"),
    "words": ("550 unknown user", "hard 5.0.0 certain"),
    "full": ("552 5.2.2 mailbox full", "full 5.2.2 certain"),
    "policy": ("550 5.7.26 unauthenticated mail is not taken", "sender-fault 5.7.26 certain"),
    "listed": ("550 5.1.1 refused: blocked using a blocklist", "sender-fault 5.1.1 certain"),
    "closed": ("550 5.4.1 Recipient address rejected: Access denied", "hard 5.4.1 status"),
    "nothing": ("554 no", "unknown 5.0.0 status"),
}
NOBODY = 65534
PEOPLE = [f"{name}@example.net" for name in ANSWERS]
MAIN = """
relay_domains = example.net
transport_maps = inline:{{ example.net=smtp:[127.0.0.1]:{refusing} }}
virtual_mailbox_domains = example.org
virtual_transport = virtual
virtual_mailbox_base = {mailbox}
virtual_mailbox_maps = static:mail/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
bounce_size_limit = {most_bytes}
"""
MASTER = "virtual unix - n n - - virtual\n"


class Refusing:
    """A server that knows nobody."""

    async def handle_RCPT(self, _server: Any, _session: Any, _envelope: Any, address: str, _options: Any) -> str:
        return ANSWERS[address.partition("@")[0]][0]


@pytest.fixture
def refusing() -> Iterator[int]:
    control = Controller(Refusing(), hostname="127.0.0.1", port=own_port())
    control.start()
    yield control.port
    control.stop()


def find(token: str) -> Addressee | None:
    row = TOKENS.row_of(token)
    return None if row is None else Addressee(address=PEOPLE[row], issue=3)


def message_to(row: int) -> bytes:
    leave = personal_unsubscribe_url("mailto:leave@example.org", TOKENS.token(row))
    return (
        f"From: The letter <letter@example.org>\r\nTo: {PEOPLE[row]}\r\nSubject: The letter\r\n"
        f"List-Unsubscribe: <{leave}>\r\n\r\n{'Many words of ours. ' * 500}\r\n"
    ).encode()


@pytest.fixture
def mailbox() -> Iterator[Path]:
    # Not below pytest's folder: who delivers into it has to pass.
    folder = Path(tempfile.mkdtemp(prefix="nl-mail-"))
    shutil.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def come_back(refusing: int, mailbox: Path, *, is_verp: bool, most_bytes: int = 50_000) -> dict[str, str]:
    """What is told of each of them, to whom one message was sent each."""
    settings = MAIN.format(refusing=refusing, mailbox=mailbox, uid=NOBODY, most_bytes=most_bytes)
    with Postfix(refusing, main=settings, master=MASTER) as postfix:
        with smtplib.SMTP("127.0.0.1", postfix.port, timeout=30) as client:
            for row, address in enumerate(PEOPLE):
                sender = verp("bounces@example.org", TOKENS.token(row)) if is_verp else "bounces@example.org"
                client.sendmail(sender, [address], message_to(row))
        postfix.wait_until_drained()
        came = [one.read_bytes() for one in (mailbox / "mail/new").iterdir()]
    verdicts = [judge(octets, find=find, now="2999-01-01T00:00:00+00:00") for octets in came]
    assert all("@" not in one.words for one in verdicts)
    assert len({one.reference for one in verdicts}) == len(PEOPLE)
    return {one.address: f"{one.kind} {one.status} {one.doubt or 'certain'}" for one in verdicts}


EXPECTED = {f"{name}@example.net": verdict for name, (_answer, verdict) in ANSWERS.items()}


@pytest.mark.long
def test_by_the_envelope(refusing: int, mailbox: Path) -> None:
    assert come_back(refusing, mailbox, is_verp=True) == EXPECTED


@pytest.mark.long
def test_by_the_message_that_is_returned(refusing: int, mailbox: Path) -> None:
    assert come_back(refusing, mailbox, is_verp=False) == EXPECTED


def test_by_the_header_that_is_returned(refusing: int, mailbox: Path) -> None:
    assert come_back(refusing, mailbox, is_verp=False, most_bytes=100) == EXPECTED
