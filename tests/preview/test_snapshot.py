"""An issue at one moment; the newest of each; what becomes of links behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.values import replace
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.check.links.lychee import Stopped
from newsletter_cli.check.links.report import LinkProblem
from newsletter_cli.preview.rebuilding import KEPT_ISSUES, Snapshots
from newsletter_cli.preview.rounds import LinkRounds
from newsletter_cli.preview.snapshot import Learnt, Snapshot, known_links, take_snapshot, with_learnt
from newsletter_cli.preview.state import build_state
from newsletter_cli.workspace.folder import Workspace
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import write

NEWS = "sections/002/news.md"


def take(workspace: Workspace, number: int = 2, before: Snapshot | None = None) -> Snapshot:
    return take_snapshot(workspace.root, "/files/", number, before or Snapshot(number=number, workspace=workspace))


def save_news(workspace: Workspace, text: str) -> None:
    write(workspace.root / NEWS, f"---\nauthor: Grace\nstatus: ready\n---\n{text}\n")


class TestSnapshot:
    def test_what_the_page_is_told(self, workspace: Workspace) -> None:
        state = build_state(take(workspace), [1, 2], 7)
        assert (state["version"], state["issue"], state["issues"], state["newest"]) == (7, 2, [1, 2], 2)
        assert state["title"] == "Tidings #2"
        assert state["subject"] == "Tea and a picture"
        assert state["preheader"].startswith("What happened in June")
        assert state["sender"] == "The tidings"
        assert state["date"].startswith("2026-07-09")
        assert (state["language"], state["direction"]) == ("en", "ltr")
        assert (state["error"], state["has_rendering"], state["hint"]) == (None, True, None)
        assert state["limits"] == {"warning": 90_000, "error": 102_400}
        assert set(state["sizes"]) >= {"email.html", "email.txt", "post.md"}
        assert [(one["slug"], one["status"], one["missing"]) for one in state["sections"]] == [
            ("agenda", "ready", []),
            ("news", "draft", ["ready"]),
        ]
        assert state["links"][0]["url"] == "https://forms.example.org/tea"
        assert {one["status"] for one in state["links"]} == {"unchecked"}
        assert any(one["kind"] == "heading" for one in state["outline"])

    def test_findings_have_the_keys_of_the_contract_and_three_more(self, workspace: Workspace) -> None:
        findings = build_state(take(workspace), [1, 2], 1)["findings"]
        (vague,) = [one for one in findings if one["rule"] == "link-text-vague"]
        contract = ["file", "line", "column", "rule", "level", "message", "suggestion", "fixable"]
        assert list(vague) == [*contract, "file_title", "anchor", "editor"]
        assert (vague["file"], vague["file_title"]) == (NEWS, "News")
        assert vague["editor"] == f"vscode://file{workspace.root}/{NEWS}:{vague['line']}:{vague['column']}"
        document = take(workspace).shown.views.build("email")  # type: ignore[union-attr]
        assert f'id="{vague["anchor"]}"' in document

    def test_words_and_the_time_to_read_them(self, workspace: Workspace) -> None:
        save_news(workspace, "word " * 401)
        shown = take(workspace).shown
        assert shown is not None
        assert 401 < shown.word_count < 430
        assert shown.minutes == 3

    def test_an_error_keeps_the_last_rendering_and_says_where(self, workspace: Workspace) -> None:
        before = take(workspace)
        write(workspace.root / NEWS, "---\nauthor: Grace\nstatus: soon\n---\nText\n")
        write(workspace.root / "sections/002/agenda.md", "---\nstatus: later\n---\n")
        after = take(workspace, before=before)
        assert after.shown is before.shown
        assert {(fault.file, fault.line) for fault in after.faults} == {(NEWS, 3), ("sections/002/agenda.md", 2)}
        told = build_state(after, [1, 2], 2)
        assert told["has_rendering"]
        assert told["title"] == "Tidings #2"
        (fault,) = [one for one in told["error"]["errors"] if one["file"] == NEWS]
        assert "soon" in fault["message"]
        assert fault["hint"] == "choose one of: draft, ready, skip"
        save_news(workspace, "Fixed.")
        write(workspace.root / "sections/002/agenda.md", "---\nstatus: ready\n---\n")
        fixed = take(workspace, before=after)
        assert fixed.faults == ()
        assert "Fixed." in str(fixed.shown.rendered.renditions["email.html"])  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("file", "text"),
        [
            ("newsletter.toml", "[newsletter]\nnam = 3\n"),
            ("newsletter.toml", "\x00"),
            ("sections/002/news.md", b"\xff\xfe\xff"),
            ("templates/themes/default/email.mjml.j2", "{% for x in %}"),
            ("templates/themes/default/theme.toml", "shape = 3\n"),
        ],
    )
    def test_whatever_is_broken_is_a_fault_with_its_file(
        self, workspace: Workspace, file: str, text: str | bytes
    ) -> None:
        before = take(workspace)
        write(workspace.root / file, text)
        after = take(workspace, before=before)
        assert after.shown is before.shown
        assert {fault.file for fault in after.faults} == {file}

    def test_broken_from_the_start_there_is_no_rendering_yet(self, workspace: Workspace) -> None:
        write(workspace.root / NEWS, "---\nstatus: soon\n---\n")
        told = build_state(take(workspace), [1, 2], 1)
        assert not told["has_rendering"]
        assert told["hint"] is None
        assert told["error"]["errors"][0]["file"] == NEWS

    def test_an_issue_that_is_not_there_is_no_error(self, workspace: Workspace) -> None:
        told = build_state(take(workspace, 9), [1, 2], 1)
        assert (told["error"], told["has_rendering"]) == (None, False)
        assert "nl new 9" in told["hint"]

    def test_the_configuration_is_that_of_the_moment(self, workspace: Workspace) -> None:
        config = workspace.root / "newsletter.toml"
        write(config, config.read_text("utf-8").replace("The tidings", "Somebody new"))
        assert build_state(take(workspace), [1, 2], 1)["sender"] == "Somebody new"

    def test_nothing_is_written_but_to_the_private_cache(self, workspace: Workspace) -> None:
        before = {path for path in workspace.root.rglob("*") if "state" not in path.parts}
        take(workspace)
        assert {path for path in workspace.root.rglob("*") if "state" not in path.parts} == before


BROKEN = Outcome(status=LinkStatus.BROKEN, cause=Cause.NOT_FOUND, code=404)


class TestLinksOfASnapshot:
    def test_what_was_learnt_becomes_findings_and_stays_when_the_text_changes(self, workspace: Workspace) -> None:
        save_news(workspace, "[gone](https://gone.example.com/) and [fine](https://fine.example.com/)")
        bare = take(workspace)
        learnt = LinkReport(
            outcomes={"https://gone.example.com/": BROKEN, "https://fine.example.com/": Outcome(status=LinkStatus.OK)}
        )
        after = with_learnt(bare, Learnt(links=learnt))
        assert "link-broken" not in rules(bare)
        assert rules(after) - rules(bare) == {"link-broken"}
        save_news(workspace, "New words, [gone](https://gone.example.com/), [new](https://new.example.com/)")
        assert after.shown is not None
        later = with_learnt(take(workspace, before=after), Learnt(links=after.shown.links))
        told = build_state(later, [2], 3)
        statuses = {one["url"]: one["status"] for one in told["links"] if "example.com" in one["url"]}
        assert statuses == {"https://gone.example.com/": "broken", "https://new.example.com/": "unchecked"}
        assert "link-broken" in rules(later)

    def test_findings_silenced_stay_silenced(self, workspace: Workspace) -> None:
        save_news(workspace, "<!-- nl: ignore link-broken -->\n[gone](https://gone.example.com/)")
        snapshot = take(workspace)
        learnt = Learnt(links=LinkReport(outcomes={"https://gone.example.com/": BROKEN}))
        assert rules(with_learnt(snapshot, learnt)) == rules(snapshot)

    def test_only_addresses_of_the_text_are_kept(self) -> None:
        assert known_links((), LinkReport(outcomes={"https://x.example/": BROKEN})).outcomes == {}


def rules(snapshot: Snapshot) -> set[str]:
    assert snapshot.shown is not None
    return {finding.rule for finding in snapshot.shown.checked.findings}


@contextmanager
def snapshots(workspace: Workspace, **options: Any) -> Iterator[Snapshots]:
    take = options.pop("take", partial(take_snapshot, workspace.root, "/files/"))
    made = Snapshots(workspace, take, **options)
    made.start()
    try:
        yield made
    finally:
        made.stop()


class TestSnapshots:
    def test_one_is_made_when_asked_for_and_not_again(self, workspace: Workspace) -> None:
        told: list[Snapshot] = []
        with snapshots(workspace, on_snapshot=told.append) as made:
            futures = [made.ask(2) for _tab in range(20)]
            first = {id(future.result(PATIENCE_SECONDS)) for future in futures}
            assert made.ask(2).result(PATIENCE_SECONDS).version == 1
            time.sleep(0.1)
        assert len(first) == 1
        assert [one.version for one in told] == [1]

    def test_versions_increase_whatever_changes(self, workspace: Workspace) -> None:
        told: list[Snapshot] = []
        with snapshots(workspace, on_snapshot=told.append) as made:
            for number in (1, 2):
                made.ask(number).result(PATIENCE_SECONDS)
            for round_number in range(3):
                made.rebuild([2])
                made.rebuild()
                made.learn(1, LinkReport(outcomes={f"https://x.example/{round_number}": BROKEN}))
                wait_until(lambda: not made._wanted)
            wait_until(lambda: len(told) >= 5)
        versions = [one.version for one in told]
        assert len(set(versions)) == len(versions)
        for number in (1, 2):
            own = [one.version for one in told if one.number == number]
            assert own == sorted(own)

    def test_saves_while_one_is_made_become_one_more(self, workspace: Workspace) -> None:
        may_go = threading.Event()
        taken: list[int] = []

        def slow(number: int, before: Snapshot) -> Snapshot:
            taken.append(number)
            assert may_go.wait(PATIENCE_SECONDS)
            return Snapshot(number=number, workspace=workspace)

        with snapshots(workspace, take=slow) as made:
            asked = made.ask(2)
            wait_until(lambda: taken)
            for _save in range(50):
                made.rebuild([2])
            may_go.set()
            asked.result(PATIENCE_SECONDS)
            wait_until(lambda: made.version == 2)
            time.sleep(0.1)
        assert taken == [2, 2]

    def test_a_save_during_the_very_first_one_is_not_missed(self, workspace: Workspace) -> None:
        has_read, may_go = threading.Event(), threading.Event()

        def slow(number: int, before: Snapshot) -> Snapshot:
            taken = take_snapshot(workspace.root, "/files/", number, before)
            has_read.set()
            assert may_go.wait(PATIENCE_SECONDS)
            return taken

        with snapshots(workspace, take=slow) as made:
            made.ask(2)
            assert has_read.wait(PATIENCE_SECONDS)
            save_news(workspace, "Saved meanwhile.")
            made.rebuild([2])
            may_go.set()
            wait_until(lambda: made.version == 2)
            shown = made.ask(2).result(PATIENCE_SECONDS).shown
        assert shown is not None
        assert "Saved meanwhile." in str(shown.rendered.renditions["email.txt"])

    def test_only_issues_that_are_looked_at_are_made(self, workspace: Workspace) -> None:
        with snapshots(workspace) as made:
            made.ask(2).result(PATIENCE_SECONDS)
            assert made.rebuild([1, 5]) == [1, 5]
            assert made.rebuild([2]) == []
            wait_until(lambda: made.version == 2)
            time.sleep(0.05)
            assert made.newest(1) is None

    def test_few_are_kept_and_the_others_made_anew_when_asked_for(self, workspace: Workspace) -> None:
        taken: list[int] = []

        def quick(number: int, before: Snapshot) -> Snapshot:
            taken.append(number)
            return Snapshot(number=number, workspace=workspace)

        numbers = list(range(1, KEPT_ISSUES + 2))
        with snapshots(workspace, take=quick) as made:
            for number in numbers:
                made.ask(number).result(PATIENCE_SECONDS)
            assert made.newest(1) is None
            assert made.ask(1).result(PATIENCE_SECONDS).number == 1
        assert taken == [*numbers, 1]

    def test_an_error_nobody_foresaw_is_shown_and_ends_nothing(self, workspace: Workspace) -> None:
        unexpected: list[BaseException] = []
        is_broken = [True]

        def faulty(number: int, before: Snapshot) -> Snapshot:
            if is_broken[0]:
                raise RuntimeError("ada@example.org")
            return take_snapshot(workspace.root, "/files/", number, before)

        with snapshots(workspace, take=faulty, on_unexpected=unexpected.append) as made:
            first = made.ask(2).result(PATIENCE_SECONDS)
            assert first.shown is None
            assert "RuntimeError" in first.faults[0].message
            assert "ada" not in first.faults[0].message
            is_broken[0] = False
            made.rebuild()
            wait_until(lambda: made.version == 2)
            assert made.ask(2).result(PATIENCE_SECONDS).shown is not None
        assert [type(error) for error in unexpected] == [RuntimeError]

    def test_the_end_lets_go_of_whoever_waits(self, workspace: Workspace) -> None:
        has_begun, may_go = threading.Event(), threading.Event()

        def endless(number: int, before: Snapshot) -> Snapshot:
            has_begun.set()
            may_go.wait(PATIENCE_SECONDS)
            return before

        with snapshots(workspace, take=endless) as made:
            waiting = made.ask(2)
            assert has_begun.wait(PATIENCE_SECONDS)
            threading.Timer(0.1, may_go.set).start()
        with pytest.raises(CancelledError):
            waiting.result(0)
        with pytest.raises(CancelledError):
            made.ask(1).result(0)

    def test_what_was_known_already_is_not_told_again(self, workspace: Workspace) -> None:
        told: list[Snapshot] = []
        with snapshots(workspace, on_snapshot=told.append) as made:
            made.ask(2).result(PATIENCE_SECONDS)
            for _round in range(3):
                made.learn(2, LinkReport(outcomes={"https://forms.example.org/tea": BROKEN}))
            made.learn(1, LinkReport())
        assert len(told) == 2

    def test_what_was_learnt_of_links_survives_a_save_at_the_same_time(self, workspace: Workspace) -> None:
        save_news(workspace, "[gone](https://gone.example.com/)")
        has_read, may_go = threading.Event(), threading.Event()
        may_go.set()

        def slow(number: int, before: Snapshot) -> Snapshot:
            taken = take_snapshot(workspace.root, "/files/", number, before)
            has_read.set()
            assert may_go.wait(PATIENCE_SECONDS)
            return taken

        with snapshots(workspace, take=slow) as made:
            made.ask(2).result(PATIENCE_SECONDS)
            has_read.clear()
            may_go.clear()
            made.rebuild()
            assert has_read.wait(PATIENCE_SECONDS)
            made.learn(2, LinkReport(outcomes={"https://gone.example.com/": BROKEN}))
            assert "link-broken" in rules(made.ask(2).result(PATIENCE_SECONDS))
            may_go.set()
            wait_until(lambda: made.version == 3)
            assert "link-broken" in rules(made.ask(2).result(PATIENCE_SECONDS))


class Links:
    """A link checker that is told what to answer, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.may_go = threading.Event()
        self.may_go.set()
        self.stopped = 0
        self.error: Exception | None = None

    def __call__(self, workspace: Workspace, places: Any, is_stopped: Callable[[], bool]) -> LinkReport:
        self.asked.append({place.url for place in places if "example.com" in place.url})
        while not self.may_go.wait(0.01):
            if is_stopped():
                self.stopped += 1
                raise Stopped
        if self.error is not None:
            raise self.error
        return LinkReport(outcomes=dict.fromkeys((place.url for place in places), BROKEN))


