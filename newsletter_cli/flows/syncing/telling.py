"""What `nl sync` says."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.flows.feedback_words import feedback_names
from newsletter_cli.flows.sending.words import reason_names
from newsletter_cli.flows.syncing.values import Synced

MOST_ALARMS = 10


def synced_lines(done: Synced) -> Iterator[str]:
    """For people, after `nl sync`; what is urgent comes last, where it is seen."""
    text = ngettext("{count} entry of the endpoint’s log", "{count} entries of the endpoint’s log", done.fetched)
    known = done.fetched - done.new - done.unknown
    if known > 0 and done.new:
        text += ", " + ngettext("{count} of them known already", "{count} of them known already", known).format(
            count=shown_count(known)
        )
    yield text.format(count=shown_count(done.fetched))
    yield taken_off_line(done)
    if done.written_back is not None:
        text = ngettext("noted in {count} row of the source", "noted in {count} rows of the source", done.written_back)
        yield text.format(count=shown_count(done.written_back))
    yield _("everybody who left by the endpoint until {moment} is known here").format(
        moment=shown_moment(done.synced_at)
    )


def to_decide_rows(done: Synced) -> list[tuple[str, str, str, str]]:
    """Whom somebody has to decide about: address, what it says, status, words."""
    names = feedback_names()
    return [(one.address, names[one.kind], one.status or "–", one.words) for one in done.to_decide]


def taken_off_line(done: Synced) -> str:
    """How many were taken off, and why."""
    if not done.suppressed:
        return _("nobody was taken off the list")
    text = ngettext(
        "{count} person was taken off the list: {reasons}", "{count} people were taken off the list: {reasons}",
        done.suppressed,
    )  # fmt: skip
    names = reason_names()
    reasons = ", ".join(f"{names[reason]} {shown_count(count)}" for reason, count in done.taken_off.items() if count)
    return text.format(count=shown_count(done.suppressed), reasons=reasons)


def warnings(done: Synced) -> Iterator[str]:
    """What somebody has to do, or to know."""
    yield from done.notes
    if done.unknown:
        text = ngettext(
            "{count} entry is about somebody whom the ledger here does not know: is this the newest copy of state/?",
            "{count} entries are about people whom the ledger here does not know: is this the newest copy of state/?",
            done.unknown,
        )
        yield text.format(count=shown_count(done.unknown))
    for status, words, count in done.alarms[:MOST_ALARMS]:
        text = ngettext(
            "servers refuse what you send ({count} message): {status} {words}",
            "servers refuse what you send ({count} messages): {status} {words}",
            count,
        )
        yield text.format(count=shown_count(count), status=status, words=words).rstrip()


def said_before_send(done: Synced) -> Iterator[str]:
    """The same, short, where a send has just fetched."""
    if done.suppressed:
        yield _("by the endpoint, {what}").format(what=taken_off_line(done))
    if done.to_decide:
        text = ngettext(
            "{count} entry of the endpoint’s log is for you to decide: nl sync --all",
            "{count} entries of the endpoint’s log are for you to decide: nl sync --all",
            len(done.to_decide),
        )
        yield text.format(count=shown_count(len(done.to_decide)))
    yield from warnings(done)
