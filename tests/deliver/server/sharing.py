"""A send that several processes share, through a ledger in PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from newsletter_cli.deliver.ledger.place import SharedLedger
from tests.deliver.server.sending import ISSUE, Done, Sending, end
from tests.deliver.server.serving import ServerProcess
from tests.deliver.shared import new_ledger
from tests.forked import Running
from tests.workspaces import environment

LEDGER = '[send]\nledger = "{url}"\n'
LEASE = "newsletter_cli.deliver.ledger.place.LEASE_SECONDS"


class SharedSending(Sending):
    """One issue whose ledger is in PostgreSQL. A lease lasts `lease_seconds`."""

    def __init__(self, root: Path, recipients: int | Sequence[str], url: str, *, lease_seconds: float, **settings: Any):
        self.place: SharedLedger = new_ledger(url, root / "state", lease_seconds=lease_seconds)
        parts = urlsplit(url)
        bare = parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}").geturl()
        more = settings.pop("more", "") + "\n" + LEDGER.format(url=bare)
        super().__init__(root, recipients, more=more, waits={LEASE: lease_seconds}, **settings)
        self.env["PGPASSWORD"] = parts.password or ""

    def plan(self, *more: str) -> Done:
        """`nl send --distributed`."""
        return self.send("--distributed", *more)

    def start_worker(self, *more: str) -> Running:
        """One more worker begins."""
        given = environment(**self.env)
        arguments = self.arguments("worker", "--transport", self.transport, *more)
        return self._start(arguments, given)

    def work(self, count: int = 1) -> list[Done]:
        """So many workers, until nothing is left to send."""
        processes = [self.start_worker("--until-done") for _number in range(count)]
        return [end(process) for process in processes]

    def rows(self) -> list[tuple[str, str]]:
        """Address and state of everybody, as the ledger has them."""
        with closing(psycopg.connect(self.place.url)) as connection:
            return connection.execute(
                "SELECT key, state FROM nl_ledger.delivery WHERE issue = %s ORDER BY id", (ISSUE,)
            ).fetchall()

    def count_leases(self) -> int:
        """How many senders may be alive."""
        with closing(psycopg.connect(self.place.url)) as connection:
            found = connection.execute(
                "SELECT count(*) FROM nl_ledger.lease WHERE ended = 0"
                " AND until > extract(epoch FROM clock_timestamp()) * 1000"
            ).fetchone()
            return int(found[0]) if found else 0

    def states(self) -> dict[str, str]:
        return dict(self.rows())

    def counts(self) -> Counter[str]:
        """How many are in each state."""
        return Counter(state for _key, state in self.rows())

    def count_attempting(self) -> int:
        return self.counts()["attempting"]


@contextmanager
def served_together(
    folder: Path,
    recipients: int | Sequence[str],
    url: str,
    *misbehaviours: str,
    lease_seconds: float = 30,
    **settings: Any,
) -> Iterator[tuple[ServerProcess, SharedSending]]:
    """A server that misbehaves so, and a workspace whose ledger is shared."""
    record = folder / "record"
    with ServerProcess(record, *misbehaviours) as server:
        yield (
            server,
            SharedSending(
                folder / "workspace", recipients, url, record=record, transport=server.url, lease_seconds=lease_seconds,
                **settings,
            ),
        )  # fmt: skip
