"""What `nl bounces` says: for scripts, and for people in tables, what is urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.bounces.batch import Batch
from newsletter_cli.flows.bounces.triage import Triage
from newsletter_cli.flows.bounces.values import Decided, Recorded
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.mailbox.settling import Settling
from newsletter_cli.model.feedback import FeedbackAction, FeedbackKind
from newsletter_cli.model.subscriber import SubscriberStatus

# More rows of a table nobody reads; `--json` has them all.
SHOWN_ROWS = 200
SHOWN_ALARMS = 10
WORDS_LENGTH = 100


class Shown(Struct, frozen=True, kw_only=True):
    """A table; `hidden`: how many more rows there would be. `advice` stands below it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    hidden: int = 0
    advice: str = ""


def verdict_dicts(found: Triage) -> Iterator[dict[str, Any]]:
    """Each message for scripts; what could not be read comes last, as not understood."""
    for one in found.batch.decided():
        yield {
            "source": one.place,
            "kind": one.kind.value,
            "address": one.address,
            "status": one.status,
            "action": one.action.value,
        }
    for unread in found.unread:
        told = {"kind": FeedbackKind.UNKNOWN.value, "address": "", "status": "", "action": FeedbackAction.REVIEW.value}
        yield {"source": unread.place, **told}


def tables(found: Triage) -> Iterator[Shown]:
    """What is for people to look at, the most urgent first; what means nothing is only counted (`summary_lines`)."""
    batch, names = found.batch, feedback_names()
    alarms = batch.alarms()
    if alarms:
        yield Shown(
            title=_("Alarm: servers refuse what you send. Nobody is taken off the list for it"),
            columns=(_("messages"), _("status"), _("their words")),
            rows=[(str(count), status or "–", words) for status, words, count in alarms[:SHOWN_ALARMS]],
            hidden=len(alarms) - len(alarms[:SHOWN_ALARMS]),
            advice=_(
                "look at what the DNS says of you: nl doctor --domain; show these words to whoever runs the mail server"
            ),
        )
    rows, hidden = _rows(
        batch, FeedbackAction.SUPPRESS, lambda one: (one.address, names[one.kind], one.status, one.place)
    )
    if rows:
        columns = (_("address"), _("why"), _("status"), _("message"))
        yield Shown(title=_("To be taken off the list"), columns=columns, rows=rows, hidden=hidden)
    yield from _to_decide(found)
    letters, hidden = _rows(
        batch, FeedbackAction.NONE, lambda one: (one.address, _short(one.words), one.place), kind=FeedbackKind.REPLY
    )
    if letters:
        yield Shown(
            title=_("People have written: read and answer them yourself"),
            columns=(_("sender"), _("first words"), _("message")),
            rows=letters,
            hidden=hidden,
        )
    rows, hidden = _rows(batch, FeedbackAction.COUNT, lambda one: (one.address, names[one.kind], one.status, one.place))
    if rows:
        columns = (_("address"), _("why"), _("status"), _("message"))
        yield Shown(title=_("To be counted: these may pass"), columns=columns, rows=rows, hidden=hidden)


def _to_decide(found: Triage) -> Iterator[Shown]:
    names = feedback_names()
    rows, hidden = _rows(
        found.batch,
        FeedbackAction.REVIEW,
        lambda one: (one.address or "–", names[one.kind], _why(one), _short(one.words), one.place),
    )
    for unread in islice(found.unread, SHOWN_ROWS):
        rows.append(("–", names[FeedbackKind.UNKNOWN], unread.reason, "", unread.place))
    hidden += max(0, len(found.unread) - SHOWN_ROWS)
    if rows:
        yield Shown(
            title=_("For you to decide; nothing is done about these, and they stay where they are"),
            columns=(_("address"), _("says"), _("why nl does not decide"), _("words"), _("message")),
            rows=rows,
            hidden=hidden,
            advice=_("to take somebody off: nl list unsubscribe ADDRESS"),
        )


def _rows(
    batch: Batch, action: FeedbackAction, cells: Callable[[Decided], Sequence[str]], *, kind: FeedbackKind | None = None
) -> tuple[list[Sequence[str]], int]:
    stream = batch.decided(action, kind)
    rows: list[Sequence[str]] = [cells(one) for one in islice(stream, SHOWN_ROWS)]
    return rows, sum(1 for _one in stream)


