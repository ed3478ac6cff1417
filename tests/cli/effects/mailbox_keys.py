"""What the keys of `[mailbox]` do: whose mailbox is read, and how one gets in."""

from __future__ import annotations

from typing import Any

from tests.cli.effects.around import late_mailbox, mailbox
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import proved, ready

URL = "imaps://lettre@imap.example.org"
LISTED: dict[str, Any] = {"of": "trust", "beside": {"mailbox.url": URL}, "stage": ready}

AT = {"mailbox.url": "imap://lettre@127.0.0.1:{port}"}
READ: dict[str, Any] = {
    "of": "proof 1 --received mailbox",
    "beside": AT,
    "stage": proved,
    "env": {"NL_TRUST": "1", "NL_MAILBOX_PASSWORD": "secret"},
    "around": mailbox,
}

SETTINGS = [
    Setting(sets={"mailbox.url": URL}, shows="imaps://imap.example.org:993", **{**LISTED, "beside": {}}),
    Setting(sets={"mailbox.password_env": "OUR_PASSWORD"}, shows="OUR_PASSWORD", hides="NL_MAILBOX_PASSWORD", **LISTED),
    Setting(sets={"mailbox.password_command": ["pass", "show", "mailbox"]}, shows="pass show mailbox", **LISTED),
    Setting(
        sets={"mailbox.password_keyring": "letter"}, shows="letter (lettre)", hides="NL_MAILBOX_PASSWORD", **LISTED
    ),
    Setting(sets={"mailbox.ca_file": "authority.pem"}, shows="ca_file=authority.pem", **LISTED),
    Setting(sets={"mailbox.auth": "xoauth2"}, shows="does not offer to log in with XOAUTH2", **READ),
    Setting(
        sets={"mailbox.timeout_seconds": 1},
        shows="did not answer in time",
        **{**READ, "around": late_mailbox, "beside": {**AT, "mailbox.timeout_seconds": 30}},
    ),
]
