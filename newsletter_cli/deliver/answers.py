"""Events of a transport → changes of the ledger, the pace of each domain, and whether the send has to stop."""

from __future__ import annotations

import random
from collections.abc import Callable

from msgspec import Struct, field

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.connections import Connections
from newsletter_cli.deliver.ledger.records import DUE_NOW, Batch, Claimed, DeliveryOutcome
from newsletter_cli.deliver.ledger.schema import GONE_NOTE
from newsletter_cli.deliver.pacing.breaker import Breaker, is_about_recipient
from newsletter_cli.deliver.pacing.returns import Returns
from newsletter_cli.deliver.pacing.suspicion import Held, Suspicion, reason_to_stop
from newsletter_cli.deliver.pacing.waits import Reconnecting, deferral_wait_seconds
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.deliver.said import told, too_late, why_put_off, without_recipient
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import NO_REPLY, DeliveryState, Reply

STILL_OPEN = (DeliveryState.PENDING, DeliveryState.DEFERRED)
# A service that wants a longer rest is asked again by a person.
LONGEST_REST_SECONDS = 900.0


class Work(Struct, kw_only=True):
    """A delivery under way on a connection; the `number`-th that was begun."""

    row: Claimed
    connection: int
    number: int
    state: DeliveryState = DeliveryState.CLAIMED


