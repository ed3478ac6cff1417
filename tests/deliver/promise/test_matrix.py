"""The fault matrix, row by row: a server that misbehaves by name, `nl send` once and again, counted where mail arrives.

Each row's names are in `tests/deliver/server`: `python -m tests.deliver.server --list`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.deliver.server.misbehaviour import share_of
from tests.deliver.server.record import count_attempts, count_verb
from tests.deliver.server.sending import served
from tests.samples import sample

RECIPIENTS = 48
NOT_COMPLETE = 3


class TestTriedAgain:
    """Rows “disconnect at …”, “421 after n messages”, “hung server”: nothing happened to the message; it goes again."""

    @pytest.mark.parametrize(
        "name",
        sample(
            ["drop-connect", "drop-ehlo", "drop-mail", "reset-mail", "drop-rcpt", "drop-data", "garbage",
             "endless-reply", "421-connect", "421-mail", "421-rcpt", "421-dot", "421-unsolicited"],
            "drop-connect", "reset-mail", "drop-data", "garbage", "endless-reply", "421-rcpt", "421-dot",
            "421-unsolicited",
        ),
    )  # fmt: skip
    def test_the_same_row_is_tried_again(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (_server, sending):
            first = sending.send()
            assert first.status in {0, NOT_COMPLETE}, first
            # Nobody is to blame, least of all the recipient.
            assert not sending.in_state("refused", "in_doubt"), first
            # A server that wants a new connection has not failed at all; of the final dot it has said no.
            assert first.status == 0 or not name.startswith("421-") or name == "421-dot", first
            sending.check(is_reported=False)
            second = sending.send()
            assert second.status == 0, second
            sending.check()
            sending.check_finished()

    @pytest.mark.parametrize(
        "name", sample(["421-body", "421-body-ends", "421-body:every=1"], "421-body", "421-body-ends")
    )
    def test_421_in_the_body_is_no_answer_to_the_dot(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name, paragraphs=40) as (server, sending):
            first = sending.send()
            assert not sending.in_state("refused", "in_doubt"), first
            assert name == "421-body-ends" or first.status == 0, first
            sending.check(is_reported=False)
            server.change()
            assert sending.finish() == set()

    @pytest.mark.parametrize(
        "name",
        sample(
            ["deaf-pipelining", "deaf-behind-dot", "strict-pipelining", "shy-pipelining"],
            "deaf-behind-dot",
            "strict-pipelining",
        ),
    )
    def test_pipelining_that_is_offered_and_not_kept_to(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name, timeout_seconds=2) as (_server, sending):
            done = sending.send()
            assert done.status == 0, done
            assert done.said.count("PIPELINING") == 1
            sending.check()
            sending.check_finished()

    def test_pipelining_that_was_turned_off(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "strict-pipelining", smtp="pipelining = false") as (_server, sending):
            done = sending.send()
            assert done.status == 0, done
            assert "PIPELINING" not in done.said
            # Nobody was asked twice: nothing was tried in one go.
            assert count_verb(sending.record, "RCPT") == RECIPIENTS
            sending.check_finished()

    @pytest.mark.parametrize(
        "name",
        sample(
            ["hang-connect", "hang-ehlo", "hang-mail", "hang-rcpt", "hang-data", "stuck-body"],
            "hang-connect", "hang-mail", "hang-data", "stuck-body",
        ),
    )  # fmt: skip
    def test_a_hung_server_costs_a_timeout(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name, timeout_seconds=2, final_timeout_seconds=4) as (_server, sending):
            first = sending.send()
            assert first.status in {0, NOT_COMPLETE}, first
            assert not sending.in_state("refused")
            doubtful = sending.in_state("in_doubt")
            # A message small enough to lie in the system's buffers was sent whole, as far as anybody can tell.
            assert not doubtful or name == "stuck-body"
            sending.check(is_reported=False)
            second = sending.send()
            assert second.status == (NOT_COMPLETE if doubtful else 0), second
            sending.check()
            assert set(sending.accepted()) >= set(sending.recipients) - doubtful

    def test_cut_off_in_the_message(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "drop-body") as (server, sending):
            sending.send()
            sending.check()
            assert not sending.in_state("refused")
            server.change()
            sending.finish()

    @pytest.mark.parametrize(
        "name",
        sample(
            ["hang-always", "garbage-greeting", "drop-connect:every=1", "554-connect"],
            "garbage-greeting",
            "554-connect",
        ),
    )
    def test_a_server_that_is_none(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name, timeout_seconds=1, final_timeout_seconds=1) as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert done.errors.strip(), done
            assert sending.in_state("pending") == set(sending.recipients)
            server.change()
            assert sending.finish() == set()

    @pytest.mark.parametrize(("name", "words"), [("504-ehlo", "send.smtp.hello"), ("554-connect", "whoever runs")])
    def test_a_server_that_turns_this_machine_away(self, tmp_path: Path, name: str, words: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert words in done.errors
            assert "once it answers" not in done.errors
            assert sending.in_state("pending") == set(sending.recipients)
            server.change()
            assert sending.finish() == set()

    def test_nobody_listens(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS) as (server, sending):
            server.stop()
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "127.0.0.1" in done.said
            assert sending.in_state("pending") == set(sending.recipients)
            server.start()
            assert sending.finish() == set()


class TestInDoubt:
    """Row “250 lost / timeout after the dot”: in doubt, never sent again by itself."""

    @pytest.mark.parametrize(
        "name", ["lost-250", "reset-250", "half-250", "garbage-dot", "hang-250", "late-accept", "hang-dot", "drop-dot"]
    )
    def test_what_cannot_be_known(self, tmp_path: Path, name: str) -> None:
        seconds = 3 if name in {"hang-250", "hang-dot", "late-accept"} else 60
        with served(tmp_path, RECIPIENTS, name, timeout_seconds=1, final_timeout_seconds=seconds) as (server, sending):
            first = sending.send()
            assert first.status == NOT_COMPLETE, first
            doubtful = sending.in_state("in_doubt")
            assert doubtful, first
            assert not sending.in_state("refused", "claimed", "attempting")
            sending.check()
            if name == "late-accept":
                sending.wait_until_all_accepted(doubtful)
            # Then a server that is well: it hears of nobody who is in doubt.
            server.change()
            heard = count_attempts(sending.record)
            second = sending.send()
            assert second.status == NOT_COMPLETE, second
            assert all(count_attempts(sending.record)[one] == heard[one] for one in doubtful)
            assert sending.in_state("in_doubt") == doubtful
            assert sending.in_state("sent") == set(sending.recipients) - doubtful
            has_it = set(sending.accepted()) & doubtful
            # No more doubt than there has to be: whoever is in doubt is one whose reply was lost.
            assert has_it == (set() if name in {"hang-dot", "drop-dot"} else doubtful)
            sending.check()

    @pytest.mark.parametrize(("decision", "status"), [("skip", 0), ("sent", 0), ("resend", 0)])
    def test_a_person_decides(self, tmp_path: Path, decision: str, status: int) -> None:
        with served(tmp_path, RECIPIENTS, "lost-250:times=2") as (_server, sending):
            assert sending.send().status == NOT_COMPLETE
            doubtful = sending.in_state("in_doubt")
            assert len(doubtful) == 2
            sending.settle(decision)
            done = sending.send()
            assert done.status == status, done
            sending.check(settled=doubtful, decided=doubtful if decision == "resend" else ())
            copies = Counter(sending.accepted())
            assert {copies[one] for one in doubtful} == ({2} if decision == "resend" else {1})
            assert sending.report().is_complete


class TestSpeech:
    """What is legal, or nearly, and must not matter."""

    @pytest.mark.parametrize(
        "name",
        sample(
            ["no-pipelining", "no-8bitmime", "multi-line", "byte-by-byte", "escapes", "slow", "tiny-window"],
            "no-pipelining", "no-8bitmime", "byte-by-byte", "escapes", "tiny-window",
        ),
    )  # fmt: skip
    def test_it_does_not_matter(self, tmp_path: Path, name: str) -> None:
        with served(tmp_path, RECIPIENTS, name) as (_server, sending):
            done = sending.send()
            assert done.status == 0, done
            sending.check()
            sending.check_finished()

    def test_what_a_server_says_cannot_paint_the_terminal(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "escapes", "550-rcpt") as (_server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            shown = done.said + sending.run("report", "1").said + sending.run("resolve", "1", "--show").said
            assert "No such user" in shown
            assert "\x1b" not in shown
            assert "\x07" not in shown
            sending.check()


class TestOnePoisonedRow:
    """Row “one poisoned row”: that row alone fails, with its reason."""

    def test_a_local_part_that_this_server_cannot_take(self, tmp_path: Path) -> None:
        people = ["a@example.org", "léa@example.org", "b@example.org"]
        with served(tmp_path, people, "no-smtputf8") as (server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert sending.in_state("refused") == {"léa@example.org"}
            assert "SMTPUTF8" in done.said + sending.run("report", "1").said
            sending.check()
            server.change()
            sending.run("resolve", "1", "--refused", "resend", "--yes")
            assert sending.finish() == set()

    @pytest.mark.parametrize("name", sample(["421-always", "421-data-always"], "421-always"))
    def test_those_whose_connections_always_end_are_put_off_and_the_others_go_on(
        self, tmp_path: Path, name: str
    ) -> None:
        with served(tmp_path, RECIPIENTS, name, paragraphs=40) as (_server, sending):
            done = sending.send()
            assert done.status == NOT_COMPLETE, done
            assert "cannot be reached" not in done.said
            poisoned = share_of(sending.recipients)
            assert sending.in_state("deferred") == poisoned
            assert sending.in_state("sent") == set(sending.recipients) - poisoned
            # A few times each, not for ever.
            assert max(count_attempts(sending.record).values()) <= 12
            assert "421" in sending.run("report", "1").said
            sending.check()

    def test_names_with_line_ends_and_a_field_that_is_missing(self, tmp_path: Path) -> None:
        personal = '[personal]\ngreeting = "Hello {town},"\n[[personal.fields]]\nname = "town"\n'
        with served(tmp_path, 0, more=personal) as (_server, sending):
            sending.recipients = [f"{name}@example.org" for name in ("a", "b", "c", "d")]
            (sending.root / "list.csv").write_text(
                "email,name,town\n"
                'a@example.org,"Ada\r\nBcc: x@example.org",Paris\n'
                "b@example.org,Bo,\n"
                "c@example.org,Cy,Lyon\n"
                'd@example.org,"D\u0007\u2028\u202ed","{town}\r\nSubject: no"\n',
                newline="",
            )
            done = sending.send("--accept", "unbuildable")
            assert done.status == NOT_COMPLETE, done
            # Left out while the list was read, refused when the message was built, sent: each with its reason.
            assert sending.states() == {"b@example.org": "refused", "c@example.org": "sent"}
            assert sum(sending.report().excluded.values()) == 2
            assert "town" in sending.run("report", "1").said
            assert set(count_attempts(sending.record)) == {"c@example.org"}
            sending.check()
