"""`nl send --at`: ordered now, sent at its moment, by one process."""

from __future__ import annotations

import json
import os
import shlex
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter_cli.flows.clearance.schedule import WallClock
from tests.cli.keyboard import step_by_step
from tests.flows.sending.newsletter import ADDRESSES, FAULTY, Newsletter
from tests.forked import HAS_FORKS, Forked, start_nl
from tests.inside import Done, call
from tests.waiting import wait_until
from tests.workspaces import environment

processes = pytest.mark.skipif(not HAS_FORKS, reason="processes that are signalled")


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


def moment(**away: float) -> str:
    """So far from now; never an hour that clocks show twice."""
    return (datetime.now(UTC) + timedelta(**away)).isoformat(timespec="seconds")


def nl(newsletter: Newsletter, *arguments: str, status: int = 0, **env: str) -> Done:
    done = call(*arguments, cwd=newsletter.root, env=env)
    assert done.status == status, done.out + done.err
    return done


def waiting(newsletter: Newsletter, *arguments: str, **away: float) -> Forked:
    """A send that waits, in a process of its own."""
    process = start_nl(
        "send", "1", "--at", moment(**away), "--yes", *arguments, env=environment(), folder=newsletter.root
    )
    note = newsletter.state / "waiting-001.holder"
    wait_until(lambda: note.is_file() or process.poll() is not None, lambda: process.complained)
    return process


