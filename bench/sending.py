"""`nl send` against other clients, into the same server: messages of about 85 KB, each with its reader's own lines.

`python -m bench.sending [--messages N] [--rounds N] [--only NAME,…] [--million]`. Whole processes, interleaved, into
Postfix's `smtp-sink`; only ratios mean something. smtp-source, in C, is 1. The slower clients send fewer messages:
their rates, not their times, are compared. Then `nl send` alone into a receiver that is faster than smtp-sink, with and
without a latency; its dry run; with `--million`, its memory, its freeze and its report on as many recipients.

`nl` runs as its users run it: its ledger is durable, on the disk of the system's temporary folder.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from time import perf_counter

from bench.__main__ import NL
from bench.receiver import COUNT, FIRST, LAST, Told, blast, running_receiver
from bench.sending_peers import MESSAGE_BYTES, PEERS, Client, Missing, running_sink
from bench.sending_workspace import NL_CONNECTIONS, Workspace, read_object

LATENCY_SECONDS = 0.02
# For each number of connections, what it can send in some seconds.
LATENCY_RUNS = {4: 1600, 16: 6000, 64: 20_000}
DRY_RUNS = (2000, 20_000)
MILLION = 1_000_000
MILLION_CONNECTIONS = 16
MILLION_LIMIT_SECONDS = 1800
SAMPLE_SECONDS = 0.05
# Messages after which the memory is looked at.
FIRST_THOUSAND = 1000
PARTS = (*(peer.name for peer in PEERS), "nl", "receiver", "latency", "dry-run")


def compare(workspace: Workspace, only: set[str], messages: int, rounds: int) -> None:
    """All clients into smtp-sink, each into one of its own."""

    def nl_send(port: int, count: int, _bodies: Path) -> None:
        workspace.send(port, count)

    clients: list[tuple[str, int, Client]] = [
        (peer.title, min(messages, peer.messages or messages), peer.run) for peer in PEERS if peer.name in only
    ]
    if "nl" in only:
        clients.append((f"nl send, {NL_CONNECTIONS} connections", messages, nl_send))
    ready: list[tuple[str, int, Client, int]] = []
    skipped: dict[str, Missing] = {}
    times: dict[str, list[float]] = {}
    with contextlib.ExitStack() as stack:
        for title, count, run in clients:
            try:
                port = stack.enter_context(running_sink())
                # Once, so that everything is installed and compiled.
                workspace.forget()
                run(port, 20, workspace.bodies)
                ready.append((title, count, run, port))
            except Missing as missing:
                skipped[title] = missing
        for _round in range(rounds):
            for title, count, run, port in ready:
                workspace.forget()
                workspace.write_list(count)
                start = perf_counter()
                run(port, count, workspace.bodies)
                times.setdefault(title, []).append(perf_counter() - start)
                if run is nl_send:
                    workspace.report(count)
    print(f"\n{'into smtp-sink':<44}{'messages':>10}{'messages/s':>12}{'ratio':>8}")
    base = 0.0
    for title, count, _run, _port in ready:
        rate = count / statistics.median(times[title])
        base = base or rate
        print(f"{title:<44}{count:>10}{rate:>12.0f}{rate / base:>8.2f}")
    for title, reason in skipped.items():
        print(f"{title:<44}skipped: {reason}")


def rates(workspace: Workspace, port: int, told: Told, messages: int) -> tuple[float, float]:
    """Messages a second: of the whole process, and from the first message that arrives to the last."""
    workspace.forget()
    workspace.write_list(messages)
    start = perf_counter()
    workspace.send(port, messages)
    seconds = perf_counter() - start
    workspace.report(messages)
    if told[COUNT] != messages:
        raise SystemExit(f"{told[COUNT]:.0f} messages arrived, not {messages}")
    return messages / seconds, (messages - 1) / (told[LAST] - told[FIRST])


def show_rates(title: str, found: list[tuple[float, float]]) -> None:
    whole, inner = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"{title:<44}{whole:>14.0f}{inner:>15.0f}")


def into_receiver(workspace: Workspace, messages: int, rounds: int) -> None:
    body = (workspace.bodies / "email.eml").read_bytes().rstrip(b"\r\n")
    found: dict[str, list[tuple[float, float]]] = {"bytes and nothing else": []}
    for _round in range(rounds):
        with running_receiver() as (port, told):
            rate = messages / blast(port, messages, connections=NL_CONNECTIONS, body=body)
        found["bytes and nothing else"].append((rate, rate))
        with running_receiver() as (port, told):
            found.setdefault(f"nl send, {NL_CONNECTIONS} connections", []).append(
                rates(workspace, port, told, messages)
            )
    print(f"\n{'into a faster receiver, messages/s':<44}{'whole process':>14}{'first to last':>15}")
    for title, values in found.items():
        show_rates(title, values)


def with_latency(workspace: Workspace, rounds: int) -> None:
    found: dict[int, list[tuple[float, float]]] = {connections: [] for connections in LATENCY_RUNS}
    for _round in range(rounds):
        for connections, messages in LATENCY_RUNS.items():
            workspace.connect(connections)
            with running_receiver(latency_seconds=LATENCY_SECONDS) as (port, told):
                found[connections].append(rates(workspace, port, told, messages))
    workspace.connect(NL_CONNECTIONS)
    title = f"replies {LATENCY_SECONDS * 1000:.0f} ms late, messages/s"
    print(f"\n{title:<44}{'whole process':>14}{'first to last':>15}")
    for connections, values in found.items():
        show_rates(f"nl send, {connections} connections", values)
        print(f"{'  one round trip a message would be':<44}{'':>14}{connections / LATENCY_SECONDS:>15.0f}")


def dry_run(workspace: Workspace, rounds: int) -> None:
    times: dict[int, list[float]] = {rows: [] for rows in DRY_RUNS}
    for _round in range(rounds):
        for rows in DRY_RUNS:
            times[rows].append(workspace.dry_run(rows)[0])
    few, many = (statistics.median(times[rows]) for rows in DRY_RUNS)
    print(f"\n{'nl send --dry-run':<44}{'s':>10}")
    for rows in DRY_RUNS:
        print(f"{f'{rows} recipients':<44}{statistics.median(times[rows]):>10.2f}")
    rate = (DRY_RUNS[1] - DRY_RUNS[0]) / (many - few)
    print(f"messages verified, without the start: {rate:.0f}/s")


def memory_mebibytes(process: subprocess.Popen[str]) -> tuple[float, float]:
    """What a process has now, and the most that it has had; nothing once it is over, or elsewhere than on Linux."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0, 0
    now, most = (status.partition(f"{name}:")[2].split() for name in ("VmRSS", "VmHWM"))
    return (int(now[0]) / 1024, int(most[0]) / 1024) if now and most else (0, 0)


