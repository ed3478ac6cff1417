"""The fault matrix, rows of servers that say no: for now, to one, to everybody.

Each row's names are in `tests/deliver/server`: `python -m tests.deliver.server --list`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deliver.server.misbehaviour import share_of
from tests.deliver.server.record import count_attempts, count_verb
from tests.deliver.server.sending import CONNECTIONS, addresses, served
from tests.deliver.server.settings import PASSWORD, USER
from tests.samples import sample

RECIPIENTS = 48
NOT_COMPLETE = 3
# Until somebody who was put off is tried again: half a second, then one.
SOON = {"newsletter_cli.deliver.pacing.waits.FIRST_WAIT_SECONDS": 0.5}


class TestNotNow:
    """Row “450/451/452/454, greylisting”: put off, and delivered on a later try."""

    @pytest.mark.parametrize(
        "name",
        sample(
            ["greylist", "450-rcpt", "451-rcpt", "452-rcpt", "454-rcpt", "451-dot", "452-dot", "451-mail", "451-data",
             "kept-450"],
            "greylist", "450-rcpt", "451-dot", "451-mail", "kept-450",
        ),
    )  # fmt: skip
    def test_later(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (_server, sending):
            first = sending.send()
            assert first.status == NOT_COMPLETE, first
            deferred = sending.in_state("deferred")
            assert deferred
            assert not sending.in_state("refused", "in_doubt")
            assert not deferred & set(sending.accepted())
            if name[3:] in {"-rcpt", "-dot"}:
                assert deferred == share_of(sending.recipients)
            # Nobody is asked again and again within a run.
            assert max(count_attempts(sending.record).values()) <= 2
            sending.check()
            for _run in range(8):
                if sending.send().status == 0:
                    break
            sending.check()
            sending.check_finished()

    def test_a_run_can_wait_for_them(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "greylist:share=4", waits=SOON) as (_server, sending):
            done = sending.send("--retry-deferred-for", "2m")
            assert done.status == 0, done
            sending.check()
            sending.check_finished()
            assert {
                count for one, count in count_attempts(sending.record).items() if one in share_of(sending.recipients)
            } == {2}

    def test_those_put_off_again_are_waited_for_too(self, tmp_path: Path) -> None:
        people = addresses(400, domains=40)
        with served(tmp_path, people, "451-rcpt:share=3", waits=SOON) as (_server, sending):
            done = sending.send("--retry-deferred-for", "2m")
            assert done.status == 0, done
            attempts = count_attempts(sending.record)
            assert {attempts[one] for one in share_of(people, 3)} == {3}
            assert len(share_of(people, 3)) > 100
            sending.check_finished()

    def test_a_mailbox_that_stays_full_is_not_forgotten(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "450-always") as (_server, sending):
            for _run in range(3):
                done = sending.send()
                assert done.status == NOT_COMPLETE, done
            assert sending.in_state("deferred") == share_of(sending.recipients)
            assert sending.in_state("sent") == set(sending.recipients) - share_of(sending.recipients)
            assert "Mailbox full" in sending.run("report", "1").said
            sending.check()

    def test_a_server_that_puts_everybody_off_is_left_alone(self, tmp_path: Path) -> None:
        with served(tmp_path, addresses(400, domains=40), "defers-all") as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "Too much mail from you" in done.said
            assert count_verb(sending.record, "RCPT") < 200
            assert not sending.in_state("refused", "in_doubt", "sent")
            assert sending.in_state("pending")
            server.change()
            assert sending.finish() == set()

    def test_so_is_one_provider(self, tmp_path: Path) -> None:
        """One domain that puts everybody off is written to ever more slowly; the run ends all the same."""
        with served(tmp_path, RECIPIENTS, "defers-all") as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert set(count_attempts(sending.record).values()) == {1}
            assert sending.in_state("deferred", "pending") == set(sending.recipients)
            server.change()
            assert sending.finish() == set()


class TestRefused:
    """Row “5xx at RCPT”, and what is as definite later: that row alone is refused."""

    @pytest.mark.parametrize(
        "name",
        sample(
            ["550-rcpt", "354-after-550", "kept-550", "554-data", "552-dot", "554-dot"],
            "550-rcpt", "354-after-550", "554-data", "554-dot",
        ),
    )  # fmt: skip
    def test_that_row_alone(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (_server, sending):
            first = sending.send()
            assert first.status == NOT_COMPLETE, first
            assert sending.in_state("refused") == share_of(sending.recipients)
            assert sending.in_state("sent") == set(sending.recipients) - share_of(sending.recipients)
            sending.check(is_reported=False)
            second = sending.send()
            assert second.status == NOT_COMPLETE, second
            assert set(count_attempts(sending.record).values()) == {1}, "asked again"
            # Once somebody has looked at them, the issue is done.
            assert sending.run("resolve", "1", "--refused", "skip", "--yes").status == 0
            assert sending.report().is_complete
            assert sending.send().status == 0
            sending.check()

    @pytest.mark.parametrize("name", ["sender-rcpt", "auth-rcpt", "policy-rcpt"])
    def test_what_is_said_to_one_of_the_sender_is_about_that_one(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (_server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "stopped" not in done.said
            refused = share_of(sending.recipients, 16)
            assert refused
            assert sending.in_state("refused") == refused
            assert sending.in_state("sent") == set(sending.recipients) - refused
            assert set(count_attempts(sending.record).values()) == {1}
            # Their names, and why.
            shown = sending.run("resolve", "1", "--show").said
            assert all(one in shown for one in refused)
            sending.check()

    @pytest.mark.parametrize(
        ("name", "words"), [("refuses-all", "Your network is listed"), ("sender-rcpt-all", "Sender address rejected")]
    )
    def test_many_in_a_row_are_no_longer_theirs(self, tmp_path: Path, name: str, words: str) -> None:
        with served(tmp_path, 400, name) as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert words in done.said
            assert count_verb(sending.record, "RCPT") < 50
            # Nobody has to decide about anybody.
            assert sending.in_state("pending") == set(sending.recipients)
            server.change()
            assert sending.finish() == set()


class TestStopped:
    """Row “5xx at MAIL or AUTH”: the send stops, rows pending."""

    @pytest.mark.parametrize("name", ["550-mail", "550-mail-later"])
    def test_the_sender_is_refused(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, 200, name) as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "Sender rejected" in done.said
            has_it = set(sending.accepted())
            assert len(has_it) <= (0 if name == "550-mail" else 7 * CONNECTIONS)
            assert sending.in_state("sent") == has_it
            assert sending.in_state("pending") == set(sending.recipients) - has_it
            sending.check()
            server.change()
            assert sending.finish() == set()

    def test_nobody_is_let_in(self, tmp_path: Path) -> None:
        login = ["--login", f"{USER}:{PASSWORD}"]
        with served(tmp_path, RECIPIENTS, "535-auth", options=login, smtp=f'user = "{USER}"') as (server, sending):
            sending.env = {"NL_SMTP_PASSWORD": PASSWORD}
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "Authentication credentials invalid" in done.said
            assert PASSWORD not in done.said
            assert count_verb(sending.record, "AUTH") <= CONNECTIONS
            assert count_verb(sending.record, "MAIL") == 0
            assert sending.in_state("pending") == set(sending.recipients)
            sending.check()
            server.change()
            assert sending.finish() == set()

    def test_the_message_is_larger_than_the_server_takes(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "small-limit") as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert sending.accepted() == []
            assert sending.in_state("pending") == set(sending.recipients)
            server.change()
            assert sending.finish() == set()
