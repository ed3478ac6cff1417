"""A send that is ordered for later: what is known beforehand, the wait, and one that waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerBusy, NotReady, SendHeld, UsageError
from newsletter_cli.flows.clearance.schedule import (
    check_order,
    late_seconds,
    wait_for,
)
from newsletter_cli.flows.clearance.waiting import only_one_waiting, read_waiting
from newsletter_cli.flows.sending.job import SendOptions
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import FAULTY, Newsletter

NOW = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 8, 30, tzinfo=UTC)


class HandMovedClock:
    """Time passes when it is slept through; `jumps`: what passes besides, by the count of the sleep."""

    def __init__(self, moment: datetime = NOW, jumps: dict[int, timedelta] | None = None):
        self.moment, self.jumps, self.sleeps = moment, jumps or {}, 0

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        self.moment += timedelta(seconds=seconds) + self.jumps.get(self.sleeps, timedelta())


class Onlooker:
    def __init__(self, step_seconds: float = 3600):
        self.step_seconds = step_seconds
        self.shown: list[float] = []
        self.gaps: list[float] = []

    def show(self, left_seconds: float) -> None:
        self.shown.append(left_seconds)

    def note_gap(self, seconds: float) -> None:
        self.gaps.append(seconds)


def waited(clock: HandMovedClock, late_seconds: float = 3600) -> Onlooker:
    onlooker = Onlooker()
    wait_for(1, THURSDAY, late_up_to_seconds=late_seconds, clock=clock, watcher=onlooker)
    return onlooker


def test_it_waits_until_the_moment_and_no_longer() -> None:
    clock = HandMovedClock()
    onlooker = waited(clock)
    assert clock.moment == THURSDAY
    assert onlooker.shown == [3600.0 * hours for hours in range(59, 0, -1)]
    assert onlooker.gaps == []


def test_a_machine_that_slept_too_long_sends_nothing() -> None:
    with pytest.raises(SendHeld, match="was not sent") as told:
        waited(HandMovedClock(jumps={3: timedelta(days=2, hours=21)}))
    assert "nl send 1" in str(told.value.hint)
    assert told.value.exit_status == 3


def test_a_machine_that_slept_a_little_too_long_sends() -> None:
    clock = HandMovedClock(jumps={57: timedelta(hours=2, minutes=30)})
    onlooker = waited(clock)
    assert clock.moment == THURSDAY + timedelta(minutes=30)
    assert onlooker.gaps == [9000]
    with pytest.raises(SendHeld):
        waited(HandMovedClock(jumps={57: timedelta(hours=2, minutes=30)}), late_seconds=600)


def test_a_clock_that_is_put_back_is_waited_for_again() -> None:
    clock = HandMovedClock(jumps={10: timedelta(hours=-5)})
    onlooker = waited(clock)
    assert clock.moment == THURSDAY
    assert onlooker.gaps == [-5 * 3600]
    assert len(onlooker.shown) == 64


def test_how_late_it_may_be_has_a_limit() -> None:
    assert late_seconds(SendOptions()) == 3600
    assert late_seconds(SendOptions(late_up_to_seconds=7200)) == 7200
    with pytest.raises(UsageError, match="7 days at most"):
        late_seconds(SendOptions(late_up_to_seconds=30 * 86400))


def test_one_waits_and_the_second_is_told_who(tmp_path: Path) -> None:
    assert read_waiting(tmp_path, 1) is None
    with only_one_waiting(tmp_path, 1, THURSDAY):
        assert read_waiting(tmp_path, 1) == THURSDAY
        with pytest.raises(LedgerBusy, match=r"waits here already with issue 1: process \d+ on .*3 December 2026"):
            only_one_waiting(tmp_path, 1, THURSDAY).__enter__()
        with only_one_waiting(tmp_path, 2, THURSDAY):
            assert read_waiting(tmp_path, 2) == THURSDAY
    assert read_waiting(tmp_path, 1) is None


def test_what_a_process_that_was_killed_leaves_behind_is_nobody(tmp_path: Path) -> None:
    with only_one_waiting(tmp_path, 1, THURSDAY):
        note = (tmp_path / "waiting-001.holder").read_bytes()
    (tmp_path / "waiting-001.holder").write_bytes(note)
    assert read_waiting(tmp_path, 1) is None
    with only_one_waiting(tmp_path, 1, THURSDAY):
        pass


class TestOrder:
    """What can be known on Tuesday is known on Tuesday."""

    def test_faults_of_the_issue(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        with pytest.raises(NotReady):
            check_order(newsletter.workspace, 1, SendOptions(at=THURSDAY))

    def test_nothing_is_recorded_and_the_notes_are_those_of_that_day(self, tmp_path: Path) -> None:
        events = "events:\n  - title: Tea\n    start: 2026-12-02T16:00\n"
        texts = {
            "_issue.md": '---\ntitle: "Tidings #1"\ndate: 2026-12-01\n---\nGood morning.\n',
            "news.md": f"---\nauthor: Grace\n{events}---\nCome.\n",
        }
        newsletter = Newsletter(tmp_path, texts=texts)
        told = " ".join(check_order(newsletter.workspace, 1, SendOptions(at=THURSDAY)).dry_run.notes)
        assert "goes out on December 3, 2026" in told
        assert "“Tea” is over" in told
        assert newsletter.states() == {}

    def test_a_moment_to_send_by_that_is_over_by_then(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        with pytest.raises(UsageError, match="past already"):
            check_order(newsletter.workspace, 1, SendOptions(at=THURSDAY, send_by=THURSDAY - timedelta(hours=1)))

    def test_a_server_that_answers_is_no_news_and_one_that_does_not_is_a_warning(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        with ThreadedServer(tmp_path / "record") as server:
            there = SendOptions(at=THURSDAY, transport=f"smtp://127.0.0.1:{server.port}")
            assert check_order(newsletter.workspace, 1, there).warnings == ()
        (warning,) = check_order(newsletter.workspace, 1, there).warnings
        assert "the mail server cannot be used now" in warning
