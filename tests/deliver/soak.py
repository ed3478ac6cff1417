"""`python -m tests.deliver.soak --messages 100000 --kills 50 --seed 1`

One long send under random faults of the server and kills of the client, then undisturbed runs, and the oracle at the
end. Prints one summary. Not part of the tests: it takes as long as it takes.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.deliver.server.oracle import faults_of_send
from tests.deliver.server.record import count_record, read_record
from tests.deliver.server.sending import KILLED, Sending, end, served
from tests.deliver.server.serving import ServerProcess

# What a server may do between two kills. Each leaves most messages alone: somebody has to get through.
FAULTS = (
    "drop-connect:every=4", "drop-ehlo:every=5", "drop-mail:every=97", "drop-rcpt:every=101", "drop-data:every=103",
    "drop-body:every=107", "reset-mail:every=109", "drop-dot:every=499", "lost-250:every=503", "reset-250:every=509",
    "half-250:every=521", "garbage:every=113", "garbage-dot:every=523", "421-mail:after=150", "421-rcpt:after=170",
    "421-dot:after=190", "421-unsolicited:after=210", "421-body:every=173",
    "421-body-ends:every=179", "kept-450:share=67", "deaf-behind-dot", "strict-pipelining",
    "450-rcpt:share=53", "451-mail:every=127,times=0",
    "451-dot:share=59", "greylist:share=61", "no-pipelining", "multi-line", "byte-by-byte", "tiny-window:seconds=0.002",
)  # fmt: skip
REFUSING = (
    "550-rcpt:share=211", "554-dot:share=223", "354-after-550:share=227", "kept-550:share=225", "sender-rcpt:share=229",
    "auth-rcpt:share=233", "policy-rcpt:share=239",
)  # fmt: skip
MOST_RUNS = 20
STEP_SECONDS = 900


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.deliver.soak", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="leave the folder there, for a look")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="nl-soak-"))
    start = time.monotonic()
    fault, facts = "", Counter[str]()
    try:
        usual = {"connections": chosen.connections, "timeout_seconds": 20, "is_fresh": True}
        with served(folder, chosen.messages, **usual) as (server, sending):
            try:
                disturb(server, sending, chosen, facts)
                settle(server, sending, facts)
            except AssertionError as error:
                fault = str(error)
            counts = Counter(sending.states().values())
            copies = Counter(one.recipient for one in read_record(sending.record))
    finally:
        if not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    twice = sum(1 for count in copies.values() if count > 1)
    states = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    say(f"""
messages      {chosen.messages} on {chosen.connections} connections, seed {chosen.seed}
kills         {facts["kills"]} while sending, {facts["ends"]} runs had ended before; {facts["runs"]} runs in all
accepted      {copies.total()} messages for {len(copies)} addresses; {twice} of them twice
the ledger    {states}
doubt         {facts["doubt"]}, of which {facts["doubt accepted"]} had been accepted; at most {facts["most"]} a kill
time          {time.monotonic() - start:.0f} s
the promise   {f"BROKEN: {fault}" if fault else "kept"}""")
    if chosen.keep:
        say(f"the folder    {folder}")
    sys.exit(1 if fault else 0)


def disturb(server: ServerProcess, sending: Sending, chosen: argparse.Namespace, facts: Counter[str]) -> None:
    """Start, kill, look; again."""
    chance = random.Random(chosen.seed)
    share = max(1, 3 * chosen.messages // 2 // (chosen.kills + 2))
    for number in range(1, chosen.kills + 1):
        names = [*chance.sample(FAULTS, chance.randint(0, 3)), chance.choice(REFUSING)]
        server.change(*names)
        process = sending.start()
        facts["runs"] += 1
        goal = count_record(sending.record) + chance.randint(0, share)
        sending.wait_until_accepted(process, goal, seconds=STEP_SECONDS)
        time.sleep(chance.choice((0.0, chance.uniform(0, 0.01), chance.uniform(0, 1.0))))
        facts["kills" if process.poll() is None else "ends"] += 1
        done = sending.kill(process)
        assert done.status in {KILLED, 0, 3}, f"kill {number}: {done}"
        attempting = sending.count_attempting()
        facts["most"] = max(facts["most"], attempting)
        say(f"{number:4}: {count_record(sending.record)} accepted, {attempting} under way; {' '.join(names)}")
        assert attempting <= 2 * chosen.connections, f"kill {number}: {attempting} under way"
        faults = faults_of_send(read_record(sending.record), sending.states())
        assert not faults, f"kill {number}: {faults}"


def settle(server: ServerProcess, sending: Sending, facts: Counter[str]) -> None:
    """A server that is well, until nothing is left but what a person decides; then the oracle."""
    server.change()
    for _run in range(MOST_RUNS):
        done = end(sending.start(), seconds=4 * STEP_SECONDS)
        facts["runs"] += 1
        assert done.status in {0, 3}, done
        if not sending.in_state("pending", "claimed", "attempting", "deferred"):
            break
    doubtful, refused = sending.in_state("in_doubt"), sending.in_state("refused")
    facts["doubt"], facts["doubt accepted"] = len(doubtful), len(doubtful & set(sending.accepted()))
    sending.check()
    for option, rows in (("--in-doubt", doubtful), ("--refused", refused)):
        assert not rows or sending.run("resolve", "1", option, "skip", "--yes").status == 0
    sending.check(settled=doubtful)
    assert sending.report().is_complete
    missed = set(sending.recipients) - set(sending.accepted()) - doubtful - refused
    assert not missed, f"missed: {sorted(missed)[:5]}"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
