"""What somebody who sends by Brevo is told: before a send, while requests are open, and by those who only look."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.database import open_database
from tests.deliver.certificates import Authority
from tests.deliver.https.server import TOKEN
from tests.deliver.https.test_kills import Serve, sending_to
from tests.deliver.server.sending import KILLED, Sending
from tests.deliver.stage import counts
from tests.workspaces import write

COUNTS_CLICKS, ANEW = "counts who opens and who clicks", "writes each message anew"


@pytest.fixture
def sending(tmp_path: Path, authority: Authority, serve: Serve) -> Sending:
    return sending_to(tmp_path, authority, serve(), "brevo", people=6)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_before_a_send_and_in_a_dry_run_it_is_said_what_brevo_adds_and_leaves_out(sending: Sending) -> None:
    dry = sending.run("send", "1", "--dry-run", "--list", "list.csv", "--transport", sending.transport)
    done = sending.send()
    for one in (dry, done):
        assert one.status == 0, one
        told = flat(one.output + one.errors)
        assert COUNTS_CLICKS in told
        assert ANEW in told
    assert counts(sending.state) == {"sent": 6}


def test_doctor_says_it_too(sending: Sending) -> None:
    sending.env["NL_TRANSPORT"] = sending.transport
    told = flat(sending.run("doctor").output)
    assert COUNTS_CLICKS in told
    assert ANEW in told


def test_a_dry_run_says_what_cannot_be_carried(sending: Sending) -> None:
    path = sending.root / "sections/001/news.md"
    write(path, path.read_text() + "\nWrite {{ name }} there.\n")
    sending.assemble()
    dry = sending.run("send", "1", "--dry-run", "--list", "list.csv", "--transport", sending.transport)
    assert "no message can be made" in flat(dry.output)
    assert "“{{” for a placeholder" in flat(dry.output)


def test_whoever_looks_or_decides_meanwhile_is_told_who_may_have_it(sending: Sending) -> None:
    assert sending.send(failpoint="after-dot:3").status == KILLED
    ledger = open_database(sending.state)
    ledger.execute("UPDATE delivery SET state = 'refused', code = 550 WHERE state = 'pending' AND id = 6")
    ledger.close()
    decided = sending.run("resolve", "1", "--refused", "skip", "--yes")
    assert "may have it: no answer came" in flat(decided.output), decided
    assert sending.transport in flat(decided.output)
    report = sending.run("report", "1")
    assert "may have it: no answer came" in flat(report.output)
    assert json.loads(sending.run("report", "1", "--json").output)["counts"]["in_doubt"] == 0
    assert sending.send().status == 0
    assert "may have it" not in flat(sending.run("report", "1").output)


def test_another_key_of_the_account_is_not_taken_for_the_same(sending: Sending) -> None:
    assert sending.send(failpoint="after-dot:3").status == KILLED
    sending.env["NL_SERVICE_KEY"] = "another"
    assert sending.send().status != 0
    assert counts(sending.state)["in_doubt"] > 0


def test_by_another_transport_it_is_told_before_and_nobody_gets_it_again(
    sending: Sending, authority: Authority, serve: Serve
) -> None:
    # The fifth on four connections: the answer to an earlier one is on record.
    assert sending.send(failpoint="after-dot:5").status == KILLED
    first = sending.transport
    # A folder is refused for readers to whom a send was begun; what is open stays so.
    sending.transport = "maildir:state/outbox"
    done = sending.send()
    assert "this send was begun through" in flat(done.output + done.errors)
    assert not counts(sending.state)["in_doubt"]
    service = serve()
    path = sending.root / "newsletter.toml"
    path.write_text(path.read_text().replace("[send.service]", '[send.service]\nmailbox = "lettre@example.org"'))
    sending.transport = f"graph://127.0.0.1:{service.port}"
    sending.env["NL_SERVICE_KEY"] = TOKEN
    done = sending.send()
    assert f"may have it: {first} has not answered" in flat(done.output + done.errors)
    found = counts(sending.state)
    assert found["in_doubt"] > 0
    assert found["sent"] + found["in_doubt"] == 6
