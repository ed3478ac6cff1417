"""What `nl doctor` says of sending: the transport, its secret, sends that are not complete."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from newsletter_cli.audience.handover import handed_over_message, how_to_take_back, read_handover
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NotTrusted
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top, is_ignored
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.reading import read_issues, read_report
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.flows.sending.sent_records import find_untold, is_kept, is_known
from newsletter_cli.flows.sending.transport import choose_transport
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.sent import read_sent_records, record_name


def diagnose_transport(workspace: Workspace) -> Iterator[Diagnosis]:
    """Where messages would go; nothing is asked of a server. Raises `TransportError`."""
    chosen = choose_transport(workspace, None)
    if chosen.is_embedded:
        message = _("messages go into a folder, {transport}: nothing leaves this machine").format(
            transport=chosen.address
        )
        yield Diagnosis(
            subject="send",
            health=Health.WELL,
            message=message,
            hint=_('to mail them: [send] transport = "smtp://HOST"'),
        )
        return
    if chosen.source is not None:
        # Raises, and says what is missing; a command is not run here, and has a diagnosis of its own.
        with contextlib.suppress(NotTrusted):
            chosen.secret()
    # The same: an option that the service needs.
    chosen.open().close()
    message = _(
        "messages go to {transport}; whether it takes them: nl send --dry-run --probe; whether providers can tell "
        "that they are yours: nl doctor --domain"
    ).format(transport=chosen.address)
    yield Diagnosis(subject="send", health=Health.WELL, message=message)
    if chosen.address.scheme == "brevo":
        # What it cannot carry, and what it adds unasked.
        for note in chosen.notes():
            yield Diagnosis(subject="send", health=Health.ATTENTION, message=note)


def diagnose_sends(workspace: Workspace) -> Iterator[Diagnosis]:
    """Sends that wait for somebody. Raises `LedgerError`."""
    place = ledger_of(workspace)
    is_there = has_ledger(place)
    if isinstance(place, SharedLedger):
        message = _("the ledger is in PostgreSQL, {place}; it answers").format(place=place)
        yield Diagnosis(subject="send", health=Health.WELL, message=message)
    if not is_there:
        return
    with look_into_ledger(workspace, is_aside=True) as connection:
        open_issues = [number for number in read_issues(connection) if not read_report(connection, number).is_complete]
    for number in open_issues:
        yield Diagnosis(
            subject="send",
            health=Health.ATTENTION,
            message=_("the send of issue {number} is not complete").format(number=number),
            hint=f"{called()} report {number}",
        )


def diagnose_records(workspace: Workspace) -> Iterator[Diagnosis]:
    """Whether other clones know what went out, and whether this one does. Raises `ConfigError`, `LedgerError`."""
    moment = read_handover(workspace.root / "state")
    if moment is not None:
        yield _attention(handed_over_message(moment), how_to_take_back())
    records = read_sent_records(workspace)
    with look_into_ledger(workspace, is_aside=True) as connection:
        untold = find_untold(workspace, connection)
        elsewhere = [number for number, one in records.items() if not is_known(connection, number, one)]
    loose = [record_name(number) for number in records if not is_kept(workspace, record_name(number))]
    if untold:
        message = _("no clone knows that these issues went out: {numbers}").format(numbers=_listed(untold))
        yield _attention(message, _("the next nl send to readers writes their records in sent/; commit them"))
    if loose:
        message = _("not committed, so that no other clone knows that these went out: {files}")
        hint = _("take sent/ out of .gitignore, then commit it") if _is_left_out(workspace) else _("commit sent/")
        yield _attention(message.format(files=", ".join(loose)), hint)
    if elsewhere:
        message = _("these issues went out by another ledger than the one here: {numbers}")
        hint = _("send from there, or bring its state here: nl state export there, nl state import here")
        yield _attention(message.format(numbers=_listed(elsewhere)), hint)


def _attention(message: str, hint: str) -> Diagnosis:
    return Diagnosis(subject="send", health=Health.ATTENTION, message=message, hint=hint)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _is_left_out(workspace: Workspace) -> bool:
    try:
        return find_top(workspace.root) is not None and is_ignored(workspace.root, record_name(1))
    except (GitMissing, GitRefusal):
        return False
