"""What a dry run says is what the send that follows does, whatever the list, the ledger and the options."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import NewsletterError, NotReady, StorageError, UsageError
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.maildir import MaildirTransport
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.sending import choosing
from newsletter_cli.flows.sending.job import Question
from newsletter_cli.flows.sending.preparing import Prepared, prepare
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.flows.sending.resolve import resolve_rehearsal
from newsletter_cli.flows.sending.transport import ChosenTransport
from newsletter_cli.model.delivery import Outgoing, Reply
from tests.flows.sending.newsletter import Editor, Newsletter
from tests.workspaces import tree

SERVER = "smtp://127.0.0.1:2525"
PERSONAL = '[personal]\ngreeting = "Hello {first_name},"\n[[personal.fields]]\nname = "first_name"\n'
# The name says what becomes of their message: r is refused, d is put off.
NAMES = ("ada", "ben", "rob", "dot", "zoe")


class Server(MaildirTransport):
    """Stands for a mail server that refuses some and puts off others."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SERVER)
        self._recipients: dict[int, str] = {}

    def hand(self, connection: int, message: Outgoing) -> None:
        self._recipients[message.row] = message.recipient
        super().hand(connection, message)

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        return [self._answered(event) for event in super().poll(timeout_seconds)]

    def _answered(self, event: ConnectionEvent) -> ConnectionEvent:
        if event.kind is not Happened.SENT:
            return event
        first = self._recipients[event.row][0]
        kind = {"r": Happened.REFUSED, "d": Happened.DEFERRED}.get(first, Happened.SENT)
        code = {Happened.REFUSED: 550, Happened.DEFERRED: 450, Happened.SENT: 250}[kind]
        return event._replace(kind=kind, reply=Reply(code, "an answer"))


@dataclass
class World:
    """The newsletter, and what its issue is like just now."""

    newsletter: Newsletter
    problems: tuple[SendProblem, ...] = ()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    """Assembled once: what the issue is made of is the business of others."""
    return Newsletter(tmp_path_factory.mktemp("made") / "w", config=PERSONAL)


def people() -> st.SearchStrategy[str]:
    row = st.tuples(
        st.sampled_from([f"{name}@example.org" for name in NAMES] + ["not one", "ADA@example.org"]),
        st.sampled_from(["Some", "Some", "Some", ""]),
        st.sampled_from(["", "", "proof"]),
        st.sampled_from(["", "", "", "unsubscribed"]),
    )
    return st.lists(row, max_size=6).map(
        lambda rows: "email;first_name;groups;status\n" + "".join(";".join(row) + "\n" for row in rows)
    )


OPTIONS = st.fixed_dictionaries(
    {"transport": st.sampled_from([None, SERVER])},
    optional={
        "to": st.sampled_from(["group:proof"]),
        "limit": st.just(1),
        "has_newcomers": st.just(True),
        "is_afresh": st.just(True),
        "is_anyway": st.just(True),
        "accepted": st.sampled_from([("unbuildable",), ("unbuildable",), ("no-such-rule",)]),
        "send_by": st.sampled_from([datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)]),
    },
)
MEANWHILE = st.sampled_from(["nothing", "nothing", "unrehearsed", "suppressed", "killed", "late", "faulty", "old"])
STEPS = st.lists(st.tuples(people(), MEANWHILE, OPTIONS), min_size=1, max_size=4)


# Held, and another part asked for while somebody waits.
@example(
    steps=[
        (
            "email;first_name;groups;status\nada@example.org;Some;;\ndot@example.org;Some;;\n",
            "nothing",
            {"transport": "smtp://127.0.0.1:2525"},
        ),
        ("email;first_name;groups;status\n", "nothing", {"transport": None, "to": "group:proof"}),
    ]
)
@given(steps=STEPS)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_what_a_dry_run_says_a_send_does(
    made: Newsletter, tmp_path_factory: pytest.TempPathFactory, steps: Any
) -> None:
    root = tmp_path_factory.mktemp("run") / "w"
    shutil.copytree(made.root, root)
    world = World(made)
    with Prearranged(world, root) as newsletter:
        for rows, meanwhile, options in steps:
            newsletter.list(rows)
            happen(meanwhile, world, newsletter)
            compare(newsletter, **options)
    shutil.rmtree(root.parent)


class Prearranged:
    """The issue is prepared without another process, and no server is there."""

    def __init__(self, world: World, root: Path) -> None:
        self.world, self.root = world, root
        self.patch = pytest.MonkeyPatch()

    def __enter__(self) -> Newsletter:
        world, opens = self.world, ChosenTransport.open

        class Preparation:
            def __init__(self, *about: Any) -> None: ...
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *error: object) -> None: ...
            def result(self) -> Prepared:
                done = prepared_once(world.newsletter.root)
                return Prepared(
                    problems=world.problems,
                    subject=done.subject,
                    sender=done.sender,
                    content_hash=done.content_hash,
                    template=done.template,
                    parts=done.parts,
                )

        self.patch.setattr(choosing, "Preparation", Preparation)
        self.patch.setattr(
            ChosenTransport,
            "open",
            lambda chosen: opens(chosen) if chosen.is_embedded else Server(self.root / "state" / "server"),
        )
        newsletter = Newsletter.__new__(Newsletter)
        newsletter.root = self.root
        return newsletter

    def __exit__(self, *error: object) -> None:
        self.patch.undo()


