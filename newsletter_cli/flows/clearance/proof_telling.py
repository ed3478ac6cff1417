"""The question before a proof, a dry run of it and its end, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_kilobytes
from newsletter_cli.console.lines import Line
from newsletter_cli.deliver.progress import Ended
from newsletter_cli.flows.clearance.moment_telling import said_day, said_short
from newsletter_cli.flows.clearance.proof_dress import Dressed
from newsletter_cli.flows.clearance.proof_values import DryProof, ProofQuestion, SentProof
from newsletter_cli.flows.sending.telling import field_lines, note_lines
from newsletter_cli.flows.sending.words import state_names, told_reply
from newsletter_cli.model.delivery import DeliveryState, Reply

# So many reviewers are named before the question, so many faults, so many sections.
MOST_NAMED, MOST_FAULTS, MOST_SECTIONS = 12, 3, 6


def proof_question_lines(question: ProofQuestion) -> Iterator[str]:
    """Which proof it is, what it says, who gets it."""
    heading = _("Issue {number}, proof {proof}").format(number=question.issue, proof=question.proof)
    yield Line((heading, "strong"))
    named = list(question.waiting[:MOST_NAMED])
    if (more := len(question.waiting) - len(named)) > 0:
        named.append(ngettext("{count} more", "{count} more", more).format(count=shown_count(more)))
    through = question.transport + (_(" (nothing leaves this machine)") if question.is_embedded else "")
    yield from field_lines(
        (
            (_("Subject"), question.subject, "strong"),
            (_("From"), question.sender, ""),
            (_("Through"), through, ""),
            (_("Reviewers"), ", ".join(named), "figure"),
            (_("Have it already"), shown_count(question.known) if question.known else "", ""),
            (_("Answer by"), shown_until(question.until), ""),
            (_("Changes"), _changes(question.dressed), ""),
        )
    )
    yield from note_lines([*question.notes, *_picture_notes(question.dressed), *_fault_notes(question)])


def shown_until(until: date | datetime | None) -> str:
    """When an answer is wanted, for the editor."""
    if until is None:
        return ""
    return said_short(until) if isinstance(until, datetime) else said_day(until)


def _changes(dressed: Dressed) -> str:
    if dressed.since is None:
        return ""
    changed = [one for one in dressed.changes if one.standing != "same"]
    since = dressed.since
    if not changed:
        if dressed.is_same:
            return _("none: the same as proof {number}").format(number=since)
        return _("no words: pictures, order, layout or settings, since proof {number}").format(number=since)
    titles = [one.title or one.slug or _("Editorial") for one in changed]
    more = [f"+{len(titles) - MOST_SECTIONS}"] if len(titles) > MOST_SECTIONS else []
    return _("{sections} (since proof {number})").format(
        sections=", ".join([*titles[:MOST_SECTIONS], *more]), number=since
    )


def _picture_notes(dressed: Dressed) -> Iterator[str]:
    if dressed.linked_pictures:
        yield ngettext(
            "{count} picture is linked from the online post: until that is published, reviewers do not see it (to have "
            'it in the message: images = "embedded" in [send])',
            "{count} pictures are linked from the online post: until that is published, reviewers do not see them (to "
            'have them in the message: images = "embedded" in [send])',
            dressed.linked_pictures,
        ).format(count=shown_count(dressed.linked_pictures))


def _fault_notes(question: ProofQuestion) -> Iterator[str]:
    faults = question.faults
    if not faults:
        return
    yield ngettext(
        "{count} fault would stop a send; a proof goes all the same:",
        "{count} faults would stop a send; a proof goes all the same:",
        len(faults),
    ).format(count=shown_count(len(faults)))
    yield from (str(one) for one in faults[:MOST_FAULTS])
    if (more := len(faults) - MOST_FAULTS) > 0:
        yield ngettext("{count} more: nl check {number}", "{count} more: nl check {number}", more).format(
            count=shown_count(more), number=question.issue
        )


def dry_proof_lines(number: int, done: DryProof) -> Iterator[str]:
    """What a proof would do, and what stops it."""
    if done.question is not None:
        yield from proof_question_lines(done.question)
    elif not done.problems:
        yield from _nothing_new_lines(done.dressed)
    verified = done.messages.verified
    if verified:
        yield ngettext(
            "{count} message built and verified ({size}), none sent",
            "{count} messages built and verified ({size} at most), none sent",
            verified,
        ).format(count=shown_count(verified), size=shown_kilobytes(done.messages.most_bytes))
    if done.written:
        yield _("To look at: {folder}").format(folder=done.outbox)
    if done.question is None:
        yield from note_lines(done.notes)
    for one in done.problems:
        yield Line(("  ✗ ", "wrong"), (str(one), ""), hang=4)
        if one.hint:
            yield Line(("    → ", "accent"), (one.hint, ""), hang=6)
    if not done.problems and done.question is not None:
        yield Line(("✓ ", "well"), (_("Nothing stands in the way: nl proof {number}").format(number=number), "strong"))


def _nothing_new_lines(dressed: Dressed) -> Iterator[str]:
    yield Line(
        (_("The same as proof {number}: everybody has it, or had their try.").format(number=dressed.number), "strong")
    )
    yield _("To send it all the same, as proof {number}: --again").format(number=dressed.number + 1)


def sent_proof_lines(done: SentProof) -> Iterator[str]:
    """How it ended; who has it is a table of its own."""
    if done.doubtful:
        yield ngettext(
            "{count} delivery was under way when an earlier run ended: it is in doubt now, and not sent again",
            "{count} deliveries were under way when an earlier run ended: they are in doubt now, and not sent again",
            done.doubtful,
        ).format(count=shown_count(done.doubtful))
    if done.sent is None:
        yield from _nothing_new_lines(done.dressed)
        yield from note_lines(done.notes)
    else:
        yield from note_lines(done.sent.tally.notes)
        if done.sent.ending.how is Ended.INTERRUPTED:
            yield _("Stopped: the messages under way were finished.")
    states = {one.state for one in done.people}
    if states & {DeliveryState.PENDING, DeliveryState.DEFERRED}:
        yield _("Who waits or was put off gets it with: {command}").format(command=done.command)
    if DeliveryState.IN_DOUBT in states:
        yield _("In doubt: no answer came, they may have it or not. Ask them; --again sends a proof anew.")
    if DeliveryState.REFUSED in states:
        yield _("Refused: is the address right? Name the right one with --to.")
    if done.is_embedded:
        yield _("It is in a folder on this machine only: no reviewer has it. To mail it: [send] transport, --transport")
    elif done.exit_status == 0 and done.sent is not None:
        text = _("Once it has arrived, see what became of it on the way: nl proof {number} --received FILE.eml")
        yield Line((text.format(number=done.issue), "dim"))


def reviewer_rows(done: SentProof) -> list[tuple[str, str, str]]:
    """Who has it: address, state, and the server's words where it is not as it should be."""
    names = state_names(1)
    return [
        (
            one.address,
            names[DeliveryState(one.state)],
            "" if one.state == DeliveryState.SENT else told_reply(Reply(one.code, one.reply)),
        )
        for one in done.people
    ]
