"""What the ledger promises, it promises over both databases: these tests run once over each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.place import LedgerPlace
from newsletter_cli.deliver.ledger.transactions import Database
from tests.deliver.shared import new_ledger
from tests.postgresql import postgres_url

__all__ = ["postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> LedgerPlace:
    """Where the ledger is."""
    if request.param == "sqlite":
        return tmp_path / "state"
    return new_ledger(request.getfixturevalue("postgres_url"), tmp_path / "state")


@pytest.fixture
def ledger(state: LedgerPlace) -> Iterator[Database]:
    database = open_database(state)
    yield database
    database.close()
