"""The links of what is looked at, asked behind the texts: nobody waits for a site to see a rendering."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.check.links import AddressPlace, LinkReport, check_links
from newsletter_cli.check.links.address import is_web
from newsletter_cli.check.links.lychee import Stopped
from newsletter_cli.preview.snapshot import Snapshot
from newsletter_cli.workspace.folder import Workspace

# Somebody who types an address saves it half-written.
PAUSE_SECONDS = 1.0
# For lychee to be ended and its folder cleared.
STOP_SECONDS = 3.0

Check = Callable[[Workspace, Sequence[AddressPlace], Callable[[], bool]], LinkReport]


def check_with_cache(
    workspace: Workspace, places: Sequence[AddressPlace], is_stopped: Callable[[], bool]
) -> LinkReport:
    """As `nl check` does: what was learnt lately is believed, the rest asked. Raises `NewsletterError`, `Stopped`."""
    return check_links(
        places, workspace.config.check.links, cache_folder=workspace.private_folder("links"), is_stopped=is_stopped
    )


class LinkRounds:
    """Checks the links of the newest snapshot of each issue, in a thread of its own, once for each set of addresses.

    `on_report` is told what became of them, in that thread. A round whose addresses are not those of the issue any
    more is given up.
    """

    def __init__(
        self,
        on_report: Callable[[int, LinkReport], None],
        *,
        on_unexpected: Callable[[BaseException], None] = lambda error: None,
        check: Check = check_with_cache,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._on_report = on_report
        self._on_unexpected = on_unexpected
        self._check = check
        self._pause_seconds = pause_seconds
        self._wanted: dict[int, Snapshot] = {}
        # What was asked last for each issue: its addresses, and what decides how they are asked.
        self._asked: dict[int, object] = {}
        self._is_stopped = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="nl-preview-links", daemon=True)

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
        """Has the links of a snapshot checked, unless these very ones have been or are being checked."""
        if snapshot.shown is None or snapshot.faults:
            return
        question = _question(snapshot)
        with self._change:
            if self._asked.get(snapshot.number) == question:
                return
            self._asked[snapshot.number] = question
            self._wanted[snapshot.number] = snapshot
            self._change.notify_all()

    def _run(self) -> None:
        while (snapshot := self._next()) is not None:
            assert snapshot.shown is not None
            places = snapshot.shown.rendered.places
            try:
                report = self._check(snapshot.workspace, places, lambda number=snapshot.number: self._is_over(number))  # type: ignore[misc]
            except Stopped:
                continue
            except (NewsletterError, OSError):
                # `nl check` says what is wrong; a preview goes on without.
                continue
            except Exception as error:
                self._on_unexpected(error)
                continue
            if report.problem is not None:
                # No network, no lychee: the next save asks again.
                self._asked.pop(snapshot.number, None)
            if not self._is_over(snapshot.number):
                self._on_report(snapshot.number, replace(report, places=places))

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


def _question(snapshot: Snapshot) -> object:
    assert snapshot.shown is not None
    places = snapshot.shown.rendered.places
    addresses = frozenset((place.url, place.kind) for place in places if is_web(place.url))
    return addresses, snapshot.workspace.config.check.links
