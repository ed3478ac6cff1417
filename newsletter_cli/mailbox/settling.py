"""What is done with messages that are settled: moved into a folder, marked as read, deleted where that was asked for.

Only by their own numbers (UID), and only in the same life of the folder (UIDVALIDITY): nobody else's message is
touched. Where a server can neither move (RFC 6851) nor remove single messages (UIDPLUS, RFC 4315), they stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.mailbox.imap import FolderPlace
from newsletter_cli.mailbox.imap_connection import ImapConnection
from newsletter_cli.mailbox.imap_failures import told_failures

# So many in one command: a line that every server takes.
SOME = 100


class Settling(StrEnum):
    """What becomes of a message that is settled."""

    STAY = "stay"
    MARK = "mark"
    MOVE = "move"
    DELETE = "delete"


class Settle(Struct, frozen=True, kw_only=True):
    """What is wanted; `folder` is where they go, as people call it."""

    what: Settling = Settling.STAY
    folder: str = ""


def settle(connection: ImapConnection, place: FolderPlace, numbers: Iterable[int], wanted: Settle) -> Iterator[int]:
    """Do it with these messages; yields how many are done, some at a time.

    Raises `MailboxError`, with nothing done to those that were not counted; but where the connection ends between a
    copy and its removal, some may lie in both folders.
    """
    target = connection.find_folder(wanted.folder) if wanted.what is Settling.MOVE else ""
    _open(connection, place)
    _refuse_unable(connection, wanted)
    stream = iter(numbers)
    while some := list(islice(stream, SOME)):
        with told_failures(connection.address):
            _settle_some(connection.client, some, wanted.what, target)
        yield len(some)


def check_target(connection: ImapConnection, wanted: Settle) -> None:
    """Raises `MailboxError` before anything is done, where the folder is not there or the server cannot do it."""
    if wanted.what is Settling.MOVE:
        connection.find_folder(wanted.folder)
    _refuse_unable(connection, wanted)


def _open(connection: ImapConnection, place: FolderPlace) -> None:
    with told_failures(connection.address):
        answer: Any = connection.client.select_folder(place.folder)
    if int(answer.get(b"UIDVALIDITY", 0)) != place.validity:
        raise MailboxError(
            _("the server has numbered the messages of “{folder}” anew meanwhile").format(folder=place.folder),
            hint=_("run it once more: what is recorded counts once"),
        )
    if answer.get(b"READ-ONLY"):
        raise MailboxError(
            _("nothing may be changed in “{folder}”: this mailbox is for reading only").format(folder=place.folder)
        )


def _refuse_unable(connection: ImapConnection, wanted: Settle) -> None:
    with told_failures(connection.address):
        can_remove = connection.client.has_capability("UIDPLUS")
        can_move = can_remove or connection.client.has_capability("MOVE")
    if (wanted.what is Settling.MOVE and not can_move) or (wanted.what is Settling.DELETE and not can_remove):
        raise MailboxError(
            _("{server} cannot take single messages out of a folder").format(server=connection.address.server),
            hint=_("mark them as read instead: --mark"),
        )


def _settle_some(client: Any, some: list[int], what: Settling, target: str) -> None:
    if what is Settling.MARK:
        client.add_flags(some, [rb"\Seen"], silent=True)
    elif what is Settling.MOVE and client.has_capability("MOVE"):
        client.move(some, target)
    elif what in (Settling.MOVE, Settling.DELETE):
        if what is Settling.MOVE:
            client.copy(some, target)
        client.add_flags(some, [rb"\Deleted"], silent=True)
        client.uid_expunge(some)
