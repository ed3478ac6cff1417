"""`nl sync`: what happened at the endpoint since the last time, decided about and recorded.

Wishes to leave are recorded page by page, each page in one transaction, whatever else there is: no mistake of a mail
service keeps anybody on the list. Bounces and complaints are decided about together, behind the same brakes as those of
a mailbox, and then recorded with the new position. Killed at any moment and run again, it begins at the last position:
what was recorded is known by its reference, and counts no second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.deciding import Rules
from newsletter_cli.after.endpoint.entries import ONE_CLICK, PAGE, LogEntry, LogHead, LogPage
from newsletter_cli.after.endpoint.fetching import LogClient
from newsletter_cli.audience.store import Store
from newsletter_cli.base.called import called
from newsletter_cli.base.endpoint_key import EndpointKey
from newsletter_cli.base.errors import NewsletterError, NotSynced
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.ledger.runs import note_known
from newsletter_cli.flows.audience import open_state, write_back
from newsletter_cli.flows.bounces.batch import Batch, refuse_burst
from newsletter_cli.flows.bounces.people import Addressee, People
from newsletter_cli.flows.bounces.rules import read_rules
from newsletter_cli.flows.bounces.values import Incoming, Recorded
from newsletter_cli.flows.sending.leaving import tell_senders
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.syncing.key import own_key
from newsletter_cli.flows.syncing.position import Position, note_position, read_position
from newsletter_cli.flows.syncing.reaching import open_client
from newsletter_cli.flows.syncing.values import Synced
from newsletter_cli.flows.syncing.whom import Whom
from newsletter_cli.model.feedback import Feedback, FeedbackAction, FeedbackKind
from newsletter_cli.workspace.folder import Workspace

# A server's clock may be so far off before anybody is told.
CLOCK_SECONDS = 120
ENDPOINT = "endpoint"
OWN_SOURCES = frozenset({ONE_CLICK, PAGE})
# Nothing has failed, or not yet.
NOT_YET = frozenset({Doubt.DELAYED, Doubt.NOTHING})
Progress = Callable[[int, int], None]


def sync(
    workspace: Workspace,
    *,
    is_anyway: bool = False,
    is_from_start: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> Synced:
    """Fetch and record. `is_anyway`: a person has looked at how many would be taken off; `is_from_start`: the whole log
    once more.

    Raises `NotSynced`, `NotTrusted`, `ListError` (`TooManyLeaving`: the wishes to leave are recorded all the same),
    `LedgerError`, `StateElsewhere`.
    """
    key = own_key(workspace)
    client = open_client(workspace, key)
    done = Synced()
    with (
        open_state(workspace) as store,
        People(workspace, store) as people,
        Whom(workspace, store, people, key.parts) as whom,
    ):
        run = _Run(store, people, whom, read_rules(workspace.config), done)
        position = read_position(store)
        after = 0 if is_from_start else position.after
        for page, news in _pages(client, key, replace(position, after=after)):
            done.notes += news
            _note_key(workspace, key, page.head, done)
            run.take(page)
            on_progress(page.end.after, max(page.head.last, page.end.after))
            reach("after-page")
        try:
            run.end(is_anyway=is_anyway)
        finally:
            _tell_source(workspace, store, run.unsubscribed, done)
    return done


class _Run:
    """One fetch under way."""

    def __init__(self, store: Store, people: People, whom: Whom, rules: Rules, done: Synced) -> None:
        self._store, self._people, self._whom, self._rules, self._done = store, people, whom, rules, done
        self._rest: list[LogEntry] = []
        self._position = read_position(store)
        self._is_skewed = False
        self.unsubscribed: list[str] = []

    def take(self, page: LogPage) -> None:
        """Record the page's wishes to leave, and keep the others for the end."""
        now = datetime.now(UTC)
        entries = [self._in_our_time(entry, page.head, now) for entry in page.entries]
        self._done.fetched += len(entries)
        self._done.kinds.update(entry.kind for entry in entries)
        self._rest += [entry for entry in entries if entry.kind is not FeedbackKind.UNSUBSCRIBE]
        wishes = [entry for entry in entries if entry.kind is FeedbackKind.UNSUBSCRIBE]
        if not self._rest:
            self._position = replace(self._position, log=page.head.log, after=page.end.after)
        elif self._position.log != page.head.log:
            # Another log than last time: its numbers are of no use in this one.
            self._position = replace(self._position, log=page.head.log, after=0)
        self._last = Position(log=page.head.log, after=page.end.after)
        if not page.end.more:
            # All of them are there with this page, whatever becomes of the rest.
            self._position = replace(self._position, wishes_at=timestamp(now))
            self._done.synced_at = timestamp(now)
        self._record(wishes, self._position, now, is_anyway=True)

    def end(self, *, is_anyway: bool) -> None:
        """Decide about the others, and record them. Raises `TooManyLeaving`."""
        if self._rest:
            position = replace(self._position, log=self._last.log, after=self._last.after)
            self._record(self._rest, position, datetime.now(UTC), is_anyway=is_anyway)

    def _record(self, entries: Sequence[LogEntry], position: Position, now: datetime, *, is_anyway: bool) -> None:
        done, moment = self._done, timestamp(now)
        with Batch() as batch:
            for entry, whom in zip(entries, self._whom.find(entries), strict=True):
                batch.add(_incoming(entry, whom, moment))
                done.unknown += whom is None
            batch.decide(self._store, self._people, self._rules)
            for (action, _kind), count in batch.counts().items():
                done.actions[action] += count
            done.alarms += batch.alarms()
            done.to_decide += (one for one in batch.decided(FeedbackAction.REVIEW) if one.address)
            if not is_anyway:
                refuse_burst(batch.burst(self._people), command=f"{called()} sync --anyway")
            recorded = batch.record(self._store, now=moment, also=lambda: note_position(self._store, position))
        self._note(recorded)

    def _note(self, recorded: Recorded) -> None:
        self._done.new += recorded.new
        for status, count in recorded.taken_off.items():
            self._done.taken_off[str(status)] += count
        self.unsubscribed += recorded.unsubscribed

    def _in_our_time(self, entry: LogEntry, head: LogHead, now: datetime) -> LogEntry:
        """Which act is the newer one is told by this machine's clock. A server's that is behind must not make a wish to
        leave seem older than a consent that came before it; one that is ahead must not outweigh what happens later.
        """
        behind = now - datetime.fromisoformat(head.now)
        if abs(behind.total_seconds()) > CLOCK_SECONDS and not self._is_skewed:
            self._is_skewed = True
            self._done.notes.append(
                _("the server’s clock says {there}, this machine’s {here}: set the wrong one").format(
                    there=shown_moment(head.now), here=shown_moment(timestamp(now))
                )
            )
        shift = behind if behind > timedelta(seconds=CLOCK_SECONDS) else timedelta()
        at = min(datetime.fromisoformat(entry.at) + shift, now)
        return replace(entry, at=timestamp(at))


