"""The workspace's ledger, opened; and whom a token means that a reader sends back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.audience.copying import is_writable
from newsletter_cli.base.errors import NewsletterError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import TOKEN
from newsletter_cli.deliver.ledger.database import copy_ledger, has_ledger, open_database
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.reading import has_issue, read_issues, read_key
from newsletter_cli.deliver.ledger.runs import read_tokens
from newsletter_cli.deliver.ledger.transactions import DATABASE, Database
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.workspace.folder import Workspace, parse_issue_number


@contextlib.contextmanager
def open_ledger(workspace: Workspace) -> Iterator[Database]:
    """The ledger, made where it is missing. Raises `LedgerError`."""
    folder, place = workspace.private_folder("").resolve(), ledger_of(workspace)
    connection = open_database(folder if isinstance(place, Path) else place)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def look_into_ledger(workspace: Workspace, *, is_aside: bool = False) -> Iterator[Database]:
    """The ledger for whoever only reads: none is made, and one that cannot be written is read all the same.

    `is_aside`: a copy of it is read, and nothing in `state/` changes at all. Raises `LedgerError`.
    """
    place = ledger_of(workspace)
    if has_ledger(place) if isinstance(place, SharedLedger) else not is_aside and is_writable(place / DATABASE):
        with open_ledger(workspace) as connection:
            yield connection
    else:
        with contextlib.closing(copy_ledger(place)) as connection:
            yield connection


def sent_issue(workspace: Workspace, wanted: str | None) -> int:
    """The number of an issue to report on: one that exists, or whose folder is gone and which went out; the latest
    when none is wanted. Raises `UsageError`, `LedgerError`.
    """
    try:
        return workspace.existing_issue(wanted)
    except NewsletterError:
        with look_into_ledger(workspace) as connection:
            known = read_issues(connection)
        if wanted is None and known:
            return known[-1]
        if wanted is not None and parse_issue_number(wanted) in known:
            return parse_issue_number(wanted)
        raise


@contextlib.contextmanager
def open_existing_ledger(workspace: Workspace, number: int, *, is_looking: bool = False) -> Iterator[Database]:
    """The ledger, which must know the issue; `is_looking`: to read in it only. Raises `UsageError`, `LedgerError`."""
    if not has_ledger(ledger_of(workspace)):
        raise _never_sent(number)
    with look_into_ledger(workspace) if is_looking else open_ledger(workspace) as connection:
        if not has_issue(connection, number):
            raise _never_sent(number)
        yield connection


def _never_sent(number: int) -> UsageError:
    return UsageError(
        _("issue {number} was never sent from here").format(number=number),
        hint=_("see what a send would do: nl send {number} --dry-run").format(number=number),
    )


def is_token(text: str) -> bool:
    """Whether the text has the form of a token, be it none of ours."""
    return TOKEN.fullmatch(text.strip().lower()) is not None


def keys_of_token(workspace: Workspace, text: str) -> tuple[str, ...]:
    """The normalised addresses of whoever was sent this token; none for what is none of ours. Raises `LedgerError`."""
    token = text.strip().lower()
    if not is_token(token) or not has_ledger(ledger_of(workspace)):
        return ()
    with open_ledger(workspace) as connection:
        row = read_tokens(connection).row_of(token)
        key = None if row is None else read_key(connection, row)
        return () if key is None else (key,)
