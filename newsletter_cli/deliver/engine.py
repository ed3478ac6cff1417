"""The send itself: one thread, one loop, one writer of the ledger.

A round: what has happened on the connections → what that means for the ledger → the next messages chosen → one commit
for all of it → only now the final dots of those messages whose attempt is on record. So a commit is shared by all
connections that were ready, and a message costs one round trip and a share of one commit. At any instant a connection
has at most one message that is recorded as attempted and not yet as answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import Struct

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.deliver.answers import Answers
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.building import RecipientLeft
from newsletter_cli.deliver.connections import Connections
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.ledger.records import Batch, Claimed, DeliveryOutcome, Records
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.deliver.transport import Transport
from newsletter_cli.model.delivery import NO_REPLY, DeliveryState, Outgoing

LONGEST_POLL_SECONDS = 0.25
# A flush to the disk takes between a part of that and several times that.
GATHERING_SECONDS = 0.001
# Rows of a stubborn domain that were too many come back after this long.
PUT_BACK_SECONDS = 30
# Messages that cannot be built: so many at once, then the others have their turn.
MOST_UNBUILT = 128
# When the ledger cannot be written: so long are the answers waited for that are still to come.
LAST_ANSWERS_SECONDS = 30


class RunLimits(Struct, frozen=True, kw_only=True):
    """How far a run goes: `messages` at most (`None`: all), waiting for deferred ones `patience_seconds` at most."""

    connections: int
    messages: int | None = None
    patience_seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Engine:
    """Sends what the ledger says is to be sent. `build` makes the message of a row, or raises `Unbuildable`.

    `clock` gives seconds since 1970, `monotonic` seconds that never jump; `is_interrupted` tells whether to end soon;
    `on_round` is called after each round, when `tally` has changed.
    """

    records: Records
    transport: Transport
    backlog: Backlog
    limits: RunLimits
    build: Callable[[Claimed], Outgoing]
    is_interrupted: Callable[[], bool]
    clock: Callable[[], float]
    monotonic: Callable[[], float]
    tally: SendTally
    on_round: Callable[[], None] = lambda: None
    _put_back_until: int = 0
    _connections: Connections = field(default_factory=Connections)
    _answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self._answers = Answers(
            backlog=self.backlog,
            connections=self._connections,
            tally=self.tally,
            clock=self.clock,
            monotonic=self.monotonic,
            patience_seconds=self.limits.patience_seconds,
            most_downs=self.limits.connections * 2,
            has_sent=self.records.has_sent,
        )

    def run(self) -> Ending:
        """Send until all is sent, or something ends it; every row is then in a state of rest. Raises `LedgerError`."""
        deadline = self._answers.patient_until = self.monotonic() + self.limits.patience_seconds
        try:
            while not self._is_over(deadline):
                now = self.monotonic()
                self.records.retries_deferred = now < deadline
                self._open_connections(now)
                self._feed(now)
                self._commit_and_release()
                self._listen(self._patience(now, deadline))
                reach("after-reply")
                self.tally.stopping = len(self._answers.work) if self._answers.ending is not None else 0
                self.on_round()
            self._answers.release_held()
            self._commit_and_release()
        except Exception:
            # Whatever it is: the answers to what has left are worth waiting for.
            self._save_answers()
            raise
        finally:
            self.transport.close()
        self.records.release_claims(row.id for row in self.backlog.drain())
        return self._answers.ending or Ending(how=Ended.DONE)

    def _listen(self, patience: float) -> None:
        """Hear what has happened; where much is happening, for a moment longer, so that more share the next commit."""
        begun = self.monotonic()
        self._take(patience)
        heard = self.monotonic()
        if heard - begun > GATHERING_SECONDS:
            return
        while self._connections.has_unanswered and self.monotonic() - heard < GATHERING_SECONDS:
            self._take(GATHERING_SECONDS)

    def _take(self, patience: float) -> None:
        for event in self.transport.poll(patience):
            self._answers.take(event)

    # What is next

    def _open_connections(self, now: float) -> None:
        answers = self._answers
        is_resting = now < max(answers.reconnecting.next_at, answers.resting_until)
        if answers.ending is not None or is_resting or self._connections.has_idle:
            return
        most = min(self.limits.connections, max(1, self.tally.left + self.tally.deferred), self._connections.most(now))
        if self.limits.messages is not None:
            most = min(most, max(1, self.limits.messages - answers.handed + len(answers.work)))
        while len(self._connections) < most and self.backlog.has_more():
            self._connections.open(self.transport.connect())

    def _feed(self, now: float) -> None:
        """Hand messages to the connections that can take one: idle ones, and those at the dot of the one before."""
        if self._answers.ending is not None or now < self._answers.resting_until:
            return
        self._put_back(self.backlog.given_back)
        for connection in list(self._connections.takers()):
            if self._is_at_limit:
                return
            if not self._hand_next(connection, now) and not self.backlog.is_waiting_for_connection:
                return

    @property
    def _is_at_limit(self) -> bool:
        return self.limits.messages is not None and self._answers.handed >= self.limits.messages

    def _hand_next(self, connection: int, now: float) -> bool:
        """Whether there may be more for the other connections."""
        for _row in range(MOST_UNBUILT):
            row = self.backlog.next(connection, now) if self._answers.ending is None else None
            if row is None:
                return False
            if self.records.is_too_late(row):
                self._answers.too_late(row, connection)
                continue
            try:
                message = self.build(row)
            except Unbuildable as fault:
                self._answers.not_built(row, connection, str(fault), is_settled=isinstance(fault, RecipientLeft))
                continue
            self._answers.begin(row, connection)
            self.transport.hand(connection, message)
            return True
        return False

    def _put_back(self, rows: list[Claimed]) -> None:
        """Rows of domains that stay slow, more than memory should hold: pending, for a while later."""
        if not rows:
            return
        due = self._put_back_until = int(self.clock()) + PUT_BACK_SECONDS
        for row in rows:
            outcome = DeliveryOutcome(
                row=row.id,
                before=DeliveryState.CLAIMED,
                after=DeliveryState.PENDING,
                reply=NO_REPLY,
                due=due,
                is_open=row.repeat_until > 0,
            )
            self._answers.batch.outcomes.append(outcome)
        rows.clear()

    def _commit_and_release(self) -> None:
        batch = self._answers.batch
        self.records.commit(batch)
        if batch.attempting:
            reach("after-attempting-commit")
        batch.clear()
        for connection in self._connections.take_dots():
            self.transport.release(connection)

    # When it is over

    def _patience(self, now: float, deadline: float) -> float:
        """How long the next poll may wait for something to happen."""
        waits = [LONGEST_POLL_SECONDS]
        if self._answers.ending is None:
            held = self.backlog.wait_seconds(now) if self._connections.has_idle else None
            moments = (self._answers.reconnecting.next_at, self._answers.resting_until, deadline)
            waits += [held] if held is not None else []
            waits += [moment - now for moment in moments if moment > now]
        return min(waits)

    def _is_over(self, deadline: float) -> bool:
        answers = self._answers
        if answers.ending is None and self.is_interrupted():
            answers.ending = Ending(how=Ended.INTERRUPTED)
        if answers.ending is None and self.records.is_paused():
            answers.ending = Ending(how=Ended.PAUSED)
        if answers.work:
            return False
        if answers.ending is None and self._is_at_limit:
            if answers.settle_suspicion():
                return answers.ending is not None
            answers.ending = Ending(how=Ended.LIMIT)
        if answers.ending is not None:
            return True
        is_through = not self.backlog.has_more() and self._is_nothing_due(deadline)
        # Whom they are about is settled at the latest when nobody else is left; some may then have another try.
        return is_through and not answers.settle_suspicion()

    def _is_nothing_due(self, deadline: float) -> bool:
        """Whether nobody waits whom patience still reaches; looks into the ledger again when somebody is due."""
        self._put_back(self.backlog.given_back)
        self._commit_and_release()
        due = self.records.next_due()
        if due is None:
            return True
        if due <= self.clock():
            self.backlog.look_again()
            return False
        # What was put back for a while is waited for; what a server put off, as long as patience reaches.
        left = max(deadline - self.monotonic(), self._put_back_until + 1 - self.clock())
        return due - self.clock() > left

    def _save_answers(self) -> None:
        """It cannot go on: no further dot goes out. Answers to those that did are waited for, and noted if the ledger
        can be written (again) by then; rows whose answers are lost are in doubt for the next run.
        """
        answers = self._answers
        attempted = {row for row, work in answers.work.items() if work.state is DeliveryState.ATTEMPTING}
        # The ledger does not know of these that they were to be attempted, and their dots stay here.
        unmarked = set(answers.batch.attempting)
        waiting = attempted - unmarked
        answers.batch = Batch(outcomes=answers.batch.outcomes)
        deadline = self.monotonic() + LAST_ANSWERS_SECONDS
        while waiting and self.monotonic() < deadline:
            for event in self.transport.poll(LONGEST_POLL_SECONDS):
                if event.row in waiting:
                    waiting.discard(event.row)
                    answers.take(event)
        answers.batch.attempting.clear()
        answers.batch.outcomes = [
            one for one in answers.batch.outcomes if one.before is DeliveryState.ATTEMPTING and one.row not in unmarked
        ]
        try:
            self.records.save_late(answers.batch)
        except LedgerError:
            # Said already; the next run finds those rows attempted, and in doubt.
            answers.batch.clear()
