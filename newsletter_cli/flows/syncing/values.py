"""What a fetch of the endpoint's log found and changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct, field

from newsletter_cli.flows.bounces.values import Decided
from newsletter_cli.model.feedback import FeedbackAction, FeedbackKind


class Synced(Struct, kw_only=True):
    """`fetched` entries came, `new` of them were recorded; `kinds` and `actions` count what they say and what was done.

    `to_decide` are those that a person has to decide about. `taken_off` counts the newly suppressed, by reason;
    `unknown` are entries about people whom nobody here knows; `alarms` what servers blame the sender for: status,
    words, how often. `synced_at` is ISO 8601, UTC. `is_key_current`: the server has the newest key; `written_back`
    rows of the list's source were marked.
    """

    fetched: int = 0
    new: int = 0
    kinds: Counter[FeedbackKind] = field(default_factory=Counter)
    actions: Counter[FeedbackAction] = field(default_factory=Counter)
    taken_off: Counter[str] = field(default_factory=Counter)
    to_decide: list[Decided] = field(default_factory=list)
    unknown: int = 0
    alarms: list[tuple[str, str, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    synced_at: str = ""
    is_key_current: bool = True
    written_back: int | None = None

    @property
    def suppressed(self) -> int:
        """How many are newly on the suppression list."""
        return sum(self.taken_off.values())

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            "fetched": self.fetched,
            "new": self.new,
            "kinds": {str(kind): self.kinds[kind] for kind in FeedbackKind if self.kinds[kind]},
            "actions": {str(action): self.actions[action] for action in FeedbackAction if self.actions[action]},
            "suppressed": dict(self.taken_off),
            "to_decide": len(self.to_decide),
            "unknown": self.unknown,
            "alarms": [{"status": status, "words": words, "count": count} for status, words, count in self.alarms],
            "notes": list(self.notes),
            "key_is_current": self.is_key_current,
            "written_back": self.written_back,
            "synced_at": self.synced_at,
        }
