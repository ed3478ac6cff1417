"""`nl send` over HTTPS, killed at any instant and run again: nobody has it twice, nobody is missed."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

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
SERVICE = """
[send.service]
mailbox = "{mailbox}"
{channel}
ca_file = "authority.pem"
connections = {connections}
"""
Serve = Callable[..., MailService]


def sending_to(root: Path, authority: Authority, service: MailService, scheme: str, people: int) -> Sending:
    settings = SETTINGS[scheme]
    channel = f'channel = "{settings.channel}"' if settings.channel else ""
    more = SERVICE.format(mailbox=settings.mailbox, channel=channel, connections=CONNECTIONS)
    transport = f"{scheme}://127.0.0.1:{service.port}"
    sending = Sending(root, people, record=root / "record", transport=transport, more=more)
    sending.env["NL_SERVICE_KEY"] = SECRETS[scheme]
    shutil.copy(authority.ca_file, root / "authority.pem")
    return sending


def kill_and_resume(root: Path, authority: Authority, serve: Serve, scheme: str, kills: int) -> None:
    chance = random.Random(f"{SEED}-{scheme}")
    service = serve(lambda number: chance.choice(BAD) if chance.random() < 0.05 else "")
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
    assert set(found) <= {"sent", "in_doubt"}, found
    assert found["sent"] > kills * 10


@pytest.mark.parametrize("scheme", ["lasuite", pytest.param("graph", marks=pytest.mark.long)])
def test_at_random_instants(scheme: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    kill_and_resume(tmp_path, authority, serve, scheme, KILLS)


@pytest.mark.long
@pytest.mark.parametrize("scheme", SETTINGS)
def test_at_many_random_instants(scheme: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    kill_and_resume(tmp_path, authority, serve, scheme, MANY_KILLS)


@pytest.mark.parametrize(
    "where", ["after-attempting-commit", "in-data", "after-dot:3", "after-reply", "after-sent-commit"]
)
def test_at_each_boundary(where: str, tmp_path: Path, authority: Authority, serve: Serve) -> None:
    service = serve()
    sending = sending_to(tmp_path, authority, service, "lasuite", people=12)
    assert sending.send(failpoint=where).status == KILLED
    refuse_doubles(service, sending.state, is_under_way=True)
    assert sending.send().status in {0, 3}
    refuse_doubles(service, sending.state)
    assert set(counts(sending.state)) <= {"sent", "in_doubt"}
