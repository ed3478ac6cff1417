"""The way of an issue in five steps: where it stands at each, and what to type next."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.deliver.ledger.reading import FreezeRow, Report
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState, Change
from newsletter_cli.flows.clearance.guide import Guide, make_guide
from newsletter_cli.flows.clearance.guide_steps import GuideFacts, StepState
from newsletter_cli.flows.clearance.proof_records import Proof
from newsletter_cli.flows.clearance.waiting import only_one_waiting
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.approvals import Approval
from tests.flows.sending.newsletter import FAULTY, Newsletter
from tests.inside import at_keyboard, call

READY = GuideFacts(number=2, content_hash="now")
FAULT = ApprovalState(fault="the file is broken", file="sections/002/_approval.toml")


def counts(**given: int) -> dict[DeliveryState, int]:
    return {state: given.get(state.value, 0) for state in DeliveryState}


def proof(content_hash: str = "now", *, rehearsed: int = 0, **given: int) -> Proof:
    return Proof(
        issue=2, number=3, at="2026-12-01T13:00:00Z", until="", by="", content_hash=content_hash,
        counts=counts(**(given or {"sent": 2})), rehearsed=rehearsed, folder=Path(),
    )  # fmt: skip


def approved(*, stands: bool) -> ApprovalState:
    known = Approval(by="Léa", at="2026-12-02T09:00:00Z", hash="h" * 64, nl="", parts={}, files={}, texts={})
    return ApprovalState(
        approval=known, stands=stands, changes=() if stands else (Change(kind="part", name="subject"),)
    )


def report(*, segment: str = "", rehearsed: int = 0, unsettled: int = 0, **given: int) -> Report:
    freeze = FreezeRow(
        id=1, frozen_at="2026-12-03T08:30:00Z", segment=segment, list_name="list.csv", content_hash="now", subject="s",
        candidates=3, known=0, accepted="", send_by="", paces="", approved="",
    )  # fmt: skip
    return Report(
        issue=2,
        counts=counts(**given),
        excluded={},
        unsettled_refusals=unsettled,
        rehearsed=rehearsed,
        freezes=(freeze,),
    )


def states(guide: Guide) -> str:
    return " ".join(one.state.value for one in guide.steps)


@pytest.mark.parametrize(
    ("facts", "expected", "command"),
    [
        ({"unwritten": ("a draft",)}, "now done optional optional next", "nl preview 2"),
        ({"unwritten": ("a draft",), "has_pads": True}, "now done optional optional next", "nl pull 2"),
        ({"warnings": 2, "fixable": 1}, "done now optional optional next", "nl check 2 --fix"),
        ({"unready": ("a fault",), "errors": 2, "fixable": 1}, "done now optional optional next", "nl check 2 --fix"),
        ({"unready": ("a fault",), "errors": 2}, "done now optional optional next", "nl check 2 --review"),
        ({"unready": ("newsletter.toml lacks",)}, "done now optional optional next", "nl doctor"),
        ({"unbuilt": ("stale",)}, "done now optional optional next", "nl assemble 2"),
        ({"lacking": ("a summary",), "warnings": 3}, "done done optional optional now", "nl send 2 --dry-run"),
        ({"is_approval_required": True}, "done done now next next", "nl proof 2 --to group:proof"),
        # An approval writes the build.
        ({"is_approval_required": True, "unbuilt": ("x",)}, "done done now next next", "nl proof 2 --to group:proof"),
        ({"is_approval_required": True, "has_reviewers": True}, "done done now next next", "nl proof 2"),
        ({"approval": approved(stands=True), "unbuilt": ("x",)}, "done now optional done next", "nl assemble 2"),
        ({"is_approval_required": True, "proofs": (proof(),)}, "done done done now next", "nl approve 2"),
        ({"proofs": (proof(),)}, "done done done optional now", "nl send 2"),
        ({"proofs": (proof(sent=1, deferred=1),)}, "done done now optional next", "nl proof 2"),
        ({"approval": approved(stands=True), "is_approval_required": True}, "done done optional done now", "nl send 2"),
        ({"approval": approved(stands=False), "proofs": (proof("x"),)}, "done done done now next", "nl approve 2"),
        ({"approval": FAULT}, "done done optional now next", "nl approve 2"),
        ({"report": report(sent=3)}, "done done optional optional done", "nl report 2"),
        ({"report": report(sent=3), "unwritten": ("x",)}, "done done optional optional done", "nl report 2"),
        ({"report": report(sent=1, pending=2)}, "done done optional optional now", "nl send 2"),
        ({"report": report(sent=1, deferred=2)}, "done done optional optional now", "nl send 2"),
        ({"report": report(sent=1, in_doubt=1)}, "done done optional optional now", "nl resolve 2 --show"),
        ({"report": report(sent=1, refused=1, unsettled=1)}, "done done optional optional now", "nl resolve 2 --show"),
        ({"report": report(sent=1, segment="group:proof")}, "done done optional optional now", "nl send 2"),
        ({"report": report(sent=3, rehearsed=3)}, "done done optional optional now", "nl resolve 2 --rehearsed"),
        (
            {"report": report(sent=3, rehearsed=3), "is_embedded": True},
            "done done optional optional done",
            "nl report 2",
        ),
        ({"sent_elsewhere": "2026-12-01T13:00:00Z"}, "done done optional optional done", ""),
        ({"unknown": "it is closed"}, "done done optional optional now", "nl doctor"),
        ({"waits_until": datetime(2026, 12, 3, tzinfo=UTC)}, "done done optional optional now", ""),
    ],
)  # fmt: skip
def test_where_it_stands_and_what_is_typed_next(facts: dict[str, Any], expected: str, command: str) -> None:
    guide = make_guide(replace(READY, **facts))
    assert (states(guide), guide.next_command) == (expected, command)


def test_there_is_one_step_to_take_and_none_is_later_than_it_that_is_done_before() -> None:
    for unwritten, errors, unbuilt, proofs, approval, is_required in product(
        ((), ("x",)), (0, 1), ((), ("stale",)), ((), (proof(),), (proof("old"),)),
        (NOT_APPROVED, approved(stands=True), approved(stands=False)), (True, False),
    ):  # fmt: skip
        unready = ("fault",) if errors else ()
        guide = make_guide(
            replace(
                READY, unwritten=unwritten, errors=errors, unready=unready, unbuilt=unbuilt, proofs=proofs,
                approval=approval, is_approval_required=is_required,
            )
        )  # fmt: skip
        found = [one.state for one in guide.steps]
        assert found.count(StepState.NOW) == 1
        assert StepState.NEXT not in found[: found.index(StepState.NOW)]
        assert guide.next_command.startswith("nl ")
        if is_required and not approval.stands:
            assert found[3] is not StepState.OPTIONAL
            assert not guide.next_command.startswith("nl send")


def test_the_folder_that_was_named_is_named_again() -> None:
    assert make_guide(READY, directory="my letter").next_command == "nl -C 'my letter' send 2 --dry-run"


class TestStatus:
    def test_it_follows_an_issue_to_its_readers(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")

        def following() -> tuple[str, dict[str, str]]:
            told = json.loads(call("status", "1", "--json", cwd=newsletter.root).out)
            return told["next"], {one["step"]: one["state"] for one in told["steps"]}

        assert following()[0] == "nl send 1 --dry-run"
        newsletter.write("news.md", FAULTY["news.md"])
        assert following()[0] == "nl check 1 --review"
        newsletter.write("news.md", "---\nstatus: draft\n---\nSoon.\n")
        assert following()[1]["write"] == "now"
        newsletter.write("news.md", "---\nauthor: Grace\n---\nSomething.\n")
        assert following()[0] == "nl assemble 1"
        newsletter.assemble()
        newsletter.send(limit=1, transport="maildir:state/outbox")
        assert following()[0] == "nl send 1"
        newsletter.send()
        assert following() == (
            "nl report 1",
            {"write": "done", "check": "done", "proof": "optional", "approve": "optional", "send": "done"},
        )

    def test_a_send_that_waits_is_told(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        moment = datetime.now(UTC) + timedelta(hours=1)
        with only_one_waiting(newsletter.workspace.private_folder(""), 1, moment):
            assert "an nl send waits here until" in call("status", "1", cwd=newsletter.root).out

    def test_it_writes_nothing_and_is_the_same_line_behind_other_commands(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        before = sorted(path for path in newsletter.root.rglob("*"))
        command = json.loads(call("status", "1", "--json", cwd=newsletter.root).out)["next"]
        assert sorted(path for path in newsletter.root.rglob("*")) == before
        for words in ("check 1 --offline --no-language", "preview 1 --terminal"):
            said = at_keyboard(newsletter.root, *words.split(), typed="", NO_COLOR="1")[1]
            assert said.splitlines()[-1] == f"→ Next: {command}"
        # What others have read is sent; what somebody answers for, too.
        for words in ("proof 1 --to lea@example.org --yes", "approve 1 --by Ada --yes"):
            said = at_keyboard(newsletter.root, *words.split(), typed="", NO_COLOR="1")[1]
            assert said.splitlines()[-1] == "→ Next: nl send 1"


def test_who_has_a_mailbox_for_what_comes_back_is_told_how_to_sort_it() -> None:
    told = replace(READY, report=report(sent=3))
    assert "nl bounces" not in str(make_guide(told).steps)
    assert "what comes back is sorted by nl bounces" in make_guide(replace(told, has_bounces=True)).steps[-1].notes
