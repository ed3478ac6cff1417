"""What happened at the endpoint is fetched, decided about and recorded: once, whole, and about nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.audience.membership import parse_one_address, readmit
from newsletter_cli.base.errors import NewsletterError, NotSynced, NotTrusted, TooManyLeaving
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.trust import TrustedRuns
from newsletter_cli.base.values import replace
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.syncing.key import change_key, own_key
from newsletter_cli.flows.syncing.position import read_position
from newsletter_cli.flows.syncing.sync import sync
from newsletter_cli.flows.syncing.telling import said_before_send, synced_lines, to_decide_rows, warnings
from newsletter_cli.model.feedback import FeedbackKind
from tests.flows.sending.newsletter import Newsletter
from tests.flows.syncing.stage import ADA, BEN, CLEO, Stage
from tests.flows.syncing.stub import Answer, told
from tests.inside import call

SOURCE = "brevo"


def test_who_clicked_is_off_and_nobody_else(stage: Stage) -> None:
    stage.click(BEN)
    done = stage.sync()
    assert (done.fetched, done.new, done.taken_off) == (1, 1, {"unsubscribed": 1})
    assert stage.gone() == {BEN: "unsubscribed"}
    assert stage.records(BEN) == [("unsubscribe", 1, "endpoint")]


def test_the_next_time_begins_where_this_one_ended(stage: Stage) -> None:
    stage.click(BEN)
    stage.sync()
    stage.click(CLEO, reference=7)
    done = stage.sync()
    assert stage.stub.asked == [0, 3]
    assert (done.fetched, done.new) == (1, 1)
    assert stage.gone() == {BEN: "unsubscribed", CLEO: "unsubscribed"}


def test_all_of_it_once_more_counts_nothing_twice(stage: Stage) -> None:
    stage.click(BEN, CLEO)
    stage.sync()
    done = stage.sync(is_from_start=True)
    assert (done.fetched, done.new, done.suppressed) == (2, 0, 0)
    assert len(stage.records(BEN)) == 1


def test_page_after_page(stage: Stage) -> None:
    stage.stub.page_entries = 1
    stage.click(ADA, BEN, CLEO)
    assert stage.sync().fetched == 3
    assert stage.stub.asked == [0, 3, 6]
    assert len(stage.gone()) == 3


def test_a_page_that_cannot_be_had_leaves_those_before_it_recorded(stage: Stage) -> None:
    stage.stub.page_entries = 1
    stage.click(ADA, BEN)
    stage.stub.answer = lambda after: stage.stub.page(after) if not after else (503, {}, b"")
    with pytest.raises(NotSynced):
        stage.sync()
    assert stage.gone() == {ADA: "unsubscribed"}
    with open_state(stage.newsletter.workspace) as store:
        assert (read_position(store).after, read_position(store).wishes_at) == (3, "")
    stage.stub.answer = stage.stub.page
    assert stage.sync().new == 1
    assert stage.stub.asked == [0, 3, 3]
    assert len(stage.gone()) == 2


class TestNewerActs:
    def agree(self, stage: Stage, at: datetime) -> None:
        with open_state(stage.newsletter.workspace) as store:
            address = parse_one_address(BEN)[0]
            assert readmit(store, address, consent_how="asked again", consent_at="", now=at)

    def test_whoever_agreed_anew_since_stays(self, stage: Stage) -> None:
        stage.click(BEN)
        stage.sync()
        now = datetime.now(UTC)
        self.agree(stage, now)
        stage.click(BEN, reference=2, at=timestamp(now - timedelta(days=1)))
        assert stage.sync().suppressed == 0
        assert stage.gone() == {}

    def test_whoever_left_again_since_is_off(self, stage: Stage) -> None:
        stage.click(BEN)
        stage.sync()
        self.agree(stage, datetime.now(UTC) - timedelta(hours=2))
        stage.click(BEN, reference=2, at=timestamp(datetime.now(UTC) - timedelta(hours=1)))
        assert stage.sync().suppressed == 1
        assert stage.gone() == {BEN: "unsubscribed"}

    def test_a_server_whose_clock_is_behind_makes_no_wish_older_than_it_is(self, stage: Stage) -> None:
        stage.click(BEN)
        stage.sync()
        self.agree(stage, datetime.now(UTC) - timedelta(hours=2))
        stage.stub.clock = -timedelta(hours=5)
        stage.click(BEN, reference=2, at=timestamp(datetime.now(UTC) - timedelta(hours=6)))  # an hour ago
        done = stage.sync()
        assert stage.gone() == {BEN: "unsubscribed"}
        assert any("clock" in note for note in done.notes)


class TestByWhatPeopleAreFound:
    def test_by_a_message_id_of_ours(self, stage: Stage) -> None:
        stage.stub.tell(
            told(FeedbackKind.COMPLAINT, reference=1, key=stage.key, message_id=stage.message_id(BEN).upper())
        )
        stage.sync(is_anyway=True)
        assert stage.gone() == {BEN: "complained"}
        assert stage.records(BEN) == [("complaint", 1, SOURCE)]

    def test_by_the_keyed_hash_of_an_address(self, stage: Stage) -> None:
        person = stage.key.parts[0].person_hash(CLEO)
        stage.stub.tell(told(FeedbackKind.HARD, reference=1, key=stage.key, person=person, status="5.1.1"))
        stage.sync(is_anyway=True)
        assert stage.gone() == {CLEO: "bounced"}
        assert stage.records(CLEO) == [("hard", 1, SOURCE)]

    def test_by_a_hash_made_with_a_former_key(self, stage: Stage) -> None:
        former = stage.key.parts[0]
        stage.stub.key = change_key(stage.newsletter.workspace)
        entry = told(FeedbackKind.UNSUBSCRIBE, reference=1, key=stage.key, person=former.person_hash(CLEO))
        stage.stub.tell(replace(entry, key=former.id))
        stage.sync()
        assert stage.gone() == {CLEO: "unsubscribed"}

    def test_strangers_are_counted_and_nobody_is_touched(self, stage: Stage) -> None:
        stage.stub.tell(
            told(reference=1, key=stage.key, person="ab" * 32),
            told(reference=2, key=stage.key, message_id="nobody@example.org"),
            told(reference=3, key=stage.key, token=stage.tokens.token(9_999)),
        )
        done = stage.sync()
        assert (done.fetched, done.new, done.unknown) == (3, 0, 3)
        assert stage.gone() == {}
        assert any("3 entries are about people" in line for line in warnings(done))

    def test_what_the_sender_did_alarms_and_takes_nobody_off(self, stage: Stage) -> None:
        for number, one in enumerate((ADA, BEN, CLEO)):
            words = "550 5.7.26 unauthenticated"
            stage.stub.tell(
                told(FeedbackKind.SENDER_FAULT, reference=number, key=stage.key, token=stage.token(one),
                     status="5.7.26", words=words)
            )  # fmt: skip
        done = stage.sync()
        assert stage.gone() == {}
        assert done.alarms == [("5.7.26", "550 5.7.26 unauthenticated", 3)]
        assert any("(3 messages)" in line for line in warnings(done))


def test_what_is_doubtful_is_shown_for_decision_and_done_nothing_about(stage: Stage) -> None:
    entry = told(FeedbackKind.HARD, reference=1, key=stage.key, token=stage.token(BEN), status="5.1.2")
    stage.stub.tell(replace(entry, doubt="status"))
    done = stage.sync()
    assert stage.gone() == {}
    assert [row[0] for row in to_decide_rows(done)] == [BEN]
    assert done.as_dict()["to_decide"] == 1
    assert any("for you to decide: nl sync --all" in line for line in said_before_send(done))
    assert [row[0] for row in to_decide_rows(stage.sync(is_from_start=True))] == [BEN]


class TestTooMany:
    def test_bounces_are_held_back_and_wishes_are_not(self, tmp_path: Path) -> None:
        stage = Stage(tmp_path / "w", people=f"email\n{ADA}\n{BEN}\neve@example.org\n{CLEO}\n")
        with stage.stub.serving():
            stage.configure()
            for number, one in enumerate((ADA, BEN, "eve@example.org")):
                stage.stub.tell(told(FeedbackKind.HARD, reference=number, key=stage.key, token=stage.token(one)))
            stage.click(CLEO, reference=9)
            for _time in range(2):
                with pytest.raises(TooManyLeaving) as held:
                    stage.sync()
                assert "nl sync --anyway" in (held.value.hint or "")
                assert stage.gone() == {CLEO: "unsubscribed"}
            with open_state(stage.newsletter.workspace) as store:
                assert read_position(store).wishes_at != ""
            assert stage.sync(is_anyway=True).taken_off == {"bounced": 3}
            assert stage.gone() == {ADA: "bounced", BEN: "bounced", CLEO: "unsubscribed"}
            assert stage.sync().fetched == 0

    def test_however_many_leave_they_leave(self, stage: Stage) -> None:
        stage.click(ADA, BEN, CLEO)
        assert stage.sync().suppressed == 3


class TestAnotherLog:
    def test_a_new_log_is_fetched_whole_and_told(self, stage: Stage) -> None:
        stage.click(ADA)
        stage.sync()
        stage.stub.log, stage.stub.entries = "second", []
        stage.click(BEN, reference=5)
        done = stage.sync()
        assert stage.gone() == {ADA: "unsubscribed", BEN: "unsubscribed"}
        assert any("begun a new log" in note for note in done.notes)
        assert stage.sync().notes == []

    def test_an_older_copy_is_fetched_whole_and_told(self, stage: Stage) -> None:
        stage.click(ADA, BEN)
        stage.sync()
        del stage.stub.entries[1:]
        stage.click(CLEO, reference=8)
        stage.stub.entries[-1] = replace(stage.stub.entries[-1], n=4)
        done = stage.sync()
        assert CLEO in stage.gone()
        assert any("less far than last time" in note for note in done.notes)
        assert stage.sync().notes == []

    def test_entries_taken_out_before_they_were_fetched_are_told(self, stage: Stage) -> None:
        stage.click(ADA)
        stage.sync()
        stage.stub.pruned, stage.stub.entries = 50, []
        stage.click(BEN, reference=5)
        done = stage.sync()
        assert any("up to number 50" in note for note in done.notes)
        assert stage.gone() == {ADA: "unsubscribed", BEN: "unsubscribed"}
        assert stage.sync().notes == []

    def test_what_was_fetched_may_be_taken_out(self, stage: Stage) -> None:
        stage.click(ADA)
        stage.sync()
        stage.stub.pruned, stage.stub.entries = 3, []
        assert stage.sync().notes == []


def cut(stage: Stage) -> Callable[[int], Answer]:
    return lambda after: (200, {}, stage.stub.page(after)[2][:-40])


MISBEHAVIOURS: dict[str, tuple[Callable[[Stage], Callable[[int], Answer]], str]] = {
    "a redirect": (lambda stage: lambda after: (302, {"Location": "https://elsewhere.example/log"}, b""), "leads on"),
    "a web page": (lambda stage: lambda after: (200, {}, b"<!DOCTYPE html><p>Hello\n"), "no whole log"),
    "nothing": (lambda stage: lambda after: (200, {}, b""), "no whole log"),
    "an answer that was cut": (cut, "no whole log"),
    "a cut that looks like an end": (
        lambda stage: lambda after: (200, {}, b"\n".join(stage.stub.page(after)[2].split(b"\n")[:-2]) + b"\n"),
        "no whole log",
    ),
    "another page": (lambda stage: lambda after: (404, {}, b""), "no nl serve"),
    "a server that is busy": (lambda stage: lambda after: (503, {"Retry-After": "60"}, b""), "cannot answer now"),
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_of_a_wrong_answer_nothing_is_taken(stage: Stage, name: str) -> None:
    stage.click(ADA)
    make, said = MISBEHAVIOURS[name]
    stage.stub.answer = make(stage)
    with pytest.raises(NotSynced, match=said):
        stage.sync()
    assert stage.gone() == {}
    stage.stub.answer = stage.stub.page
    assert stage.sync().suppressed == 1


def test_the_log_of_another_newsletter_is_refused(stage: Stage) -> None:
    stage.stub.key = replace(stage.key, newsletter="0" * 16)
    with pytest.raises(NotSynced, match="another newsletter"):
        stage.sync()


def test_a_server_with_another_key_is_told(stage: Stage, tmp_path: Path) -> None:
    other = Newsletter(tmp_path / "other")
    stage.stub.key = own_key(other.workspace)
    with pytest.raises(NotSynced, match="does not take this newsletter"):
        stage.sync()


class TestANewKey:
    def test_tokens_are_made_with_it_once_the_server_has_it(self, stage: Stage) -> None:
        before = stage.token(ADA)
        new = change_key(stage.newsletter.workspace)
        assert stage.token(ADA) == before
        done = stage.sync()  # by the key that the server still has
        assert not done.is_key_current
        assert any("the key before the last change" in note for note in done.notes)
        assert stage.token(ADA) == before
        stage.stub.key = new
        done = stage.sync()
        assert done.is_key_current
        assert done.notes == []
        assert stage.token(ADA) != before
        former, own = stage.tokens.row_of(before), stage.tokens.row_of(stage.token(ADA))
        assert former == own

    def test_old_links_stay_valid_and_message_ids_the_same(self, stage: Stage) -> None:
        token, message_id = stage.token(BEN), stage.message_id(BEN)
        for _time in range(2):
            stage.stub.key = change_key(stage.newsletter.workspace)
            stage.sync()
        assert [len(stage.key.parts), stage.message_id(BEN)] == [3, message_id]
        stage.stub.tell(told(reference=1, key=stage.key, token=token))
        stage.sync()
        assert stage.gone() == {BEN: "unsubscribed"}


class TestWhereItGoes:
    def test_without_an_endpoint(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        with pytest.raises(NotSynced) as refused:
            sync(newsletter.workspace)
        assert "[endpoint]" in (refused.value.hint or "")

    def test_another_machine_wants_trust(self, stage: Stage) -> None:
        stage.newsletter.configure('[endpoint]\nurl = "https://leave.example.org"\n')
        workspace = stage.newsletter.workspace
        with pytest.raises(NotTrusted, match=r"leave\.example\.org"):
            sync(replace(workspace, commands=TrustedRuns(workspace.root)))

    @pytest.mark.parametrize("url", ["http://leave.example.org", "leave.example.org", "https://a@b.example/"])
    def test_what_is_no_safe_address_is_refused(self, stage: Stage, url: str) -> None:
        stage.newsletter.configure(f'[endpoint]\nurl = "{url}"\n')
        with pytest.raises(NewsletterError, match=r"endpoint\.url"):
            _ = stage.newsletter.workspace

    def test_nobody_there(self, stage: Stage) -> None:
        stage.newsletter.configure('[endpoint]\nurl = "http://127.0.0.1:1"\n')
        with pytest.raises(NotSynced, match="nobody takes the connection"):
            stage.sync()


def test_for_scripts_and_in_french(stage: Stage) -> None:
    stage.click(BEN)
    done = call("sync", "--json", cwd=stage.newsletter.root)
    result = json.loads(done.out)
    assert (done.status, result["fetched"], result["new"], result["suppressed"]) == (0, 1, 1, {"unsubscribed": 1})
    assert "example.org" not in done.out
    said = call("sync", "--all", cwd=stage.newsletter.root, env={"NL_LANG": "fr"})
    assert said.status == 0
    assert "personne n’a été retiré de la liste" in said.out


def test_what_is_said(stage: Stage) -> None:
    stage.click(BEN)
    lines = list(synced_lines(stage.sync()))
    assert lines[0] == "1 entry of the endpoint’s log"
    assert lines[1] == "1 person was taken off the list: unsubscribed 1"
    assert lines[-1].startswith("everybody who left by the endpoint until ")
