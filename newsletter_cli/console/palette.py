"""The colours of the terminal: one for each meaning, readable on a white terminal as on a black one.

The numbers are those of the 256 colours of xterm, and each has a contrast of 3.9:1 at least with white and with black;
red is the terminal's own, which every scheme of colours keeps readable. Nothing is said by colour alone.
"""

from __future__ import annotations

from typing import Any

from newsletter_cli.model import Level

ERROR, WARNING, ACCENT, SUCCESS, MUTED = "red", "color(130)", "color(31)", "color(28)", "color(244)"
# The names that lines are styled by, and what rich calls them.
STYLES: dict[str, str] = {
    Level.ERROR: f"bold {ERROR}",
    Level.WARNING: f"bold {WARNING}",
    Level.INFO: ACCENT,
    "fault-error": f"bold underline {ERROR}",
    "fault-warning": f"bold underline {WARNING}",
    "fault-info": f"bold underline {ACCENT}",
    "title": "bold underline",
    "strong": "bold",
    "accent": ACCENT,
    "figure": f"bold {ACCENT}",
    "dim": MUTED,
    "well": SUCCESS,
    "alert": WARNING,
    "wrong": ERROR,
    "removed": ERROR,
    "removed-mark": f"reverse {ERROR}",
    "added": SUCCESS,
    "added-mark": f"reverse {SUCCESS}",
}
# What a line begins with that says how it is.
MARKS = {"✓": "well", "✗": "wrong", "!": "alert"}
# A bar: what is done, what is left, and the whole once it is done.
BAR: dict[str, Any] = {"complete_style": ACCENT, "style": MUTED, "finished_style": SUCCESS, "pulse_style": ACCENT}
_CODES = {"bold": "1", "underline": "4", "reverse": "7", "red": "31"}


def painted(text: str, name: str) -> str:
    """The text with the codes of that style, for what is drawn without rich: `nl --help` must feel instant."""
    codes = [
        _CODES.get(part) or f"38;5;{part.removeprefix('color(').removesuffix(')')}" for part in STYLES[name].split()
    ]
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"
