"""What the keys of `[send]` do that say how an issue reaches its readers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import ready, ready_with_picture

ASSEMBLE = "assemble 1 --offline"
OUTBOX = "send 1 --dry-run --outbox workspace/out"
DRY: dict[str, Any] = {"of": OUTBOX, "stage": ready, "first": ASSEMBLE}
PACE = {"send.pace": [{"name": "Slow", "domains": ["example.org"], "per_minute": 1}]}

SETTINGS = [
    Setting(sets={"send.transport": "maildir:elsewhere"}, of="send 1 --yes", stage=ready, shows="== elsewhere/new/"),
    Setting(sets={"send.per_minute": 1}, shows="at least, by the pacing rules", **DRY),
    Setting(sets={"send.pace.0.domains": ["example.net"]}, beside=PACE, hides="at least, by the pacing rules", **DRY),
    Setting(sets={"send.pace.0.per_minute": 0}, beside=PACE, hides="at least, by the pacing rules", **DRY),
    Setting(
        sets={"send.send_by_hours": 87_600},
        of="send 1 --yes --limit 1",
        stage=ready,
        then="report 1 --json",
        shows=f'"send_by": "{datetime.now(UTC) + timedelta(days=3650):%Y-}',
    ),
    Setting(sets={"send.unsubscribe_mail": "leave@example.org"}, shows="mailto:leave@example.org", **DRY),
    Setting(sets={"send.feedback_id": False}, hides="Feedback-ID: ", **DRY),
    Setting(sets={"send.images": "embedded"}, shows="cid:", **{**DRY, "stage": ready_with_picture}),
]
