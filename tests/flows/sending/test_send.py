"""A send, again and again: to each address once, to nobody who left, and to a part of the list first."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import ListError, NotReady, SendHeld, StorageError, TransportError, UsageError
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.list_people import unsubscribe_people
from newsletter_cli.flows.list_rights import forget_people
from newsletter_cli.flows.sending.job import SendOptions, Sent
from newsletter_cli.flows.sending.report import report_issue
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.model.subscriber import Exclusion, Reason
from tests.deliver.server.oracle import check_finished, check_promise
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, TEXTS, Editor, Newsletter, address_of, text_of
from tests.workspaces import write

PAST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


def leave(newsletter: Newsletter, address: str) -> None:
    unsubscribe_people(newsletter.workspace, [address], override=None)


class TestAgain:
    def test_everybody_gets_it_and_the_report_is_complete(self, newsletter: Newsletter) -> None:
        done = newsletter.send()
        assert done.exit_status == 0
        assert newsletter.written_to() == list(ADDRESSES)
        assert done.report.is_complete
        assert done.report.as_dict()["counts"]["sent"] == 3

    def test_the_second_run_sends_nothing_and_asks_nobody(self, newsletter: Newsletter) -> None:
        newsletter.send()
        editor = Editor()
        done = newsletter.send(editor=editor)
        assert (done.exit_status, done.tally.total, editor.questions) == (0, 0, [])
        assert newsletter.written_to() == list(ADDRESSES)

    def test_a_limit_and_then_the_rest(self, newsletter: Newsletter) -> None:
        first = newsletter.send(limit=2)
        assert first.exit_status == 3
        assert len(newsletter.messages()) == 2
        second = newsletter.send()
        assert second.exit_status == 0
        assert sorted(newsletter.written_to()) == list(ADDRESSES)

    def test_it_goes_on_without_the_list_and_without_the_build(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (newsletter.root / "list.csv").unlink()
        shutil.rmtree(newsletter.root / "build")
        assert newsletter.send().exit_status == 0
        assert sorted(newsletter.written_to()) == list(ADDRESSES)

    def test_two_issues_are_two_sends(self, newsletter: Newsletter) -> None:
        newsletter.send()
        first = newsletter.report().as_dict()
        shutil.copytree(newsletter.root / "sections" / "001", newsletter.root / "sections" / "002")
        with pytest.raises(NotReady, match="issue 2 is not assembled"):
            send_second(newsletter)
        assemble_issue(newsletter.workspace, 2)
        assert send_second(newsletter).exit_status == 0
        # Everybody has both, and each issue has its own numbers.
        assert Counter(newsletter.written_to()) == dict.fromkeys(ADDRESSES, 2)
        second = report_issue(newsletter.workspace, 2).numbers
        assert (second.deliveries, second.is_complete) == (3, True)
        assert newsletter.report().as_dict() == first
        # Neither goes out again.
        for again in (newsletter.send(), send_second(newsletter)):
            assert (again.exit_status, again.tally.total) == (0, 0)
        assert len(newsletter.messages()) == 6

    def test_somebody_twice_on_the_list_gets_it_once(self, tmp_path: Path) -> None:
        people = "email\nada@example.org\nADA@EXAMPLE.ORG\nAda@Example.org\nada@example.org\n"
        newsletter = Newsletter(tmp_path, people=people)
        newsletter.send()
        assert newsletter.written_to() == ["ada@example.org"]
        assert newsletter.report().numbers.as_dict()["excluded"] == {"double": 3}


def send_second(newsletter: Newsletter) -> Sent:
    return send_issue(newsletter.workspace, 2, SendOptions(), Editor())


class TestParts:
    def test_the_proof_group_first_and_then_everybody(self, newsletter: Newsletter) -> None:
        assert newsletter.send(to="group:proof").exit_status == 0
        assert newsletter.written_to() == ["ada@example.org"]
        editor = Editor()
        assert newsletter.send(editor=editor).exit_status == 0
        assert (editor.questions[0].waiting, editor.questions[0].known) == (2, 1)
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)

    def test_numbers_add_up_whatever_part_was_asked_for_last(self, newsletter: Newsletter) -> None:
        for part in ("group:proof", None, "group:proof", None):
            newsletter.send(to=part)
            told = newsletter.report().as_dict()
            assert told["candidates"] == sum(told["counts"].values()) + sum(told["excluded"].values()) == 3

    def test_one_of_the_columns_of_the_list(self, tmp_path: Path) -> None:
        people = "email;ville\nada@example.org;Paris\nben@example.org;Lyon\ncleo@example.org;PARIS\n"
        newsletter = Newsletter(tmp_path, people=people)
        newsletter.send(to="Ville=paris")
        assert newsletter.written_to() == ["ada@example.org", "cleo@example.org"]

    def test_a_part_cannot_be_asked_for_while_others_wait(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        with pytest.raises(UsageError, match="not complete: 2 wait") as refused:
            newsletter.send(to="group:proof")
        assert "nl send 1" in (refused.value.hint or "")
        assert len(newsletter.messages()) == 1
        assert len(newsletter.report().numbers.freezes) == 1

    def test_nor_another_part_and_the_hint_names_the_one_to_finish(self, tmp_path: Path) -> None:
        people = "email;groups\nada@example.org;proof\nben@example.org;proof\ncleo@example.org;board\n"
        newsletter = Newsletter(tmp_path, people=people)
        newsletter.send(to="group:proof", limit=1)
        with pytest.raises(UsageError) as refused:
            newsletter.send(to="group:board")
        assert "nl send 1 --to group:proof" in (refused.value.hint or "")
        assert newsletter.send(to="group:proof").exit_status == 0
        assert newsletter.send(to="group:board").exit_status == 0
        assert sorted(newsletter.written_to()) == list(ADDRESSES)

    def test_the_plain_command_goes_on_with_a_part_and_widens_nothing(self, tmp_path: Path) -> None:
        people = "email;groups\nada@example.org;proof\nben@example.org;proof\ncleo@example.org;\n"
        newsletter = Newsletter(tmp_path, people=people)
        newsletter.send(to="group:proof", limit=1)
        editor = Editor()
        assert newsletter.send(editor=editor).exit_status == 0
        assert (editor.questions[0].waiting, editor.questions[0].is_resumed) == (1, True)
        assert newsletter.written_to() == ["ada@example.org", "ben@example.org"]
        # Nobody waits any more: now it is the rest of the list.
        assert newsletter.send(editor=editor).exit_status == 0
        assert (editor.questions[1].waiting, editor.questions[1].is_resumed) == (1, False)
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)

    def test_a_part_of_which_nothing_was_tried_gives_way_to_another(self, tmp_path: Path) -> None:
        people = "email;groups\nada@example.org;proof\nben@example.org;\ncleo@example.org;\n"
        newsletter = Newsletter(tmp_path, people=people)
        with ThreadedServer(tmp_path / "record", "554-connect") as server:
            address = f"smtp://127.0.0.1:{server.port}"
            assert newsletter.send(transport=address).exit_status == 3
        assert set(newsletter.states().values()) == {"pending"}
        with pytest.raises(UsageError, match="3 wait") as refused:
            newsletter.send(to="group:proof")
        assert "--afresh" in (refused.value.hint or "")
        with ThreadedServer(tmp_path / "record") as server:
            address = f"smtp://127.0.0.1:{server.port}"
            done = newsletter.send(to="group:proof", is_afresh=True, transport=address)
            assert (done.exit_status, server.accepted()) == (0, ["ada@example.org"])
        assert newsletter.states() == {"ada@example.org": "sent"}
        assert newsletter.report().numbers.parts == ("group:proof",)

    def test_a_part_with_nobody_in_it_is_never_done(self, tmp_path: Path) -> None:
        people = "email;groups\nada@example.org;proof\nben@example.org;\n"
        newsletter = Newsletter(tmp_path, people=people)
        newsletter.send(to="group:proof")
        with pytest.raises(NotReady, match="nobody on the list is in group:prof"):
            newsletter.send(to="group:prof")

    def test_a_part_that_nobody_is_in(self, newsletter: Newsletter) -> None:
        editor = Editor()
        with pytest.raises(NotReady, match="nobody on the list is in group:prof"):
            newsletter.send(to="group:prof", editor=editor)
        assert newsletter.states() == {}
        assert (newsletter.messages(), editor.questions) == ([], [])
        assert newsletter.send().exit_status == 0
        assert newsletter.written_to() == list(ADDRESSES)


class TestNewcomers:
    MORE = PEOPLE + "dora@example.org;Dora;\n"

    def test_they_get_it_when_they_are_asked_for(self, newsletter: Newsletter) -> None:
        newsletter.send()
        newsletter.list(self.MORE)
        assert newsletter.send().tally.total == 0
        assert newsletter.send(has_newcomers=True).exit_status == 0
        assert Counter(newsletter.written_to()) == Counter([*ADDRESSES, "dora@example.org"])
        assert newsletter.report().numbers.candidates == 4

    def test_together_with_those_who_wait(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        newsletter.list(self.MORE)
        editor = Editor()
        assert newsletter.send(has_newcomers=True, editor=editor).exit_status == 0
        assert (editor.questions[0].waiting, editor.questions[0].known) == (3, 1)
        assert Counter(newsletter.written_to()) == Counter([*ADDRESSES, "dora@example.org"])

    def test_what_must_not_go_out_does_not_go_to_them(self, newsletter: Newsletter) -> None:
        newsletter.send()
        newsletter.list(self.MORE)
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSee [this]().\n")
        with pytest.raises(NotReady):
            newsletter.send(has_newcomers=True)
        assert len(newsletter.report().numbers.freezes) == 1


class TestAfresh:
    """Whom nothing was tried for yet can be given the message, and the list, as they are now."""

    def test_they_get_the_message_as_it_is_now_and_the_others_nothing_more(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (first,) = newsletter.written_to()
        newsletter.write("news.md", TEXTS["news.md"].replace("Something", "Nothing"))
        newsletter.assemble()
        editor = Editor()
        assert newsletter.send(is_afresh=True, editor=editor).exit_status == 0
        assert (editor.questions[0].waiting, editor.questions[0].known) == (2, 1)
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)
        for message in newsletter.messages():
            assert ("Something" if address_of(message) == first else "Nothing") in text_of(message)

    def test_whoever_is_no_more_on_the_list_gets_nothing(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (first,) = newsletter.written_to()
        newsletter.list(f"email\n{first}\ndora@example.org\n")
        assert newsletter.send(is_afresh=True).exit_status == 0
        assert sorted(newsletter.written_to()) == sorted((first, "dora@example.org"))
        assert newsletter.report().numbers.candidates == 2

    def test_whoever_is_no_longer_on_the_list_gets_nothing(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (first,) = newsletter.written_to()
        newsletter.list(f"email\n{first}\n")
        assert newsletter.send(is_afresh=True).exit_status == 0
        assert newsletter.written_to() == [first]
        assert newsletter.states() == {first: "sent"}

    def test_a_no_leaves_all_as_it_was(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        before = newsletter.states()
        with pytest.raises(UsageError):
            newsletter.send(is_afresh=True, editor=Editor(is_willing=False))
        assert newsletter.states() == before

    def test_what_is_late_is_begun_anew_with_a_new_limit_only(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1, send_by=soon())
        make_late(newsletter)
        with pytest.raises(SendHeld, match="was to be sent by"):
            newsletter.send(is_afresh=True)
        assert newsletter.send(is_afresh=True, send_by=soon()).exit_status == 0
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)


class TestTooLate:
    def test_a_limit_in_the_past_is_refused_before_anything_is_on_record(self, newsletter: Newsletter) -> None:
        with pytest.raises(UsageError, match="past already"):
            newsletter.send(send_by=PAST)
        assert newsletter.states() == {}
        assert newsletter.messages() == []

    def test_a_send_that_is_late_is_gone_on_with_only_when_somebody_says_so(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1, send_by=soon())
        make_late(newsletter)
        with pytest.raises(SendHeld, match="was to be sent by"):
            newsletter.send()
        assert len(newsletter.messages()) == 1
        assert newsletter.send(is_anyway=True).exit_status == 0
        assert sorted(newsletter.written_to()) == list(ADDRESSES)

    @pytest.mark.parametrize("more", [{"has_newcomers": True}, {"to": None}])
    def test_nor_by_choosing_more_people(self, tmp_path: Path, more: dict[str, Any]) -> None:
        people = "email;groups\nada@example.org;proof\nben@example.org;proof\ncleo@example.org;\n"
        newsletter = Newsletter(tmp_path, people=people)
        first = None if more.get("has_newcomers") else "group:proof"
        newsletter.send(to=first, limit=1, send_by=soon())
        make_late(newsletter)
        with pytest.raises(SendHeld, match="was to be sent by"):
            newsletter.send(**more)
        assert len(newsletter.messages()) == 1

    def test_a_send_that_is_complete_cannot_be_late(self, newsletter: Newsletter) -> None:
        newsletter.send(send_by=soon())
        make_late(newsletter)
        assert newsletter.send().exit_status == 0

    def test_a_new_limit_can_be_set_on_the_way(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1, send_by=soon())
        make_late(newsletter)
        assert newsletter.send(send_by=soon()).exit_status == 0
        assert len(newsletter.messages()) == 3

    def test_three_days_unless_configured_otherwise(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (freeze,) = newsletter.report().numbers.freezes
        frozen, until = map(datetime.fromisoformat, (freeze.frozen_at, freeze.send_by))
        assert until - frozen == timedelta(hours=72)

    def test_for_ever_where_it_is_configured_so(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config="[send]\nsend_by_hours = 0\n")
        newsletter.send(limit=1)
        assert newsletter.report().numbers.freezes[0].send_by == ""


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def make_late(newsletter: Newsletter) -> None:
    """As if its time had passed."""
    from newsletter_cli.flows.sending.ledger import open_ledger

    with open_ledger(newsletter.workspace) as connection:
        connection.execute("UPDATE wave SET send_by = '2020-01-01T00:00:00Z'")


class TestOldLedger:
    def keep(self, newsletter: Newsletter, place: Path) -> None:
        shutil.copyfile(newsletter.state / "ledger.db", place)

    def put_back(self, newsletter: Newsletter, place: Path) -> None:
        for path in newsletter.state.glob("ledger.db*"):
            path.unlink()
        shutil.copyfile(place, newsletter.state / "ledger.db")

    def test_a_copy_from_before_the_last_run_is_refused(self, newsletter: Newsletter, tmp_path: Path) -> None:
        newsletter.send(limit=1)
        self.keep(newsletter, tmp_path / "copy.db")
        newsletter.send()
        self.put_back(newsletter, tmp_path / "copy.db")
        with pytest.raises(SendHeld, match="older than the last one"):
            newsletter.send()
        assert len(newsletter.messages()) == 3
        assert newsletter.send(is_anyway=True).exit_status == 0

    def test_the_newest_copy_is_as_good_as_the_ledger(self, newsletter: Newsletter, tmp_path: Path) -> None:
        newsletter.send(limit=1)
        self.keep(newsletter, tmp_path / "copy.db")
        self.put_back(newsletter, tmp_path / "copy.db")
        assert newsletter.send().exit_status == 0
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)

    def test_a_ledger_that_is_gone_is_no_reason_to_begin_anew(self, newsletter: Newsletter) -> None:
        newsletter.send()
        for path in newsletter.state.glob("ledger.db*"):
            path.unlink()
        for _again in range(2):
            with pytest.raises(SendHeld, match="it is gone"):
                newsletter.send()
        assert newsletter.states() == {}


class TestWhoLeaves:
    def test_meanwhile_is_not_written_to_and_the_send_completes(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (waiting,) = set(ADDRESSES) - set(newsletter.written_to()) - {"cleo@example.org"}
        leave(newsletter, waiting.upper())
        done = newsletter.send()
        assert done.exit_status == 0
        assert waiting not in newsletter.written_to()
        assert len(newsletter.messages()) == 2
        assert newsletter.states()[waiting] == "refused"

    def test_by_the_token_of_the_message(self, newsletter: Newsletter) -> None:
        newsletter.send(to="group:proof")
        token = str(newsletter.messages()[0]["List-Unsubscribe"]).rstrip(">").rpartition("%20")[2]
        leave(newsletter, token)
        with open_audience(newsletter.workspace) as audience:
            chosen = [one.reason for one in audience.select(None) if isinstance(one, Exclusion)]
        assert chosen == [Reason.SUPPRESSED]

    def test_before_the_send_stands_among_those_left_out(self, newsletter: Newsletter) -> None:
        leave(newsletter, "ben@example.org")
        done = newsletter.send()
        assert done.report.as_dict()["excluded"] == {"suppressed": 1}
        assert newsletter.written_to() == ["ada@example.org", "cleo@example.org"]

    def test_and_is_erased_while_waiting(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (waiting,) = set(ADDRESSES) - set(newsletter.written_to()) - {"cleo@example.org"}
        forget_people(newsletter.workspace, [waiting], override=None)
        assert newsletter.send().exit_status == 0
        assert waiting not in newsletter.written_to()
        assert len(newsletter.messages()) == 2

    def test_everybody_has_left(self, newsletter: Newsletter) -> None:
        for address in ADDRESSES:
            leave(newsletter, address)
        with pytest.raises(NotReady, match="nobody on the list can be written to"):
            newsletter.send()
        assert (newsletter.states(), newsletter.messages()) == ({}, [])


class TestBeforeAnythingIsOnRecord:
    def untouched(self, newsletter: Newsletter) -> bool:
        return newsletter.states() == {} and newsletter.messages() == []

    def test_the_answer_is_no(self, newsletter: Newsletter) -> None:
        with pytest.raises(UsageError):
            newsletter.send(editor=Editor(is_willing=False))
        assert self.untouched(newsletter)
        with pytest.raises(UsageError, match="never sent"):
            newsletter.report()
        assert newsletter.send().exit_status == 0

    def test_the_answer_is_no_to_going_on(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        before = newsletter.states()
        with pytest.raises(UsageError):
            newsletter.send(editor=Editor(is_willing=False))
        assert newsletter.states() == before

    def test_the_password_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NL_SMTP_PASSWORD", raising=False)
        newsletter = Newsletter(tmp_path, config='[send.smtp]\nuser = "letter"\n')
        with pytest.raises(TransportError, match="password"):
            newsletter.send(transport="smtp://127.0.0.1:2525")
        assert self.untouched(newsletter)

    def test_a_password_is_not_wanted_for_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NL_SMTP_PASSWORD", raising=False)
        newsletter = Newsletter(tmp_path, config='[send.smtp]\nuser = "letter"\n')
        assert newsletter.send().exit_status == 0

    def test_the_folder_holds_other_things(self, newsletter: Newsletter) -> None:
        write(newsletter.root / "letters" / "mine.txt", "mine")
        newsletter.configure('[send]\ntransport = "maildir:letters"\n')
        newsletter.assemble()
        with pytest.raises(TransportError, match="other things in it"):
            newsletter.send()
        assert self.untouched(newsletter)
        assert [path.name for path in (newsletter.root / "letters").iterdir()] == ["mine.txt"]

    def test_a_file_of_certificates_that_is_not_there(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, config='[send.smtp]\nca_file = "gone.pem"\n')
        with pytest.raises((TransportError, StorageError)):
            newsletter.send(transport="smtp://mail.example.org")
        assert self.untouched(newsletter)

    @pytest.mark.parametrize("transport", ["carrier-pigeon:coop", "smtp://u:hunter2@mail.example.org", "maildir:"])
    def test_a_transport_that_is_none(self, newsletter: Newsletter, transport: str) -> None:
        with pytest.raises(TransportError) as refused:
            newsletter.send(transport=transport)
        assert "hunter2" not in f"{refused.value} {refused.value.hint}"
        assert self.untouched(newsletter)

    @pytest.mark.parametrize("people", [None, "name;town\nAda;Paris\n", ""])
    def test_there_is_no_list(self, tmp_path: Path, people: str | None) -> None:
        newsletter = Newsletter(tmp_path, people=people)
        with pytest.raises(ListError):
            newsletter.send()
        assert self.untouched(newsletter)

    def test_a_workspace_may_hold_files_that_are_called_like_modules(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("json", "email", "jinja2", "random"):
            write(newsletter.root / f"{name}.py", "raise SystemExit(9)\n")
        monkeypatch.chdir(newsletter.root)
        assert newsletter.send().exit_status == 0


class TestServer:
    def test_everybody_gets_it_through_a_server(self, newsletter: Newsletter, tmp_path: Path) -> None:
        with ThreadedServer(tmp_path / "record") as server:
            done = newsletter.send(transport=f"smtp://127.0.0.1:{server.port}")
            assert done.exit_status == 0
        check_promise(tmp_path / "record", newsletter.state, issue=1)
        check_finished(tmp_path / "record", newsletter.state, issue=1, expected=ADDRESSES)

    def test_the_envelope_names_a_mailbox_for_reports(self, tmp_path: Path) -> None:
        from tests.deliver.server.record import read_record

        newsletter = Newsletter(tmp_path / "w", config='[send]\nbounces = "bounces@example.org"\n')
        with ThreadedServer(tmp_path / "record") as server:
            newsletter.send(transport=f"smtp://127.0.0.1:{server.port}")
        senders = {one.sender for one in read_record(tmp_path / "record")}
        assert len(senders) == 3
        assert all(one.startswith("bounces+") and one.endswith("@example.org") for one in senders)


class TestQuestion:
    def test_newcomers_that_are_none_are_no_way_round_it(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        editor = Editor(is_willing=False)
        with pytest.raises(UsageError):
            newsletter.send(has_newcomers=True, editor=editor)
        (question,) = editor.questions
        assert (question.waiting, question.is_resumed) == (2, True)
        assert len(newsletter.messages()) == 1

    def test_it_names_the_sender_of_the_message_that_goes_out(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        path = newsletter.root / "newsletter.toml"
        path.write_text(path.read_text("utf-8").replace("letter@example.org", "other@example.org"), encoding="utf-8")
        editor = Editor()
        newsletter.send(editor=editor)
        (sender,) = {str(message["From"]) for message in newsletter.messages()}
        assert editor.questions[0].sender == sender
        assert "other@" not in sender

    def test_it_tells_what_is_not_finished(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts={"news.md": "---\nstatus: draft\n---\nSome news.\n"})
        editor = Editor()
        newsletter.send(editor=editor)
        assert any("sections/001/news.md" in note for note in editor.questions[0].notes)
