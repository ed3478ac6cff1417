"""One holder at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newsletter_cli.base.flock import try_lock, unlock


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    one, other = (os.open(file, os.O_RDWR | os.O_CREAT) for _ in range(2))
    try:
        assert try_lock(one)
        assert not try_lock(other)
        unlock(one)
        assert try_lock(other)
    finally:
        os.close(one)
        os.close(other)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    handle = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    os.close(handle)
    with pytest.raises(OSError, match="descriptor"):
        try_lock(handle)
