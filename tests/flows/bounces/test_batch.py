"""What came back, decided about and recorded: once each, all or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.after.breaker import Burst
from newsletter_cli.after.deciding import Rules
from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import TooManyLeaving
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.bounces.batch import Batch, refuse_burst
from newsletter_cli.flows.bounces.people import People
from newsletter_cli.flows.bounces.values import Incoming, Recorded
from newsletter_cli.flows.list_move import move_person
from newsletter_cli.flows.list_rights import forget_people
from newsletter_cli.model.feedback import Feedback, FeedbackAction, FeedbackKind
from tests.flows.bounces.stage import ADA, ALI, LEA, SentIssues
from tests.inside import call

NOW = "2026-06-12T08:00:00Z"
SUPPRESS, COUNT, NONE = FeedbackAction.SUPPRESS, FeedbackAction.COUNT, FeedbackAction.NONE
REVIEW, ALARM = FeedbackAction.REVIEW, FeedbackAction.ALARM


@pytest.fixture
def sent(tmp_path: Path) -> SentIssues:
    return SentIssues(tmp_path, issues=4)


class Run:
    """One run: what came back is put in, decided, recorded."""

    def __init__(self, sent: SentIssues):
        self.sent = sent
        self.burst: Burst | None = None

    @contextlib.contextmanager
    def deciding(
        self, *told: tuple[FeedbackKind, str, int], rules: Rules | None = None
    ) -> Iterator[tuple[Batch, Store]]:
        workspace = self.sent.workspace
        with open_state(workspace) as store, People(workspace, store) as people, Batch() as batch:
            for kind, reader, issue in told:
                whom = people.of_token(self.sent.token(reader, issue)) if reader else None
                batch.add(
                    Incoming(
                        feedback=Feedback(
                            reference=f"{kind} {reader} {issue}".encode(),
                            kind=kind,
                            status="5.1.1",
                            words=f"no {reader} here",
                            at=NOW,
                            source="mailbox",
                        ),
                        whom=whom,
                        is_certain=whom is not None,
                        place="inbox",
                    )
                )
            batch.decide(store, people, rules or Rules())
            self.burst = batch.burst(people)
            yield batch, store

    def __call__(
        self, *told: tuple[FeedbackKind, str, int], rules: Rules | None = None
    ) -> tuple[list[FeedbackAction], Recorded]:
        with self.deciding(*told, rules=rules) as (batch, store):
            return [one.action for one in batch.decided()], batch.record(store, now=NOW)


def reason_of(sent: SentIssues, reader: str) -> str:
    with open_state(sent.workspace) as store:
        found = Suppression(store).find(reader)
        return found.reason if found else ""


def test_a_hard_bounce_takes_off_once_and_says_why(sent: SentIssues) -> None:
    run = Run(sent)
    actions, done = run(
        (FeedbackKind.HARD, LEA, 1), (FeedbackKind.COMPLAINT, ALI, 1), (FeedbackKind.UNSUBSCRIBE, ADA, 1)
    )
    assert actions == [SUPPRESS] * 3
    assert done.new == 3
    assert done.unsubscribed == [ADA]
    assert [reason_of(sent, one) for one in (LEA, ALI, ADA)] == ["bounced", "complained", "unsubscribed"]
    actions, done = run((FeedbackKind.HARD, LEA, 1), (FeedbackKind.HARD, LEA, 2))
    assert actions == [NONE, NONE]
    assert done.new == 1
    with open_state(sent.workspace) as store:
        (kept, later) = FeedbackRecords(store).of_person(LEA)
        assert (kept.issue, later.issue, kept.words) == (1, 2, "no … here")


def test_the_managed_list_says_so_too(sent: SentIssues) -> None:
    assert call("list", "import", "list.csv", "--consent", "form", cwd=sent.root).status == 0
    Run(sent)((FeedbackKind.HARD, LEA, 1))
    with open_state(sent.workspace) as store:
        subscriber = ManagedList(store).find(LEA)
        assert subscriber is not None
        assert subscriber.status == "bounced"


def test_what_comes_twice_in_one_run_counts_once(sent: SentIssues) -> None:
    actions, done = Run(sent)((FeedbackKind.FULL, LEA, 1), (FeedbackKind.FULL, LEA, 1))
    assert actions == [COUNT, NONE]
    assert done.new == 1


def test_what_may_pass_is_counted_over_runs_and_cleared_by_an_issue_that_came_through(sent: SentIssues) -> None:
    run = Run(sent)
    assert run((FeedbackKind.FULL, LEA, 2), (FeedbackKind.SOFT, ALI, 1))[0] == [COUNT, COUNT]
    assert run((FeedbackKind.SOFT, LEA, 3))[0] == [COUNT]
    assert run((FeedbackKind.FULL, LEA, 4), (FeedbackKind.FULL, ALI, 3), (FeedbackKind.FULL, ALI, 4))[0] == [
        REVIEW,
        COUNT,
        COUNT,
    ]
    # What a person has to decide stays to be decided, and counts once.
    actions, done = run((FeedbackKind.FULL, LEA, 4))
    assert (actions, done.new) == ([REVIEW], 0)
    assert reason_of(sent, LEA) == ""


def test_all_of_them_in_the_first_run_and_taken_off_where_that_is_configured(sent: SentIssues) -> None:
    told = [(FeedbackKind.FULL, LEA, issue) for issue in (2, 3, 4)]
    actions, _done = Run(sent)(*told, rules=Rules(is_suppressing=True))
    assert actions == [COUNT, COUNT, SUPPRESS]
    assert reason_of(sent, LEA) == "bounced"


def test_nobody_is_touched_whom_no_token_of_ours_leads_to(sent: SentIssues) -> None:
    actions, done = Run(sent)((FeedbackKind.HARD, "", 1), (FeedbackKind.UNSUBSCRIBE, "", 2))
    assert actions == [REVIEW, REVIEW]
    assert done.new == 0


def test_a_storm_of_policy_suppresses_nobody_and_is_told_in_one_line(tmp_path: Path) -> None:
    readers = [f"r{number}@big.example" for number in range(500)]
    run = Run(SentIssues(tmp_path, readers))
    with run.deciding(*((FeedbackKind.SENDER_FAULT, one, 1) for one in readers)) as (batch, store):
        assert batch.counts() == {(ALARM, FeedbackKind.SENDER_FAULT): 500}
        assert batch.alarms() == [("5.1.1", "no … here", 500)]
        assert run.burst is None
        assert batch.record(store, now=NOW).new == 500
        assert not Suppression(store).has_any()


def test_so_many_at_once_wait_for_a_person(tmp_path: Path) -> None:
    readers = [f"r{number}@d{number % 40}.example" for number in range(200)]
    run = Run(SentIssues(tmp_path, readers))
    too_many = pytest.raises(TooManyLeaving, match="5 of 200 readers would be taken off")
    with run.deciding(*((FeedbackKind.HARD, one, 1) for one in readers[:5])), too_many:
        refuse_burst(run.burst, command="nl bounces --anyway")
    # Those who ask to leave are not held up by their number; and what is known counts no more.
    with run.deciding(*((FeedbackKind.UNSUBSCRIBE, one, 1) for one in readers[:50])):
        assert run.burst is None
    with run.deciding(*((FeedbackKind.HARD, one, 1) for one in readers[:4])) as (batch, store):
        assert run.burst is None
        batch.record(store, now=NOW)


def test_whoever_came_back_while_somebody_was_asked_stays(sent: SentIssues) -> None:
    assert call("list", "unsubscribe", ALI, cwd=sent.root).status == 0
    with Run(sent).deciding((FeedbackKind.HARD, LEA, 1)) as (batch, store):
        assert call("list", "unsubscribe", LEA, cwd=sent.root).status == 0
        assert call("list", "add", LEA, "--consent", "by mail", cwd=sent.root).status == 0
        batch.record(store, now=NOW)
    assert reason_of(sent, LEA) == ""
    assert Run(sent)((FeedbackKind.HARD, LEA, 2), (FeedbackKind.HARD, ALI, 2))[0] == [NONE, NONE]


def test_what_an_old_address_answers_says_nothing_of_the_new_one(tmp_path: Path) -> None:
    sent = SentIssues(tmp_path, config='[list]\nsource = "managed"\n')
    assert call("list", "import", "list.csv", "--consent", "form", cwd=sent.root).status == 0
    move_person(sent.workspace, LEA, "lea@new.example")
    run = Run(sent)
    assert run((FeedbackKind.HARD, LEA, 1))[0] == [NONE]
    assert reason_of(sent, "lea@new.example") == ""
    assert run((FeedbackKind.UNSUBSCRIBE, LEA, 1))[0] == [SUPPRESS]
    assert reason_of(sent, "lea@new.example") == "unsubscribed"


def test_whoever_is_erased_has_nothing_left_to_decide(sent: SentIssues) -> None:
    forget_people(sent.workspace, [LEA], override=None)
    assert Run(sent)((FeedbackKind.HARD, LEA, 1), (FeedbackKind.SENDER_FAULT, LEA, 1))[0] == [NONE, ALARM]
