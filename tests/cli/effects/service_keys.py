"""What the keys do that say how a mail service is spoken to: `[send.service]`."""

from __future__ import annotations

import sys
from typing import Any

from tests.cli.effects.around import late_service, mail_service
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import ready
from tests.deliver.https.server import CHANNEL, KEY, MAILBOX

SEND: dict[str, Any] = {
    "of": "send 1 --yes --transport lasuite://127.0.0.1:{port}",
    "stage": ready,
    "around": mail_service,
}
KNOWN = {"NL_SERVICE_KEY": KEY}
WHO, CHANNELLED = {"send.service.mailbox": MAILBOX}, {"send.service.channel": CHANNEL}
TRUST = {"send.service.ca_file": "authority.pem"}
ALL = {**WHO, **CHANNELLED, **TRUST}
PRINTS = [sys.executable, "-c", f"print({KEY!r})"]

SETTINGS = [
    Setting(sets=WHO, beside={**CHANNELLED, **TRUST}, env=KNOWN, shows="3 sent", **SEND),
    Setting(sets=CHANNELLED, beside={**WHO, **TRUST}, env=KNOWN, shows="3 sent", **SEND),
    Setting(sets=TRUST, beside={**WHO, **CHANNELLED}, env=KNOWN, shows="3 sent", hides="is not trusted", **SEND),
    Setting(sets={"send.service.key_env": "OUR_KEY"}, beside=ALL, env={"OUR_KEY": KEY}, shows="3 sent", **SEND),
    Setting(sets={"send.service.key_command": PRINTS}, beside=ALL, env={"NL_TRUST": "1"}, shows="3 sent", **SEND),
    Setting(sets={"send.service.key_keyring": "letter"}, beside=ALL, shows="keyring", hides="NL_SERVICE_KEY", **SEND),
    Setting(sets={"send.service.connections": 1}, beside=ALL, env=KNOWN, shows="heard 1 connections", **SEND),
    Setting(
        sets={"send.service.timeout_seconds": 3},
        beside={**ALL, "send.service.timeout_seconds": 30},
        env=KNOWN,
        shows="1 in doubt",
        **{**SEND, "around": late_service},
    ),
]
