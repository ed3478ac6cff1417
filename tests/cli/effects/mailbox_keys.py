"""What the keys of `[mailbox]` do: whose mailbox is read, and how one gets in."""

from __future__ import annotations

from typing import Any

from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import ready

URL = "imaps://lettre@imap.example.org"
LISTED: dict[str, Any] = {"of": "trust", "beside": {"mailbox.url": URL}, "stage": ready}

SETTINGS = [
    Setting(sets={"mailbox.url": URL}, shows="imaps://imap.example.org:993", **{**LISTED, "beside": {}}),
    Setting(sets={"mailbox.password_env": "OUR_PASSWORD"}, shows="OUR_PASSWORD", hides="NL_MAILBOX_PASSWORD", **LISTED),
    Setting(sets={"mailbox.password_command": ["pass", "show", "mailbox"]}, shows="pass show mailbox", **LISTED),
    Setting(
        sets={"mailbox.password_keyring": "letter"}, shows="letter (lettre)", hides="NL_MAILBOX_PASSWORD", **LISTED
    ),
    Setting(sets={"mailbox.ca_file": "authority.pem"}, shows="ca_file=authority.pem", **LISTED),
]
