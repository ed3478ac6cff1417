"""`nl`'s check of links against lychee alone on the same addresses, and how much memory it takes.

`python -m bench.links [--rounds N] [--urls N]`. A server in a process of its own answers on loopback, after a tenth of
a second, as a site nearby does. Whole processes, interleaved; only the ratio means something.

To each host lychee leaves 50 ms between two requests, whoever calls it: on one host, a thousand addresses take 50
seconds, and any ratio is 1. So the addresses are spread over loopback hosts (127.0.0.1, 127.0.0.2…), in two ways:

- *as in newsletters*: half of them on five hosts (the code forge, the organisation's own sites), half on others. This
  is the one that is asked to keep the ratio.
- *evenly*: four to a host, each answering at once. lychee is done in less than a second then, and what Python takes to
  start shows: this is the worst that can be made of it.

Both programs are measured with lychee's own pacing and the same number of tries.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from bench.__main__ import measure

URLS_PER_HOST = 4
POPULAR_HOSTS = 5
# What a site nearby takes from the request to its answer; most take longer.
LATENCY_SECONDS = 0.1
ASKED_RATIO = 1.15
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Hello.</p>"

CHECK = """
import json, resource, sys
from pathlib import Path
from newsletter_cli.check.links import AddressPlace, check_links
from newsletter_cli.config.settings import LinkSettings
from newsletter_cli.model import Place
places = [
    AddressPlace(url, url, Place("sections/001/jobs.md", line))
    for line, url in enumerate(Path(sys.argv[1]).read_text().split(), 1)
]
report = check_links(places, LinkSettings(allow_private=True), cache_folder=Path(sys.argv[2]) if sys.argv[2:] else None)
counts = {status.value: count for status, count in report.counts.items() if count}
usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"counts": counts, "nl_kibibytes": usage[0], "lychee_kibibytes": usage[1]}))
"""


async def _serve(connection: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(LATENCY_SECONDS)
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
    connection.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def serve(connection: Connection) -> None:
    asyncio.run(_serve(connection))


def write_addresses(path: Path, count: int, port: int, *, is_even: bool) -> None:
    hosts = max(POPULAR_HOSTS, count // URLS_PER_HOST)
    names = [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(hosts)]

    def name(number: int) -> str:
        is_popular = not is_even and number % 2 == 0
        return names[number // 2 % POPULAR_HOSTS if is_popular else number % hosts]

    path.write_text("".join(f"http://{name(number)}:{port}/page-{number}\n" for number in range(count)))


def run(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def nl_check(root: Path, addresses: Path) -> Callable[[], object]:
    """All of `nl check` on an issue with these links, in a workspace that keeps no answers."""
    nl = [sys.executable, "-m", "newsletter_cli"]
    run(*nl, "init", str(root))()
    run(*nl, "-C", str(root), "new", "1")()
    with (root / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[check.links]\nallow_private = true\nmax_age_hours = 0\n")
    links = "".join(f"- [Page {number}]({url})\n" for number, url in enumerate(addresses.read_text().split()))
    (root / "sections" / "001" / "jobs.md").write_text(f"---\nstatus: ready\n---\n\n{links}")
    # The skeletons of the other sections are faults: exit status 1 is as it should be.
    return lambda: subprocess.run(
        [*nl, "-C", str(root), "check", "1"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def compare(folder: Path, urls: int, port: int, rounds: int, *, is_even: bool) -> float:
    addresses = folder / f"{is_even}.txt"
    write_addresses(addresses, urls, port, is_even=is_even)
    lychee = str(Path(sys.executable).parent / "lychee")
    cache = folder / f"cache-{is_even}"
    variants = {
        "lychee": run(lychee, "--no-progress", "--format", "json", "-vv", "--max-retries", "1", str(addresses)),
        "nl check, nothing known": nl_check(folder / f"workspace-{is_even}", addresses),
        "only its links, nothing known": run(sys.executable, "-c", CHECK, str(addresses)),
        "only its links, all known": run(sys.executable, "-c", CHECK, str(addresses), str(cache)),
        "python -c pass": run(sys.executable, "-c", "pass"),
    }
    for variant in variants.values():
        variant()
    medians = measure(variants, rounds)
    base = medians["lychee"]
    spread = "evenly" if is_even else "as in newsletters"
    print(f"{f'{urls} addresses, spread {spread}':<44}{'ms':>8}{'ratio':>8}")
    for name, median in medians.items():
        print(f"{name:<44}{median:>8.0f}{median / base:>8.2f}")
    return medians["nl check, nothing known"] / base


def weigh(folder: Path, urls: int, port: int) -> None:
    addresses = folder / f"{urls}.txt"
    write_addresses(addresses, urls, port, is_even=True)
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(addresses)], check=True, stdout=subprocess.PIPE, text=True, env=os.environ
    )
    found = json.loads(done.stdout)
    sizes = f"{found['nl_kibibytes'] / 1024:>10.0f}{found['lychee_kibibytes'] / 1024:>10.0f}"
    print(f"{urls:>10}{sizes}{perf_counter() - start:>10.1f}   {found['counts']}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.links", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--urls", type=int, default=1000)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        port = ours.recv()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ratio = compare(folder, options.urls, port, options.rounds, is_even=False)
            print(f"asked: {ASKED_RATIO:.2f} at most; {'kept' if ratio <= ASKED_RATIO else 'MISSED'}\n")
            compare(folder, options.urls, port, options.rounds, is_even=True)
            print()
            print(f"{'addresses':>10}{'nl MiB':>10}{'lychee':>10}{'s':>10}   outcomes")
            for count in (100, 1000, 10_000):
                weigh(folder, count, port)
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