def million(folder: Path) -> None:
    """Many recipients and a short issue: does the memory grow with them, how long do freeze and report take."""
    workspace = Workspace(folder / "million", connections=MILLION_CONNECTIONS)
    path = workspace.write_list(MILLION)
    print(
        f"\n{MILLION} recipients, {workspace.message_bytes()} bytes each, a list of {path.stat().st_size / 1e6:.0f} MB"
    )
    samples: list[tuple[float, float]] = []
    peak = 0.0
    with running_receiver() as (port, told), (folder / "said").open("w+", encoding="utf-8") as said:
        start = perf_counter()
        command = [*NL, "-C", str(workspace.root), *workspace.send_arguments(port, MILLION), "--json"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, text=True)
        try:
            while process.poll() is None and perf_counter() - start < MILLION_LIMIT_SECONDS:
                now, most = memory_mebibytes(process)
                peak = max(peak, most)
                if now and told[COUNT] >= FIRST_THOUSAND:
                    samples.append((told[COUNT], now))
                time.sleep(SAMPLE_SECONDS)
        finally:
            process.kill()
            process.wait()
        seconds = perf_counter() - start
        inner = (told[COUNT] - 1) / (told[LAST] - told[FIRST])
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise SystemExit(f"nl send: {process.returncode}\n{text[-2000:]}")
    frozen_seconds = float(read_object(text)["frozen_seconds"])
    report_seconds = workspace.report(MILLION)
    if samples:
        print(f"memory after {samples[0][0]:.0f} messages: {samples[0][1]:.0f} MiB")
        print(f"memory after {samples[-1][0]:.0f} messages: {samples[-1][1]:.0f} MiB; the most ever: {peak:.0f} MiB")
    else:
        print("memory: only measured on Linux")
    print(f"freeze: {frozen_seconds:.1f} s, {MILLION / frozen_seconds:.0f} rows/s")
    print(f"messages: {inner:.0f}/s from the first to the last; the whole process: {seconds:.0f} s")
    size = sum(path.stat().st_size for path in (workspace.root / "state").rglob("*") if path.is_file())
    print(f"nl report --json: {report_seconds:.1f} s; what the send left in state/: {size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sending", description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of: {', '.join(PARTS)}; “none” with --million")
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    only = set(options.only.split(",")) - {"none"}
    if unknown := only - set(PARTS):
        parser.error(f"not known: {', '.join(unknown)}")
    print(f"medians of {options.rounds} interleaved rounds, Python {sys.version.split()[0]} on {sys.platform}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if only:
            workspace = Workspace(folder / "letter", message_bytes=MESSAGE_BYTES)
            print(f"an issue of {workspace.message_bytes()} bytes as a message")
            if only & {"nl", "receiver", "latency"}:
                workspace.check_size()
            if only - {"receiver", "latency", "dry-run"}:
                compare(workspace, only, options.messages, options.rounds)
            if "receiver" in only:
                into_receiver(workspace, options.messages, options.rounds)
            if "latency" in only:
                with_latency(workspace, options.rounds)
            if "dry-run" in only:
                dry_run(workspace, options.rounds)
        if options.million:
            million(folder)


if __name__ == "__main__":
    main()