@cache
def prepared_once(root: Path) -> Prepared:
    return prepare(root, 1, datetime(2026, 1, 1, tzinfo=UTC), ())


def happen(what: str, world: World, newsletter: Newsletter) -> None:
    """Something that may come between two sends."""
    world.problems = (
        (SendProblem(code="stale", message="changed since", place="build/001"),) if what == "faulty" else ()
    )
    if not (newsletter.state / "ledger.db").exists():
        return
    if what == "unrehearsed" and newsletter.states():
        resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
    elif what == "suppressed":
        with open_state(newsletter.workspace) as store, store.transaction():
            Suppression(store).add(["ben@example.org"], reason="unsubscribed", now="2026-01-01T00:00:00Z")
    elif what == "old":
        (newsletter.state / "ledger.mark").write_text("100000\n")
    else:
        statement = {
            "killed": "UPDATE delivery SET state = CASE id % 2 WHEN 0 THEN 'claimed' ELSE 'attempting' END"
            " WHERE state = 'pending'",
            "late": "UPDATE wave SET send_by = '2020-01-01T00:00:00Z'",
        }.get(what)
        if statement is not None:
            with closing(open_database(newsletter.state)) as connection:
                connection.execute(statement)


def outcome(run: Any) -> tuple[Any, NewsletterError | None]:
    try:
        return run(), None
    except NewsletterError as error:
        return None, error


def compare(newsletter: Newsletter, **options: Any) -> None:
    """Run dry, then send, and lay the one beside the other."""
    before = kept(newsletter)
    dry, refused_dry = outcome(lambda: newsletter.dry(**options))
    assert kept(newsletter) == before
    states = newsletter.states() if before else {}
    editor = Editor()
    sent, refused = outcome(lambda: newsletter.send(editor=editor, **options))
    event(f"{type(refused_dry or refused).__name__}: {[one.code for one in dry.problems] if dry else refused_dry}")
    if refused_dry is not None:
        assert (type(refused), str(refused)) == (type(refused_dry), str(refused_dry))
        return
    if dry.problems:
        assert refused is not None
        assert dry.problems[0].message in refused.message
        assert set(newsletter.states()) == set(states)
        return
    assert refused is None, str(refused)
    event(f"sent to {dry.recipients}, {dry.waiting} from before, afresh: {bool(options.get('is_afresh'))}")
    told = dry.as_dict()
    report = newsletter.report().as_dict() if sent.report.freezes else sent.report.as_dict()
    assert (told["candidates"], told["excluded"]) == (report["candidates"], report["excluded"])
    assert told["recipients"] == sent.tally.total
    assert told["recipients"] == told["messages_verified"] + told["unbuildable"]
    assert told["this_run"] == min(told["recipients"], options.get("limit") or told["recipients"])
    assert_same_question(dry, editor.questions)
    if "limit" not in options:
        assert sent.tally.done == told["recipients"]
        assert sent.tally.refused >= told["unbuildable"]
        assert sent.tally.refused - told["unbuildable"] <= 1  # rob is refused by the server


def assert_same_question(dry: Any, questions: list[Question]) -> None:
    assert bool(questions) == bool(dry.recipients)
    for one in questions:
        assert (one.waiting, one.first, one.last) == (dry.recipients, dry.first, dry.last)
        assert Counter(one.excluded) == Counter({str(reason): count for reason, count in dry.excluded.items()})
        assert (one.subject, one.sender, one.list_name) == (dry.subject, dry.sender, dry.list_name)


