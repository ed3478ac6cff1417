"""What both kinds of database do alike when a ledger is made, or brought to a newer schema."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.transactions import NAME

SECRET_BYTES = 32


def statements_of(migration: str) -> Iterator[str]:
    """The statements of a migration, one by one, without its comments."""
    statement = ""
    for line in migration.splitlines():
        statement += line.partition("--")[0] + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def values_of_new() -> list[tuple[str, str]]:
    """What a new ledger notes of itself: the secret that its tokens are made with, and how much it knows."""
    return [("secret", secrets.token_hex(SECRET_BYTES)), ("generation", "0")]


def written_by_newer(name: str = NAME) -> LedgerError:
    """A ledger with more migrations than this version knows."""
    return LedgerError(
        _("the ledger was written by a newer nl"), file=name, hint=_("update nl, then try again; nothing was sent")
    )
