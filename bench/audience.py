"""A list of a million rows: import, check, selection, against `csv.DictReader` over the same file in the same run.

`python -m bench.audience [ROWS]`. Each measurement is a process of its own, so that its peak of memory is its own.
Only ratios inside one run mean something.
"""

from __future__ import annotations

import csv
import gc
import json
import random
import resource
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from newsletter_cli.__main__ import GARBAGE_THRESHOLD

ROWS = 1_000_000
LIMIT_MEBIBYTES = 150


def write_list(path: Path, rows: int) -> None:
    """A list as they are: shuffled, one row in a thousand double, one invalid, names with accents."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["email", "nom", "ville", "groupe"])
        for number in range(rows):
            who = number - 1 if number % 1000 == 999 else number
            address = (
                f"prénom {who}" if number % 1000 == 500 else f"user{who * 7919 % 999_983}.{who}@example{who % 700}.org"
            )
            town = chance.choice(("Paris", "Lyon", "Nîmes"))
            writer.writerow([address, f"Prénom Nom{number}", town, "proof" if number % 50_000 == 0 else ""])


def dict_reader(path: Path, _state: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.DictReader(file, delimiter=";"))


def check(path: Path, _state: Path) -> int:
    from newsletter_cli.audience.check import check_list
    from newsletter_cli.audience.csv_source import CsvSource
    from newsletter_cli.audience.row import Tally

    tally = Tally()
    for _finding in check_list(CsvSource(path=path, name="list"), tally):
        pass
    return tally.rows


def select(path: Path, _state: Path) -> int:
    from newsletter_cli.audience.csv_source import CsvSource
    from newsletter_cli.audience.select import select_recipients

    selection = select_recipients(CsvSource(path=path, name="list"), is_suppressed=None)
    for _decision in selection:
        pass
    return selection.candidates


def take_in(path: Path, state: Path) -> int:
    from datetime import UTC, datetime

    from newsletter_cli.audience.csv_source import CsvSource
    from newsletter_cli.audience.importing import Additions, import_list
    from newsletter_cli.audience.store import open_store

    with open_store(state) as store:
        done = import_list(
            store, CsvSource(path=path, name="list"), additions=Additions(), now=datetime.now(UTC),
            reject=lambda *_: None, start_rejects=lambda _: None, on_left_out=lambda _: None,
        )  # fmt: skip
    return done.rows


def take_in_changed(path: Path, state: Path) -> int:
    """The same file after somebody unsubscribed: everything is compared again, with a suppression list."""
    from datetime import UTC, datetime

    from newsletter_cli.audience.membership import unsubscribe
    from newsletter_cli.audience.store import open_store

    with open_store(state) as store:
        unsubscribe(store, ["somebody@example.org"], now=datetime.now(UTC))
    return take_in(path, state)


def select_managed(_path: Path, state: Path) -> int:
    from newsletter_cli.audience.managed import ManagedList
    from newsletter_cli.audience.select import select_recipients
    from newsletter_cli.audience.store import open_store
    from newsletter_cli.audience.suppression import Suppression

    with open_store(state) as store:
        suppression = Suppression(store)
        selection = select_recipients(ManagedList(store), is_suppressed=lambda key: suppression.find(key) is not None)
        for _decision in selection:
            pass
        return selection.candidates


WORK: dict[str, Callable[[Path, Path], int]] = {
    "csv.DictReader": dict_reader,
    "selection from the CSV": select,
    "check of the CSV": check,
    "import": take_in,
    "the same import again": take_in,
    "import into a changed list": take_in_changed,
    "selection from the managed list, suppression": select_managed,
}


def run_one(name: str, path: Path, state: Path) -> str:
    """Seconds, rows and peak of memory of one piece of work, as JSON; garbage is collected as rarely as `nl` does."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    start = perf_counter()
    rows = WORK[name](path, state)
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return json.dumps({"seconds": seconds, "rows": rows, "mebibytes": peak})


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "list.csv"
        write_list(path, rows)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB, Python {sys.version.split()[0]} on {sys.platform}")
        print(f"{'':<46}{'s':>7}{'rows/s':>10}{'ratio':>7}{'peak MiB':>10}")
        base = 0.0
        for work in WORK:
            with get_context("spawn").Pool(1) as pool:
                found = json.loads(pool.apply(run_one, (work, path, folder / "state")))
            speed = found["rows"] / found["seconds"]
            base = base or speed
            print(f"{work:<46}{found['seconds']:>7.1f}{speed:>10.0f}{speed / base:>7.2f}{found['mebibytes']:>10.0f}")
            if found["mebibytes"] > LIMIT_MEBIBYTES:
                sys.exit(f"{work}: more than {LIMIT_MEBIBYTES} MiB")


if __name__ == "__main__":
    main()
