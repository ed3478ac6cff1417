from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.database import open_database


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(state)
    yield connection
    connection.close()
