"""A dry run, the question before a send, and its end, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import SendError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_kilobytes, shown_moment
from newsletter_cli.console.lines import Line
from newsletter_cli.console.sending import duration
from newsletter_cli.deliver.progress import Ended
from newsletter_cli.flows.clearance.approval_telling import approved_words, difference_lines
from newsletter_cli.flows.sending.dry_run import DryRun
from newsletter_cli.flows.sending.job import Question, Sent
from newsletter_cli.flows.sending.words import complete_line, reason_names
from newsletter_cli.model.subscriber import Reason

# What is over sooner says nothing about speed.
FEWEST_SECONDS = 3.0


def question_lines(question: Question, *, when: str = "") -> Iterator[str]:
    """What will be sent, from whom, to whom; and when, where that is later."""
    heading = _("Issue {number}: a send that was begun goes on") if question.is_resumed else _("Issue {number}")
    yield Line((heading.format(number=question.issue), "strong"))
    yield from field_lines(
        (
            (_("Subject"), question.subject, "strong"),
            (_("From"), question.sender, ""),
            (_("List"), question.list_name, ""),
            (
                _("Through"),
                question.transport + (_(" (nothing leaves this machine)") if question.is_embedded else ""),
                "",
            ),
            (_("When"), when, "strong"),
            (_("Recipients"), _recipients(question.waiting, question.limit), "figure"),
            (_("  first"), question.first, ""),
            (_("  last"), question.last, ""),
            (_("Dealt with already"), shown_count(question.known) if question.known else "", ""),
            (_("Excluded"), _excluded(question.excluded), ""),
            (_("Approved"), approved_words(question.approval), ""),
        )
    )
    yield from difference_lines(question.approval)
    notes = list(question.notes)
    if question.is_embedded:
        notes.append(_("a rehearsal into a folder; in the ledger, these people will count as having the issue"))
    yield from note_lines(notes)


def _recipients(waiting: int, limit: int | None) -> str:
    count = shown_count(waiting)
    if limit is None or limit >= waiting:
        return count
    return _("{count}, {limit} of them at most this time").format(count=count, limit=shown_count(limit))


def dry_run_lines(done: DryRun) -> Iterator[str]:
    """All that a send would do, and what stops it."""
    yield Line((_("Issue {number}: what a send would do (nothing was sent)").format(number=done.issue), "strong"))
    messages = done.messages
    sizes = _("{median} each, the largest {most}").format(
        median=shown_kilobytes(messages.median_bytes), most=shown_kilobytes(messages.most_bytes)
    )
    verified = ngettext("{count} message built and verified", "{count} messages built and verified", messages.verified)
    yield from field_lines(
        (
            (_("Subject"), done.subject, "strong"),
            (_("From"), done.sender, ""),
            (_("Bounces to"), done.envelope_sender, ""),
            (_("List"), done.list_name, ""),
            (_("Through"), done.transport, ""),
            (_("Server"), done.server, ""),
            (_("Candidates"), shown_count(done.candidates), ""),
            (_("Recipients"), _recipients(done.recipients, done.options.limit), "figure"),
            (_("  first"), done.first, ""),
            (_("  last"), done.last, ""),
            (_("In the ledger already"), shown_count(done.known) if done.known else "", ""),
            (_("  still waiting there"), _waiting(done), ""),
            (_("Excluded"), _excluded({str(reason): count for reason, count in done.excluded.items()}), ""),
            (_("Approved"), approved_words(done.approval), ""),
            (_("Messages"), verified.format(count=shown_count(messages.verified)), ""),
            (_("Size"), sizes if messages.sizes else "", ""),
            (_("Duration"), _duration_words(done.expected_seconds), ""),
            (_("Put off"), _patience(done), ""),
            (
                _("Until"),
                shown_moment(done.send_by) if done.send_by else _("whenever it is done: no deadline is set"),
                "",
            ),
        )
    )
    for one in done.exclusions:
        left_out = _("  left out: row {row}: {reason}").format(
            row=one.row, reason=one.detail or reason_names().get(one.reason, one.reason)
        )
        yield Line((left_out, "dim"))
    # Those outside the group that was asked for are no news.
    if (more := done.excluded.total() - done.excluded[Reason.NOT_IN_GROUP] - len(done.exclusions)) > 0:
        yield _("  … and {count} more: nl list check").format(count=shown_count(more))
    if done.written:
        written = ngettext(
            "{count} message to look at in {folder}/", "{count} messages to look at in {folder}/", done.written
        )
        yield written.format(count=done.written, folder=done.outbox)
    yield from note_lines(done.notes)
    if not any(one.details for one in done.problems):
        yield from difference_lines(done.approval)
    yield from _problem_lines(done)


def _problem_lines(done: DryRun) -> Iterator[str]:
    if not done.problems and not done.recipients:
        yield _("Nothing is left to send.")
        if not done.options.has_newcomers:
            yield _("For those who joined the list since: {command} --newcomers").format(command=done.command)
        return
    if not done.problems:
        yield ""
        yield Line(("✓ ", "well"), (_("Nothing stands in the way: {command}").format(command=done.command), "strong"))
        return
    yield ""
    yield Line((_("In the way of a send:"), "strong"))
    for one in done.problems:
        row = _(" (row {row})").format(row=one.row) if one.row is not None else ""
        yield Line(("  ✗ ", "wrong"), (f"{one}{row}", ""), hang=4)
        yield from one.details
        if one.hint:
            yield Line(("    → ", "accent"), (one.hint, ""), hang=6)
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
    if sent.ending.how is Ended.HANDED_OUT and tally.total:
        yield from _handed_out_lines(sent)
        return
    if not tally.total:
        yield _("Nothing was left to send.")
        if sent.is_chosen and not sent.frozen_rows:
            yield _("Nobody has joined the list since.")
        elif report.is_complete and not sent.frozen_rows and not report.parts:
            yield _("For those who joined the list since: {command} --newcomers").format(command=sent.command)
    else:
        ended = _("{sent} sent, {deferred} put off, {refused} refused, {in_doubt} in doubt, in {time}").format(
            sent=shown_count(tally.sent),
            deferred=shown_count(tally.deferred),
            refused=shown_count(tally.refused),
            in_doubt=shown_count(tally.in_doubt),
            time=_time_and_rate(tally.done, sent.seconds),
        )
        yield Line((ended, "strong"))
    yield from note_lines(tally.notes)
    if sent.ending.how is Ended.INTERRUPTED:
        yield _("Stopped: the messages under way were finished.")
    elif sent.ending.how is Ended.PAUSED:
        yield _("Paused: the messages under way were finished. It goes on with: {command}").format(command=sent.command)
    elif sent.ending.how is Ended.LIMIT:
        yield _("Stopped at the limit that was asked for.")
    yield from complete_line(report, sent.command)
    if sent.records:
        yield _("Commit {files}: it tells every clone that the issue went out. It names nobody.").format(
            files=", ".join(sent.records)
        )
    everybody = _("Everybody one by one: nl report {number} --csv {file}").format(
        number=report.issue, file=f"state/report-{report.issue:03d}.csv"
    )
    yield Line((everybody, "dim"))
    if sent.records and report.is_complete:
        yield Line((_("Tell of it: {command}").format(command=f"{called()} announce {report.issue}"), "dim"))


def _handed_out_lines(sent: Sent) -> Iterator[str]:
    number = sent.report.issue
    planned = ngettext(
        "Planned: {count} message waits for workers.", "Planned: {count} messages wait for workers.", sent.tally.total
    )
    yield Line((planned.format(count=shown_count(sent.tally.total)), "strong"))
    yield _("Have it sent, on as many machines as you like: {command}").format(command=f"{called()} worker")
    yield _("See how it goes: {command}").format(command=f"{called()} report {number} --follow")
    yield _("Have all of them stop: {command}").format(command=f"{called()} pause {number}")
    if sent.records:
        yield _("Commit {files}: it tells every clone that the issue went out. It names nobody.").format(
            files=", ".join(sent.records)
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


def note_lines(notes: Iterable[str]) -> Iterator[str]:
    """What is worth a thought before or after a send."""
    label = _("Note: {note}").format(note="")
    for note in notes:
        yield Line((label, "alert"), (note, ""))


def field_lines(fields: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    """Label, value and the value's style; those without a value are left out."""
    shown = [field for field in fields if field[1]]
    width = max(len(label) for label, *_rest in shown)
    for label, value, style in shown:
        yield Line((f"  {label:<{width}}  ", "dim"), (value, style), hang=width + 4)


def _duration_words(seconds: float) -> str:
    if not seconds:
        return _("as fast as the server takes them")
    return _("{time} at least, by the pacing rules").format(time=duration(seconds))
