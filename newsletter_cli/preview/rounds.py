"""What takes its time, done behind the rendering: nobody waits for it to see one. Its first kind: asking the links."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.address import is_web
from newsletter_cli.check.links import AddressPlace, LinkReport, check_links
from newsletter_cli.check.links.lychee import Stopped
from newsletter_cli.preview.snapshot import Snapshot
from newsletter_cli.workspace.folder import Workspace

# Somebody who types an address saves it half-written.
PAUSE_SECONDS = 1.0
# For a program to be ended and its folder cleared.
STOP_SECONDS = 3.0

Check = Callable[[Workspace, Sequence[AddressPlace], Callable[[], bool]], LinkReport]


class Rounds(ABC):
    """Goes through the newest snapshot of each issue, in a thread of its own, once for each question, one at a time.

    A round whose question is not that of the issue any more is given up.
    """

    def __init__(self, name: str, *, on_unexpected: Callable[[BaseException], None], pause_seconds: float) -> None:
        self._on_unexpected = on_unexpected
        self._pause_seconds = pause_seconds
        self._wanted: dict[int, Snapshot] = {}
        # What was asked last for each issue.
        self._asked: dict[int, object] = {}
        self._is_stopped = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def question(self, snapshot: Snapshot) -> object:
        """What a round would find out: while it stays the same, nothing is done again."""

    @abstractmethod
    def go(self, snapshot: Snapshot, is_over: Callable[[], bool]) -> bool:
        """One round, and telling what came of it, unless `is_over`. False: the next save tries again.

        Raises `Stopped` when it is over. `NewsletterError` and `OSError` end the round: the preview goes on without.
        """

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it, and a round under way."""
        with self._change:
            self._is_stopped = True
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def ask(self, snapshot: Snapshot) -> None:
        """Has a round made for a snapshot, unless for this very question one has been or is being made."""
        if snapshot.shown is None or snapshot.faults:
            return
        question = self.question(snapshot)
        with self._change:
            if self._asked.get(snapshot.number) == question:
                return
            self._asked[snapshot.number] = question
            self._wanted[snapshot.number] = snapshot
            self._change.notify_all()

    def _run(self) -> None:
        while (snapshot := self._next()) is not None:
            try:
                is_answered = self.go(snapshot, lambda number=snapshot.number: self._is_over(number))  # type: ignore[misc]
            except (Stopped, NewsletterError, OSError):
                # `nl check` says what is wrong.
                continue
            except Exception as error:
                self._on_unexpected(error)
                continue
            if not is_answered and not self._is_over(snapshot.number):
                self._asked.pop(snapshot.number, None)

    def _next(self) -> Snapshot | None:
        with self._change:
            self._change.wait_for(lambda: self._wanted or self._is_stopped)
            # A quiet moment: each new question begins it anew.
            while not self._is_stopped and self._change.wait(self._pause_seconds):
                pass
            if self._is_stopped:
                return None
            number = next(iter(self._wanted))
            return self._wanted.pop(number)

    def _is_over(self, number: int) -> bool:
        return self._is_stopped or number in self._wanted


def check_with_cache(
    workspace: Workspace, places: Sequence[AddressPlace], is_stopped: Callable[[], bool]
) -> LinkReport:
    """As `nl check` does: what was learnt lately is believed, the rest asked. Raises `NewsletterError`, `Stopped`."""
    return check_links(
        places, workspace.config.check.links, cache_folder=workspace.private_folder("links"), is_stopped=is_stopped
    )


class LinkRounds(Rounds):
    """Checks the links, once for each set of addresses. `on_report` is told what became of them, in its thread."""

    def __init__(
        self,
        on_report: Callable[[int, LinkReport], None],
        *,
        on_unexpected: Callable[[BaseException], None] = lambda error: None,
        check: Check = check_with_cache,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        super().__init__("nl-preview-links", on_unexpected=on_unexpected, pause_seconds=pause_seconds)
        self._on_report = on_report
        self._check = check

    def question(self, snapshot: Snapshot) -> object:
        """The addresses, and what decides how they are asked."""
        assert snapshot.shown is not None
        places = snapshot.shown.rendered.places
        addresses = frozenset((place.url, place.kind) for place in places if is_web(place.url))
        return addresses, snapshot.workspace.config.check.links

    def go(self, snapshot: Snapshot, is_over: Callable[[], bool]) -> bool:
        """Asks them. Without a network, without lychee, the next save asks again."""
        assert snapshot.shown is not None
        places = snapshot.shown.rendered.places
        report = self._check(snapshot.workspace, places, is_over)
        if not is_over():
            self._on_report(snapshot.number, replace(report, places=places))
        return report.problem is None
