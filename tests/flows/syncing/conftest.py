"""The stage that the tests of the laptop's side share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.syncing.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "w")
    with stage.stub.serving():
        stage.configure()
        yield stage
