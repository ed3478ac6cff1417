"""What became of everybody, and what a person decides of those whom nobody but a person can decide about."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerBusy, UsageError
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.deciding import Decision
from newsletter_cli.flows.sending.report import write_report_csv
from newsletter_cli.flows.sending.resolve import Resolved, resolve_deliveries, unresolved
from newsletter_cli.model.delivery import DeliveryState
from tests.deliver.server.misbehaviour import is_in_share
from tests.deliver.server.oracle import STATES, check_promise
from tests.deliver.server.serving import ThreadedServer
from tests.flows.sending.newsletter import ADDRESSES, FAULTY, Newsletter
from tests.inside import call as run_nl

MANY = [f"p{number:02d}@example.org" for number in range(12)]
DOUBT, REFUSED = DeliveryState.IN_DOUBT, DeliveryState.REFUSED


def list_of(addresses: list[str]) -> str:
    return "email\n" + "".join(f"{one}\n" for one in addresses)


@contextmanager
def sent_to(folder: Path, *names: str) -> Iterator[tuple[Newsletter, ThreadedServer]]:
    """A send through a server that misbehaves so; the server goes on to do so."""
    newsletter = Newsletter(folder / "w", people=list_of(MANY))
    with ThreadedServer(folder / "record", *names) as server:
        newsletter.send(transport=f"smtp://127.0.0.1:{server.port}")
        yield newsletter, server


def in_state(newsletter: Newsletter, state: DeliveryState) -> set[str]:
    return {address for address, told in newsletter.states().items() if told == state.value}


def decide(newsletter: Newsletter, state: DeliveryState, decision: str, *addresses: str) -> Resolved:
    return resolve_deliveries(
        newsletter.workspace, 1, state, Decision(decision), addresses=addresses, confirm=lambda count: None
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


class TestReport:
    def test_the_keys_of_the_contract(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, people="email\na@example.org\nA@example.org\nbad\nb@example.org\n")
        newsletter.send(limit=1)
        told = newsletter.report().as_dict()
        assert list(told)[:5] == ["issue", "candidates", "excluded", "counts", "complete"]
        assert tuple(told["counts"]) == STATES
        assert told["excluded"] == {"double": 1, "invalid": 1}
        assert (told["candidates"], told["counts"]["sent"], told["counts"]["pending"]) == (4, 1, 1)
        assert told["complete"] is False

    def test_an_issue_that_was_never_sent(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        for call in (newsletter.report, lambda: unresolved(newsletter.workspace, 1)):
            with pytest.raises(UsageError, match="never sent from here") as refused:
                call()
            assert "nl send 1 --dry-run" in (refused.value.hint or "")
        assert not (newsletter.state / "ledger.db").exists()

    def test_the_servers_own_words_and_what_to_do(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "550-rcpt") as (newsletter, _server):
            lines = " ".join(newsletter.report().lines())
        refused = sum(is_in_share(one, 4) for one in MANY)
        assert 0 < refused < len(MANY)
        assert f"{refused} × 550" in lines
        assert "nl resolve 1 --show" in lines
        assert "--refused resend (the cause is gone) or --refused skip (for good)" in lines
        assert "Complete" not in lines

    def test_no_reply_in_the_ledger_names_the_recipient(self, tmp_path: Path) -> None:
        with (
            sent_to(tmp_path, "550-rcpt") as (newsletter, _server),
            closing(open_database(newsletter.state)) as connection,
        ):
            replies = [row[0] for row in connection.execute("SELECT reply FROM delivery")]
        assert any(replies)
        assert not [one for one in replies if "@example.org" in one]

    def test_it_can_be_read_while_a_send_writes(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(limit=1)
        with closing(open_database(newsletter.state)) as writing:
            writing.execute("BEGIN IMMEDIATE")
            writing.execute("UPDATE delivery SET state = 'claimed' WHERE state = 'pending'")
            told = newsletter.report().as_dict()
            assert told["counts"]["pending"] == 2
            assert write_report_csv(newsletter.workspace, 1, tmp_path / "out.csv") == 3
            writing.execute("ROLLBACK")

    def test_each_freeze_is_told(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(to="group:proof")
        newsletter.send()
        first, second = newsletter.report().as_dict()["freezes"]
        assert (first["part"], second["part"]) == ("group:proof", None)
        assert first["content"] == second["content"]
        assert first["subject"] == "Tidings #1"

    def test_rules_that_were_let_pass_stay_told_after_another_freeze(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, texts=FAULTY)
        newsletter.send(to="group:proof", accepted=("link-empty",))
        newsletter.write("news.md", "---\nauthor: Grace\n---\nMended.\n")
        newsletter.assemble()
        newsletter.send()
        assert "link-empty" in str(newsletter.report().as_dict())


class TestCsv:
    PEOPLE = (
        "email;name\n"
        'ada@example.org;"=HYPERLINK(""https://example.org"")"\n'
        "ben@example.org;+Ben\n"
        'cleo@example.org;"Cléo; née C"\n'
        "not one;\n"
        "ADA@example.org;\n"
    )

    def test_everybody_one_by_one_those_left_out_included(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, people=self.PEOPLE)
        newsletter.send(limit=1)
        count = write_report_csv(newsletter.workspace, 1, tmp_path / "out.csv")
        rows = rows_of(tmp_path / "out.csv")
        assert count == len(rows) == 5
        assert Counter(row["state"] for row in rows) == {
            "sent": 1, "pending": 2, "excluded:invalid": 1, "excluded:double": 1,
        }  # fmt: skip
        assert [row["address"] for row in rows] == [*ADDRESSES, "", ""]
        (sent,) = [row for row in rows if row["state"] == "sent"]
        assert sent["at"].endswith("Z")
        assert (sent["tries"], sent["code"]) == ("1", "250")
        assert "no @" in rows[3]["reply"]
        assert "row 5" in rows[3]["name"]

    def test_cells_that_a_spreadsheet_would_run_are_guarded(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path, people=self.PEOPLE)
        newsletter.send()
        write_report_csv(newsletter.workspace, 1, tmp_path / "out.csv")
        for row in rows_of(tmp_path / "out.csv"):
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
        assert rows_of(tmp_path / "out.csv")[1]["name"] == "'+Ben"

    def test_words_of_a_server_cannot_drive_a_terminal(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "escapes", "550-rcpt") as (newsletter, _server):
            write_report_csv(newsletter.workspace, 1, tmp_path / "out.csv")
        text = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
        assert not [one for one in text if ord(one) < 32 and one not in "\r\n"]

    @pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
    def test_it_is_private_and_opens_in_a_spreadsheet(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send()
        write_report_csv(newsletter.workspace, 1, tmp_path / "out.csv")
        assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
        assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


class TestInDoubt:
    LOST = "lost-250:every=3,times=2"

    @pytest.mark.parametrize(("decision", "state", "again"), [("skip", "refused", 0), ("sent", "sent", 0)])
    def test_skip_and_sent_settle_it(self, tmp_path: Path, decision: str, state: str, again: int) -> None:
        with sent_to(tmp_path, self.LOST) as (newsletter, server):
            doubtful = in_state(newsletter, DOUBT)
            assert doubtful
            done = decide(newsletter, DOUBT, decision)
            assert (done.count, done.is_complete) == (len(doubtful), True)
            assert {newsletter.states()[one] for one in doubtful} == {state}
            copies = Counter(server.accepted())
            assert newsletter.send(transport=f"smtp://127.0.0.1:{server.port}").exit_status == 0
            assert Counter(server.accepted()) == copies
            assert newsletter.report().numbers.is_complete
        check_promise(tmp_path / "record", newsletter.state, issue=1, settled=doubtful, decided=doubtful)

    def test_resend_sends_it_again(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, self.LOST) as (newsletter, server):
            doubtful = in_state(newsletter, DOUBT)
            done = decide(newsletter, DOUBT, "resend")
            assert (done.count, done.is_complete) == (len(doubtful), False)
            assert newsletter.send(transport=f"smtp://127.0.0.1:{server.port}").exit_status == 0
            copies = Counter(server.accepted())
        assert {copies[one] for one in MANY} == {1, 2}
        assert {one for one in MANY if copies[one] == 2} == doubtful
        check_promise(tmp_path / "record", newsletter.state, issue=1, decided=doubtful)

    def test_one_address_at_a_time(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, self.LOST) as (newsletter, _server):
            first, second = sorted(in_state(newsletter, DOUBT))
            done = decide(newsletter, DOUBT, "skip", first.upper())
            assert (done.count, done.is_complete) == (1, False)
            assert in_state(newsletter, DOUBT) == {second}
            assert decide(newsletter, DOUBT, "sent", second).is_complete

    def test_an_address_that_is_not_among_them_decides_nothing(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, self.LOST) as (newsletter, _server):
            before = newsletter.states()
            first = min(in_state(newsletter, DOUBT))
            other = min(in_state(newsletter, DeliveryState.SENT))
            for addresses in ((other,), (first, other), ("nobody@example.org",), (first, "no address")):
                with pytest.raises(UsageError):
                    decide(newsletter, DOUBT, "skip", *addresses)
                assert newsletter.states() == before

    def test_the_same_address_twice_is_one(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, self.LOST) as (newsletter, _server):
            first = min(in_state(newsletter, DOUBT))
            assert decide(newsletter, DOUBT, "skip", first, first.upper()).count == 1

    def test_a_no_decides_nothing(self, tmp_path: Path) -> None:
        def refuse(count: int) -> None:
            raise UsageError(f"{count} asked")

        with sent_to(tmp_path, self.LOST) as (newsletter, _server):
            doubtful = in_state(newsletter, DOUBT)
            with pytest.raises(UsageError, match="2 asked"):
                resolve_deliveries(newsletter.workspace, 1, DOUBT, Decision.SKIP, confirm=refuse)
            assert in_state(newsletter, DOUBT) == doubtful

    def test_nobody_is_in_doubt_and_nobody_is_asked(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send()
        asked: list[int] = []
        done = resolve_deliveries(newsletter.workspace, 1, DOUBT, Decision.SKIP, confirm=asked.append)
        assert (done.count, done.is_complete, asked) == (0, True, [])


class TestRefused:
    def test_skip_completes_the_issue_and_keeps_the_servers_words(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "550-rcpt") as (newsletter, _server):
            refused = in_state(newsletter, REFUSED)
            assert {one.address for one in unresolved(newsletter.workspace, 1)} == refused
            assert decide(newsletter, REFUSED, "skip").is_complete
            assert "550" in " ".join(newsletter.report().lines())
            assert unresolved(newsletter.workspace, 1) == []
            assert newsletter.send().exit_status == 0

    def test_resend_once_the_cause_is_gone(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "550-rcpt") as (newsletter, _server):
            assert decide(newsletter, REFUSED, "resend").count > 0
        with ThreadedServer(tmp_path / "record") as server:
            assert newsletter.send(transport=f"smtp://127.0.0.1:{server.port}").exit_status == 0
            assert Counter(server.accepted()) == Counter(MANY)

    def test_what_a_server_refused_was_not_sent(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "550-rcpt") as (newsletter, _server):
            before = newsletter.states()
            with pytest.raises(UsageError) as refused:
                decide(newsletter, REFUSED, "sent")
            assert "--refused resend" in (refused.value.hint or "")
            assert newsletter.states() == before

    def test_a_skip_cannot_be_taken_back(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "550-rcpt") as (newsletter, _server):
            decide(newsletter, REFUSED, "skip")
            assert decide(newsletter, REFUSED, "resend").count == 0


class TestOthers:
    @pytest.mark.parametrize("state", [DOUBT, REFUSED])
    def test_nobody_decides_while_a_send_is_under_way(self, tmp_path: Path, state: DeliveryState) -> None:
        from newsletter_cli.deliver.ledger.lock import only_writer

        newsletter = Newsletter(tmp_path)
        newsletter.send()
        with only_writer(newsletter.state), pytest.raises(LedgerBusy):
            decide(newsletter, state, "skip")

    def test_what_a_killed_process_was_attempting_is_decided_about_without_another_send(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path)
        newsletter.send(limit=2)
        with closing(open_database(newsletter.state)) as connection:
            connection.execute("UPDATE delivery SET state = 'attempting' WHERE state = 'pending'")
        done = decide(newsletter, DOUBT, "sent")
        assert (done.count, done.is_complete) == (1, True)
        assert len(newsletter.messages()) == 2

    def test_put_off_is_for_the_next_run(self, tmp_path: Path) -> None:
        with sent_to(tmp_path, "450-rcpt") as (newsletter, server):
            deferred = in_state(newsletter, DeliveryState.DEFERRED)
            assert deferred == {one for one in MANY if is_in_share(one, 4)}
            assert "--retry-deferred-for" in " ".join(newsletter.report().lines())
            for _run in range(3):
                newsletter.send(transport=f"smtp://127.0.0.1:{server.port}")
            assert Counter(server.accepted()) == Counter(MANY)


class TestAFolderThatIsGone:
    """An issue was archived: what became of it is known all the same."""

    @pytest.mark.parametrize("number", [(), ("1",), ("001",)])
    def test_report_and_resolve_go_by_the_ledger(self, tmp_path: Path, number: tuple[str, ...]) -> None:
        newsletter = Newsletter(tmp_path / "w")
        newsletter.send(limit=1)
        shutil.rmtree(newsletter.root / "sections")
        report = run_nl("report", *number, "--json", cwd=newsletter.root)
        assert json.loads(report.out)["counts"]["sent"] == 1, report.err
        done = run_nl("resolve", *number, "--rehearsed", "--yes", cwd=newsletter.root)
        assert "1 delivery decided" in done.out, done.err

    def test_beside_others_too(self, tmp_path: Path) -> None:
        newsletter = Newsletter(tmp_path / "w")
        newsletter.send(limit=1)
        (newsletter.root / "sections" / "001").rename(newsletter.root / "sections" / "002")
        assert run_nl("report", "1", cwd=newsletter.root).status == 0
        assert "never sent" in run_nl("report", cwd=newsletter.root).err
        assert "there is no issue 7" in run_nl("report", "7", cwd=newsletter.root).err
        assert "no issue number" in run_nl("resolve", "x", "--show", cwd=newsletter.root).err