def _why(one: Decided) -> str:
    if not one.is_reader:
        return _("it is about a proof, whose reviewer is no reader by it")
    if not one.doubt and one.kind in (FeedbackKind.FULL, FeedbackKind.SOFT):
        return _("it came back for several issues in a row")
    names = {
        Doubt.NO_TOKEN: _("nothing shows that it is about a message of yours"),
        Doubt.SEVERAL_TOKENS: _("it leads to several people"),
        Doubt.OTHER_RECIPIENT: _("it speaks of another address than the one written to"),
        Doubt.NOT_NAMED: _("it does not say which address failed"),
        Doubt.STATUS: _("such a status may pass, or be somebody’s mistake"),
        Doubt.WORDS: _("only words say so"),
        Doubt.FORWARDED: _("somebody has sent it on"),
        Doubt.OWN_BOUNCE: _("it is about an answer, not about an issue"),
        Doubt.HAS_LEFT: _("the person seems to be gone"),
        Doubt.ASKS_FOR_PROOF: _("it asks for an answer by hand before your messages get through"),
    }
    return (
        names.get(Doubt(one.doubt), _("it is in no form that nl knows"))
        if one.doubt
        else _("it is in no form that nl knows")
    )


def _short(words: str) -> str:
    return words if len(words) <= WORDS_LENGTH else words[: WORDS_LENGTH - 1] + "…"


def summary_lines(found: Triage) -> Iterator[str]:
    """What there was, in numbers."""
    total = ngettext("{count} message in {source}", "{count} messages in {source}", found.messages)
    yield total.format(count=found.messages, source=found.name)
    by_kind: dict[FeedbackKind, int] = {}
    nothing = 0
    for (action, kind), count in found.batch.counts().items():
        if kind is FeedbackKind.UNKNOWN and action is FeedbackAction.NONE:
            nothing += count
        else:
            by_kind[kind] = by_kind.get(kind, 0) + count
    if found.unread:
        by_kind[FeedbackKind.UNKNOWN] = by_kind.get(FeedbackKind.UNKNOWN, 0) + len(found.unread)
    names = feedback_names()
    for kind in FeedbackKind:
        if kind in by_kind:
            yield _("  {name}: {count}").format(name=names[kind], count=by_kind[kind])
    if nothing:
        yield _("  {name}: {count}").format(name=_("nothing has failed"), count=nothing)
    known = found.batch.count_known()
    if known:
        text = ngettext(
            "{count} of them was recorded before, and counts no second time",
            "{count} of them were recorded before, and count no second time",
            known,
        )
        yield text.format(count=known)


def applied_lines(recorded: Recorded) -> Iterator[str]:
    """What was changed."""
    yield ngettext("{count} record is new", "{count} records are new", recorded.new).format(count=recorded.new)
    texts = {
        SubscriberStatus.BOUNCED: ngettext(
            "{count} person was taken off the list: their mailbox is gone",
            "{count} people were taken off the list: their mailboxes are gone",
            recorded.taken_off.get(SubscriberStatus.BOUNCED, 0),
        ),
        SubscriberStatus.COMPLAINED: ngettext(
            "{count} person was taken off the list: they complained",
            "{count} people were taken off the list: they complained",
            recorded.taken_off.get(SubscriberStatus.COMPLAINED, 0),
        ),
        SubscriberStatus.UNSUBSCRIBED: ngettext(
            "{count} person was taken off the list: they asked for it",
            "{count} people were taken off the list: they asked for it",
            recorded.taken_off.get(SubscriberStatus.UNSUBSCRIBED, 0),
        ),
    }
    for status, text in texts.items():
        if recorded.taken_off.get(status):
            yield text.format(count=recorded.taken_off[status])


def settled_line(what: Settling, count: int, folder: str) -> str:
    """What became of the messages."""
    texts = {
        Settling.MARK: ngettext("{count} message was marked as read", "{count} messages were marked as read", count),
        Settling.MOVE: ngettext(
            "{count} message was moved to {folder}", "{count} messages were moved to {folder}", count
        ),
        Settling.DELETE: ngettext("{count} message was deleted", "{count} messages were deleted", count),
    }
    return texts[what].format(count=count, folder=folder)
