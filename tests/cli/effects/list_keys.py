"""What the keys of `[list]` do."""

from __future__ import annotations

import sys
from typing import Any

from tests.audience.grist_server import DOC, KEY, TABLE
from tests.cli.effects.around import grist, grist_dripping
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import database, long_sent, odd_list, old_people, two_lists

SHOW = "list show --json"
GRIST: dict[str, Any] = {"of": "list stats", "stage": odd_list, "around": grist}
IN_GRIST = {"list.source": "grist", "list.grist.url": "{url}", "list.grist.doc": DOC, "list.grist.table": TABLE}
PRINTS_KEY = [sys.executable, "-c", f"print({KEY!r})"]
TRUSTED = {"NL_TRUST": "1"}
KNOWN = {"NL_GRIST_KEY": KEY, **TRUSTED}
SQL: dict[str, Any] = {"of": SHOW, "stage": database, "shows": "sql@example.org"}
IN_SQL = {
    "list.source": "sql",
    "list.sql.url": "sqlite:///people.db",
    "list.sql.query": "SELECT email FROM people",
}
URL = "sqlite:///workspace/people.db"
# Seen from the workspace; what the environment says, from where one is.
HERE = "sqlite:///people.db"
NOWHERE = "sqlite:///missing.db"


def column(name: str, shows: str, *, of: str = "") -> Setting:
    """A column of `odd.csv`, whose names say nothing: `c_name` and so on."""
    return Setting(
        sets={f"list.columns.{name}": of or f"c_{name}"},
        of="list show lea@example.org --json",
        stage=odd_list,
        beside={"list.file": "odd.csv", "list.columns.address": "c_address"},
        shows=shows,
    )


def retention(name: str, kind: str, stage: Any) -> Setting:
    return Setting(sets={f"list.retention.{name}": 0}, of="list purge --dry-run", stage=stage, hides=f"  {kind}: ")


SETTINGS = [
    Setting(sets={"list.source": "csv"}, of="list stats", stage=two_lists, hides="there are two lists"),
    Setting(sets={"list.file": "odd.csv"}, of="list check", stage=two_lists, shows="odd.csv"),
    Setting(
        sets={"list.encoding": "cp1254"}, of=SHOW, stage=odd_list, beside={"list.file": "turkish.csv"}, shows="İşıl"
    ),
    Setting(
        sets={"list.columns.address": "c_second"},
        of=SHOW,
        stage=odd_list,
        beside={"list.file": "odd.csv"},
        shows="second@example.org",
    ),
    column("name", '"name": "Léa Doe"'),
    column("first_name", '"name": "Léa"'),
    column("last_name", '"name": "Doe"'),
    column("status", '"status": "unconfirmed"'),
    column("unsubscribed", '"status": "unsubscribed"'),
    column("subscribed", '"status": "unsubscribed"', of="c_receives"),
    Setting(
        sets={"list.unused_columns": ["c_unsubscribed"]},
        of="list check",
        stage=odd_list,
        beside={"list.file": "odd.csv", "list.columns.address": "c_address"},
        hides="“c_unsubscribed” may say who left",
    ),
    column("groups", '"groups": [\n            "proof"'),
    column("consent_at", '"at": "2025-03-03"'),
    column("consent_how", '"how": "a form"'),
    Setting(
        sets={"list.grist.url": "{url}"},
        beside={**IN_GRIST, "list.grist.url": "http://127.0.0.1:1"},
        env=KNOWN,
        shows="1 would be written to",
        **GRIST,
    ),
    Setting(
        sets={"list.grist.doc": DOC},
        beside={**IN_GRIST, "list.grist.doc": "other"},
        env=KNOWN,
        shows="1 would be written to",
        **GRIST,
    ),
    Setting(
        sets={"list.grist.table": TABLE},
        beside={**IN_GRIST, "list.grist.table": "Other"},
        env=KNOWN,
        shows="1 would be written to",
        **GRIST,
    ),
    Setting(
        sets={"list.grist.key_env": "OUR_KEY"},
        beside=IN_GRIST,
        env={"OUR_KEY": KEY, **TRUSTED},
        shows="1 would be written to",
        **GRIST,
    ),
    Setting(
        sets={"list.grist.key_command": PRINTS_KEY},
        beside=IN_GRIST,
        env=TRUSTED,
        shows="1 would be written to",
        **GRIST,
    ),
    Setting(
        sets={"list.grist.write_back": True},
        beside=IN_GRIST,
        env=KNOWN,
        **{**GRIST, "of": "list unsubscribe grist@example.org"},
        shows="Noted in 1 rows",
    ),
    Setting(
        sets={"list.grist.timeout_seconds": 1},
        beside=IN_GRIST,
        env=KNOWN,
        hides="(OSError)",
        **{**GRIST, "around": grist_dripping},
    ),
    Setting(sets={"list.sql.url": HERE}, beside={**IN_SQL, "list.sql.url": NOWHERE}, **SQL),
    Setting(
        sets={"list.sql.url_env": "OUR_URL"}, beside={**IN_SQL, "list.sql.url": NOWHERE}, env={"OUR_URL": URL}, **SQL
    ),
    Setting(
        sets={"list.sql.url_command": [sys.executable, "-c", f"print({URL!r})"]},
        beside={**IN_SQL, "list.sql.url": NOWHERE},
        env=TRUSTED,
        **SQL,
    ),
    Setting(
        sets={"list.sql.query": "SELECT email FROM people"},
        beside={**IN_SQL, "list.sql.query": "SELECT email FROM nobody"},
        **SQL,
    ),
    retention("unconfirmed_days", "unconfirmed", old_people),
    retention("left_days", "unsubscribed", old_people),
    retention("rejects_days", "rejects", old_people),
    retention("ledger_days", "deliveries", long_sent),
]
