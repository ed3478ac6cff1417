"""The newest snapshot of each issue that is looked at, made in a thread of its own."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future

from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.check.links import LinkReport
from newsletter_cli.preview.snapshot import Learnt, Reading, RenderingFault, Snapshot, with_learnt
from newsletter_cli.workspace.folder import Workspace

# Each holds a parsed e-mail or two: some megabytes. Two are side by side, a few more in other tabs.
KEPT_ISSUES = 4
STOP_SECONDS = 2.0
# What replaced snapshots leave behind is cleared in a quiet moment, or after so many of them.
QUIET_SECONDS, MOST_LEFT_OVER = 0.3, 10

# A number and the snapshot before → the snapshot now.
Take = Callable[[int, Snapshot], Snapshot]


class Snapshots:
    """Makes snapshots when they are asked for and when files change, one after the other.

    Saves that come while one is being made are one save: the next snapshot has them all. `on_snapshot` is told of
    each new one, in the thread that made it; `on_unexpected` of an error nobody foresaw, which is shown as a fault of
    the snapshot and ends nothing. Safe to be used from any thread.
    """

    def __init__(
        self,
        workspace: Workspace,
        take: Take,
        *,
        on_snapshot: Callable[[Snapshot], None] = lambda snapshot: None,
        on_unexpected: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        self._workspace = workspace
        self._on_snapshot = on_snapshot
        self._on_unexpected = on_unexpected
        self._take = take
        self._version = 0
        self._left_over = 0
        # The last one asked for stands last.
        self._kept: OrderedDict[int, Snapshot] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._learnt: dict[int, Learnt] = {}
        self._waiting: dict[int, list[Future[Snapshot]]] = {}
        self._is_stopped = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="nl-preview-rebuild", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it, when what it is doing is done; who waits for a snapshot waits no more."""
        with self._change:
            self._is_stopped = True
            self._change.notify_all()
            waiting = [one for ones in self._waiting.values() for one in ones]
            self._waiting.clear()
        for one in waiting:
            one.cancel()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def ask(self, number: int) -> Future[Snapshot]:
        """The newest snapshot of an issue, as soon as there is one."""
        answer: Future[Snapshot] = Future()
        with self._change:
            known = self._kept.get(number)
            if known is not None:
                self._kept.move_to_end(number)
                answer.set_result(known)
            elif self._is_stopped:
                answer.cancel()
            else:
                if number not in self._waiting:
                    self._want([number])
                self._waiting.setdefault(number, []).append(answer)
        return answer

    def newest(self, number: int) -> Snapshot | None:
        """The newest snapshot of an issue, if there is one."""
        with self._change:
            return self._kept.get(number)

    @property
    def version(self) -> int:
        """The newest there is, of any issue."""
        return self._version

    def next_version(self) -> int:
        """A new one, for a change that is in no snapshot."""
        with self._change:
            return self._count()

    def _count(self) -> int:
        self._version += 1
        return self._version

    def rebuild(self, numbers: Collection[int] | None = None) -> list[int]:
        """Makes new snapshots of these issues, of all by default. Those nobody looks at are returned instead."""
        with self._change:
            # Who looked last waits least. One that is just being made for the first time may have read the old files.
            looked_at = [*self._waiting, *(one for one in reversed(self._kept) if one not in self._waiting)]
            self._want(one for one in looked_at if numbers is None or one in numbers)
            return [] if numbers is None else [one for one in numbers if one not in looked_at]

    def learn(self, number: int, what: LinkReport | Reading) -> None:
        """What became of the links of an issue, or was found in its language: a new snapshot, if anybody looks at it
        and it says anything new.
        """
        with self._change:
            before = self._learnt.get(number, Learnt())
            new = replace(before, reading=what) if isinstance(what, Reading) else replace(before, links=what)
            self._learnt[number] = new
            known = self._kept.get(number)
        # A newer one that came in between has it already.
        if known is None or known.shown is None:
            return
        learnt = with_learnt(known, new)
        if learnt.shown is not None and _learnt_of(learnt) != _learnt_of(known):
            self._put(learnt, new, only_after=known)

    def _want(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._wanted[number] = None
        self._change.notify_all()

    def _run(self) -> None:
        while (number := self._next()) is not None:
            before = self.newest(number) or Snapshot(number=number, workspace=self._workspace)
            try:
                snapshot = self._take(number, before)
            except Exception as error:  # a fault of nl must not end the preview: the next save may be well again
                self._on_unexpected(error)
                fault = RenderingFault(
                    message=_("something unexpected happened ({kind})").format(kind=type(error).__name__)
                )
                snapshot = Snapshot(number=number, workspace=before.workspace, shown=before.shown, faults=(fault,))
            is_put = False
            while not is_put:
                learnt = self._learnt.get(number)
                is_put = self._put(snapshot if learnt is None else with_learnt(snapshot, learnt), learnt)

    def _next(self) -> int | None:
        """The number of the issue to make next; `None` at the end."""
        with self._change:
            is_quiet = not self._change.wait_for(self._has_work, QUIET_SECONDS)
        if self._left_over >= (1 if is_quiet else MOST_LEFT_OVER):
            # `nl` collects garbage seldom, since commands end soon; this one does not, and trees are in circles.
            gc.collect()
            self._left_over = 0
        with self._change:
            self._change.wait_for(self._has_work)
            if self._is_stopped:
                return None
            self._left_over += 1
            return self._wanted.popitem(last=False)[0]

    def _has_work(self) -> bool:
        return bool(self._wanted) or self._is_stopped

    def _put(self, snapshot: Snapshot, learnt: Learnt | None, *, only_after: Snapshot | None = None) -> bool:
        """Makes it the newest. False if more has been learnt about it; nothing is done then."""
        with self._change:
            known = self._kept.get(snapshot.number)
            if self._is_stopped or (only_after is not None and known is not only_after):
                return True
            if self._learnt.get(snapshot.number) is not learnt:
                return False
            snapshot = replace(snapshot, version=self._count())
            self._kept[snapshot.number] = snapshot
            while len(self._kept) > KEPT_ISSUES:
                self._kept.popitem(last=False)
            self._workspace = snapshot.workspace
            waiting = self._waiting.pop(snapshot.number, [])
        for one in waiting:
            # Whoever asked may have gone.
            if one.set_running_or_notify_cancel():
                one.set_result(snapshot)
        self._on_snapshot(snapshot)
        return True


def _learnt_of(snapshot: Snapshot) -> object:
    shown = snapshot.shown
    return None if shown is None else (shown.links, shown.reading)
