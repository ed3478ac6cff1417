"""`nl list move` and the issues sent before, between and after: everybody gets each once, wherever they are now."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.audience.moves import Moves
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.deciding import Decision, decide
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.people import LedgerPeople
from newsletter_cli.deliver.ledger.runs import read_secret_key
from newsletter_cli.deliver.ledger.transactions import transaction
from newsletter_cli.flows import list_move
from newsletter_cli.flows.audience import open_state
from newsletter_cli.model.delivery import DeliveryState
from tests.flows.sending.newsletter import ADDRESSES, PEOPLE, Newsletter
from tests.inside import call
from tests.workspaces import write

ADA, BEN, CLEO = ADDRESSES
NEW = "Benoit@new.example.org"


def nl(root: Path, *arguments: str, status: int = 0) -> str:
    done = call("list", *arguments, cwd=root)
    assert done.status == status, done.out + done.err
    assert "Traceback" not in done.err
    return done.out + done.err


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    """Ada, Ben and Cleo on a managed list."""
    newsletter = Newsletter(tmp_path, people=None, config='[list]\nsource = "managed"\n')
    write(tmp_path / "members.csv", PEOPLE)
    nl(tmp_path, "import", "members.csv", "--consent", "form")
    return newsletter


def test_who_has_the_issue_does_not_get_it_again(newsletter: Newsletter) -> None:
    newsletter.send()
    assert "consent and groups stay" in nl(newsletter.root, "move", BEN, NEW)
    nl(newsletter.root, "add", "dan@example.org")
    newsletter.send(has_newcomers=True)
    assert newsletter.written_to() == [ADA, BEN, CLEO, "dan@example.org"]
    known = json.loads(nl(newsletter.root, "export", NEW))
    assert [(one["issue"], one["address"]) for one in known["deliveries"]] == [(1, BEN)]
    assert nl(newsletter.root, "export", BEN) == nl(newsletter.root, "export", NEW)


def test_a_list_that_still_has_the_old_address_is_no_way_around(newsletter: Newsletter) -> None:
    newsletter.send()
    nl(newsletter.root, "move", BEN, NEW)
    write(newsletter.root / "other.csv", "email\ndan@example.org\nben@example.org\n")
    newsletter.send(has_newcomers=True, list_file=str(newsletter.root / "other.csv"))
    assert newsletter.written_to() == [ADA, BEN, CLEO, "dan@example.org"]


@pytest.mark.parametrize("sent_before", [1, 2])
def test_what_waits_goes_to_the_new_address(newsletter: Newsletter, sent_before: int) -> None:
    newsletter.send(limit=sent_before)
    said = nl(newsletter.root, "move", BEN, NEW)
    assert ("goes to the new address" in said) == (sent_before == 1)
    newsletter.send()
    newsletter.send(has_newcomers=True)
    assert newsletter.written_to() == [ADA, NEW if sent_before == 1 else BEN, CLEO]
    assert newsletter.report().numbers.is_complete


@pytest.mark.parametrize("by", ["address", "token"])
def test_leaving_by_what_was_sent_to_the_old_address(newsletter: Newsletter, by: str) -> None:
    newsletter.send()
    with closing(open_database(newsletter.state)) as ledger:
        (row,) = ledger.execute("SELECT id FROM delivery WHERE key = ?", (BEN,)).fetchone()
        token = Tokens(read_secret_key(ledger)).token(row)
    nl(newsletter.root, "move", BEN, NEW)
    assert "1 person will not be written to again" in nl(
        newsletter.root, "unsubscribe", BEN if by == "address" else token
    )
    known = json.loads(nl(newsletter.root, "export", NEW))
    assert (known["subscriber"]["status"], known["suppressed"]["reason"]) == ("unsubscribed", "unsubscribed")


@pytest.mark.parametrize("address", [BEN, NEW])
def test_whoever_is_erased_stands_nowhere_under_either_address(newsletter: Newsletter, address: str) -> None:
    newsletter.send()
    nl(newsletter.root, "move", BEN, NEW)
    nl(newsletter.root, "forget", address, "--yes")
    for name in ("list.db", "ledger.db"):
        data = (newsletter.state / name).read_bytes().lower()
        assert BEN.encode() not in data
        assert NEW.lower().encode() not in data
    for one in (BEN, NEW):
        assert json.loads(nl(newsletter.root, "export", one))["suppressed"]["reason"] == "erased"


def test_what_is_sent_again_goes_to_where_they_are(newsletter: Newsletter) -> None:
    newsletter.send()
    with closing(open_database(newsletter.state)) as ledger, transaction(ledger):
        ledger.execute("UPDATE delivery SET state = 'in_doubt' WHERE key = ?", (BEN,))
    nl(newsletter.root, "move", BEN, NEW)
    assert newsletter.states()[NEW.lower()] == "in_doubt"
    with closing(open_database(newsletter.state)) as ledger, transaction(ledger):
        decide(ledger, 1, DeliveryState.IN_DOUBT, Decision.RESEND, keys=None, now=0)
    newsletter.send()
    assert newsletter.written_to() == [ADA, NEW.lower(), CLEO]


def test_a_change_that_was_killed_halfway_is_finished_first(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsletter.send()

    def killed(*_given: object) -> tuple[int, int]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LedgerPeople, "move_person", killed)
        with pytest.raises(KeyboardInterrupt):
            list_move.move_person(newsletter.workspace, BEN, NEW)
    newsletter.send(has_newcomers=True)
    assert newsletter.written_to() == [ADA, BEN, CLEO]
    with open_state(newsletter.workspace) as store:
        assert Moves(store).unfinished() is None


def test_while_a_send_is_under_way(newsletter: Newsletter) -> None:
    newsletter.send(limit=1)
    with only_writer(newsletter.state):
        done = call("list", "move", BEN, NEW, cwd=newsletter.root)
    assert "is under way here" in done.err
    assert done.status != 0
    assert BEN in nl(newsletter.root, "show")


def test_two_recipients_of_one_issue_are_two_people(newsletter: Newsletter) -> None:
    newsletter.send()
    write(newsletter.root / "other.csv", f"email\n{NEW}\n")
    newsletter.send(has_newcomers=True, list_file=str(newsletter.root / "other.csv"))
    assert "both addresses are recipients of issue 1" in nl(newsletter.root, "move", BEN, NEW, status=1)
    assert BEN in nl(newsletter.root, "show")


def test_a_list_that_others_write(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path)
    said = nl(tmp_path, "move", BEN, NEW, status=2)
    assert "list.csv, which nl does not write" in said
    assert "--newcomers" in said
    assert newsletter.states() == {}
