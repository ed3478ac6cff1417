"""What `nl bounces` costs over a large mailbox: time, and memory beside the same command over a small one.

`python -m bench.bounces_mailbox [MESSAGES]`, by hand: an mbox and a Maildir, looked at and applied. Of a hundred
messages three are bounces of mailboxes that are gone, ten are full ones, sixty the sender's fault, the others absences.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from bench.__main__ import NL
from tests.flows.bounces.messages import absence, mbox, report
from tests.flows.bounces.stage import SentIssues

FEW = 100


def message(sent: SentIssues, reader: str, number: int) -> bytes:
    token, turn = sent.token(reader), number % 100
    if turn < 3:
        return report(reader, token, number=number)
    if turn < 13:
        return report(reader, token, number=number, status="5.2.2")
    if turn < 73:
        return report(reader, token, number=number, status="5.7.26", words=f"550 5.7.26 unauthenticated q{number}")
    return absence(reader, token, f"Je suis absent jusqu’au lundi {number}.")


def make(folder: Path, count: int) -> Path:
    """A workspace whose readers all have something come back."""
    sent = SentIssues(folder, [f"r{number}@d{number % 500}.example" for number in range(count)])
    inbox = folder / "inbox"
    for name in ("new", "cur", "tmp"):
        (inbox / name).mkdir(parents=True)
    with (folder / "back.mbox").open("wb") as file:
        for number in range(count):
            octets = message(sent, f"r{number}@d{number % 500}.example", number)
            file.write(mbox(octets))
            (inbox / "new" / f"{number}.x").write_bytes(octets)
    return folder


def measure(root: Path, *arguments: str) -> tuple[float, int]:
    """Seconds and the peak of memory in MB."""
    start = perf_counter()
    process = subprocess.Popen([*NL, *arguments], cwd=root, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, arguments
    return perf_counter() - start, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", nargs="?", type=int, default=100_000)
    count = parser.parse_args().messages
    folder = Path(tempfile.mkdtemp(prefix="nl-bench-"))
    try:
        roots = [make(folder / "few", FEW), make(folder / "many", count)]
        commands = (
            ("bounces", "back.mbox", "--json"),
            ("bounces", "maildir:inbox", "--json"),
            ("bounces", "back.mbox", "--apply", "--anyway"),
            ("bounces", "back.mbox", "--apply", "--anyway"),
        )
        for arguments in commands:
            (_seconds, few), (seconds, many) = (measure(root, *arguments) for root in roots)
            rate = count / seconds
            print(f"nl {' '.join(arguments):45} {seconds:7.1f} s {rate:7.0f}/s  {many} MB (of {FEW}: {few} MB)")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
