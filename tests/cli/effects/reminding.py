"""What the options of `nl remind` do, and the keys of `[remind]`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import plain
from tests.workspaces import write

UNREACHED = {"NL_REMIND_WEBHOOK": "http://127.0.0.1:1/hooks/abcdefghij"}


def drafted(root: Path) -> None:
    """A text that is still owed, in an issue of 11 June 2026."""
    plain(root)
    write(root / "sections/001/news.md", "---\nauthor: Grace\nstatus: draft\n---\n")


EFFECTS = {
    "remind --post": [
        Effect(of="remind 1", option="--post", stage=drafted, refused="NL_REMIND_WEBHOOK is not set"),
        Effect(of="remind 1", option="--post", stage=drafted, env=UNREACHED, refused="the chat cannot be reached"),
    ],
    "remind --again": [
        Effect(of="remind 1", option="--again", stage=drafted, refused="--again goes with --post"),
    ],
}
SETTINGS = [
    Setting(sets={"remind.days_before": 30}, of="remind 1", stage=drafted, shows="12 May 2026", hides="4 June 2026"),
    Setting(sets={"remind.webhook_env": "OUR_CHAT"}, of="remind 1 --post", stage=drafted, shows="OUR_CHAT → chat"),
    Setting(
        sets={"remind.webhook_command": ["pass", "show", "chat"]}, of="trust", stage=drafted, shows="pass show chat"
    ),
    Setting(sets={"remind.webhook_keyring": "letter"}, of="trust", stage=drafted, shows="letter (webhook) → chat"),
    Setting(
        sets={"remind.webhook": "https://chat.example.org/hooks/x"},
        of="remind 1",
        stage=drafted,
        refused="must not stand in newsletter.toml",
    ),
]
