"""One-click under load: `python -m bench.endpoint`, with wrk on this machine alone.

The real `nl serve` with its log, and the same application with a log that writes nothing, by turns. Every POST has a
token of its own, so that every one is a row; afterwards the rows are counted. Only the ratio means something on a
machine that has other work.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from newsletter_cli.after.endpoint.entries import LogEntry, NewEntry
from newsletter_cli.after.endpoint.log import LogExtent
from newsletter_cli.base.endpoint_key import format_key, key_id, make_key
from newsletter_cli.base.tokens import Tokens

HERE = Path(__file__).parent
SECRET = b"of the bench, nobody's, 32 octets"
MOST_A_SECOND = 16_000


class NoLog:
    """Writes nothing: what the application costs without its log."""

    id = "none"

    def append(self, entries: Sequence[NewEntry]) -> None:
        pass

    def read_after(self, newsletter: str, after: int, limit: int) -> list[LogEntry]:
        return []

    def extent(self, newsletter: str) -> LogExtent:
        return LogExtent(last=0, pruned=0)

    def note_fetched(self, newsletter: str, after: int) -> None:
        pass

    def prune(self, before: str) -> int:
        return 0

    def check(self) -> None:
        pass

    def close(self) -> None:
        pass


def serve_without_log(port: int) -> None:
    from newsletter_cli.after.endpoint.app import EndpointApp
    from newsletter_cli.after.endpoint.server import listen, serve
    from newsletter_cli.after.endpoint.settings import read_settings

    serve(EndpointApp(lambda: read_settings(os.environ), NoLog()), listen("127.0.0.1", port))


@contextmanager
def serving(key: str, log: Path | str | None) -> Iterator[int]:
    """The port of an endpoint, in a process of its own."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    with_log = ["-m", "newsletter_cli", "serve", "--port", str(port), "--log", str(log)]
    words = with_log if log else ["-m", "bench.endpoint", "--without-log", str(port)]
    environment = {**os.environ, "NL_ENDPOINT_KEY": key}
    with subprocess.Popen([sys.executable, *words], env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                time.sleep(0.05)
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def storm(port: int, tokens: Path, skip: int, each: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """What wrk saw."""
    done = subprocess.run(
        [
            "wrk", "-t", str(arguments.threads), "-c", str(arguments.connections), "-d", f"{arguments.seconds}s",
            "--timeout", "20s", "-s", str(HERE / "endpoint.lua"), f"http://127.0.0.1:{port}", "--", str(tokens),
            str(skip), str(each),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.partition("RESULT ")[2].splitlines()[0])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--without-log", type=int, metavar="PORT")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--postgresql", metavar="URL", help="the log there, not in a file")
    arguments = parser.parse_args()
    if arguments.without_log:
        serve_without_log(arguments.without_log)
    else:
        measure(arguments)


def measure(arguments: argparse.Namespace) -> None:
    """By turns, with the log and without."""
    key = format_key(make_key([SECRET], newsletter=key_id(SECRET), name="Bench", language="en"))
    each = MOST_A_SECOND * arguments.seconds // arguments.threads
    share = each * arguments.threads
    with tempfile.TemporaryDirectory(dir=HERE.parent) as folder:
        tokens, log = Path(folder) / "tokens", Path(folder) / "endpoint.db"
        made = Tokens(SECRET)
        with tokens.open("w") as file:
            file.writelines(f"{made.token(row)}\n" for row in range(share * arguments.rounds))
        print(f"load before: {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores, {arguments.connections} connections")
        rates: dict[bool, list[float]] = {True: [], False: []}
        answered = 0
        for turn in range(arguments.rounds):
            for has_log in (True, False):
                before = sum(os.times()[2:4])
                with serving(key, (arguments.postgresql or log) if has_log else None) as port:
                    seen = storm(port, tokens, share * turn, each, arguments)
                # The server's and wrk's, with their starts; it hardly depends on what else the machine does.
                spent = (sum(os.times()[2:4]) - before) / seen["answered"]
                rates[has_log].append(seen["answered"] / seen["seconds"])
                answered += seen["answered"] if has_log else 0
                print(
                    f"{'with' if has_log else 'without'} its log: {rates[has_log][-1]:,.0f}/s, half within"
                    f" {seen['p50']:.1f} ms, 99 % within {seen['p99']:.1f} ms, worst {seen['worst']:.0f} ms;"
                    f" {spent * 1e6:.0f} µs of processor each; refused {seen['refused']}, failed {seen['failed']}"
                    f"{', tokens ran out' if seen['ran_out'] else ''}"
                )
        with_log, without = (statistics.median(rates[one]) for one in (True, False))
        print(f"median {with_log:,.0f}/s with its log, {without:,.0f}/s without: {with_log / without:.2f}")
        if not arguments.postgresql:
            with closing(sqlite3.connect(log)) as connection:
                (rows,) = connection.execute("SELECT count(*) FROM entry").fetchone()
            # Those in flight when wrk stopped were written, and their answers not counted.
            print(f"{answered:,} answered, {rows:,} rows: {'all are there' if rows >= answered else 'LOST'}")
        print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