class Answers(Struct, kw_only=True):
    """The deliveries under way, and the batch that says what became of others.

    `clock` gives seconds since 1970, `monotonic` seconds that never jump. `patience_seconds`: how long deferred
    deliveries are waited for, in all; `patient_until`: the moment at which that ends. `ending` is set once the send has
    to stop. `most_downs`: so many connections may end without a message being answered. `has_sent` tells whether an
    earlier run sent any of this issue. Until `resting_until` nothing is begun: the server puts everybody off.
    """

    backlog: Backlog
    connections: Connections
    tally: SendTally
    clock: Callable[[], float]
    monotonic: Callable[[], float]
    patience_seconds: float
    most_downs: int
    has_sent: Callable[[], bool]
    work: dict[int, Work] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    ending: Ending | None = None
    handed: int = 0
    patient_until: float = 0.0
    resting_until: float = 0.0
    reconnecting: Reconnecting = field(default_factory=Reconnecting)
    _breaker: Breaker = field(default_factory=Breaker)
    _suspicion: Suspicion = field(default_factory=Suspicion)
    # Those whose refusal may be about all, by row.
    _held: dict[int, Work] = field(default_factory=dict)
    _begun: int = 0
    _has_accepted: bool = False
    _returns: Returns = field(default_factory=Returns)
    _downs: int = 0

    def begin(self, row: Claimed, connection: int) -> None:
        """A delivery's message is handed to a connection."""
        self._begun += 1
        self.work[row.id] = Work(row=row, connection=connection, number=self._begun)
        self.handed += 1
        self.connections.handed(connection)

    def take(self, event: ConnectionEvent) -> None:
        """What a transport tells."""
        match event.kind:
            case Happened.READY:
                self.connections.ready(event.connection)
            case Happened.DOWN:
                self._down(event)
            case Happened.NOTED:
                self.tally.notes.append(told(event.reply))
            case Happened.FATAL:
                self.connections.down(event.connection)
                self.stop(told(event.reply), event.hint)
            case _:
                self._take_of_row(event, self.work[event.row])

    def stop(self, reason: str, hint: str | None) -> None:
        """No further message is begun."""
        if self.ending is None:
            self.ending = Ending(how=Ended.STOPPED, reason=reason, hint=hint)

    def not_built(self, row: Claimed, connection: int, fault: str, *, is_settled: bool) -> None:
        """There is no message for this delivery: it alone fails. `is_settled`: there must be none."""
        if row.repeat_until:
            # Their request is open: whether they have it, nobody can tell.
            self._give_up_repeat(row, connection, Reply(0, f"nl: {fault}"))
            return
        self.backlog.leave(row, connection)
        # Who left may come back, and is known by this note then.
        why = _("this message cannot be built: {reason}").format(reason=fault)
        reply = Reply(0, GONE_NOTE if is_settled else f"nl: {why}")
        self.batch.outcomes.append(
            DeliveryOutcome(
                row=row.id,
                before=DeliveryState.CLAIMED,
                after=DeliveryState.REFUSED,
                reply=reply,
                is_settled=is_settled,
            )
        )
        self.tally.refused += 1
        self.tally.deferred -= row.is_again
        if not is_settled and self._breaker.refused(reply):
            self.stop(
                _("many messages in a row cannot be built: {reason}").format(reason=fault),
                _("see all of it: nl send --dry-run; then `nl resolve --refused resend` has them tried again"),
            )

    def too_late(self, row: Claimed, connection: int) -> None:
        """A request that is open cannot be made again in time: it is in doubt."""
        self._give_up_repeat(row, connection, too_late())

    def _give_up_repeat(self, row: Claimed, connection: int, reply: Reply) -> None:
        self.backlog.leave(row, connection)
        self.batch.outcomes.append(
            DeliveryOutcome(row=row.id, before=DeliveryState.CLAIMED, after=DeliveryState.IN_DOUBT, reply=reply)
        )
        self.tally.in_doubt += 1
        self.tally.deferred -= row.is_again

    def _take_of_row(self, event: ConnectionEvent, work: Work) -> None:
        match event.kind:
            case Happened.AT_DOT:
                self.connections.at_dot(event.connection, is_last=event.is_last)
                work.state = DeliveryState.ATTEMPTING
                self.batch.attempting.append(event.row)
                self._accepted(work)
            case Happened.SENT:
                self._sent(event, work)
            case Happened.REFUSED:
                self._refused(event, work)
            case Happened.DEFERRED:
                self._deferred(event, work)
            case Happened.IN_DOUBT:
                self._in_doubt(work, event.reply)
            case Happened.RETURNED | Happened.UNANSWERED:
                self._returned(event, work)
            case Happened.BLOCKED:
                self._turned_away(event, work, is_at_mail=True)
            case Happened.TURNED_AWAY:
                self._turned_away(event, work, is_at_mail=False)
            case _:
                raise AssertionError(event)

    def _sent(self, event: ConnectionEvent, work: Work) -> None:
        self._finish(work, DeliveryState.SENT, event.reply)
        self.tally.count_sent(work.row.pace)
        self._worked()
        self._breaker.sent()
        self.backlog.slow.speed_up(work.row.domain)

    def _in_doubt(self, work: Work, reply: Reply) -> None:
        self._finish(work, DeliveryState.IN_DOUBT, reply)
        self.tally.in_doubt += 1

    def _refused(self, event: ConnectionEvent, work: Work) -> None:
        if work.row.repeat_until:
            # This request is refused; an earlier one may have been taken.
            self._in_doubt(work, event.reply)
            self._worked()
            return
        self._finish(work, DeliveryState.REFUSED, event.reply)
        self.tally.refused += 1
        self._worked()
        if self._breaker.refused(event.reply):
            self.stop(
                _("many messages in a row were refused; the last answer: {reply}").format(reply=told(event.reply)),
                _("see nl report; once the cause is gone, `nl resolve --refused resend` has them sent again"),
            )

    def _deferred(self, event: ConnectionEvent, work: Work) -> None:
        self._put_off(work, event.reply, at_least_seconds=event.rest_seconds)
        self._worked()
        now = self.monotonic()
        if event.rest_seconds:
            self._rest_as_told(now, event)
            return
        if not is_about_recipient(event.reply):
            self.backlog.slow.slow_down(work.row.domain, now)
        is_enough = self._breaker.deferred(event.reply, work.row.domain, is_first_try=not work.row.tries)
        if is_enough and now >= self.resting_until:
            self._rest(now, event.reply)

    def _rest(self, now: float, reply: Reply) -> None:
        """The server puts everybody off: ask nobody for a while, if patience reaches so far; else stop."""
        reason = _("the server puts everybody off; its last answer: {reply}").format(reply=told(reply))
        self._breaker.rested()
        wait = deferral_wait_seconds(self._breaker.rests, self.patience_seconds, random.random())  # noqa: S311
        if now + wait > self.patient_until:
            self.stop(reason, _("wait a while, then run the same command again"))
        else:
            self.resting_until = now + wait
            self.tally.last_failure = reason

    def _rest_as_told(self, now: float, event: ConnectionEvent) -> None:
        """The service has said how long it wants to be left alone: that is about nobody in particular."""
        if event.rest_seconds > LONGEST_REST_SECONDS:
            self.stop(
                _("the service wants to be left alone for {minutes} minutes: {reply}").format(
                    minutes=round(event.rest_seconds / 60), reply=told(event.reply)
                ),
                _("nothing is lost: run the same command again then"),
            )
        self.resting_until = max(self.resting_until, now + event.rest_seconds)

    # Refusals that may be about all

    def _turned_away(self, event: ConnectionEvent, work: Work, *, is_at_mail: bool) -> None:
        if work.state is DeliveryState.ATTEMPTING or work.row.repeat_until:
            # It is on record as being attempted: held back in memory, it would be in doubt after a crash.
            self._refused(event, work)
            return
        self._leave(work)
        self._worked()
        self._held[event.row] = work
        held = Held(row=event.row, domain=work.row.domain, reply=event.reply, since=self._begun, is_at_mail=is_at_mail)
        if self._suspicion.hold(held):
            self._stop_for_all(held)

    def _accepted(self, work: Work) -> None:
        self._has_accepted = True
        if self._suspicion:
            for held in self._suspicion.accepted(work.number):
                self._blame(held)

    def settle_suspicion(self) -> bool:
        """Nobody is left who could tell whom the refusals held back are about: decide; whether there were any.

        Where others were accepted before, those alone are refused; else the send stops, and they wait.
        """
        if not self._suspicion:
            return False
        everybody = self._suspicion.let_go()
        if self._has_accepted or self.has_sent():
            for held in everybody:
                self._blame(held)
        else:
            for held in everybody:
                self._put_back(held)
            self._stop_for_all(everybody[-1])
        return True

    def release_held(self) -> None:
        """The run ends: whoever is held back waits for the next one, behind those never tried."""
        for held in self._suspicion.let_go():
            self._put_back(held)

    def _blame(self, held: Held) -> None:
        """Others were accepted: it is this delivery's alone, or at MAIL perhaps a matter of the moment."""
        work = self._held.pop(held.row)
        if self._suspicion.may_try_again(held):
            self.handed -= 1
            self.backlog.put_last(work.row)
        else:
            self._note(work, DeliveryState.REFUSED, held.reply)
            self.tally.refused += 1

    def _put_back(self, held: Held) -> None:
        self._note(self._held.pop(held.row), DeliveryState.PENDING, held.reply, due=DUE_NOW)

    def _stop_for_all(self, held: Held) -> None:
        self.stop(*reason_to_stop(held, told(held.reply)))

    def _worked(self) -> None:
        self.reconnecting.worked()
        self._downs = 0
        self.tally.last_failure = ""

    def _put_off(self, work: Work, reply: Reply, *, at_least_seconds: float = 0.0, is_open: bool = False) -> None:
        wait = deferral_wait_seconds(work.row.tries + 1, self.patience_seconds, random.random())  # noqa: S311
        if work.row.repeat_until:
            # Past that it would be in doubt.
            wait = min(wait, max(1.0, (work.row.repeat_until - self.clock()) / 2))
        wait = max(wait, at_least_seconds)
        self._finish(work, DeliveryState.DEFERRED, reply, due=int(self.clock() + wait) + 1, is_open=is_open)
        self.tally.deferred += 1

    def _returned(self, event: ConnectionEvent, work: Work) -> None:
        """Nothing has happened to it, or the same request may be made again: it is, after a few times later."""
        self.handed -= 1
        is_open = event.kind is Happened.UNANSWERED
        failures = self._returns.count(event.row, is_failure=event.is_failure or is_open)
        if failures:
            self._put_off(work, why_put_off(event.reply, failures), is_open=is_open)
        elif work.state is DeliveryState.ATTEMPTING:
            self._finish(work, DeliveryState.PENDING, event.reply if is_open else NO_REPLY, is_open=is_open)
            self.backlog.look_again()
        else:
            self._leave(work)
            self.backlog.put_last(work.row)

    def _down(self, event: ConnectionEvent) -> None:
        was_open = self.connections.down(event.connection)
        if event.is_failure and not was_open and self.connections.open_count:
            self.connections.hold(self.monotonic())
            return
        self._downs += 1
        # A server that says 421 to everything is no better than one that breaks off.
        if event.is_failure or self._downs > self.most_downs:
            self.tally.last_failure = told(event.reply)
            if self.reconnecting.failed(self.monotonic(), random.random()):  # noqa: S311
                self._give_up(event)

    def _give_up(self, event: ConnectionEvent) -> None:
        if event.hint is not None and event.reply.code >= 500:
            # It answers: running the same command again would change nothing.
            self.stop(_("the server turns this machine away: {reply}").format(reply=told(event.reply)), event.hint)
        else:
            self.stop(
                _("the server cannot be reached, or breaks off: {reason}").format(reason=told(event.reply)),
                event.hint or _("nothing is lost: run the same command again once it answers"),
            )

    def _finish(self, work: Work, after: DeliveryState, reply: Reply, *, due: int = 0, is_open: bool = False) -> None:
        self._note(work, after, reply, due=due, is_open=is_open)
        self._leave(work)

    def _note(self, work: Work, after: DeliveryState, reply: Reply, *, due: int = 0, is_open: bool = False) -> None:
        kept = without_recipient(reply, work.row.address)
        # What was open before stays so, whatever became of this request; and by its code it is known what left it so.
        is_left_open_now = is_open and not work.row.has_failed
        is_open = after in STILL_OPEN and (is_open or work.row.repeat_until > 0)
        if is_open and not is_left_open_now:
            kept = kept._replace(code=work.row.code)
        is_try = work.state is DeliveryState.CLAIMED and after is not DeliveryState.PENDING
        self.batch.outcomes.append(
            DeliveryOutcome(
                row=work.row.id, before=work.state, after=after, reply=kept, due=due, is_try=is_try, is_open=is_open
            )
        )
        if after is not DeliveryState.PENDING:
            self.tally.deferred -= work.row.is_again
            self._returns.forget(work.row.id)

    def _leave(self, work: Work) -> None:
        del self.work[work.row.id]
        self.backlog.leave(work.row, work.connection)
        self.connections.left(work.connection)
