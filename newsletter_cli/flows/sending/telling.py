"""A dry run, the question before a send, and its end, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter_cli.console.sending import duration
from newsletter_cli.deliver.answers import Ended
from newsletter_cli.errors import SendError
from newsletter_cli.flows.sending.dry_run import DryRun
from newsletter_cli.flows.sending.job import Question, Sent
from newsletter_cli.flows.sending.wording import complete_line, reason_names
from newsletter_cli.i18n import _, ngettext


def question_lines(question: Question) -> Iterator[str]:
    """What will be sent, from whom, to whom."""
    if question.is_resumed:
        yield _("Issue {number}: a send goes on").format(number=question.issue)
    else:
        yield _("Issue {number}").format(number=question.issue)
    yield from _fields(
        (
            (_("Subject"), question.subject),
            (_("From"), question.sender),
            (_("List"), question.list_name),
            (_("Through"), question.transport + (_(" (nothing leaves this machine)") if question.is_embedded else "")),
            (_("Recipients"), f"{question.waiting}"),
            (_("  first"), question.first),
            (_("  last"), question.last),
            (_("Had it already, or refused"), f"{question.known}" if question.known else ""),
            (_("Excluded"), _excluded(question.excluded)),
        )
    )
    for note in question.notes:
        yield _("Note: {note}").format(note=note)


def dry_run_lines(done: DryRun) -> Iterator[str]:
    """All that a send would do, and what stops it."""
    yield _("Issue {number}: what a send would do (nothing was sent)").format(number=done.issue)
    sizes = _("{median} kB each, the largest {most} kB").format(
        median=f"{done.median_bytes / 1000:.1f}", most=f"{max(done.sizes, default=0) / 1000:.1f}"
    )
    verified = ngettext("{count} message built and verified", "{count} messages built and verified", done.verified)
    yield from _fields(
        (
            (_("Subject"), done.subject),
            (_("From"), done.sender),
            (_("List"), done.list_name),
            (_("Through"), done.transport),
            (_("Server"), done.server),
            (_("Candidates"), f"{done.candidates}"),
            (_("Recipients"), f"{done.recipients}"),
            (_("  first"), done.first),
            (_("  last"), done.last),
            (_("In the ledger already"), f"{done.known}" if done.known else ""),
            (_("Excluded"), _excluded({str(reason): count for reason, count in done.excluded.items()})),
            (_("Messages"), verified.format(count=done.verified)),
            (_("Size"), sizes if done.sizes else ""),
            (_("Duration"), _duration_words(done.expected_seconds)),
        )
    )
    for one in done.exclusions:
        yield _("  left out: row {row}: {reason}").format(
            row=one.row, reason=one.detail or reason_names().get(one.reason, one.reason)
        )
    if done.written:
        written = ngettext(
            "{count} message to look at in {folder}/", "{count} messages to look at in {folder}/", done.written
        )
        yield written.format(count=done.written, folder=done.outbox)
    for note in done.notes:
        yield _("Note: {note}").format(note=note)
    yield from _problem_lines(done)


def _problem_lines(done: DryRun) -> Iterator[str]:
    if not done.problems:
        yield _("Nothing stands in the way: nl send {number}").format(number=done.issue)
        return
    yield ""
    yield _("In the way of a send:")
    for one in done.problems:
        row = _(" (row {row})").format(row=one.row) if one.row is not None else ""
        yield f"  ✗ {one}{row}"
        if one.hint:
            yield f"    → {one.hint}"
    if done.more_problems:
        yield _("  … and {count} more").format(count=done.more_problems)


def sent_lines(sent: Sent) -> Iterator[str]:
    """How a run ended, and how the issue stands."""
    tally, report = sent.tally, sent.report
    if sent.doubtful:
        yield ngettext(
            "{count} delivery was under way when an earlier run ended: it is in doubt now, and not sent again",
            "{count} deliveries were under way when an earlier run ended: they are in doubt now, and not sent again",
            sent.doubtful,
        ).format(count=sent.doubtful)
    if not tally.total:
        yield _("Nothing was left to send.")
        if report.is_complete and not sent.frozen_rows:
            yield _("For those who came onto the list since: nl send {number} --newcomers").format(number=report.issue)
    else:
        rate = tally.done / sent.seconds if sent.seconds else 0.0
        yield _(
            "{sent} sent, {deferred} put off, {refused} refused, {in_doubt} in doubt, in {time} ({rate} a second)"
        ).format(
            sent=tally.sent,
            deferred=tally.deferred,
            refused=tally.refused,
            in_doubt=tally.in_doubt,
            time=duration(sent.seconds),
            rate=f"{rate:.0f}",
        )
    if sent.ending.how is Ended.INTERRUPTED:
        yield _("Stopped: the messages under way were finished.")
    elif sent.ending.how is Ended.LIMIT:
        yield _("Stopped at the limit that was asked for.")
    yield from complete_line(report)
    yield _("Everybody one by one: nl report {number} --csv report.csv").format(number=report.issue)


def stopped_error(sent: Sent) -> SendError | None:
    """Why a run stopped by itself, as an error to show; `None` where it did not."""
    if sent.ending.how is not Ended.STOPPED:
        return None
    return SendError(
        _("the send was stopped: {reason}").format(reason=sent.ending.reason),
        hint=sent.ending.hint or _("run the same command again once the cause is gone: it goes on where it was"),
    )


def _excluded(excluded: Mapping[str, int]) -> str:
    names = reason_names()
    reasons = ", ".join(f"{names.get(reason, reason)} {count}" for reason, count in excluded.items())
    return f"{sum(excluded.values())} ({reasons})" if excluded else ""


def _fields(fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    shown = [(label, value) for label, value in fields if value]
    width = max(len(label) for label, _value in shown)
    for label, value in shown:
        yield f"  {label:<{width}}  {value}"


def _duration_words(seconds: float) -> str:
    if not seconds:
        return _("as fast as the server takes them")
    return _("{time} at least, by the pacing rules").format(time=duration(seconds))