def kept(newsletter: Newsletter) -> dict[str, bytes]:
    """All that is in `state/`, but for the messages to look at and the logs of databases."""
    if not newsletter.state.exists():
        return {}
    return {
        name: content
        for name, content in tree(newsletter.state).items()
        if not name.startswith(("dry-run", "outbox", "server")) and not name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def newsletter(made: Newsletter, tmp_path: Path) -> Iterator[Newsletter]:
    shutil.copytree(made.root, tmp_path / "w")
    with Prearranged(World(made), tmp_path / "w") as newsletter:
        newsletter.list("email;first_name\n" + "".join(f"{name}@example.org;Some\n" for name in NAMES))
        yield newsletter


def test_the_server_of_this_file_refuses_and_puts_off(newsletter: Newsletter) -> None:
    sent = newsletter.send(transport=SERVER)
    assert (sent.tally.sent, sent.tally.refused, sent.tally.deferred) == (3, 1, 1)


def test_those_who_wait_from_before_are_told_and_verified(newsletter: Newsletter) -> None:
    newsletter.send(limit=2)
    newsletter.list("email;first_name\nada@example.org;Some\nnew@example.org;Some\n")
    resumed, afresh, more = newsletter.dry(), newsletter.dry(is_afresh=True), newsletter.dry(has_newcomers=True)
    assert (resumed.recipients, resumed.waiting, resumed.messages.verified) == (3, 3, 3)
    assert (resumed.first, resumed.last) == ("rob@example.org", "zoe@example.org")
    assert "as it was when the send began" in " ".join(resumed.notes)
    assert (afresh.recipients, afresh.waiting, afresh.last) == (1, 0, "new@example.org")
    assert (more.recipients, more.waiting, more.last) == (4, 3, "new@example.org")


@pytest.mark.parametrize("rows", ["ada@example.org;Some;proof\n", "zoe@example.org;Some;proof\n"])
def test_whoever_waits_from_before_is_named_whoever_is_chosen_now(newsletter: Newsletter, rows: str) -> None:
    header = "email;first_name;groups\n"
    newsletter.list(f"{header}ada@example.org;Some;proof\ndot@example.org;Some;proof\n")
    newsletter.send(to="group:proof", transport=SERVER)
    newsletter.list(header + rows)
    options: Any = {"to": "group:proof", "transport": SERVER, "is_afresh": True, "limit": 1, "is_anyway": True}
    dry, editor = newsletter.dry(**options), Editor()
    newsletter.send(editor=editor, **options)
    assert dry.first == "dot@example.org"
    assert_same_question(dry, editor.questions)


def test_it_waits_for_no_send_that_is_under_way(newsletter: Newsletter) -> None:
    newsletter.send(limit=1)
    with only_writer(newsletter.state), closing(open_database(newsletter.state)) as writing:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("UPDATE delivery SET state = 'sent'")
        done = newsletter.dry()
        writing.execute("ROLLBACK")
    assert (done.recipients, done.problems) == (4, [])
    assert "a send is under way here" in " ".join(done.notes)
    assert "under way" not in " ".join(newsletter.dry().notes)


def test_without_a_state_it_makes_the_messages_to_look_at_and_nothing_else(newsletter: Newsletter) -> None:
    shutil.rmtree(newsletter.state)
    assert newsletter.dry().recipients == 5
    assert set(tree(newsletter.state)) == {f"dry-run/001/{number:06d}.eml" for number in (1, 2, 3)}


def test_a_state_that_cannot_be_written(newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch) -> None:
    newsletter.send(limit=1)

    def refuse(workspace: Any, name: str) -> Path:
        raise StorageError("the system refused: Read-only file system", file="state")

    monkeypatch.setattr("newsletter_cli.workspace.folder.Workspace.private_folder", refuse)
    monkeypatch.setattr("newsletter_cli.audience.copying.is_writable", lambda path: False)
    monkeypatch.setattr("newsletter_cli.audience.store.is_writable", lambda path: False)
    done = newsletter.dry()
    assert (done.recipients, done.problems, done.written) == (4, [], 0)
    assert "no messages to look at were written" in " ".join(done.notes)


def test_the_command_it_proposes_has_all_that_was_given(newsletter: Newsletter) -> None:
    done = newsletter.dry(
        to="first_name=Some", transport=SERVER, accepted=("unbuildable",), limit=2, patience_seconds=90.0,
        has_newcomers=True, is_afresh=True, is_anyway=True, send_by=datetime(2100, 1, 1, tzinfo=UTC),
        directory="a folder",
    )  # fmt: skip
    assert done.command == (
        f"nl -C 'a folder' send 1 --to 'first name=some' --transport {SERVER} --accept=unbuildable --limit 2"
        " --retry-deferred-for 90s --send-by 2100-01-01T00:00:00+00:00 --newcomers --afresh --anyway"
    )
    assert (done.recipients, done.this_run, done.send_by[:4]) == (5, 2, "2100")


def test_whoever_can_have_no_message_stops_a_send_until_somebody_says_otherwise(newsletter: Newsletter) -> None:
    newsletter.list("email;first_name\nada@example.org;\nben@example.org;Ben\nzoe@example.org;\n")
    assert [(one.code, one.row) for one in newsletter.dry().problems] == [("unbuildable", 2), ("unbuildable", 4)]
    with pytest.raises(NotReady, match="“first_name” is empty") as refused:
        newsletter.send()
    assert "--accept unbuildable" in (refused.value.hint or "")
    assert "row 4" in str(refused.value.also[0])
    assert newsletter.states() == {}
    done = newsletter.dry(accepted=("unbuildable",))
    assert (done.problems, done.messages.unbuildable) == ([], 2)
    assert newsletter.send(accepted=("unbuildable",)).tally.refused == 2
    assert newsletter.written_to() == ["ben@example.org"]


def test_a_rule_that_is_none_is_refused_also_when_a_send_goes_on(newsletter: Newsletter) -> None:
    newsletter.send(limit=1)
    for run in (newsletter.send, newsletter.dry):
        with pytest.raises(UsageError, match="no rule “bogus”") as refused:
            run(accepted=("bogus",))
        assert "bogus" not in (refused.value.hint or "")
    assert len(newsletter.written_to()) == 1
