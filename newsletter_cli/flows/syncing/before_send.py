"""Before a send: who has left by the endpoint is fetched; where that fails, a send goes on as long as what is known is
not too old.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.called import as_called, called
from newsletter_cli.base.errors import NewsletterError, NotTrusted, StateElsewhere, TooManyLeaving
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.config import Config
from newsletter_cli.flows.sending.words import parse_duration
from newsletter_cli.flows.syncing.key import key_of
from newsletter_cli.flows.syncing.position import Position, read_position
from newsletter_cli.flows.syncing.reaching import open_client
from newsletter_cli.flows.syncing.sync import sync
from newsletter_cli.flows.syncing.telling import said_before_send

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.job import SendJob

# A moment that lies ahead by more was noted by a clock that was wrong.
CLOCK = timedelta(minutes=5)


class Wishes(Struct, frozen=True, kw_only=True):
    """What the editor should know of the wishes to leave; and why the send is held, if it is."""

    notes: tuple[str, ...] = ()
    held: StateElsewhere | None = None


def fetch_wishes(job: SendJob) -> Wishes:
    """Fetch them; a dry run asks the endpoint as well, and records nothing. Raises `NotTrusted`, `StateElsewhere`."""
    try:
        return Wishes(notes=_peeked(job) if job.is_dry else _fetched(job))
    except (NotTrusted, StateElsewhere):
        raise
    except NewsletterError as error:
        with job.open_state() as store:
            position = read_position(store)
        return _without(job.workspace.config, position, job.now(), error)


def is_too_old(config: Config, position: Position, now: datetime) -> bool:
    """Whether what is known of those who left is older than `[send] max_unsubscribe_age`."""
    if not position.wishes_at:
        return True
    since = datetime.fromisoformat(position.wishes_at)
    age = timedelta(seconds=parse_duration(config.send.max_unsubscribe_age))
    return now - since > age or since - datetime.now(UTC) > CLOCK


def _fetched(job: SendJob) -> tuple[str, ...]:
    try:
        done = sync(job.workspace)
    except TooManyLeaving as error:
        # The wishes to leave are recorded; whether the others are right, somebody looks at in peace.
        hint = _("look at it: {command}").format(command=f"{called()} sync")
        return (f"{error.message} ({hint})",)
    return tuple(said_before_send(done))


def _peeked(job: SendJob) -> tuple[str, ...]:
    with job.open_state() as store:
        position = read_position(store)
    page = open_client(job.workspace, key_of(job.workspace, job.connection)).page(position.after)
    if page.head.log != position.log or page.head.last < position.after:
        return (_("the endpoint answers; a send fetches its whole log first"),)
    count = len(page.entries)
    if not count:
        return ()
    text = ngettext(
        "{count} new entry waits at the endpoint: a send fetches it first",
        "{count} new entries wait at the endpoint: a send fetches them first",
        count,
    )
    return (text.format(count=shown_count(count)),)


def _without(config: Config, position: Position, now: datetime, error: NewsletterError) -> Wishes:
    if not is_too_old(config, position, now):
        text = _("the endpoint could not be asked who has left since {moment}: {reason}")
        return Wishes(notes=(text.format(moment=shown_moment(position.wishes_at), reason=error.message),))
    if position.wishes_at:
        message = _("who has left by the endpoint is known up to {moment} only: {reason}").format(
            moment=shown_moment(position.wishes_at), reason=error.message
        )
    else:
        message = _("who has left by the endpoint was never fetched: {reason}").format(reason=error.message)
    hint = _(
        "{mend} When nl sync goes through, so does the send ([send] max_unsubscribe_age is {age}); to write to those "
        "who left all the same: --anyway"
    ).format(mend=_sentence(error.hint or as_called("nl sync")), age=config.send.max_unsubscribe_age)
    return Wishes(held=StateElsewhere(message, file="[endpoint] url", hint=hint))


def _sentence(text: str) -> str:
    """With the point at its end that it may lack: a question has its own."""
    return text if text.endswith(("?", ".", "!")) else f"{text}."
