"""A list over the years: people, files, sources and sends in any order, compared with a model after each step.

`NL_YEARS=20` in the environment makes it twenty times as long.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from newsletter_cli.audience.importing import Additions
from newsletter_cli.audience.rights import export_person
from newsletter_cli.audience.select import parse_segment
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.deliver import failpoints
from newsletter_cli.deliver.ledger.deciding import Decision
from newsletter_cli.deliver.maildir import MaildirTransport
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.flows.audience import csv_source, open_audience, open_state, personal_records
from newsletter_cli.flows.list_export import run_purge
from newsletter_cli.flows.list_import import run_import
from newsletter_cli.flows.list_people import add_person, set_person, unsubscribe_people
from newsletter_cli.flows.list_rights import forget_people
from newsletter_cli.flows.list_suppression import export_suppression, import_suppression
from newsletter_cli.flows.list_sync import find_missing, noting, people_of_file, take_off
from newsletter_cli.flows.sending import choosing
from newsletter_cli.flows.sending.dry_run import run_dry
from newsletter_cli.flows.sending.job import SendOptions, Sent
from newsletter_cli.flows.sending.preparing import Prepared
from newsletter_cli.flows.sending.resolve import resolve_deliveries, resolve_rehearsal
from newsletter_cli.flows.sending.send import send_issue
from newsletter_cli.flows.sending.transport import ChosenTransport
from newsletter_cli.model.delivery import DeliveryState, Outgoing, Reply
from newsletter_cli.model.subscriber import Exclusion
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.clock import Clock
from tests.deliver.server.oracle import read_states
from tests.failures import fork, was_killed
from tests.flows.list_model import GONE, LEFT_DAYS, UNCONFIRMED_DAYS, FileRow, ListModel
from tests.flows.sending.newsletter import CONFIG, Editor, Newsletter, address_of, parse
from tests.flows.sending.test_dry_run_and_send import prepared_once
from tests.samples import sample
from tests.workspaces import write

PHASES = (Phase.generate, Phase.shrink)
TIMES = int(os.environ.get("NL_YEARS", "1"))
SERVER = "smtp://127.0.0.1:2525"
LIST = '[send]\nsend_by_hours = 0\n[send.smtp]\nconnections = 1\n[list]\nsource = "{source}"\n'
# Waiting for a disk is for those who fear a power cut.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Few, so that much happens to each.
NAMES = ("ada", "ben", "cleo")
# A second process is a copy of this one.
CAN_FORK = hasattr(os, "fork")

address = st.sampled_from([f"{name}@example.org" for name in NAMES])
addresses = st.lists(address, min_size=1, max_size=2, unique=True)
group = st.sampled_from(["", "", "proof"])
part = st.sampled_from(["", "", "", "proof"])
how = st.sampled_from(["", "a mail"])
status = st.sampled_from(["", "", "confirmed", "unconfirmed", *GONE])
rows = st.lists(st.builds(FileRow, address, status, group), min_size=1, max_size=4)
number = st.integers(1, 3)
boundary = st.sampled_from(
    ["before-freeze-commit", "after-freeze", "before-claim", "after-claim", "before-attempting-commit",
     "after-attempting-commit", "after-sent-commit", "before-end"]
)  # fmt: skip


class Server(MaildirTransport):
    """Stands for a mail server that takes everything; `on_message` is called before each message that it is handed."""

    def __init__(self, path: Path, on_message: Callable[[Outgoing], None]) -> None:
        super().__init__(path, SERVER)
        self._on_message = on_message

    def hand(self, connection: int, message: Outgoing) -> None:
        self._on_message(message)
        super().hand(connection, message)

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        queued = Reply(250, "queued")
        return [
            one._replace(reply=queued) if one.kind is Happened.SENT else one for one in super().poll(timeout_seconds)
        ]


class Neighbour:
    """A second process, which takes somebody off the list when it is told to."""

    def __init__(self, workspace: Workspace, whom: str) -> None:
        # Made before anything is open here: no lock and no database goes with it.
        (self._theirs, self._ours), (self._answer, self._answers) = os.pipe(), os.pipe()
        self._process = fork()
        if not self._process:
            status = 1
            try:
                os.close(self._ours)
                if os.read(self._theirs, 1):
                    unsubscribe_people(workspace, [whom], override=None)
                    os.write(self._answers, b".")
                status = 0
            finally:
                os._exit(status)
        os.close(self._theirs)
        os.close(self._answers)

    def act(self) -> None:
        os.write(self._ours, b".")
        assert os.read(self._answer, 1) == b".", "the second process failed"

    def end(self) -> None:
        os.close(self._ours)
        os.close(self._answer)
        assert os.waitpid(self._process, 0)[1] == 0


def in_killed_process(run: Callable[[], object], *, at: str, time: int) -> bool:
    """Run it in a process that ends at that boundary by SIGKILL; whether it got there."""
    process = fork()
    if not process:
        try:
            failpoints._name, failpoints._left = at, time
            run()
        finally:
            os._exit(0)
    return was_killed(os.waitpid(process, 0)[1])


def open_chosen(chosen: ChosenTransport, years: Years) -> MaildirTransport:
    """A folder, or what stands for a server."""
    if chosen.is_embedded:
        return MaildirTransport(years.folder / f"rehearsal-{years.files}", "maildir:rehearsal")
    return Server(years.server(years.number), years.hear)


class Preparation:
    """The issue as it was prepared once: what it is made of is the business of others."""

    made: Prepared

    def __init__(self, *about: Any) -> None: ...

    def __enter__(self) -> Preparation:
        return self

    def __exit__(self, *error: object) -> None: ...

    def result(self) -> Prepared:
        return self.made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    return Newsletter(tmp_path_factory.mktemp("made") / "w", config=LIST.format(source="managed"), people="email\n")


class Years(RuleBasedStateMachine):
    """Each rule does one thing to `nl` and to the model."""

    newsletter: Newsletter

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="nl-years-", dir=MEMORY))
        self.root = self.folder / "w"
        shutil.copytree(self.newsletter.root, self.root)
        self.workspace = open_workspace(self.root)
        self.model = ListModel()
        self.clock = Clock(datetime(2027, 1, 1, 10, tzinfo=UTC))
        self.clock.start()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(choosing, "Preparation", Preparation)
        self.patch.setattr(ChosenTransport, "open", partialmethod(open_chosen, self))
        self.number = 0
        self.handed: list[str] = []
        self.neighbour: Neighbour | None = None
        self.exported: list[tuple[Path, list[tuple[str, str, str]]]] = []
        self.files, self.turn = 0, 0
        self.write_list([FileRow("zoe@example.org")])
        self.pass_time()

    def teardown(self) -> None:
        self.patch.undo()
        self.clock.stop()
        shutil.rmtree(self.folder)

    def hear(self, message: Outgoing) -> None:
        """A message is about to be handed to the server: the first one may have somebody leave."""
        self.handed.append(message.recipient)
        if self.neighbour is not None and len(self.handed) == 1:
            self.neighbour.act()

    def server(self, number: int) -> Path:
        return self.folder / f"server-{number}"

    def pass_time(self, **by: float) -> None:
        self.clock.move(**(by or {"hours": 1}))
        self.model.now = self.clock.told()

    def new_file(self, text: str = "") -> Path:
        self.files += 1
        path = self.folder / f"file-{self.files}.csv"
        return write(path, text) if text else path

    def write_list(self, people: Sequence[FileRow]) -> None:
        unlike = list({row.address: row for row in people}.values())
        self.model.file = unlike
        write(self.root / "list.csv", text_of(unlike, has_status=True))

    def obeys(self, run: Callable[[], object]) -> bool:
        """Whether `nl` does it, or refuses it with a word."""
        try:
            return run() is not None
        except NewsletterError:
            return False

    @initialize(people=st.lists(status, min_size=3, max_size=3))
    def begin(self, people: list[str]) -> None:
        """Everybody is on the list, as whatever they are."""
        everybody = [FileRow(f"{name}@example.org", status) for name, status in zip(NAMES, people, strict=True)]
        self.take_in(everybody, True, "", "", False)

    # Time and sources

    @rule(days=st.sampled_from([1, 30, 100, 366, 400]))
    def later(self, days: int) -> None:
        self.pass_time(days=days)

    @rule(source=st.sampled_from(["managed", "csv"]))
    def keep_the_list_in(self, source: str) -> None:
        self.model.source = source
        write(self.root / "newsletter.toml", CONFIG + LIST.format(source=source))
        self.workspace = open_workspace(self.root)

    @rule(people=rows)
    def change_the_file(self, people: list[FileRow]) -> None:
        self.write_list(people)

    # People

    @rule(who=address, how=how, group=group, is_confirmed=st.sampled_from([True, True, False]))
    def add(self, who: str, how: str, group: str, is_confirmed: bool) -> None:
        self.pass_time()
        done = self.obeys(
            lambda: add_person(
                self.workspace, who, name="", groups=(group,) if group else (), attributes=(), consent_how=how,
                consent_at="", is_confirmed=is_confirmed,
            )
        )  # fmt: skip
        assert done == self.model.add(who, how=how, group=group, is_confirmed=is_confirmed)

    @rule(who=address)
    def come_back(self, who: str) -> None:
        self.add(who, "a newer mail", "", True)

    @rule(who=address, is_in=st.booleans())
    def change_group(self, who: str, is_in: bool) -> None:
        self.pass_time()
        put, take = (("proof",), ()) if is_in else ((), ("proof",))
        done = self.obeys(
            lambda: set_person(self.workspace, who, name=None, groups=put, not_groups=take, attributes=())
        )
        assert done == self.model.change_group(who, "proof", is_in=is_in)

    @rule(who=addresses)
    def unsubscribe(self, who: list[str]) -> None:
        self.pass_time()
        known = [one for one in who if self.model.knows(one)]
        done = unsubscribe_people(self.workspace, who, override=None)
        assert (done.asked, done.is_complete) == (len(known), known == who)
        for one in known:
            self.model.leave(one)

    @rule(number=number, data=st.data())
    def unsubscribe_by_token(self, number: int, data: st.DataObject) -> None:
        messages = sorted(self.server(number).glob("new/*"))
        if messages:
            message = parse(data.draw(st.sampled_from(messages)))
            token = str(message["List-Unsubscribe"]).split("=")[-1].strip("<>").split("%20")[-1]
            who, is_known = address_of(message), False
            if who in self.model.issues[number].states:
                is_known = True
                self.pass_time()
                self.model.leave(who)
            assert unsubscribe_people(self.workspace, [token], override=None).is_complete == is_known

    @rule(who=addresses)
    def forget(self, who: list[str]) -> None:
        self.pass_time()
        known = [one for one in who if self.model.knows(one)]
        done = forget_people(self.workspace, who, override=None)
        assert (done.people, done.is_complete) == (len(known), known == who)
        for one in known:
            self.model.forget(one)

    @rule()
    def purge(self) -> None:
        self.pass_time()
        _counts, is_gone = run_purge(self.workspace)
        assert is_gone
        self.model.purge(
            left_before=self.clock.told(days_ago=LEFT_DAYS),
            unconfirmed_before=self.clock.told(days_ago=UNCONFIRMED_DAYS),
        )

    # Files

    @rule(people=rows, has_status=st.booleans(), how=how, group=group, is_syncing=st.sampled_from([False, False, True]))
    def take_in(self, people: list[FileRow], has_status: bool, how: str, group: str, is_syncing: bool) -> None:
        self.pass_time()
        if not has_status:
            people = [FileRow(row.address, "", row.group) for row in people]
        source = csv_source(self.workspace, self.new_file(text_of(people, has_status=has_status)))
        additions = Additions(consent_how=how, groups=(group,) if group else ())
        self.model.take_in(people, how=how, group=group)
        with people_of_file(True) as seen:
            assert seen is not None
            done = run_import(self.workspace, source, additions=additions, rejects=None, on_person=noting(seen))
            assert not done.has_faults
            if is_syncing:
                missing, obstacle = find_missing(self.workspace, done, seen)
                assert not obstacle
                take_off(self.workspace, missing)
                assert {one for one, _address in missing} == self.model.synchronise(people)

    @rule()
    def export_suppressed(self) -> None:
        path = self.new_file()
        known = [(who, reason, since) for who, (reason, since) in self.model.suppressed.items()]
        assert export_suppression(self.workspace, path) == len(known)
        self.exported.append((path, known))

    @precondition(lambda self: self.exported)
    @rule(data=st.data(), has_since=st.sampled_from([True, True, False]))
    def import_suppressed(self, data: st.DataObject, has_since: bool) -> None:
        self.pass_time()
        path, people = data.draw(st.sampled_from(self.exported))
        if not has_since:
            lines = path.read_text().splitlines()
            path = self.new_file("\n".join(line.rpartition(",")[0] if line[0] != "#" else line for line in lines))
        self.model.suppress_again(people, has_since=has_since)
        import_suppression(self.workspace, path)

    @rule(people=rows, is_telling=st.booleans())
    def import_those_who_left(self, people: list[FileRow], is_telling: bool) -> None:
        self.pass_time()
        self.model.suppress_rows(people, is_telling=is_telling)
        import_suppression(self.workspace, self.new_file(text_of(people, has_status=is_telling)))

    # Sends

    def send(self, number: int, part: str, *, transport: str = SERVER, **options: Any) -> Sent:
        self.number, segment = number, parse_segment(f"group:{part}") if part else None
        wanted = SendOptions(segment=segment, transport=transport, **options)
        return send_issue(self.workspace, number, wanted, Editor())

    @rule(number=number, part=part, has_newcomers=st.booleans(), limit=st.sampled_from([None, None, 1, 2]),
          leaver=st.one_of(st.none(), address))  # fmt: skip
    def send_it(self, number: int, part: str, has_newcomers: bool, limit: int | None, leaver: str | None) -> None:
        self.pass_time()
        is_heard = leaver is not None and CAN_FORK and self.model.knows(leaver)
        self.handed.clear()
        self.neighbour = Neighbour(self.workspace, leaver) if is_heard and leaver else None
        done = self.obeys(lambda: self.send(number, part, has_newcomers=has_newcomers, limit=limit))
        if self.neighbour is not None:
            self.neighbour.end()
        has_left, self.neighbour = bool(self.neighbour and self.handed), None
        assert done == self.model.plan(number, part=part, has_newcomers=has_newcomers)
        if not done:
            return
        issue = self.model.issues[number]
        waiting, new = issue.those("pending"), self.newly_written(number)
        assert new <= waiting
        if has_left and leaver:
            self.model.leave(leaver)
            assert leaver not in new - {self.handed[0]}
            if leaver in waiting - new:
                issue.states[leaver] = {"refused": "left"}.get(self.states(number)[leaver], "pending")
                waiting -= {leaver}
        assert len(new) == min(limit or len(waiting), len(waiting)) or (has_left and limit)
        issue.states |= dict.fromkeys(new, "sent")

    @precondition(lambda self: CAN_FORK)
    @rule(number=number, at=boundary, time=st.integers(1, 2), is_resent=st.booleans())
    def send_and_be_killed(self, number: int, at: str, time: int, is_resent: bool) -> None:
        self.pass_time()
        before = dict(self.model.issues[number].states) if number in self.model.issues else {}
        in_killed_process(lambda: self.send(number, ""), at=at, time=time)
        states = self.states(number)
        if not states and not before:
            return
        is_planned = self.model.plan(number, part="", has_newcomers=False)
        issue = self.model.issues.get(number)
        if issue is None or not is_planned:
            return
        new = self.newly_written(number)
        assert new <= issue.those("pending")
        assert set(states) == set(issue.states) or set(states) == set(before)
        if set(states) != set(issue.states):
            issue.parts.pop()
            issue.states = {who: issue.states[who] for who in before}
        issue.states |= dict.fromkeys(new, "sent")
        self.pass_time()
        confirm: Callable[[int], None] = lambda count: None  # noqa: E731
        # Decided by what stands in the mailboxes.
        doubtful = {who for who, state in self.states(number).items() if state in {"attempting", "in_doubt"}}
        for who in doubtful:
            decision = Decision.SENT if who in new else Decision.RESEND if is_resent else Decision.SKIP
            resolve_deliveries(
                self.workspace, number, DeliveryState.IN_DOUBT, decision, addresses=[who], confirm=confirm
            )
            if who not in new:
                issue.states[who] = "pending" if is_resent else "skipped"
        for who, state in states.items():
            if state in {"pending", "claimed"}:
                assert issue.states[who] in {"pending", "left"}
                issue.states[who] = "pending"

    @rule(number=number, limit=st.sampled_from([None, 2]))
    def rehearse(self, number: int, limit: int | None) -> None:
        if number in self.model.issues:
            return
        self.pass_time()
        self.files += 1
        done = self.obeys(lambda: self.send(number, "", transport="maildir:rehearsal", limit=limit))
        assert done == self.model.plan(number, part="", has_newcomers=False)
        if done:
            resolve_rehearsal(self.workspace, number, confirm=lambda count: None)

    @rule(part=part)
    def look(self, part: str) -> None:
        """A dry run of an issue that nobody has had."""
        outbox, segment = self.folder / f"outbox-{self.files}", parse_segment(f"group:{part}") if part else None
        self.files += 1
        done = run_dry(self.workspace, 9, SendOptions(segment=segment, transport=SERVER), outbox=outbox)
        written = [address_of(parse(path)) for path in outbox.glob("*.eml")]
        assert sorted(written) == sorted(self.model.recipients(part))
        assert bool(done.problems) == (not written)

    def states(self, number: int) -> dict[str, str]:
        return {
            who: state for who, state in read_states(self.root / "state", number).items() if not who.startswith("@")
        }

    def newly_written(self, number: int) -> set[str]:
        """To whom messages came that the model knows nothing of yet; nobody was written to twice."""
        written = Counter(address_of(parse(path)) for path in self.server(number).glob("new/*"))
        known = self.__dict__.setdefault(f"_written_{number}", Counter())
        new = written - known
        assert set(new.values()) <= {1}
        known.update(new)
        return set(new)

    # What holds after each step

    @invariant()
    def each_is_written_to_or_not_for_the_right_reason(self) -> None:
        with open_audience(self.workspace) as audience:
            for part in ("", "proof"):
                decided = {
                    one.key: str(one.reason) if isinstance(one, Exclusion) else ""
                    for one in audience.select(parse_segment(f"group:{part}") if part else None)
                }
                assert decided == self.model.decisions(part)

    @invariant()
    def what_is_known_of_each_is_what_was_said(self) -> None:
        with open_state(self.workspace) as store:
            # One at each step, in turn: it takes its time.
            self.turn += 1
            for who in [f"{NAMES[self.turn % len(NAMES)]}@example.org"]:
                told = export_person(store, who, personal_records(self.workspace))
                assert self.in_short(told) == self.expected(who)

    @staticmethod
    def in_short(told: dict[str, Any]) -> dict[str, Any]:
        member, suppressed = told["subscriber"], told["suppressed"]
        # What a killed send had claimed waits, and the next one says so.
        names = {"claimed": "pending"}
        return {
            "member": member and (member["status"], set(member["groups"]), member["consent"]["how"], member["left_at"]),
            "suppressed": suppressed and (suppressed["reason"], suppressed["since"]),
            "consents": [one["at"] for one in told["readmissions"]],
            "issues": {one["issue"]: names.get(one["state"], one["state"]) for one in told.get("deliveries", ())},
        }

    def expected(self, who: str) -> dict[str, Any]:
        member = self.model.members.get(who)
        names = {"left": "refused", "skipped": "refused"}
        return {
            "member": member and (member.status, member.groups, member.how, member.left_at),
            "suppressed": self.model.suppressed.get(who),
            "consents": self.model.consents.get(who, []),
            "issues": {
                number: names.get(issue.states[who], issue.states[who])
                for number, issue in sorted(self.model.issues.items())
                if who in issue.states
            },
        }

    @invariant()
    def of_the_erased_nothing_is_left(self) -> None:
        gone = {who.encode() for who in self.model.erased()}
        for path in (self.root / "state").rglob("*") if gone else ():
            content = path.read_bytes() if path.is_file() else b""
            assert not [who for who in gone if who in content], path


def text_of(people: Sequence[FileRow], *, has_status: bool) -> str:
    """The rows as a CSV file."""
    head = "email;status;groups\n" if has_status else "email;groups\n"
    return head + "".join(
        f"{row.address};{row.status};{row.group}\n" if has_status else f"{row.address};{row.group}\n" for row in people
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no second process without fork")
@pytest.mark.parametrize("lists", sample([8, 40], 8))
def test_a_list_over_the_years(made: Newsletter, lists: int) -> None:
    Preparation.made = prepared_once(made.root)

    class Ours(Years):
        newsletter = made

    run_state_machine_as_test(
        Ours,
        settings=settings(
            deadline=None,
            derandomize=TIMES == 1,
            max_examples=lists * TIMES,
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
