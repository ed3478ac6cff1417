"""What the law gives each person, after something was sent to them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import NotReady, UsageError
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.flows.list_export import due_for_purge, run_purge
from newsletter_cli.flows.list_rights import export_person, forget_people
from tests.flows.sending.newsletter import ADDRESSES, Newsletter

GREETING = '[personal]\ngreeting = "Dear {name},"\n[[personal.fields]]\nname = "name"\nfallback = "reader"\n'


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    return Newsletter(tmp_path, config=GREETING)


def deliveries_of(newsletter: Newsletter, address: str) -> list[dict[str, Any]]:
    return list(export_person(newsletter.workspace, address, override=None).data.get("deliveries", []))


def forget(newsletter: Newsletter, address: str) -> None:
    forget_people(newsletter.workspace, [address], override=None)


def kept(newsletter: Newsletter) -> bytes:
    return b"".join(path.read_bytes() for path in newsletter.state.glob("ledger.db*"))


def grow_old(newsletter: Newsletter) -> None:
    with closing(open_database(newsletter.state)) as connection:
        connection.execute("UPDATE wave SET frozen_at = '2001-01-01T00:00:00Z'")


class TestAccess:
    def test_their_deliveries_are_in_their_export(self, newsletter: Newsletter) -> None:
        assert deliveries_of(newsletter, "ada@example.org") == []
        newsletter.send()
        (one,) = deliveries_of(newsletter, "ADA@example.org")
        assert (one["issue"], one["address"], one["name"], one["state"]) == (1, "ada@example.org", "Ada", "sent")
        assert one["at"].endswith("Z")
        assert deliveries_of(newsletter, "nobody@example.org") == []


class TestErasure:
    def test_their_deliveries_become_anonymous_and_the_counts_stay(self, newsletter: Newsletter) -> None:
        newsletter.send()
        assert b"ada@example.org" in kept(newsletter)
        forget(newsletter, "Ada@example.org")
        assert deliveries_of(newsletter, "ada@example.org") == []
        told = newsletter.report().as_dict()
        assert (told["candidates"], told["counts"]["sent"], told["complete"]) == (3, 3, True)
        assert b"ada@example.org" not in kept(newsletter)
        assert b"Ada" not in kept(newsletter)
        assert b"ben@example.org" in kept(newsletter)

    def test_what_waits_is_not_sent_and_the_send_completes(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        (first,) = newsletter.written_to()
        waiting = [one for one in ADDRESSES if one != first]
        forget(newsletter, waiting[0])
        assert newsletter.send().exit_status == 0
        assert sorted(newsletter.written_to()) == sorted((first, waiting[1]))
        assert newsletter.report().numbers.is_complete

    def test_what_a_killed_process_had_claimed_is_not_sent_either(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=2)
        with closing(open_database(newsletter.state)) as connection:
            ((waiting,),) = connection.execute("SELECT key FROM delivery WHERE state = 'pending'").fetchall()
            connection.execute("UPDATE delivery SET state = 'claimed' WHERE state = 'pending'")
        forget(newsletter, waiting)
        assert newsletter.send().exit_status == 0
        assert len(newsletter.messages()) == 2
        assert waiting.encode() not in kept(newsletter)

    def test_messages_that_a_dry_run_left_for_looking_at_go(self, newsletter: Newsletter) -> None:
        newsletter.dry()
        forget(newsletter, "ada@example.org")
        left = b"".join(path.read_bytes() for path in newsletter.state.rglob("*") if path.is_file())
        assert b"ada@example.org" not in left

    def test_they_are_not_chosen_again(self, newsletter: Newsletter) -> None:
        newsletter.send()
        forget(newsletter, "ada@example.org")
        newsletter.send(has_newcomers=True)
        # Her message is gone from the folder, and none has come.
        assert newsletter.written_to() == [one for one in ADDRESSES if one != "ada@example.org"]


class TestRetention:
    def test_old_deliveries_become_anonymous_and_young_ones_do_not(self, newsletter: Newsletter) -> None:
        newsletter.send()
        assert due_for_purge(newsletter.workspace) == {}
        grow_old(newsletter)
        assert due_for_purge(newsletter.workspace) == {"deliveries": 3}
        assert run_purge(newsletter.workspace)[0]["deliveries"] == 3
        assert due_for_purge(newsletter.workspace) == {}
        assert newsletter.report().as_dict()["counts"]["sent"] == 3
        assert not [one for one in ADDRESSES if one.encode() in kept(newsletter)]
        assert b"Good morning" not in kept(newsletter)

    def test_for_as_long_as_it_is_configured(self, newsletter: Newsletter) -> None:
        newsletter.send()
        grow_old(newsletter)
        newsletter.configure(GREETING + "[list.retention]\nledger_days = 0\n")
        assert due_for_purge(newsletter.workspace) == {}
        newsletter.configure(GREETING + "[list.retention]\nledger_days = 36500\n")
        assert due_for_purge(newsletter.workspace) == {}
        newsletter.configure(GREETING + "[list.retention]\nledger_days = 30\n")
        assert due_for_purge(newsletter.workspace) == {"deliveries": 3}

    def test_a_send_that_was_never_finished_is_over_then(self, newsletter: Newsletter) -> None:
        newsletter.send(limit=1)
        grow_old(newsletter)
        run_purge(newsletter.workspace)
        assert newsletter.report().numbers.is_complete
        assert newsletter.send(is_anyway=True).exit_status == 0
        assert len(newsletter.messages()) == 1

    def test_an_issue_whose_readers_are_forgotten_reaches_nobody_twice(self, newsletter: Newsletter) -> None:
        newsletter.send()
        grow_old(newsletter)
        run_purge(newsletter.workspace)
        for options in ({"has_newcomers": True}, {"to": "group:proof"}):
            try:
                newsletter.send(**options)
            except (NotReady, UsageError):
                continue
        assert newsletter.written_to() == list(ADDRESSES)