@contextmanager
def rounds(links: Links, **options: Any) -> Iterator[tuple[LinkRounds, list[tuple[int, LinkReport]]]]:
    told: list[tuple[int, LinkReport]] = []
    made = LinkRounds(lambda number, report: told.append((number, report)), check=links, pause_seconds=0.05, **options)
    made.start()
    try:
        yield made, told
    finally:
        made.stop()


class TestLinkRounds:
    def test_the_same_addresses_are_asked_once(self, workspace: Workspace) -> None:
        links = Links()
        with rounds(links) as (made, told):
            for text in ("[a](https://a.example.com/)", "Else: [b](https://a.example.com/)"):
                save_news(workspace, text)
                made.ask(take(workspace))
                wait_until(lambda: told)
                time.sleep(0.15)
        assert links.asked == [{"https://a.example.com/"}]
        assert [number for number, _report in told] == [2]

    def test_saves_in_a_row_are_asked_about_when_it_is_quiet(self, workspace: Workspace) -> None:
        links = Links()
        with rounds(links) as (made, told):
            saved = []
            for letter in "abc":
                save_news(workspace, f"[x](https://{letter}.example.com/)")
                saved.append(take(workspace))
            for snapshot in saved:
                made.ask(snapshot)
            wait_until(lambda: told)
            time.sleep(0.15)
        assert links.asked == [{"https://c.example.com/"}]

    def test_a_round_for_addresses_of_yesterday_is_given_up(self, workspace: Workspace) -> None:
        links = Links()
        links.may_go.clear()
        with rounds(links) as (made, told):
            save_news(workspace, "[x](https://slow.example.com/)")
            made.ask(take(workspace))
            wait_until(lambda: links.asked)
            save_news(workspace, "[x](https://new.example.com/)")
            made.ask(take(workspace))
            wait_until(lambda: links.stopped == 1)
            links.may_go.set()
            wait_until(lambda: told)
        assert links.asked[-1] == {"https://new.example.com/"}

    def test_two_issues_side_by_side_are_both_asked_about(self, workspace: Workspace) -> None:
        links = Links()
        with rounds(links) as (made, told):
            for number in (1, 2):
                made.ask(take(workspace, number))
            wait_until(lambda: len(told) == 2)
        assert sorted(number for number, _report in told) == [1, 2]

    @pytest.mark.parametrize("error", [ConfigError("a pattern"), OSError("a disk"), RuntimeError("a fault")])
    def test_what_goes_wrong_leaves_the_links_unchecked(self, workspace: Workspace, error: Exception) -> None:
        links, unexpected = Links(), list[BaseException]()
        links.error = error
        with rounds(links, on_unexpected=unexpected.append) as (made, told):
            made.ask(take(workspace))
            wait_until(lambda: links.asked)
            links.error = None
            made.ask(take(workspace, 1))
            wait_until(lambda: told)
        assert [number for number, _report in told] == [1]
        assert unexpected == ([error] if isinstance(error, RuntimeError) else [])

    def test_without_a_network_the_next_save_asks_again(self, workspace: Workspace) -> None:
        links, told = Links(), list[LinkReport]()

        def check(*arguments: Any) -> LinkReport:
            return replace(links(*arguments), problem=LinkProblem.NO_NETWORK if len(links.asked) == 1 else None)

        made = LinkRounds(lambda _number, report: told.append(report), check=check, pause_seconds=0.02)
        made.start()
        for count in (1, 2, 2):
            made.ask(take(workspace))
            wait_until(lambda count=count: len(told) == count)  # type: ignore[misc]
            time.sleep(0.1)
        made.stop()
        assert [report.problem for report in told] == [LinkProblem.NO_NETWORK, None]

    def test_the_end_stops_a_round_at_once(self, workspace: Workspace) -> None:
        links = Links()
        links.may_go.clear()
        with rounds(links) as (made, told):
            made.ask(take(workspace))
            wait_until(lambda: links.asked)
        # It would have gone on for ever.
        assert links.stopped == 1
        assert told == []

    def test_an_issue_that_cannot_be_rendered_is_not_asked_about(self, workspace: Workspace) -> None:
        links = Links()
        write(workspace.root / NEWS, "---\nstatus: soon\n---\n")
        with rounds(links) as (made, _told):
            made.ask(take(workspace))
            made.ask(take(workspace, 9))
            time.sleep(0.15)
        assert links.asked == []
