"""`nl draft` against a real Dovecot: found again, replaced, left alone where somebody worked on it; every refusal."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import MailboxError, NewsletterError, UsageError
from newsletter_cli.flows.clearance.draft import DraftOptions, PutDraft, draft_issue
from newsletter_cli.mailbox.drafts import find_drafts
from tests.deliver.certificates import Authority
from tests.flows.sending.newsletter import Newsletter
from tests.inside import call
from tests.mailbox.dovecot import PASSWORD, USER, Dovecot
from tests.mailbox.test_imap import connect
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.needs("dovecot"),
    pytest.mark.skipif(not IS_ROOT, reason="Dovecot wants to be started by root"),
]


class Limited(Dovecot):
    """One with a small mailbox, small messages at most, and folders that only may be read."""

    def __init__(self, authority: Authority, more: str):
        super().__init__(authority)
        self._more = more

    def _configure(self) -> None:
        super()._configure()
        with (self.folder / "dovecot.conf").open("a") as file:
            file.write(self._more)

    def protect(self, folder: str) -> None:
        """Nothing may be put into it any more."""
        (self.inbox / f".{folder}" / "dovecot-acl").write_text("owner lr\n")
        self._own()


@pytest.fixture
def newsletter(tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Newsletter:
    return written(tmp_path, dovecot, monkeypatch)


def written(tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Newsletter:
    monkeypatch.setenv("NL_MAILBOX_PASSWORD", PASSWORD)
    (tmp_path / "w").mkdir()
    (tmp_path / "w/authority.pem").write_bytes(dovecot.authority.ca_file.read_bytes())
    return Newsletter(tmp_path / "w", config='[mailbox]\nca_file = "authority.pem"\n')


def put(newsletter: Newsletter, dovecot: Dovecot, **options: Any) -> PutDraft:
    return draft_issue(newsletter.workspace, 1, DraftOptions(mailbox=dovecot.url, **options))


def drafts(dovecot: Dovecot, folder: str = "Drafts") -> dict[int, tuple[bytes, tuple[bytes, ...]]]:
    """Octets and flags by number."""
    with connect(dovecot) as connection:
        connection.examine(folder)
        numbers = connection.client.search()
        found = connection.client.fetch(numbers, ["BODY.PEEK[]", "FLAGS"]) if numbers else {}
        return {uid: (one[b"BODY[]"], one[b"FLAGS"]) for uid, one in found.items()}


def change(newsletter: Newsletter) -> None:
    newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething else.\n")


def test_it_is_the_built_message_marked_as_a_draft(newsletter: Newsletter, dovecot: Dovecot) -> None:
    done = put(newsletter, dovecot)
    assert (done.folder, done.outcome, done.faults) == ("Drafts", "added", 0)
    ((octets, flags),) = drafts(dovecot).values()
    assert b"\\Draft" in flags
    assert octets.split(b"\r\n", 2)[2] == (newsletter.root / "build/001/email.eml").read_bytes()
    message = email.message_from_bytes(octets, policy=email.policy.default)
    assert message["Message-ID"].startswith("<nl-draft-001-")
    assert message["Date"].datetime.utcoffset() is not None
    assert "example.org" not in str({**done.as_dict(), "server": ""})


def test_a_second_one_is_told_and_replaced_only_where_asked(newsletter: Newsletter, dovecot: Dovecot) -> None:
    put(newsletter, dovecot)
    assert put(newsletter, dovecot).outcome == "unchanged"
    assert len(drafts(dovecot)) == 1
    change(newsletter)
    with pytest.raises(UsageError, match="of an earlier state"):
        put(newsletter, dovecot)
    assert put(newsletter, dovecot, replaces=True).outcome == "replaced"
    ((octets, _flags),) = drafts(dovecot).values()
    assert b"Something else" in octets
    assert put(newsletter, dovecot, is_beside=True).outcome == "added"
    assert len(drafts(dovecot)) == 2


def test_one_that_somebody_worked_on_is_left_alone(newsletter: Newsletter, dovecot: Dovecot) -> None:
    put(newsletter, dovecot)
    ((octets, _flags),) = drafts(dovecot).values()
    with connect(dovecot) as connection:
        connection.client.select_folder("Drafts")
        connection.client.delete_messages(connection.client.search())
        connection.client.expunge()
        connection.append("Drafts", octets.replace(b"Something", b"Everything"), flags=[rb"\Draft"])
    for replaces in (False, True):
        with pytest.raises(UsageError, match="somebody has worked on it"):
            put(newsletter, dovecot, replaces=replaces)
    assert [b"Everything" in one for one, _flags in drafts(dovecot).values()] == [True]


def test_other_issues_and_other_newsletters_are_none_of_its_business(newsletter: Newsletter, dovecot: Dovecot) -> None:
    other = b"Message-ID: <nl-draft-001-00000000-aaaa@example.org>\r\nSubject: x\r\n\r\nOf another newsletter.\r\n"
    with connect(dovecot) as connection:
        connection.append("Drafts", other, flags=[rb"\Draft"])
        assert len(find_drafts(connection, "Drafts", "nl-draft-001-0")) == 1
    put(newsletter, dovecot)
    change(newsletter)
    put(newsletter, dovecot, replaces=True)
    assert other in [one for one, _flags in drafts(dovecot).values()]


def test_another_folder_by_the_name_that_people_see(newsletter: Newsletter, dovecot: Dovecot) -> None:
    with connect(dovecot) as connection:
        connection.client.create_folder("Lettres à relire")
    assert put(newsletter, dovecot, folder="lettres à relire").folder == "Lettres à relire"
    with pytest.raises(MailboxError, match="no folder “Nulle part”"):
        put(newsletter, dovecot, folder="Nulle part")


def test_a_folder_known_by_its_french_name(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.mailbox.dovecot.FLAGGED", {"Corbeille": "\\Trash"})
    with Dovecot(authority) as dovecot:
        newsletter = written(tmp_path, dovecot, monkeypatch)
        with pytest.raises(MailboxError, match="no folder of the mailbox is known to be for drafts"):
            put(newsletter, dovecot)
        with connect(dovecot) as connection:
            connection.client.create_folder("Brouillons")
        assert put(newsletter, dovecot).folder == "Brouillons"


@pytest.fixture(params=["limit", "quota", "closed"])
def refusing(
    request: pytest.FixtureRequest, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Newsletter, Limited]]:
    kind = str(request.param)
    settings = {
        "limit": "imap_capability = +APPENDLIMIT=3000\n",
        "quota": "mail_plugins = quota\nplugin {\n quota = maildir:User quota\n quota_rule = *:bytes=9000\n}\n",
        "closed": "mail_plugins = acl\nplugin {\n acl = vfile\n}\n",
    }
    dovecot = Limited(authority, settings[kind])
    with dovecot:
        newsletter = written(tmp_path, dovecot, monkeypatch)
        if kind == "closed":
            with connect(dovecot) as connection:
                connection.examine("Drafts")
            dovecot.protect("Drafts")
        yield kind, newsletter, dovecot


def test_what_the_server_refuses_is_said_with_what_to_do(refusing: tuple[str, Newsletter, Limited]) -> None:
    kind, newsletter, dovecot = refusing
    with pytest.raises(MailboxError) as caught:
        put(newsletter, dovecot)
    said = {"limit": "the server takes", "quota": "uota", "closed": "ermission"}[kind]
    hint = {"limit": "nl images", "quota": "make room", "closed": "another folder"}[kind]
    assert said in caught.value.message
    assert hint in str(caught.value.hint)
    assert USER not in f"{caught.value}{caught.value.hint}"


def test_a_wrong_password_and_a_server_of_nobody(
    newsletter: Newsletter, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NL_MAILBOX_PASSWORD", "wrong")
    with pytest.raises(MailboxError, match="does not let you in"):
        put(newsletter, dovecot)
    with pytest.raises(MailboxError, match="nothing listens"):
        draft_issue(newsletter.workspace, 1, DraftOptions(mailbox="imaps://a@127.0.0.1:1"))
    with pytest.raises(NewsletterError, match="no mailbox is configured"):
        draft_issue(newsletter.workspace, 1, DraftOptions())


def test_the_command(newsletter: Newsletter, dovecot: Dovecot) -> None:
    env = {"NL_MAILBOX_PASSWORD": PASSWORD}
    done = call("draft", "1", "--mailbox", dovecot.url, cwd=newsletter.root, env=env)
    assert (done.status, done.err) == (0, "")
    assert "is in “Drafts” of imaps://127.0.0.1" in done.out
    for place in (["-C", "w", "draft", "1"], ["draft", "1", "--directory", "w"]):
        again = call(*place, "--mailbox", dovecot.url, "--json", cwd=newsletter.root.parent, env=env)
        assert json.loads(again.out)["result"] == "unchanged"
