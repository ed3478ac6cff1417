"""A reader of language for the tests of the preview: it knows some words that are misspelt, and finds each."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping

from newsletter_cli.model import Edit, Finding, Level
from newsletter_cli.preview.snapshot import Reading, Snapshot

FAULTS: Mapping[str, tuple[str, ...]] = {"hakathon": ("hackathon", "marathon"), "Kermorvant": (), "a hakathons": ()}


def read_text(file: str, text: str, known: set[str]) -> list[Finding]:
    """Every fault of the text, each at its word."""
    found = []
    for index, line in enumerate(text.splitlines()):
        for match in re.finditer("|".join(FAULTS), line):
            if match[0] in known:
                continue
            edits = (Edit(file=file, line=index + 1, column=match.start() + 1, old=match[0], new=new)
                     for new in FAULTS[match[0]])  # fmt: skip
            found.append(Finding(
                file=file, rule="misspelt", level=Level.INFO, message=f"“{match[0]}” is in no dictionary",
                line=index + 1, column=match.start() + 1, length=len(match[0]), proposals=tuple(edits),
                subject=match[0],
            ))  # fmt: skip
    return found


class Reader:
    """Reads as `nl` does, but waits for `may_go`; counts how many read at once, and how many were given up."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.may_go.set()
        self.begun = 0
        self.given_up = 0
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    def __call__(self, snapshot: Snapshot, is_over: Callable[[], bool]) -> Reading:
        from newsletter_cli.check.links.lychee import Stopped

        assert snapshot.shown is not None
        with self._lock:
            self.begun += 1
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            while not self.may_go.wait(0.01):
                if is_over():
                    self.given_up += 1
                    raise Stopped
        finally:
            with self._lock:
                self.at_once -= 1
        texts = snapshot.shown.texts
        own = snapshot.workspace.root / "words.txt"
        known = set(own.read_text("utf-8").split()) if own.exists() else set()
        found = [one for file, text in texts.items() for one in read_text(file, text, known)]
        return Reading(texts=texts, findings=tuple(found))
