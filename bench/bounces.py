"""How received messages are judged: by kind, how much of it is certain, and how many a second.

Foreign messages have no token of ours. So each is judged again for each address that it names, as if we had written
to that one: a field with our token is put before its header, and the token is said to be theirs. Who is certain to be
suppressed then, and should not be, is a wrong suppression. `--expected` names who should be: lines of a file's name, a
tab, `permanent` or `temporary`, a tab, addresses with blanks between.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from newsletter_cli.after.bounces.addresses import addresses_in
from newsletter_cli.after.bounces.judging import judge
from newsletter_cli.after.bounces.verdict import Addressee, Verdict
from newsletter_cli.model.feedback import FeedbackKind

TOKEN = "noranoranoranoranoranora"
ENVELOPE = f"Delivered-To: bounces+{TOKEN}@example.org\n".encode()
NOW = "2026-12-01T00:00:00+00:00"
SUPPRESSING = (FeedbackKind.HARD, FeedbackKind.COMPLAINT, FeedbackKind.UNSUBSCRIBE)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Who failed for good by what others say of a message, and who for now."""

    permanent: set[str] = field(default_factory=set)
    temporary: set[str] = field(default_factory=set)


def judge_as_sent_to(octets: bytes, address: str) -> Verdict:
    """The verdict on a message as if it had come back from a delivery to `address`; to nobody where it is empty."""
    if not address:
        return judge(octets, find=lambda _token: None, now=NOW)
    return judge(ENVELOPE + octets, find=lambda _token: Addressee(address=address), now=NOW)


def read_expected(path: Path | None) -> dict[str, Expected]:
    found: dict[str, Expected] = defaultdict(Expected)
    for line in path.read_text().splitlines() if path else ():
        name, how, addresses = line.split("\t")
        kind = found[name].permanent if how == "permanent" else found[name].temporary
        kind.update(addresses.casefold().split())
    return found


def named_in(octets: bytes) -> list[str]:
    return list(dict.fromkeys(one.casefold() for one in addresses_in(octets.decode("utf-8", "replace"))))


def files_in(folder: Path) -> Iterator[Path]:
    return (one for one in sorted(folder.rglob("*")) if one.is_file() and one.suffix in (".eml", ".txt", "", ".msg"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bounces", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--expected", type=Path)
    parser.add_argument("--show", action="store_true", help="each verdict, with the server's words")
    options = parser.parse_args()
    expected = read_expected(options.expected)
    messages = {one.name: one.read_bytes() for one in files_in(options.folder)}
    kinds: Counter[tuple[str, str]] = Counter()
    wrong, found, certain, missed = [], 0, 0, []
    for name, octets in messages.items():
        plain = judge_as_sent_to(octets, "")
        print(f"{name:<28}{plain.kind:<15}{plain.status:<9}{plain.doubt or '':<16}{plain.candidate}")
        due = expected[name]
        for address in sorted(due.permanent | set(named_in(octets))):
            verdict = judge_as_sent_to(octets, address)
            is_suppressed = verdict.kind in SUPPRESSING and verdict.is_certain
            if address in due.permanent:
                kinds[verdict.kind, "certain" if verdict.is_certain else verdict.doubt or ""] += 1
                found += verdict.kind is FeedbackKind.HARD
                certain += is_suppressed
                if not is_suppressed:
                    missed.append(f"{name} {address}: {verdict.kind} {verdict.status} {verdict.doubt} {verdict.words}")
            elif is_suppressed and due != Expected():
                wrong.append(f"{name} {address} {verdict}")
            if options.show and verdict.address and verdict.words:
                print(f"    {address}: {verdict.kind} {verdict.status} {verdict.doubt or 'certain'}: {verdict.words}")
    total = sum(len(one.permanent) for one in expected.values())
    print(f"\n{'as sent to who failed':<24}{'':<20}{'messages':>8}")
    for (kind, how), count in sorted(kinds.items()):
        print(f"{kind:<24}{how:<20}{count:>8}")
    print(f"\npermanent: {total}; judged hard: {found}; certain: {certain}; wrong suppressions: {len(wrong)}")
    for line in wrong:
        print(f"  WRONG  {line}")
    for line in missed:
        print(f"  other  {line}")
    start = perf_counter()
    for octets in messages.values():
        judge_as_sent_to(octets, "nobody@example.org")
    print(f"{len(messages) / (perf_counter() - start):.0f} messages a second")


if __name__ == "__main__":
    main()
