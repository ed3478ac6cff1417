"""A send fetches who left first; where it cannot, it goes on only as long as what is known is not too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newsletter_cli.base.errors import StateElsewhere
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.doctor import diagnose
from newsletter_cli.flows.syncing.key import change_key
from newsletter_cli.flows.syncing.position import note_position, read_position
from tests.flows.sending.newsletter import Editor
from tests.flows.syncing.stage import ADA, BEN, CLEO, Stage
from tests.workspaces import tree

ZOE, TIM = "zoe@example.org", "tim@example.org"
MORE = f"email\n{ADA}\n{BEN}\n{CLEO}\n{ZOE}\n{TIM}\n"


def synced_ago(stage: Stage, **ago: float) -> None:
    stage.sync()
    with open_state(stage.newsletter.workspace) as store, store.transaction():
        moment = timestamp(datetime.now(UTC) - timedelta(**ago))
        note_position(store, replace(read_position(store), wishes_at=moment))


def is_away(stage: Stage) -> None:
    stage.stub.answer = lambda after: (503, {}, b"")


def test_it_fetches_by_itself_and_writes_to_nobody_who_left(stage: Stage) -> None:
    stage.newsletter.list(MORE.replace(BEN, ZOE, 1).replace(f"{ZOE}\n{TIM}", f"{BEN}\n{TIM}"))
    stage.click(BEN)
    editor = Editor()
    stage.newsletter.send(has_newcomers=True, editor=editor)
    assert stage.gone() == {BEN: "unsubscribed"}
    assert any("1 person was taken off the list" in note for note in editor.questions[0].notes)


def test_never_fetched_and_out_of_reach_is_held(stage: Stage) -> None:
    stage.newsletter.list(MORE)
    is_away(stage)
    with pytest.raises(StateElsewhere, match="never fetched") as held:
        stage.newsletter.send(has_newcomers=True)
    assert held.value.exit_status == 2
    assert "--anyway" in (held.value.hint or "")
    problems = stage.newsletter.dry(has_newcomers=True).problems
    assert [one.code for one in problems] == ["held"]
    assert len(stage.newsletter.messages()) == 3
    stage.newsletter.send(has_newcomers=True, is_anyway=True)
    assert len(stage.newsletter.messages()) == 5


@pytest.mark.parametrize(
    ("ago", "more", "is_held"),
    [
        ({"hours": 23}, "", False),
        ({"hours": 25}, "", True),
        ({"hours": 25}, '[send]\nmax_unsubscribe_age = "3d"\n', False),
        ({"minutes": 31}, '[send]\nmax_unsubscribe_age = "30m"\n', True),
        ({"hours": -2}, "", True),  # noted by a clock that was wrong
    ],
)
def test_how_old_it_may_be(stage: Stage, ago: dict[str, float], more: str, is_held: bool) -> None:
    stage.newsletter.list(MORE)
    synced_ago(stage, **ago)
    stage.configure(more)
    is_away(stage)
    dry, editor = stage.newsletter.dry(has_newcomers=True), Editor()
    if is_held:
        assert [one.code for one in dry.problems] == ["held"]
        with pytest.raises(StateElsewhere, match="is known up to"):
            stage.newsletter.send(has_newcomers=True)
    else:
        assert dry.problems == []
        stage.newsletter.send(has_newcomers=True, editor=editor)
        for notes in (dry.notes, editor.questions[0].notes):
            assert any("could not be asked who has left since" in note for note in notes)


def test_what_to_do_ends_in_one_mark(stage: Stage) -> None:
    stage.newsletter.list(MORE)
    synced_ago(stage, hours=25)
    is_away(stage)
    with pytest.raises(StateElsewhere) as held:
        stage.newsletter.send(has_newcomers=True)
    assert ". When nl sync goes through" in (held.value.hint or "")
    # Port 0 takes no connection.
    stage.newsletter.configure('[endpoint]\nurl = "http://127.0.0.1:0"\n')
    with pytest.raises(StateElsewhere) as held:
        stage.newsletter.send(has_newcomers=True)
    assert "does nl serve run there? When nl sync goes through" in (held.value.hint or "")


def test_a_dry_run_asks_and_records_nothing(stage: Stage) -> None:
    stage.newsletter.list(MORE)
    stage.sync()
    stage.click(BEN, CLEO)
    before = tree(stage.newsletter.state)
    dry = stage.newsletter.dry(has_newcomers=True)
    assert any("2 new entries wait at the endpoint" in note for note in dry.notes)
    after = tree(stage.newsletter.state)
    assert {name: one for name, one in after.items() if "dry-run" not in name} == before
    assert stage.gone() == {}


def test_bounces_that_are_held_back_hold_no_send(stage: Stage) -> None:
    from newsletter_cli.model.feedback import FeedbackKind
    from tests.flows.syncing.stub import told

    stage.newsletter.list(MORE)
    for number, one in enumerate((ADA, BEN, CLEO)):
        stage.stub.tell(told(FeedbackKind.HARD, reference=number, key=stage.key, token=stage.token(one)))
    editor = Editor()
    stage.newsletter.send(has_newcomers=True, editor=editor)
    assert any("look at it: " in note for note in editor.questions[0].notes)
    assert stage.gone() == {}
    assert len(stage.newsletter.messages()) == 5


def test_a_wish_that_is_fetched_during_a_send_counts(stage: Stage) -> None:
    stage.newsletter.list(MORE)
    stage.newsletter.send(has_newcomers=True, limit=1)

    class Hearing(Editor):
        def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
            stage.click(TIM)
            stage.sync()

    assert stage.newsletter.send(editor=Hearing()).report.excluded == {}
    assert TIM not in stage.newsletter.written_to()
    assert ZOE in stage.newsletter.written_to()


def test_doctor_tells_how_it_stands(stage: Stage) -> None:
    def said() -> list[tuple[str, str]]:
        found = diagnose(stage.newsletter.root)
        return [(str(one.health), one.message) for one in found if one.subject == "endpoint"]

    assert said() == [
        ("well", "the endpoint answers, and has this newsletter’s key"),
        ("attention", "who left by the endpoint was never fetched"),
    ]
    stage.sync()
    assert [health for health, _message in said()] == ["well", "well"]
    change_key(stage.newsletter.workspace)
    assert ("attention", "the endpoint has the key before the last change") in said()
    is_away(stage)
    assert [health for health, _message in said()] == ["wrong", "well"]
