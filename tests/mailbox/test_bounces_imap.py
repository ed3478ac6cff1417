"""`nl bounces` and a real Dovecot: messages are moved, marked or deleted only when they are recorded and settled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.mailbox import settling
from newsletter_cli.mailbox.imap import FolderPlace
from newsletter_cli.mailbox.settling import Settle, Settling, settle
from tests.deliver.certificates import Authority
from tests.flows.bounces.messages import absence, letter, mbox, report
from tests.flows.bounces.stage import ADA, ALI, LEA, SentIssues
from tests.forked import start_nl
from tests.inside import Done, call
from tests.mailbox.dovecot import PASSWORD, Dovecot
from tests.mailbox.scripted import ScriptedImap
from tests.mailbox.test_drafts import Limited
from tests.mailbox.test_imap import connect
from tests.waiting import PATIENCE_SECONDS
from tests.workspaces import IS_ROOT, environment, write

pytestmark = [
    pytest.mark.needs("dovecot"),
    pytest.mark.skipif(not IS_ROOT, reason="Dovecot wants to be started by root"),
]
DONE = "Courrier indésirable"
CAN = "imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID NAMESPACE {more}\n"


@pytest.fixture
def sent(tmp_path: Path) -> SentIssues:
    return SentIssues(tmp_path / "w", config='[mailbox]\nca_file = "authority.pem"\n')


class Mailbox:
    """The mailbox of a newsletter in which things came back: a bounce, an absence, an answer, something odd."""

    def __init__(self, sent: SentIssues, dovecot: Dovecot):
        self.sent, self.dovecot = sent, dovecot
        write(sent.root / "authority.pem", dovecot.authority.ca_file.read_bytes())
        self.messages = [
            report(LEA, sent.token(LEA)),
            absence(ALI, sent.token(ALI), "Away until Monday."),
            letter("paul@example.org", "A fine issue!"),
            report("bob@elsewhere.example", "a" * 24, number=2),
        ]
        for one in self.messages:
            dovecot.deliver(one)

    def nl(self, *options: str, status: int = 0) -> Done:
        done = call(
            "bounces", self.dovecot.url, "--apply", *options, cwd=self.sent.root, env={"NL_MAILBOX_PASSWORD": PASSWORD}
        )
        assert done.status == status, done.out + done.err
        return done

    def flags(self, folder: str = "INBOX") -> list[tuple[bytes, ...]]:
        with connect(self.dovecot) as connection:
            connection.examine(connection.find_folder(folder))
            numbers = connection.client.search()
            found = connection.client.fetch(numbers, ["FLAGS"]) if numbers else {}
            return [tuple(flag for flag in one[b"FLAGS"] if flag != rb"\Recent") for one in found.values()]

    def suppressed(self) -> Any:
        return json.loads(call("list", "stats", "--json", cwd=self.sent.root).out)["suppressed"]


@pytest.fixture
def mailbox(sent: SentIssues, dovecot: Dovecot) -> Mailbox:
    return Mailbox(sent, dovecot)


def test_reading_marks_and_moves_nothing_and_counts_what_a_file_had(mailbox: Mailbox) -> None:
    write(mailbox.sent.root / "same.mbox", mbox(*mailbox.messages))
    assert call("bounces", "same.mbox", "--apply", cwd=mailbox.sent.root).status == 0
    assert "1 of them was recorded before" in mailbox.nl().out
    assert mailbox.flags() == [()] * 4


def test_what_is_settled_is_moved_and_what_is_for_a_person_stays(mailbox: Mailbox) -> None:
    assert f"2 messages were moved to {DONE}" in mailbox.nl("--move", DONE).out
    assert mailbox.suppressed() == {"bounced": 1}
    assert (len(mailbox.flags()), len(mailbox.flags(DONE))) == (2, 2)
    # Once more: nothing is settled that is still there.
    assert "were moved" not in mailbox.nl("--move", DONE).out
    assert (len(mailbox.flags()), len(mailbox.flags(DONE))) == (2, 2)


def test_what_is_settled_is_marked_or_deleted(mailbox: Mailbox) -> None:
    assert "2 messages were marked as read" in mailbox.nl("--mark").out
    assert sorted(mailbox.flags()) == [(), (), (rb"\Seen",), (rb"\Seen",)]
    assert "2 messages were deleted" in mailbox.nl("--delete").out
    assert mailbox.flags() == [(), ()]


def test_a_folder_that_is_not_there_is_told_before_anything_is_recorded(mailbox: Mailbox) -> None:
    assert "there is no folder “Nowhere”" in mailbox.nl("--move", "Nowhere", status=2).err
    assert mailbox.suppressed() == {}


@pytest.fixture(scope="module", params=["UIDPLUS", ""])
def poorer(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Dovecot]:
    """A server that cannot move, or cannot even remove single messages."""
    with Limited(authority, CAN.format(more=request.param)) as server:
        yield server


def test_a_server_that_cannot_move_copies_and_removes_or_is_left_alone(sent: SentIssues, poorer: Dovecot) -> None:
    poorer.empty()
    mailbox = Mailbox(sent, poorer)
    with connect(poorer) as connection:
        can_remove = connection.client.has_capability("UIDPLUS")
        # Somebody else has marked a message as deleted: it stays.
        connection.client.select_folder("INBOX")
        connection.client.add_flags([4], [rb"\Deleted"])
    if can_remove:
        mailbox.nl("--move", DONE)
        assert (len(mailbox.flags()), len(mailbox.flags(DONE))) == (2, 2)
    else:
        for options in (("--move", DONE), ("--delete",)):
            assert "cannot take single messages out of a folder" in mailbox.nl(*options, status=2).err
        assert mailbox.suppressed() == {}
        mailbox.nl("--mark")
    assert (rb"\Deleted",) in mailbox.flags()


def test_a_mailbox_for_reading_only_is_told_when_all_is_recorded(sent: SentIssues, authority: Authority) -> None:
    more = "mail_plugins = acl\nplugin {\n  acl = vfile\n}\n"
    with Limited(authority, more) as server:
        mailbox = Mailbox(sent, server)
        (server.inbox / "dovecot-acl").write_text("owner lr\n")
        server.deliver(report(ADA, sent.token(ADA), number=9))
        assert "error" in mailbox.nl("--mark", status=2).err
        assert mailbox.suppressed() == {"bounced": 2}
        assert set(mailbox.flags()) == {()}


def test_another_life_of_the_folder_is_not_touched(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "SOME", 1)
    with connect(mailbox.dovecot) as connection:
        _count, validity = connection.examine("INBOX")
        wanted = Settle(what=Settling.DELETE)
        with pytest.raises(MailboxError, match="numbered the messages of “INBOX” anew"):
            list(settle(connection, FolderPlace(folder="INBOX", validity=validity + 1), [1, 2], wanted))
        # What is gone meanwhile is no fault.
        assert list(settle(connection, FolderPlace(folder="INBOX", validity=validity), [1, 77], wanted)) == [1, 1]
    assert len(mailbox.flags()) == 3


def test_a_connection_that_is_lost_amid_reading_changes_nothing(sent: SentIssues) -> None:
    messages = tuple(report(one, sent.token(one), number=n) for n, one in enumerate((LEA, ALI)))
    with ScriptedImap("cut", messages=messages) as server:
        done = call(
            "bounces", f"imap://lettre@127.0.0.1:{server.port}", "--apply", cwd=sent.root,
            env={"NL_MAILBOX_PASSWORD": "secret"},
        )  # fmt: skip
    assert done.status == 2, done.out
    assert "Traceback" not in done.err
    assert "lettre@" not in done.err
    assert json.loads(call("list", "stats", "--json", cwd=sent.root).out)["suppressed"] == {}


@pytest.mark.parametrize(("failpoint", "moved"), [("after-feedback-commit", 0), ("after-settling-some", 1)])
def test_killed_between_the_record_and_the_last_move(mailbox: Mailbox, failpoint: str, moved: int) -> None:
    running = start_nl(
        "bounces", mailbox.dovecot.url, "--apply", "--move", DONE,
        folder=mailbox.sent.root,
        env=environment(NL_MAILBOX_PASSWORD=PASSWORD, NL_FAILPOINT=failpoint),
        constants={"newsletter_cli.mailbox.settling.SOME": 1},
    )  # fmt: skip
    assert running.wait(PATIENCE_SECONDS) == -9
    assert mailbox.suppressed() == {"bounced": 1}
    assert len(mailbox.flags(DONE)) == moved
    said = mailbox.nl("--move", DONE).out
    assert "0 records are new" in said
    assert mailbox.suppressed() == {"bounced": 1}
    assert (len(mailbox.flags()), len(mailbox.flags(DONE))) == (2, 2)
