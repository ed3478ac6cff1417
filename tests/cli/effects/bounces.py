"""What the options of `nl bounces` do, and the keys of `[bounces]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.effects.around import mailbox
from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import with_mailbox
from tests.flows.bounces.messages import mbox, report
from tests.flows.bounces.stage import LEA, SentIssues
from tests.workspaces import write

OF, THEN = "bounces back.mbox", "list stats"
OFF = "Suppression list: bounced"
FILES = "is for a mailbox over IMAP; files stay as they are"


def came_back(root: Path) -> None:
    """Léa's mailbox is gone."""
    sent = SentIssues(root)
    write(root / "back.mbox", mbox(report(LEA, sent.token(LEA))))


def many_came_back(root: Path) -> None:
    """Of a hundred readers, five are gone."""
    readers = [f"r{number}@d{number}.example" for number in range(100)]
    sent = SentIssues(root, readers)
    write(root / "back.mbox", mbox(*(report(one, sent.token(one), number=n) for n, one in enumerate(readers[:5]))))


def full_for_long(root: Path) -> None:
    """Léa's mailbox was full for the last three of four issues, over two months."""
    sent = SentIssues(root, issues=4)
    full = [report(LEA, sent.token(LEA, issue), status="5.2.2", number=issue) for issue in (2, 3, 4)]
    write(root / "back.mbox", mbox(*full))


EFFECTS = {
    "bounces --apply": [Effect(of=OF, option="--apply", stage=came_back, then=THEN, shows=OFF)],
    "bounces --anyway": [
        Effect(of=f"{OF} --apply", option="--anyway", stage=many_came_back, then=THEN, shows=OFF),
        Effect(of=OF, option="--anyway", stage=came_back, refused="--anyway: this goes with --apply"),
    ],
    "bounces --move": [
        Effect(of=f"{OF} --apply", option="--move Done", stage=came_back, refused=f"--move {FILES}"),
        Effect(of=OF, option="--move Done", stage=came_back, refused="--move: this goes with --apply"),
    ],
    "bounces --mark": [
        Effect(of=f"{OF} --apply", option="--mark", stage=came_back, refused=f"--mark {FILES}"),
        Effect(of=f"{OF} --apply --delete", option="--mark", stage=came_back, refused="one of --mark, --delete"),
    ],
    "bounces --delete": [Effect(of=f"{OF} --apply", option="--delete", stage=came_back, refused=f"--delete {FILES}")],
    "bounces --trust": [
        Effect(
            of="bounces imap://lettre@127.0.0.1:{port}",
            option="--trust",
            stage=with_mailbox,
            around=mailbox,
            shows="0 messages in imap://127.0.0.1",
        ),
    ],
}
KEYS: dict[str, Any] = {"of": "bounces workspace/back.mbox --json", "stage": full_for_long}
SETTINGS = [
    Setting(sets={"bounces.issues": 4}, hides='"action": "review"', **KEYS),
    Setting(sets={"bounces.days": 70}, hides='"action": "review"', **KEYS),
    Setting(sets={"bounces.then": "suppress"}, shows='"action": "suppress"', **KEYS),
]
