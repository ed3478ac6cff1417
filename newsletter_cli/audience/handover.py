"""A `state/` that was handed over to another machine: until it comes back, nothing here is changed or sent.

`state/handed-over` holds the moment. Whoever deletes it says that no other machine has what was handed over.
"""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _, shown_moment

HANDED_OVER = "handed-over"
NAME = f"state/{HANDED_OVER}"


def read_handover(state: Path) -> str | None:
    """When this state was handed over (ISO 8601, UTC); `None` where it is in use here."""
    try:
        return (state / HANDED_OVER).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:  # closed to this user, or no file at all: something is there, and says so
        return "?"


def handed_over_message(moment: str) -> str:
    """What there is to say of it."""
    return _("this state was handed over to another machine ({moment}): list and ledger are kept there now").format(
        moment=shown_moment(moment) if moment[:1].isdigit() else moment
    )


def how_to_take_back() -> str:
    """What to do about it."""
    return _(
        "bring it back: nl state export there, nl state import FILE here. "
        "If no other machine has it, delete state/handed-over"
    )


def refuse_handed_over(state: Path) -> None:
    """Raises `ListError` where the list is kept elsewhere: what was changed here would be lost."""
    moment = read_handover(state)
    if moment is not None:
        raise ListError(handed_over_message(moment), file=NAME, hint=how_to_take_back())
