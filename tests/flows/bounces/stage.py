"""A workspace whose issues went out, in the ledger as a send leaves it: any number of readers and issues at once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.runs import read_secret_key
from newsletter_cli.deliver.ledger.transactions import transaction
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.flows.sending.newsletter import CONFIG
from tests.workspaces import make_workspace, write

FIRST = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
LEA, ALI, ADA = "lea@example.org", "ali@example.org", "ada@example.org"
WAVE = (
    "INSERT INTO wave(issue, frozen_at, segment, list_name, content_hash, template, subject, candidates, known,"
    " accepted, send_by, paces) VALUES (?, ?, '', 'list.csv', '', x'00', 'Tidings', ?, 0, '', '', '')"
)
DELIVERY = (
    "INSERT INTO delivery(issue, wave, key, address, name, fields, pace, state, tries, at, code, reply)"
    " VALUES (?, ?, ?, '', '', '', '', 'sent', 1, ?, 250, 'OK')"
)


class SentIssues:
    """`readers` were sent as many issues, a month apart; the list stands in `list.csv`."""

    def __init__(self, root: Path, readers: Sequence[str] = (LEA, ALI, ADA), *, issues: int = 1, config: str = ""):
        self.root = root
        make_workspace(root, CONFIG + config, issues={})
        write(root / "list.csv", "email\n" + "".join(f"{one}\n" for one in readers))
        self._rows: dict[tuple[str, int], int] = {}
        with closing(open_database(root / "state")) as connection:
            self._tokens = Tokens(read_secret_key(connection))
            with transaction(connection):
                for issue in range(1, issues + 1):
                    at = FIRST + datetime.timedelta(days=30 * (issue - 1))
                    wave = connection.execute(WAVE, (issue, at.isoformat(), len(readers))).lastrowid
                    for one in readers:
                        row = connection.execute(DELIVERY, (issue, wave, one, int(at.timestamp()))).lastrowid
                        self._rows[one, issue] = int(row or 0)

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def token(self, reader: str, issue: int = 1) -> str:
        return self._tokens.token(self._rows[reader, issue])
