"""What the tests of the audience share: a private PostgreSQL, a faithful Grist, an open store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.audience.store import Store, open_store
from tests.audience.grist_server import GristServer
from tests.postgresql import postgres_url

__all__ = ["grist", "postgres_url", "store"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "state") as opened:
        yield opened


@pytest.fixture
def grist() -> Iterator[GristServer]:
    with GristServer() as server:
        yield server
