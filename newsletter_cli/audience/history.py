"""How the list grew and shrank, month by month, in numbers: as far as the store knows. It names nobody."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.store import Store

# Somebody else's list of those who left tells nothing of when they did.
IMPORTED = "imported"


class ListHistory(Struct, frozen=True, kw_only=True):
    """How many came and left in which month (`2026-06`, UTC).

    `joined` and `gone` are of the managed list, those in it who were erased since in neither; `left` is of the
    suppression list, by the reason, and of every kind of list.
    """

    joined: dict[str, int]
    gone: dict[str, int]
    left: dict[str, dict[str, int]]

    def months(self) -> list[str]:
        """Every month from the first one on record to the last one, those without anything in between too."""
        known = sorted({*self.joined, *self.gone, *self.left})
        if not known:
            return []
        months, (year, month) = [], _numbers(known[0])
        while (year, month) <= _numbers(known[-1]):
            months.append(f"{year:04}-{month:02}")
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return months

    def subscribers(self) -> list[tuple[str, int]]:
        """How many were on the managed list at the end of each month; nothing where there is none."""
        count, found = 0, []
        for month in self.months() if self.joined else ():
            count += self.joined.get(month, 0) - self.gone.get(month, 0)
            found.append((month, count))
        return found


def read_history(store: Store) -> ListHistory:
    """Raises `ListError`."""
    with database_errors(store.name), store.reading() as connection:
        joined = connection.execute(
            "SELECT substr(created_at, 1, 7), count(*) FROM subscriber"
            " WHERE status <> 'unconfirmed' AND created_at <> '' GROUP BY 1"
        ).fetchall()
        gone = connection.execute(
            "SELECT substr(max(left_at, created_at), 1, 7), count(*) FROM subscriber"
            " WHERE left_at <> '' AND created_at <> '' AND status <> 'unconfirmed' GROUP BY 1"
        ).fetchall()
        left = connection.execute(
            "SELECT substr(since, 1, 7), reason, count(*) FROM suppression"
            " WHERE reason <> ? AND since <> '' GROUP BY 1, 2",
            (IMPORTED,),
        ).fetchall()
    by_month: dict[str, dict[str, int]] = {}
    for month, reason, count in left:
        if _is_month(month):
            by_month.setdefault(month, {})[reason] = count
    return ListHistory(
        joined={month: count for month, count in joined if _is_month(month)},
        gone={month: count for month, count in gone if _is_month(month)},
        left=by_month,
    )


def _is_month(text: str) -> bool:
    """An imported suppression list may have anything for a moment."""
    year, dash, month = text.partition("-")
    return (
        bool(dash)
        and (year + month).isascii()
        and (year + month).isdigit()
        and len(text) == len("2026-06")
        and ("1970" <= year < "2200" and "01" <= month <= "12")
    )


def _numbers(month: str) -> tuple[int, int]:
    year, _dash, number = month.partition("-")
    return int(year), int(number)
