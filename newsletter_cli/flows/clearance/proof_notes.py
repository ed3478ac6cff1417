"""What the editor should know before a send: whether anybody has read in a mailbox what goes out now."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.flows.clearance.proof_records import read_proofs
from newsletter_cli.workspace.folder import Workspace


def reading_notes(workspace: Workspace, number: int, content_hash: str, *, is_big: bool) -> Iterator[str]:
    """That it is not what the last proof showed; or, where many get it (`is_big`), that there was no proof.

    A proof that went into a folder of this machine was read by nobody. Raises `LedgerError`.
    """
    mailed = [one for one in read_proofs(workspace, number) if one.sent > one.rehearsed]
    if mailed and mailed[-1].content_hash != content_hash:
        yield _("it is not what proof {proof} showed, something has changed since: nl proof {number} --dry-run").format(
            proof=mailed[-1].number, number=number
        )
    elif not mailed and is_big:
        yield _("nobody has seen it in a mailbox yet; a few could first: nl proof {number} --to group:proof").format(
            number=number
        )
