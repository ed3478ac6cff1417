"""How long a send takes with so many workers: the model of `docs/explanation/capacity.md`, its table and its plot.

    python scripts/capacity.py    writes the plot anew, and prints the table

The slowest of four decides: the processors, the round trips, what the mail servers take, and the ledger.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLOT = ROOT / "docs" / "images" / "capacity.svg"
READERS = 10_000_000
WORKERS = (1, 2, 4, 8, 16)
# Messages a second. Measured by `python -m bench.workers` on two shared cores: what one worker hands over that is never
# kept waiting, and what the ledger records in all (claimed, attempted, answered).
WORKER_RATE, LEDGER_RATE = 4_200, 17_000
# A message costs one round trip on its connection, and what the server takes to accept it.
CONNECTIONS, ROUND_TRIP_SECONDS = 64, 0.02
# Postfix that flushes each message to its disk before it accepts it, one machine.
RELAY_RATE = 800


def rate(workers: int, *, relays: int | None = None) -> float:
    """Messages a second of so many workers together; `relays`: through so many relays (`None`: as many as it takes)."""
    each = min(WORKER_RATE, CONNECTIONS / ROUND_TRIP_SECONDS)
    limits = [workers * each, LEDGER_RATE]
    if relays is not None:
        limits.append(relays * RELAY_RATE)
    return min(limits)


def hours(readers: int, workers: int, *, relays: int | None = None) -> float:
    """How long they take."""
    return readers / rate(workers, relays=relays) / 3600


def table() -> Iterator[str]:
    """The table of the page, line by line."""
    yield "| workers | relays that take all | one relay for each worker | four relays in all |"
    yield "|---|---|---|---|"
    for workers in WORKERS:
        cells = [hours(READERS, workers, relays=relays_of(kind, workers)) for kind in LINES]
        yield f"| {workers} | " + " | ".join(f"{cell:.1f} h" for cell in cells) + " |"


def relays_of(kind: str, workers: int) -> int | None:
    """How many relays there are; `None`: as many as it takes."""
    return {"none": None, "each": workers, "four": 4}[kind]


WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 60, 50
MOST_HOURS = 4.0
INK, LINES = "#57606a", {"none": "#0969da", "each": "#bc4c00", "four": "#8250df"}
TITLES = {"none": "relays that take all", "each": "one relay for each worker", "four": "four relays in all"}


def plot() -> str:
    """Hours over workers, one line for each kind of relays."""

    def point(workers: float, value: float) -> str:
        x = LEFT + (workers - 1) / 15 * (WIDTH - LEFT - 20)
        y = HEIGHT - BOTTOM - min(value, MOST_HOURS) / MOST_HOURS * (HEIGHT - BOTTOM - 20)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="13" role="img"><title>Hours for ten million readers, over workers</title>'
    ]
    for value in range(int(MOST_HOURS) + 1):
        x, y = point(1, value).split(",")
        parts.append(
            f'<path d="M{x},{y}H{WIDTH - 20}" stroke="{INK}" stroke-opacity=".3"/>'
            f'<text x="{LEFT - 10}" y="{float(y) + 4:.1f}" text-anchor="end" fill="{INK}">{value} h</text>'
        )
    for workers in WORKERS:
        x = point(workers, 0).split(",")[0]
        parts.append(f'<text x="{x}" y="{HEIGHT - 28}" text-anchor="middle" fill="{INK}">{workers}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle" fill="{INK}">workers</text>')
    for index, (name, color) in enumerate(LINES.items()):
        points = " ".join(
            point(workers, hours(READERS, workers, relays=relays_of(name, workers))) for workers in range(1, 17)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        line = 34 + 20 * index
        parts.append(
            f'<path d="M{WIDTH - 250},{line - 4}h24" stroke="{color}" stroke-width="2.5"/>'
            f'<text x="{WIDTH - 220}" y="{line}" fill="{INK}">{TITLES[name]}</text>'
        )
    return "".join(parts) + "</svg>\n"


def main() -> None:
    """Write the plot, print the table."""
    PLOT.write_text(plot(), encoding="utf-8")
    sys.stdout.write("\n".join(table()) + "\n")


if __name__ == "__main__":
    main()
