"""Into a folder, and then to people: the ledger must not take the one for the other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from newsletter_cli.base.errors import SendHeld, UsageError
from newsletter_cli.flows.sending.resolve import resolve_rehearsal
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, Newsletter


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path / "w")


def test_a_server_after_a_folder_leaves_nobody_out_unsaid(newsletter: Newsletter, tmp_path: Path) -> None:
    newsletter.send()
    with ThreadedServer(tmp_path / "record") as server:
        address = f"smtp://127.0.0.1:{server.port}"
        with pytest.raises(SendHeld, match="3 readers, who count as having it") as refused:
            newsletter.send(transport=address)
        assert "nl resolve 1 --rehearsed" in (refused.value.hint or "")
        assert [one.code for one in newsletter.dry(transport=address).problems] == ["held"]
        assert newsletter.dry(transport=address, is_anyway=True).problems == []
        assert newsletter.report().numbers.rehearsed == 3
        done = resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
        assert (done.count, done.is_complete) == (3, False)
        assert newsletter.send(transport=address).exit_status == 0
        assert Counter(server.accepted()) == Counter(ADDRESSES)
    assert newsletter.report().numbers.rehearsed == 0
    assert resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None).count == 0


def test_after_it_the_message_can_be_taken_afresh(newsletter: Newsletter, tmp_path: Path) -> None:
    newsletter.send()
    resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
    newsletter.write("_issue.md", '---\ntitle: "Fixed"\n---\n')
    newsletter.assemble()
    with ThreadedServer(tmp_path / "record") as server:
        newsletter.send(transport=f"smtp://127.0.0.1:{server.port}", is_afresh=True)
        assert Counter(server.accepted()) == Counter(ADDRESSES)
    assert [one.subject for one in newsletter.report().numbers.freezes] == ["Fixed"]


@pytest.mark.parametrize("left_out", ["dora@example.org;;\nDORA@example.org;;\nnot one;;\n", "not one;;\n"])
def test_afresh_after_a_rehearsal_whoever_is_left_out(tmp_path: Path, left_out: str) -> None:
    newsletter = Newsletter(tmp_path / "w", people=PEOPLE + left_out)
    for again in range(2):
        newsletter.send()
        resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
        newsletter.write("_issue.md", f'---\ntitle: "Fixed {again}"\n---\n')
        newsletter.assemble()
        newsletter.list(PEOPLE + "not one;;\n" * (again + 2))
        assert newsletter.send(is_afresh=True).exit_status == 0
        numbers = newsletter.report().numbers
        assert numbers.excluded == {"invalid": again + 2}
        assert numbers.candidates == 3 + again + 2
        resolve_rehearsal(newsletter.workspace, 1, confirm=lambda count: None)
        newsletter.send(is_afresh=True)


def test_a_rehearsal_is_undone_for_those_named_only(newsletter: Newsletter) -> None:
    newsletter.send()
    done = resolve_rehearsal(newsletter.workspace, 1, addresses=["BEN@example.org"], confirm=lambda count: None)
    assert (done.count, done.is_complete) == (1, False)
    assert newsletter.states() == {
        "ada@example.org": "sent", "ben@example.org": "pending", "cleo@example.org": "sent"
    }  # fmt: skip


@pytest.mark.parametrize("others", [(), ("ada@example.org",)])
def test_who_was_in_no_rehearsal_is_named_in_vain_and_nothing_is_decided(
    newsletter: Newsletter, others: tuple[str, ...]
) -> None:
    newsletter.send()
    before = newsletter.states()
    with pytest.raises(UsageError, match="nothing was decided"):
        resolve_rehearsal(newsletter.workspace, 1, addresses=["zoe@example.org", *others], confirm=lambda count: None)
    assert newsletter.states() == before


def test_a_send_to_people_does_not_go_on_into_a_folder(newsletter: Newsletter, tmp_path: Path) -> None:
    with ThreadedServer(tmp_path / "record") as server:
        address = f"smtp://127.0.0.1:{server.port}"
        newsletter.send(transport=address, limit=1)
        with pytest.raises(SendHeld, match="would count as written to") as refused:
            newsletter.send()
        assert f"--transport {address}" in (refused.value.hint or "")
        assert newsletter.messages() == []
        assert newsletter.send(transport=address).exit_status == 0
        assert Counter(server.accepted()) == Counter(ADDRESSES)
    assert newsletter.send().exit_status == 0


def test_somebody_may_want_just_that(newsletter: Newsletter, tmp_path: Path) -> None:
    newsletter.send(limit=1)
    with ThreadedServer(tmp_path / "record") as server:
        address = f"smtp://127.0.0.1:{server.port}"
        assert newsletter.send(transport=address, is_anyway=True).exit_status == 0
        assert Counter([*newsletter.written_to(), *server.accepted()]) == Counter(ADDRESSES)