def _incoming(entry: LogEntry, whom: Addressee | None, now: str) -> Incoming:
    source = ENDPOINT if entry.source in OWN_SOURCES else entry.source
    feedback = Feedback(
        reference=bytes.fromhex(entry.reference),
        kind=entry.kind,
        status=entry.status,
        words=entry.words,
        at=min(entry.at, now),
        source=source,
    )
    return Incoming(
        feedback=feedback,
        whom=whom,
        is_certain=whom is not None and not entry.doubt,
        has_happened=entry.doubt not in NOT_YET,
        doubt=entry.doubt,
        place=f"{source} {entry.n}",
    )


def _pages(client: LogClient, key: EndpointKey, position: Position) -> Iterator[tuple[LogPage, list[str]]]:
    """Page after page from the position on, with what is to be said of it; from the beginning where it is of no use."""
    page, news = client.page(position.after), []
    if page.head.newsletter != key.newsletter:
        raise NotSynced(
            _("the endpoint’s log is another newsletter’s"),
            file="[endpoint] url",
            hint=_("give the server the key that nl sync --key shows"),
        )
    is_other = bool(position.log) and page.head.log != position.log
    if is_other:
        news.append(
            _(
                "the endpoint has begun a new log: all of it was fetched. Whoever left by the former one since "
                "{moment} is not in it: put that one back on the server, if it is still there"
            ).format(moment=shown_moment(position.wishes_at) if position.wishes_at else "–")
        )
    elif page.head.last < position.after:
        news.append(
            _("the endpoint’s log goes less far than last time (an older copy was put back?): all of it was fetched")
        )
    if is_other or page.head.last < position.after:
        position = replace(position, log=page.head.log, after=0)
        page = client.page(0)
    if page.head.pruned > position.after:
        news.append(
            _(
                "the endpoint has taken out old entries, up to number {number}, that were not fetched from here: who "
                "left by them is not known here (nl serve --keep-days)"
            ).format(number=page.head.pruned)
        )
    log = page.head.log
    yield page, news
    while page.end.more:
        page = client.page(page.end.after)
        if page.head.log != log:
            raise NotSynced(
                _("the endpoint’s log became another one meanwhile"), file="[endpoint] url", hint=_("run it again")
            )
        yield page, []


def _note_key(workspace: Workspace, key: EndpointKey, head: LogHead, done: Synced) -> None:
    """From now on tokens are made with the newest secret that the server knows."""
    is_current = key.parts[0].id in head.keys
    if done.is_key_current and not is_current:
        done.notes.append(
            _("the server has the key before the last change: give it the new one (nl sync --key), then start it again")
        )
    done.is_key_current = is_current
    with open_ledger(workspace) as connection:
        note_known(connection, head.keys)


def _tell_source(workspace: Workspace, store: Store, keys: Sequence[str], done: Synced) -> None:
    """Note who asked to leave in a list of Grist, where that is configured. They are off here, whatever it says."""
    if not keys:
        return
    tell_senders(workspace, keys)
    try:
        done.written_back = write_back(workspace, store, keys)
    except NewsletterError as error:
        text = ngettext(
            "{count} person who left could not be marked in the list’s source: {reason}",
            "{count} people who left could not be marked in the list’s source: {reason}",
            len(keys),
        )
        done.notes.append(text.format(count=shown_count(len(keys)), reason=error))
