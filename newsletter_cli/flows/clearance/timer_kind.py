"""The timers that a machine has of its own."""

from __future__ import annotations

from enum import StrEnum


class Timer(StrEnum):
    """Whose line is printed."""

    CRON = "cron"
    SYSTEMD = "systemd"
    WINDOWS = "windows"
