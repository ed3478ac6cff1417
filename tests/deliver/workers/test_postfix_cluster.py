"""The recipe of `docs/explanation/capacity.md`: each worker hands over to a Postfix of its own machine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.deliver.server.postfix import Postfix
from tests.deliver.server.sending import end
from tests.deliver.server.serving import ServerProcess
from tests.deliver.server.sharing import SharedSending
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.needs("postfix"),
    pytest.mark.skipif(not IS_ROOT, reason="Postfix wants to be started by root"),
]


def test_two_relays_share_an_issue(tmp_path: Path, postgres_url: str) -> None:
    record = tmp_path / "record"
    with ServerProcess(record) as sink, Postfix(sink.port) as one, Postfix(sink.port) as other:
        sending = SharedSending(
            tmp_path / "workspace", 240, postgres_url, record=record, transport=one.url, lease_seconds=30
        )
        assert sending.plan().status == 0
        workers = []
        for relay in (one, other):
            sending.transport = relay.url
            workers.append(sending.start_worker("--until-done"))
        for worker in workers:
            done = end(worker)
            assert done.status == 0, done
        for relay in (one, other):
            relay.wait_until_drained()
        assert sending.counts() == {"sent": 240}
        assert Counter(sending.accepted()) == Counter(sending.recipients)