class TestOrder:
    def test_what_could_be_known_is_known_when_it_is_ordered(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        done = nl(newsletter, "send", "1", "--at", moment(days=2), "--yes", status=1)
        assert "sections/001/news.md:4" in done.err
        assert newsletter.states() == {}

    def test_a_moment_that_is_past_is_refused_unless_it_may_be_late(self, newsletter: Newsletter) -> None:
        assert "past already" in nl(newsletter, "send", "1", "--at", moment(minutes=-5), "--yes", status=2).err
        late = nl(
            newsletter, "send", "1", "--at", moment(days=-365), "--late-up-to", "1h", "--yes", "--json", status=3
        ).err
        assert "it was not sent" in late
        assert newsletter.messages() == []
        nl(newsletter, "send", "1", "--at", moment(minutes=-5), "--late-up-to", "1h", "--yes", "--json")
        assert newsletter.written_to() == list(ADDRESSES)

    def test_when_everybody_has_it_nothing_is_ordered(self, newsletter: Newsletter) -> None:
        nl(newsletter, "send", "1", "--yes")
        assert "nothing is left to send" in nl(newsletter, "send", "1", "--at", moment(days=2), "--yes", status=2).err

    def test_a_dry_run_is_told_as_of_then(self, newsletter: Newsletter) -> None:
        at = moment(days=2)
        told = json.loads(nl(newsletter, "send", "1", "--dry-run", "--at", at, "--send-by", "3h", "--json").out)
        assert datetime.fromisoformat(told["at"]) == datetime.fromisoformat(at)
        assert told["send_by"] == f"{datetime.fromisoformat(at) + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}"
        assert "--at" in told["command"]

    @processes
    def test_somebody_is_shown_the_moment_in_full_and_asked(self, newsletter: Newsletter) -> None:
        steps = [("type the issue’s number: ", "1\n"), ("Ctrl-C: leave", "\x03")]
        status, shown = step_by_step(
            newsletter.root, "send", "1", "--at", moment(hours=73), steps=steps, env={"COLUMNS": "200"}
        )
        assert status == 130
        assert "Europe/Paris" in shown
        assert "in 3 days" in shown
        assert "To order it again: nl send 1 --at" in shown
        assert newsletter.messages() == []


class TestTimer:
    """The printed line, run as the timer runs it."""

    @pytest.mark.parametrize("kind", ["cron", "systemd", "windows"])
    def test_nothing_is_ordered_by_printing(self, newsletter: Newsletter, kind: str) -> None:
        said = nl(newsletter, "send", "1", "--at", moment(days=2), "--print", kind).out
        assert "--yes --json" in said.replace('" "', " ")
        assert newsletter.states() == {}

    def test_what_stands_in_the_way_is_told_instead(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        done = nl(newsletter, "send", "1", "--at", moment(days=2), "--print", "cron", status=1)
        assert (done.out, "link-empty" in done.err) == ("", True)

    def test_the_line_sends_when_its_moment_has_come_and_never_later(self, newsletter: Newsletter) -> None:
        line = nl(newsletter, "send", "1", "--at", moment(hours=1), "--print", "cron").out.splitlines()[-1]
        words = shlex.split(line.partition(" >> ")[0])[6:]
        at = words.index("--at") + 1
        words[at] = moment(days=-365)
        assert call(*words, cwd=newsletter.root.parent).status == 3
        assert newsletter.messages() == []
        words[at] = moment(seconds=-1)
        done = call(*words, cwd=newsletter.root.parent)
        assert done.status == 0, done.err
        assert newsletter.written_to() == list(ADDRESSES)
        assert not any(address in done.out + done.err for address in ADDRESSES)


class TestMoment:
    """What happens when it has come; waiting makes time pass."""

    @pytest.fixture
    def meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
        """What is done while it waits."""
        done: list[Callable[[], object]] = []
        passed = timedelta()

        def sleep(_clock: WallClock, seconds: float) -> None:
            nonlocal passed
            passed += timedelta(seconds=seconds)
            while done:
                done.pop(0)()

        monkeypatch.setattr(WallClock, "now", lambda self: datetime.now(UTC) + passed)
        monkeypatch.setattr(WallClock, "sleep", sleep)
        return done

    def test_it_goes(self, newsletter: Newsletter, meanwhile: list[Callable[[], object]]) -> None:
        said = nl(newsletter, "send", "1", "--at", moment(hours=30), "--yes").out
        assert "1 d " in said
        assert "It is time" in said
        assert newsletter.written_to() == list(ADDRESSES)

    def test_what_has_changed_for_the_worse_stops_it(
        self, newsletter: Newsletter, meanwhile: list[Callable[[], object]]
    ) -> None:
        meanwhile.append(lambda: newsletter.write("news.md", FAULTY["news.md"]))
        done = nl(newsletter, "send", "1", "--at", moment(hours=30), "--yes", status=1)
        assert "sections/001/news.md:4" in done.err
        assert newsletter.messages() == []

    def test_the_list_and_the_configuration_are_those_of_the_moment(
        self, newsletter: Newsletter, meanwhile: list[Callable[[], object]]
    ) -> None:
        meanwhile.append(lambda: newsletter.list("email;name\ndora@example.org;Dora\n"))
        meanwhile.append(lambda: newsletter.configure('[send]\ntransport = "maildir:elsewhere"\n'))
        meanwhile.append(newsletter.assemble)
        nl(newsletter, "send", "1", "--at", moment(hours=30), "--yes")
        assert [str(one["To"]) for one in newsletter.messages("elsewhere")] == ["Dora <dora@example.org>"]
        assert newsletter.messages() == []

    def test_somebody_who_sent_it_meanwhile_is_not_followed(
        self, newsletter: Newsletter, meanwhile: list[Callable[[], object]]
    ) -> None:
        meanwhile.append(newsletter.send)
        nl(newsletter, "send", "1", "--at", moment(hours=30), "--yes")
        assert newsletter.written_to() == list(ADDRESSES)

    def test_a_machine_that_slept_through_it_says_so(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slept = iter((timedelta(), timedelta(hours=9)))
        away = timedelta()

        def now(_clock: WallClock) -> datetime:
            return datetime.now(UTC) + away

        def sleep(_clock: WallClock, _seconds: float) -> None:
            nonlocal away
            away += next(slept)

        monkeypatch.setattr(WallClock, "now", now)
        monkeypatch.setattr(WallClock, "sleep", sleep)
        done = nl(newsletter, "send", "1", "--at", moment(hours=1), "--yes", status=3)
        assert "this machine slept" in done.out
        assert "it was not sent" in done.err
        assert newsletter.messages() == []


@processes
class TestWaiting:
    def test_ctrl_c_leaves_and_says_how_to_order_again(self, newsletter: Newsletter) -> None:
        process = waiting(newsletter, "--limit", "2", hours=1)
        wait_until(lambda: "left" in process.said)
        os.kill(process.pid, signal.SIGINT)
        _out, err = process.communicate()
        assert process.returncode == 130
        assert "nothing was sent" in err
        assert "--limit 2 --at" in err
        assert newsletter.states() == {}
        assert not (newsletter.state / "waiting-001.holder").exists()

    def test_the_second_is_told_of_the_first_and_the_way_is_free_once_that_is_killed(
        self, newsletter: Newsletter
    ) -> None:
        first = waiting(newsletter, hours=1)
        second = nl(newsletter, "send", "1", "--at", moment(hours=2), "--yes", status=2)
        assert f"process {first.pid}" in second.err
        # Others may go on, a send to a few for instance; they are told.
        others = nl(newsletter, "send", "1", "--to", "group:proof", "--yes")
        assert "Note: an nl send waits here until" in others.out
        first.kill()
        first.wait()
        third = waiting(newsletter, hours=1)
        assert third.poll() is None
        third.kill()
        third.wait()

    # It takes the seconds until the moment.
    @pytest.mark.long
    def test_two_at_the_same_moment_send_once(self, newsletter: Newsletter) -> None:
        process = waiting(newsletter, seconds=4)
        others = [
            start_nl("send", "1", "--at", moment(seconds=-1), "--late-up-to", "1h", "--yes", "--json",
                     env=environment(), folder=newsletter.root)
            for _count in range(2)
        ]  # fmt: skip
        for one in (process, *others):
            one.communicate()
        assert Counter(newsletter.written_to()) == Counter(ADDRESSES)


def test_options_that_would_do_nothing_are_refused(newsletter: Newsletter) -> None:
    for words in (["--print", "cron"], ["--late-up-to", "1h"]):
        assert "go with --at" in nl(newsletter, "send", "1", *words, status=2).err
    at = ("send", "1", "--at", moment(days=1))
    assert "--print" in nl(newsletter, *at, "--dry-run", "--print", "cron", status=2).err
    assert "--yes" in nl(newsletter, *at, "--yes", "--print", "cron", status=2).err
