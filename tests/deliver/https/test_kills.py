"""`nl send` over HTTPS, killed at any instant and run again: nobody has it twice, nobody is missed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.database import open_database
from tests.deliver.certificates import Authority
from tests.deliver.https.conftest import SECRETS, SETTINGS
from tests.deliver.https.server import MailService
from tests.deliver.https.test_transport import refuse_doubles
from tests.deliver.server.sending import KILLED, Sending
from tests.deliver.stage import counts
from tests.waiting import patiently

SEED = int(os.environ.get("NL_SEED", "1"))
KILLS, MANY_KILLS = 6, int(os.environ.get("NL_KILLS", "100"))
CONNECTIONS = 4
BAD = ("429", "503", "500", "taken-cut", "lost-cut", "unread", "half-read", "close", "hangs-up-after", "slow")
# A failure that is told may have made Brevo's key known, and leaves a doubt of its own (`test_transport.py`).
BAD_OF = {"brevo": tuple(one for one in BAD if one != "500")}
SERVICE = """
[send.service]
{whose}
ca_file = "authority.pem"
connections = {connections}
"""
Serve = Callable[..., MailService]


def sending_to(root: Path, authority: Authority, service: MailService, scheme: str, people: int) -> Sending:
    settings = SETTINGS[scheme]
    options = {"mailbox": settings.mailbox, "channel": settings.channel}
    whose = "\n".join(f'{key} = "{value}"' for key, value in options.items() if value)
    more = SERVICE.format(whose=whose, connections=CONNECTIONS)
    transport = f"{scheme}://127.0.0.1:{service.port}"
    sending = Sending(root, people, record=root / "record", transport=transport, more=more)
    sending.env["NL_SERVICE_KEY"] = SECRETS[scheme]
    shutil.copy(authority.ca_file, root / "authority.pem")
    return sending


def kill_and_resume(root: Path, authority: Authority, serve: Serve, scheme: str, kills: int) -> None:
    chance = random.Random(f"{SEED}-{scheme}")
    bad = BAD_OF.get(scheme, BAD)
    service = serve(lambda number: chance.choice(bad) if chance.random() < 0.05 else "")
    sending = sending_to(root, authority, service, scheme, people=kills * 30)
    for number in range(kills):
        process = sending.start()
        wanted = service.taken.total() + chance.randint(1, 40)
        for _left in patiently(lambda: "nothing is taken any more"):
            if service.taken.total() >= wanted or process.poll() is not None:
                break
            time.sleep(0.002)
        time.sleep(chance.choice((0, chance.uniform(0, 0.01))))
        done = sending.kill(process)
        assert done.status in {KILLED, 0, 3}, f"kill {number}: {done}"
        assert counts(sending.state)["attempting"] <= 2 * CONNECTIONS, f"kill {number}"
        refuse_doubles(service, sending.state, is_under_way=True)
    service.plan = lambda number: ""
    for _run in range(3):
        done = sending.send()
    assert done.status in {0, 3}, done
    refuse_doubles(service, sending.state)
    found = counts(sending.state)
    # Brevo knows a request that is made again: nobody is in doubt, and nobody is missed.
    assert set(found) <= ({"sent"} if scheme == "brevo" else {"sent", "in_doubt"}), (found, why_in_doubt(sending.state))
    assert found["sent"] > kills * 10
    if scheme == "brevo":
        assert service.taken.total() == found["sent"]


def why_in_doubt(state: Path) -> list[tuple[int, str, int]]:
    connection = open_database(state)
    try:
        return connection.execute("SELECT code, reply, tries FROM delivery WHERE state = 'in_doubt'").fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("scheme", ["lasuite", "brevo", pytest.param("graph", marks=pytest.mark.long)])
def test_at_random_instants(scheme: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    kill_and_resume(tmp_path, authority, serve, scheme, KILLS)


@pytest.mark.long
@pytest.mark.parametrize("scheme", SETTINGS)
def test_at_many_random_instants(scheme: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    kill_and_resume(tmp_path, authority, serve, scheme, MANY_KILLS)


@pytest.mark.parametrize("scheme", ["lasuite", "brevo"])
@pytest.mark.parametrize(
    "where", ["after-attempting-commit", "in-data", "after-dot:3", "after-reply", "after-sent-commit"]
)
def test_at_each_boundary(where: str, scheme: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    service = serve()
    sending = sending_to(tmp_path, authority, service, scheme, people=12)
    assert sending.send(failpoint=where).status == KILLED
    refuse_doubles(service, sending.state, is_under_way=True)
    assert sending.send().status in {0, 3}
    refuse_doubles(service, sending.state)
    assert set(counts(sending.state)) <= ({"sent"} if scheme == "brevo" else {"sent", "in_doubt"})
