"""A dry run, the question before a send, and its end, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter_cli.base.errors import SendError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_kilobytes, shown_moment
from newsletter_cli.console.sending import duration
from newsletter_cli.deliver.progress import Ended
from newsletter_cli.flows.sending.dry_run import DryRun
from newsletter_cli.flows.sending.job import Question, Sent
from newsletter_cli.flows.sending.words import complete_line, reason_names
from newsletter_cli.model.subscriber import Reason

# What is over sooner says nothing about speed.
FEWEST_SECONDS = 3.0


def question_lines(question: Question) -> Iterator[str]:
    """What will be sent, from whom, to whom."""
    if question.is_resumed:
        yield _("Issue {number}: a send that was begun goes on").format(number=question.issue)
    else:
        yield _("Issue {number}").format(number=question.issue)
    yield from _fields(
        (
            (_("Subject"), question.subject),
            (_("From"), question.sender),
            (_("List"), question.list_name),
            (_("Through"), question.transport + (_(" (nothing leaves this machine)") if question.is_embedded else "")),
            (_("Recipients"), _recipients(question.waiting, question.limit)),
            (_("  first"), question.first),
            (_("  last"), question.last),
            (_("Dealt with already"), shown_count(question.known) if question.known else ""),
            (_("Excluded"), _excluded(question.excluded)),
        )
    )
    for note in question.notes:
        yield _("Note: {note}").format(note=note)
    if question.is_embedded:
        yield _("Note: a rehearsal into a folder; in the ledger, these people will count as having the issue")


def _recipients(waiting: int, limit: int | None) -> str:
    count = shown_count(waiting)
    if limit is None or limit >= waiting:
        return count
    return _("{count}, {limit} of them at most this time").format(count=count, limit=shown_count(limit))


def dry_run_lines(done: DryRun) -> Iterator[str]:
    """All that a send would do, and what stops it."""
    yield _("Issue {number}: what a send would do (nothing was sent)").format(number=done.issue)
    messages = done.messages
    sizes = _("{median} each, the largest {most}").format(
        median=shown_kilobytes(messages.median_bytes), most=shown_kilobytes(messages.most_bytes)
    )
    verified = ngettext("{count} message built and verified", "{count} messages built and verified", messages.verified)
    yield from _fields(
        (
            (_("Subject"), done.subject),
            (_("From"), done.sender),
            (_("Bounces to"), done.envelope_sender),
            (_("List"), done.list_name),
            (_("Through"), done.transport),
            (_("Server"), done.server),
            (_("Candidates"), shown_count(done.candidates)),
            (_("Recipients"), _recipients(done.recipients, done.options.limit)),
            (_("  first"), done.first),
            (_("  last"), done.last),
            (_("In the ledger already"), shown_count(done.known) if done.known else ""),
            (_("  still waiting there"), _waiting(done)),
            (_("Excluded"), _excluded({str(reason): count for reason, count in done.excluded.items()})),
            (_("Messages"), verified.format(count=shown_count(messages.verified))),
            (_("Size"), sizes if messages.sizes else ""),
            (_("Duration"), _duration_words(done.expected_seconds)),
            (_("Put off"), _patience(done)),
            (_("Until"), shown_moment(done.send_by) if done.send_by else _("whenever it is done: no deadline is set")),
        )
    )
    for one in done.exclusions:
        yield _("  left out: row {row}: {reason}").format(
            row=one.row, reason=one.detail or reason_names().get(one.reason, one.reason)
        )
    # Those outside the group that was asked for are no news.
    if (more := done.excluded.total() - done.excluded[Reason.NOT_IN_GROUP] - len(done.exclusions)) > 0:
        yield _("  … and {count} more: nl list check").format(count=shown_count(more))
    if done.written:
        written = ngettext(
            "{count} message to look at in {folder}/", "{count} messages to look at in {folder}/", done.written
        )
        yield written.format(count=done.written, folder=done.outbox)
    for note in done.notes:
        yield _("Note: {note}").format(note=note)
    yield from _problem_lines(done)


def _problem_lines(done: DryRun) -> Iterator[str]:
    if not done.problems and not done.recipients:
        yield _("Nothing is left to send.")
        if not done.options.has_newcomers:
            yield _("For those who joined the list since: {command} --newcomers").format(command=done.command)
        return
    if not done.problems:
        yield _("Nothing stands in the way: {command}").format(command=done.command)
        return
    yield ""
    yield _("In the way of a send:")
    for one in done.problems:
        row = _(" (row {row})").format(row=one.row) if one.row is not None else ""
        yield f"  ✗ {one}{row}"
        if one.hint:
            yield f"    → {one.hint}"
    if done.more_problems:
        yield _("  … and {count} more").format(count=shown_count(done.more_problems))


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
        if sent.is_chosen and not sent.frozen_rows:
            yield _("Nobody has joined the list since.")
        elif report.is_complete and not sent.frozen_rows and not report.parts:
            yield _("For those who joined the list since: {command} --newcomers").format(command=sent.command)
    else:
        yield _("{sent} sent, {deferred} put off, {refused} refused, {in_doubt} in doubt, in {time}").format(
            sent=shown_count(tally.sent),
            deferred=shown_count(tally.deferred),
            refused=shown_count(tally.refused),
            in_doubt=shown_count(tally.in_doubt),
            time=_time_and_rate(tally.done, sent.seconds),
        )
    for note in tally.notes:
        yield _("Note: {note}").format(note=note)
    if sent.ending.how is Ended.INTERRUPTED:
        yield _("Stopped: the messages under way were finished.")
    elif sent.ending.how is Ended.LIMIT:
        yield _("Stopped at the limit that was asked for.")
    yield from complete_line(report, sent.command)
    if sent.records:
        yield _("Commit {files}: it tells every clone that the issue went out. It names nobody.").format(
            files=", ".join(sent.records)
        )
    yield _("Everybody one by one: nl report {number} --csv {file}").format(
        number=report.issue, file=f"state/report-{report.issue:03d}.csv"
    )


def _time_and_rate(count: int, seconds: float) -> str:
    if seconds < FEWEST_SECONDS:
        return duration(seconds)
    return _("{time} ({rate} a second)").format(time=duration(seconds), rate=shown_count(round(count / seconds)))


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
    # In one order, wherever they were counted.
    known = [str(reason) for reason in Reason if excluded.get(reason)]
    others = [reason for reason in excluded if reason not in known]
    reasons = ", ".join(f"{names.get(reason, reason)} {shown_count(excluded[reason])}" for reason in known + others)
    return f"{shown_count(sum(excluded.values()))} ({reasons})" if excluded else ""


def _patience(done: DryRun) -> str:
    seconds = done.patience_seconds
    if not seconds:
        return _("not waited for: the next run takes them up")
    return _("waited for, {time} at most").format(time=duration(seconds))


def _waiting(done: DryRun) -> str:
    if not done.waiting:
        return ""
    return _("{count}, with the message as it was then").format(count=shown_count(done.waiting))


def _fields(fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    shown = [(label, value) for label, value in fields if value]
    width = max(len(label) for label, _value in shown)
    for label, value in shown:
        yield f"  {label:<{width}}  {value}"


def _duration_words(seconds: float) -> str:
    if not seconds:
        return _("as fast as the server takes them")
    return _("{time} at least, by the pacing rules").format(time=duration(seconds))
