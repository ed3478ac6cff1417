"""`nl draft N`: the issue into the editor's own mailbox, as a draft to be looked at, written on and sent from there.

It is `build/N/email.eml` octet for octet, below a date and a Message-ID. The Message-ID tells which issue it is, and
what its content was: so it is known again, and known to be as it was put there.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from newsletter_cli.base.domains import ascii_domain
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.check import render_and_check
from newsletter_cli.flows.draft import render_draft
from newsletter_cli.flows.mailboxes import configured_mailbox, open_connection
from newsletter_cli.flows.message import sender_of
from newsletter_cli.mailbox.drafts import FoundDraft, drafts_folder, find_drafts, put_draft, remove_drafts
from newsletter_cli.mailbox.imap_address import parse_imap_url
from newsletter_cli.mailbox.imap_connection import ImapConnection
from newsletter_cli.model import Level
from newsletter_cli.workspace.folder import Workspace, folder_name

# Nobody's (RFC 2606): for a newsletter of which nobody has said who sends it.
NO_DOMAIN = "newsletter.invalid"
DIGITS = 24


class Outcome(StrEnum):
    """What became of it."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


class DraftOptions(Struct, frozen=True, kw_only=True):
    """What a draft is asked for. `mailbox`: an address that somebody named, instead of the configured one; `replaces`:
    the draft that is there and as it was put there; `is_beside`: another one, whatever is there.
    """

    mailbox: str | None = None
    folder: str | None = None
    replaces: bool = False
    is_beside: bool = False


class PutDraft(Struct, frozen=True, kw_only=True):
    """What came of it. `server` is without who reads there; `faults`: findings of level error in the issue;
    `left_marked`: the old one is only marked as deleted.
    """

    issue: int
    server: str
    folder: str
    outcome: Outcome
    size_bytes: int
    faults: int
    left_marked: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            "issue": self.issue,
            "server": self.server,
            "folder": self.folder,
            "result": str(self.outcome),
            "size_bytes": self.size_bytes,
            "faults": self.faults,
        }


def draft_issue(workspace: Workspace, number: int, options: DraftOptions) -> PutDraft:
    """Put the issue into the mailbox as a draft.

    Raises `ContentError` for content that cannot be used, `ConfigError`, `MailboxError`, `NotTrusted`, and `UsageError`
    where a draft of this issue is there and nobody has said what to do about it.
    """
    connection = _connection(workspace, options)
    rendered, checked = render_and_check(workspace, number)
    draft = b"".join(render_draft(workspace, rendered))
    faults = sum(finding.level is Level.ERROR for finding in checked.findings)
    beginning = _beginning(workspace, number)
    message_id = f"{beginning}{_digest(draft)}@{_domain(workspace)}"
    left_marked = False
    with connection:
        folder = drafts_folder(connection, options.folder)
        there = [] if options.is_beside else find_drafts(connection, folder, beginning)
        outcome = _outcome(there, draft, options, number)
        if outcome is not Outcome.UNCHANGED:
            # The new one first: nothing is lost where the line breaks in between.
            put_draft(connection, folder, _dated(draft, message_id))
        if outcome is Outcome.REPLACED:
            left_marked = not remove_drafts(connection, folder, there)
    return PutDraft(
        issue=number,
        server=connection.address.server,
        folder=folder,
        outcome=outcome,
        size_bytes=len(draft),
        faults=faults,
        left_marked=left_marked,
    )


def _connection(workspace: Workspace, options: DraftOptions) -> ImapConnection:
    if options.mailbox is not None:
        return open_connection(workspace, parse_imap_url(options.mailbox), is_own_word=True)
    return open_connection(workspace, configured_mailbox(workspace), is_own_word=False)


def _outcome(there: list[FoundDraft], draft: bytes, options: DraftOptions, number: int) -> Outcome:
    """What is to be done about the drafts that are there. Raises `UsageError`."""
    if not there:
        return Outcome.ADDED
    changed = [one for one in there if not _is_untouched(one)]
    if not changed and all(_body(one.octets) == draft for one in there):
        return Outcome.UNCHANGED
    if options.replaces and not changed:
        return Outcome.REPLACED
    if changed:
        raise UsageError(
            _("a draft of issue {number} is there, and somebody has worked on it").format(number=number),
            hint=_("to put another one beside it: --beside; or delete it in your mail program first"),
        )
    raise UsageError(
        _("a draft of issue {number} is there already, of an earlier state").format(number=number),
        hint=_("to have this one in its place: --replace; beside it: --beside"),
    )


def _beginning(workspace: Workspace, number: int) -> str:
    """How the Message-IDs of drafts of this issue begin; two newsletters may share a mailbox."""
    name = hashlib.sha256(workspace.config.newsletter.name.encode()).hexdigest()[:8]
    return f"nl-draft-{folder_name(number)}-{name}-"


def _digest(draft: bytes) -> str:
    return hashlib.sha256(draft).hexdigest()[:DIGITS]


def _domain(workspace: Workspace) -> str:
    sender = sender_of(workspace.config)
    return ascii_domain(sender.address.rpartition("@")[2]) if sender else NO_DOMAIN


def _dated(draft: bytes, message_id: str) -> bytes:
    """Two lines above the draft, in the order in which `_body` takes them off."""
    return f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: <{message_id}>\r\n".encode("ascii") + draft


def _body(octets: bytes) -> bytes:
    """What stands below those two lines."""
    lines = octets.split(b"\r\n", 2)
    return lines[2] if len(lines) > 2 else b""


def _is_untouched(one: FoundDraft) -> bool:
    """Whether it is as it was put there: its content is that which its Message-ID tells of."""
    digest = one.message_id.partition("@")[0].rpartition("-")[2]
    return _digest(_body(one.octets)) == digest
