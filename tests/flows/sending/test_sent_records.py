"""A second clone, a lost `state/`: whoever has the issue, or has left, is not written to unknowingly."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import ConfigError, SendHeld, StateElsewhere, UsageError
from newsletter_cli.base.moments import timestamp
from newsletter_cli.check.rules.events import event_revised
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.sending.job import SendOptions, Sent
from newsletter_cli.flows.sending.resolve import resolve_rehearsal
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.flows.sending.telling import sent_lines
from newsletter_cli.workspace.sent import read_sent_records
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, TEXTS, Editor, Newsletter
from tests.pictures import svg
from tests.workspaces import environment, read_manuscript, write

RECORD = "sent/001.toml"


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThreadedServer]:
    with ThreadedServer(tmp_path / "record") as running:
        yield running


def url(server: ThreadedServer) -> str:
    return f"smtp://127.0.0.1:{server.port}"


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, env=environment(), check=True, capture_output=True)


def cloned(newsletter: Newsletter, to: Path) -> Newsletter:
    """What a second editor has: what is in Git, and the list, which somebody sent them."""
    write(newsletter.root / ".gitignore", "state/\nbuild/\nlist.csv\n")
    git(newsletter.root, "init", "-q")
    git(newsletter.root, "add", "-A")
    git(newsletter.root, "commit", "-q", "-m", "x")
    git(newsletter.root, "clone", "-q", ".", str(to))
    shutil.copy(newsletter.root / "list.csv", to)
    other = object.__new__(Newsletter)
    other.root = to
    other.assemble()
    return other


def send(newsletter: Newsletter, number: int, **options: Any) -> Sent:
    return send_issue(newsletter.workspace, number, SendOptions(**options), Editor())


def copy_issue(newsletter: Newsletter, number: int, **texts: str) -> None:
    """The same issue under another number, its title with it."""
    for name, text in {**TEXTS, **texts}.items():
        renumbered = text.replace("#1", f"#{number}").replace("2026-06-11", "2026-07-11")
        write(newsletter.root / "sections" / f"{number:03d}" / name, renumbered)
    assemble_issue(newsletter.workspace, number)


class TestTheRecord:
    def test_a_send_leaves_it_and_names_it(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        sent = newsletter.send(transport=url(server))
        text = (newsletter.root / RECORD).read_text()
        assert sent.records == (RECORD,)
        assert any(RECORD in line for line in sent_lines(sent))
        assert "@" not in text
        assert [line.split(" = ")[0] for line in text.splitlines()[1:]] == ["ledger", "at", "content"]

    def test_a_rehearsal_and_a_dry_run_leave_none(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        newsletter.dry(transport=url(server))
        assert newsletter.send().records == ()
        assert not (newsletter.root / "sent").exists()

    def test_it_is_there_before_the_first_message_leaves(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        class Killed(Editor):
            def begin(self, *_about: object) -> None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            newsletter.send(transport=url(server), editor=Killed())
        assert not server.accepted()
        assert (newsletter.root / RECORD).is_file()

    def test_a_no_leaves_none(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        with pytest.raises(UsageError):
            newsletter.send(transport=url(server), editor=Editor(is_willing=False))
        assert not (newsletter.root / "sent").exists()

    def test_the_same_ledger_goes_on(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        newsletter.send(transport=url(server), limit=1)
        before = (newsletter.root / RECORD).read_bytes()
        newsletter.send(transport=url(server), is_afresh=True, limit=1)
        newsletter.send(transport=url(server))
        newsletter.list(PEOPLE + "dora@example.org;Dora;\n")
        newsletter.send(transport=url(server), has_newcomers=True)
        assert Counter(server.accepted()) == Counter([*ADDRESSES, "dora@example.org"])
        assert (newsletter.root / RECORD).read_bytes() == before

    def test_it_is_named_until_it_is_committed(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        git(newsletter.root, "init", "-q")
        newsletter.send(transport=url(server), limit=1)
        assert newsletter.send(transport=url(server), limit=1).records == (RECORD,)
        git(newsletter.root, "add", RECORD)
        git(newsletter.root, "commit", "-q", "-m", "x")
        assert newsletter.send(transport=url(server)).records == ()

    def test_an_older_version_left_none(self, newsletter: Newsletter, server: ThreadedServer) -> None:
        newsletter.send(transport=url(server))
        before = (newsletter.root / RECORD).read_bytes()
        (newsletter.root / RECORD).unlink()
        copy_issue(newsletter, 2, **{"news.md": "---\nauthor: Grace\n---\nSomething else.\n"})
        assert send(newsletter, 2, transport=url(server)).records == (RECORD, "sent/002.toml")
        assert (newsletter.root / RECORD).read_bytes() == before

    @pytest.mark.parametrize(
        ("text", "place", "said"),
        [
            ("<<<<<<< HEAD\nledger = 1\n", "sent/001.toml:1", "Git left a conflict"),
            ('ledger = "0011223344556677"\nat = "yesterday"\n', "sent/001.toml:2", "at cannot be"),
            ('ledger = "0011223344556677"\n', "sent/001.toml", "at is missing"),
        ],
    )
    def test_one_that_cannot_be_read_stops_the_send(
        self, newsletter: Newsletter, server: ThreadedServer, text: str, place: str, said: str
    ) -> None:
        write(newsletter.root / RECORD, text)
        with pytest.raises(StateElsewhere, match=said) as refused:
            newsletter.send(transport=url(server))
        assert (refused.value.place, refused.value.exit_status) == (place, 2)
        assert [one.code for one in newsletter.dry(transport=url(server)).problems] == ["held"]
        assert newsletter.send(transport=url(server), is_anyway=True).exit_status == 0

    def test_one_that_leads_out_is_not_read(self, newsletter: Newsletter, tmp_path: Path) -> None:
        (newsletter.root / "sent").mkdir()
        (newsletter.root / RECORD).symlink_to(write(tmp_path / "other.toml", "password = 1\n"))
        with pytest.raises(ConfigError, match="leads out"):
            read_sent_records(newsletter.workspace)


class TestAnotherLedger:
    def test_a_second_clone_is_refused(self, newsletter: Newsletter, server: ThreadedServer, tmp_path: Path) -> None:
        newsletter.send(transport=url(server), limit=1)
        clone = cloned(newsletter, tmp_path / "clone")
        with pytest.raises(StateElsewhere, match="by another ledger") as refused:
            clone.send(transport=url(server))
        assert refused.value.exit_status == 2
        assert refused.value.file == RECORD
        assert "nl state" in (refused.value.hint or "")
        assert [one.code for one in clone.dry(transport=url(server)).problems] == ["held"]
        assert len(server.accepted()) == 1
        # To look at it is no send.
        assert clone.send().exit_status == 0
        resolve_rehearsal(clone.workspace, 1, confirm=lambda count: None)
        assert clone.send(transport=url(server), is_anyway=True).exit_status == 0
        assert clone.send(transport=url(server)).exit_status == 0

    @pytest.mark.parametrize("lost", ["state", "state/ledger.db"])
    def test_so_is_the_first_one_once_its_ledger_is_gone(
        self, newsletter: Newsletter, server: ThreadedServer, lost: str
    ) -> None:
        newsletter.send(transport=url(server))
        path = newsletter.root / lost
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        with pytest.raises(StateElsewhere, match="by another ledger"):
            newsletter.send(transport=url(server))
        assert Counter(server.accepted()) == Counter(ADDRESSES)

    def test_the_next_issue_would_reach_those_who_left(
        self, newsletter: Newsletter, server: ThreadedServer, tmp_path: Path
    ) -> None:
        newsletter.send(transport=url(server))
        clone = cloned(newsletter, tmp_path / "clone")
        copy_issue(clone, 2, **{"news.md": "---\nauthor: Grace\n---\nSomething else.\n"})
        with pytest.raises(StateElsewhere, match="who has left the list since is known there"):
            send(clone, 2, transport=url(server))
        assert send(clone, 2, transport=url(server), is_anyway=True).exit_status == 0
        # From now on, the first one is the other one.
        shutil.copytree(clone.root / "sent", newsletter.root / "sent", dirs_exist_ok=True)
        copy_issue(newsletter, 3, **{"news.md": "---\nauthor: Grace\n---\nA third thing.\n"})
        with pytest.raises(StateElsewhere, match="issue 2 went out by another ledger"):
            send(newsletter, 3, transport=url(server))

    def test_an_older_copy_of_the_ledger_knows_less(
        self, newsletter: Newsletter, server: ThreadedServer, tmp_path: Path
    ) -> None:
        newsletter.send()  # a rehearsal: the ledger is there, and nothing is known of readers
        resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
        shutil.copytree(newsletter.state, tmp_path / "backup")
        copy_issue(newsletter, 2, **{"news.md": "---\nauthor: Grace\n---\nSomething else.\n"})
        send(newsletter, 2, transport=url(server))
        shutil.rmtree(newsletter.state)
        shutil.copytree(tmp_path / "backup", newsletter.state)
        with pytest.raises(StateElsewhere, match="older than the send of issue 2"):
            send(newsletter, 2, transport=url(server))


class TestTheSameText:
    @pytest.mark.parametrize(
        "texts",
        [
            {},
            {"news.md": TEXTS["news.md"].replace("\n", "\r\n")},
            {"_issue.md": "---\ntitle: Something new\n---\n\nGood   morning.\n\n"},
        ],
        ids=["renumbered", "saved on Windows", "another title"],
    )
    def test_under_another_number_it_is_refused(
        self, newsletter: Newsletter, server: ThreadedServer, texts: dict[str, str]
    ) -> None:
        newsletter.send(transport=url(server))
        copy_issue(newsletter, 2, **texts)
        with pytest.raises(StateElsewhere, match="went out as issue 1") as refused:
            send(newsletter, 2, transport=url(server))
        assert (refused.value.file, refused.value.exit_status) == (RECORD, 2)
        assert Counter(server.accepted()) == Counter(ADDRESSES)
        assert send(newsletter, 2, transport=url(server), is_anyway=True).exit_status == 0

    def test_also_where_its_number_is_spoken_of_and_the_folder_was_renamed(
        self, tmp_path: Path, server: ThreadedServer
    ) -> None:
        news = {"news.md": "---\nauthor: Grace\n---\nThis is issue 1, the n° 1 of 11 (Tidings #01).\n"}
        newsletter = Newsletter(tmp_path / "w", texts=news)
        newsletter.send(transport=url(server))
        (newsletter.root / "sections" / "001").rename(newsletter.root / "sections" / "012")
        write(
            newsletter.root / "sections" / "012" / "news.md",
            "---\nauthor: Grace\n---\nThis is issue 12, the n° 12 of 11 (Tidings #12).\n",
        )
        assemble_issue(newsletter.workspace, 12)
        with pytest.raises(StateElsewhere, match="went out as issue 1"):
            send(newsletter, 12, transport=url(server))

    def test_an_issue_that_an_older_version_sent_is_known_by_its_text(
        self, newsletter: Newsletter, server: ThreadedServer
    ) -> None:
        newsletter.send(transport=url(server))
        (newsletter.root / RECORD).unlink()
        copy_issue(newsletter, 2)
        with pytest.raises(StateElsewhere, match="went out as issue 1"):
            send(newsletter, 2, transport=url(server))

    @pytest.mark.parametrize("what", ["a word", "a picture"])
    def test_another_text_goes_out(self, tmp_path: Path, server: ThreadedServer, what: str) -> None:
        shown = "---\nauthor: Grace\n---\nLook: ![A drawing](drawing.svg)\n"
        newsletter = Newsletter(tmp_path / "w", texts={"news.md": shown}, files={"drawing.svg": svg()})
        accepted = ("image-svg",)
        newsletter.send(transport=url(server), accepted=accepted)
        other = shown.replace("Look", "Listen") if what == "a word" else shown
        write(newsletter.root / "sections" / "002" / "drawing.svg", svg() if what == "a word" else svg(9, 9))
        copy_issue(newsletter, 2, **{"news.md": other})
        assert send(newsletter, 2, transport=url(server), accepted=accepted).exit_status == 0


class TestALostList:
    def leave(self, newsletter: Newsletter, key: str) -> None:
        with open_state(newsletter.workspace) as store, store.transaction():
            Suppression(store).add([key], reason="unsubscribed", now=timestamp(datetime.now(UTC)))

    def test_the_key_without_the_suppression_list_stops_the_send(
        self, newsletter: Newsletter, server: ThreadedServer
    ) -> None:
        self.leave(newsletter, "ben@example.org")
        assert newsletter.dry(transport=url(server)).problems == []
        for path in newsletter.state.glob("list.db*"):
            path.unlink()
        with pytest.raises(SendHeld, match="suppression list is gone") as refused:
            newsletter.send(transport=url(server))
        assert refused.value.exit_status == 2
        # Nor once a command has made an empty one.
        with pytest.raises(SendHeld, match="suppression list is gone"):
            newsletter.send(transport=url(server))
        assert [one.code for one in newsletter.dry(transport=url(server)).problems] == ["held"]
        assert not server.accepted()
        assert newsletter.send(transport=url(server), is_anyway=True).exit_status == 0


AGENDA = "---\nauthor: Grace\nevents:\n  - title: Tea\n    start: 2026-06-12T{hour}:00\n{more}---\nCome.\n"


def test_the_hours_of_its_events_are_kept_and_a_later_change_is_asked_about(
    tmp_path: Path, server: ThreadedServer
) -> None:
    newsletter = Newsletter(tmp_path / "w", texts={"news.md": AGENDA.format(hour=14, more="")})
    newsletter.send(transport=url(server))
    (told,) = read_sent_records(newsletter.workspace)[1].events
    assert "2026-06-12T14:00:00+02:00" in told
    assert "Tea" not in (newsletter.root / RECORD).read_text("utf-8")

    def asked(hour: int, more: str = "") -> list[str | None]:
        newsletter.write("news.md", AGENDA.format(hour=hour, more=more))
        return [one.suggestion for one in event_revised.check(read_manuscript(newsletter.workspace, 1))]

    assert asked(14) == []
    assert asked(15) == ["add to the event: revised: 1"]
    assert asked(15, "    revised: 1\n") == []
    # A record that nobody can read says nothing of events; a send says what is wrong with it.
    write(newsletter.root / RECORD, "<<<<<<< HEAD\n")
    assert asked(15) == []
