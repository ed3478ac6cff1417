"""Tokens that readers send back: whom one means."""

from __future__ import annotations

from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import read_key
from newsletter_cli.deliver.ledger.runs import read_secret_key
from newsletter_cli.deliver.message.tokens import TOKEN, Tokens
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.workspace.folder import Workspace


def is_token(text: str) -> bool:
    """Whether the text has the form of a token, be it none of ours."""
    return TOKEN.fullmatch(text.strip().lower()) is not None


def keys_of_token(workspace: Workspace, text: str) -> tuple[str, ...]:
    """The normalised addresses of whoever was sent this token; none for what is none of ours. Raises `LedgerError`."""
    token = text.strip().lower()
    if not is_token(token) or not has_ledger(workspace.root / "state"):
        return ()
    with open_ledger(workspace) as connection:
        row = Tokens(read_secret_key(connection)).row_of(token)
        key = None if row is None else read_key(connection, row)
        return () if key is None else (key,)
