"""What the keys of `[send]` and `[personal]` do that say how an issue reaches its readers; a server's own in
`server_keys`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cli.effects.around import empty_database
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import dkim_ready, ready, ready_with_picture, ready_with_preheader

ASSEMBLE = "assemble 1 --offline"
OUTBOX = "send 1 --dry-run --outbox workspace/out"
DRY: dict[str, Any] = {"of": OUTBOX, "stage": ready, "first": ASSEMBLE}
# A dry run signs nothing.
SIGNING: dict[str, Any] = {"of": "send 1 --yes", "stage": dkim_ready}
PRINTS_KEY = [sys.executable, "-c", "print(open('dkim.pem').read())"]
SLOW = {"send.pace": [{"name": "Slow", "domains": ["example.org"], "per_minute": 1}]}
WITH_NAME = {"personal.fields": [{"name": "name"}]}

SETTINGS = [
    Setting(
        sets={"send.ledger": "{ledger}"},
        of="send 1 --yes",
        stage=ready,
        around=empty_database,
        hides="== state/ledger.db",
    ),
    Setting(sets={"send.transport": "maildir:elsewhere"}, of="send 1 --yes", stage=ready, shows="== elsewhere/new/"),
    Setting(sets={"send.per_minute": 1}, shows="at least, by the pacing rules", **DRY),
    Setting(sets={"send.pace.0.domains": ["example.net"]}, beside=SLOW, hides="at least, by the pacing rules", **DRY),
    Setting(sets={"send.pace.0.per_minute": 0}, beside=SLOW, hides="at least, by the pacing rules", **DRY),
    Setting(
        sets={"send.send_by_hours": 87_600},
        of="send 1 --yes --limit 1",
        stage=ready,
        then="report 1 --json",
        shows=f'"send_by": "{datetime.now(UTC) + timedelta(days=3650):%Y-}',
    ),
    Setting(sets={"send.to_list": "letter@lists.example.org"}, shows="To: letter@lists.example.org", **DRY),
    Setting(sets={"send.list_id": "lab.example.org"}, shows="List-Id: Tidings <lab.example.org>", **DRY),
    Setting(
        sets={"send.one_click": True},
        beside={"email.unsubscribe": "https://www.example.org/leave"},
        shows="List-Unsubscribe-Post: ",
        **DRY,
    ),
    Setting(sets={"send.unsubscribe_mail": "leave@example.org"}, shows="mailto:leave@example.org", **DRY),
    Setting(sets={"send.require_approval": True}, shows="nobody has approved issue 1", **DRY),
    Setting(sets={"send.feedback_id": False}, hides="Feedback-ID: ", **DRY),
    Setting(sets={"send.complaints": "fbl@example.org"}, shows="CFBL-Address: fbl@example.org; report=arf", **DRY),
    Setting(sets={"send.images": "embedded"}, shows="cid:", **{**DRY, "stage": ready_with_picture}),
    Setting(sets={"send.dkim.selector": "s1"}, beside={"send.dkim.key_file": "dkim.pem"}, shows="s=s1;", **SIGNING),
    Setting(
        sets={"send.dkim.domain": "lab.example"},
        beside={"send.dkim.selector": "s1", "send.dkim.key_file": "dkim.pem"},
        shows="d=lab.example;",
        **SIGNING,
    ),
    Setting(
        sets={"send.dkim.key_file": "dkim.pem"},
        beside={"send.dkim.selector": "s1"},
        shows="DKIM-Signature: ",
        **SIGNING,
    ),
    Setting(
        sets={"send.dkim.key_env": "OUR_DKIM"},
        beside={"send.dkim.selector": "s1"},
        shows="OUR_DKIM",
        hides="NL_DKIM_KEY",
        **SIGNING,
    ),
    Setting(
        sets={"send.dkim.key_command": PRINTS_KEY},
        beside={"send.dkim.selector": "s1"},
        env={"NL_TRUST": "1"},
        shows="DKIM-Signature: ",
        **SIGNING,
    ),
    Setting(sets={"personal.greeting": "Dear {name},"}, beside=WITH_NAME, shows="Dear Ben,", **DRY),
    Setting(sets={"personal.subject": "{name}, {subject}"}, beside=WITH_NAME, shows="Subject: Ben, ", **DRY),
    Setting(
        sets={"personal.preheader": "For {name}: {preheader}"},
        beside=WITH_NAME,
        shows="For Ben: In short",
        **{**DRY, "stage": ready_with_preheader},
    ),
    Setting(
        sets={"personal.fields.0.name": "name"},
        beside={"personal.greeting": "Dear {name},", "personal.fields": [{"name": "town"}]},
        shows="Dear Ben,",
        of=OUTBOX,
        stage=ready,
    ),
    Setting(
        sets={"personal.fields.0.fallback": "reader"},
        beside={"personal.greeting": "Dear {groups},", "personal.fields": [{"name": "groups"}]},
        shows="Dear reader,",
        **DRY,
    ),
]
