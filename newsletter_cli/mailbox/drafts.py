"""Drafts in a mailbox over IMAP: looked for by their Message-ID, put there, taken away again.

Nothing else of the mailbox is touched. A message is removed by its own number (UIDPLUS, RFC 4315), never with whatever
else is marked as deleted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _, shown_kilobytes
from newsletter_cli.mailbox.imap_connection import ImapConnection
from newsletter_cli.mailbox.imap_failures import told_failures

DRAFT = rb"\Draft"
MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)


class FoundDraft(Struct, frozen=True, kw_only=True):
    """A message of the folder: its number there (UID), its Message-ID without brackets, its octets."""

    uid: int
    message_id: str
    octets: bytes


def drafts_folder(connection: ImapConnection, wanted: str | None) -> str:
    """The server's name of the folder for drafts: as it is named, else the one that the server or its name says is it.

    Raises `MailboxError`.
    """
    if wanted is not None:
        return connection.find_folder(wanted)
    found = connection.special_folder("drafts")
    if found is None:
        names = ", ".join(folder.name for folder in connection.folders()[:12])
        raise MailboxError(
            _("no folder of the mailbox is known to be for drafts"),
            hint=_("name it: --folder NAME; there are: {folders}").format(folders=names or "–"),
        )
    return found


def find_drafts(connection: ImapConnection, folder: str, beginning: str) -> list[FoundDraft]:
    """The messages whose Message-ID begins so, the oldest first. Nothing is marked. Raises `MailboxError`."""
    connection.examine(folder)
    with told_failures(connection.address):
        client = connection.client
        numbers: list[int] = client.search(["UNDELETED", "HEADER", "Message-ID", beginning])
        answers: dict[int, Any] = client.fetch(numbers, ["BODY.PEEK[]"]) if numbers else {}
    found = []
    for uid in sorted(answers):
        octets = bytes(answers[uid].get(b"BODY[]") or b"")
        known = MESSAGE_ID.search(octets.partition(b"\r\n\r\n")[0])
        message_id = known[1].decode("ascii", "replace") if known else ""
        # Some servers look for words, not for signs.
        if message_id.startswith(beginning):
            found.append(FoundDraft(uid=uid, message_id=message_id, octets=octets))
    return found


def put_draft(connection: ImapConnection, folder: str, octets: bytes) -> None:
    """Put a message there as a draft. Raises `MailboxError`, also where the server says that it takes none as large."""
    limit = append_limit(connection)
    if limit is not None and len(octets) > limit:
        raise _too_large(len(octets), limit)
    try:
        connection.append(folder, octets, flags=[DRAFT])
    except MailboxError as error:
        raise _refused(error, folder) from None


def append_limit(connection: ImapConnection) -> int | None:
    """How many octets a message may have at most (APPENDLIMIT, RFC 7889); `None` where the server does not say."""
    with told_failures(connection.address):
        for capability in connection.client.capabilities():
            name, equals, value = capability.decode("ascii", "replace").partition("=")
            if name.upper() == "APPENDLIMIT" and equals and value.isdigit():
                return int(value)
    return None


def remove_drafts(connection: ImapConnection, folder: str, found: Sequence[FoundDraft]) -> bool:
    """Take messages away. `False`: they are only marked as deleted, since this server cannot remove them alone.

    Raises `MailboxError`.
    """
    numbers = [one.uid for one in found]
    with told_failures(connection.address):
        client = connection.client
        client.select_folder(folder)
        client.delete_messages(numbers)
        if not client.has_capability("UIDPLUS"):
            return False
        client.uid_expunge(numbers)
    return True


def _too_large(size_bytes: int, limit: int) -> MailboxError:
    return MailboxError(
        _("the draft has {size}, and the server takes {limit} at most").format(
            size=shown_kilobytes(size_bytes), limit=shown_kilobytes(limit)
        ),
        hint=_("make the pictures smaller: nl images; the draft carries them all"),
    )


def _refused(error: MailboxError, folder: str) -> MailboxError:
    """The server's refusal, with what it means."""
    said = error.message.upper()
    hints = {
        ("OVERQUOTA", "QUOTA"): _("the mailbox is full: make room in it, then try again"),
        ("NOPERM", "PERMISSION", "READ-ONLY", "ACL"): _(
            "nothing may be put into “{folder}”: name another folder, --folder NAME"
        ).format(folder=folder),
        ("TRYCREATE", "DOESN'T EXIST", "NONEXISTENT"): _("name a folder that is there: --folder NAME"),
        ("LIMIT", "TOO LARGE", "TOO BIG", "TOOBIG", "SIZE"): _(
            "make the pictures smaller: nl images; the draft carries them all"
        ),
    }
    hint = next((text for signs, text in hints.items() if any(sign in said for sign in signs)), error.hint)
    return MailboxError(error.message, file=error.file, line=error.line, hint=hint)
