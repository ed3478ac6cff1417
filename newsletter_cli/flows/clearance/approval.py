"""Whether an issue is approved: what somebody approved, beside what readers would see now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from newsletter_cli import __version__
from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.flows.content import GREETING, LEAVING, PREHEADER, REPLY_TO, SENDER, SUBJECT, SeenContent
from newsletter_cli.render.renditions import TEXT
from newsletter_cli.workspace.approvals import Approval, approval_name, read_approval
from newsletter_cli.workspace.folder import Workspace

# The parts that people read as they are, in the order in which they are shown.
READABLE = (SUBJECT, PREHEADER, SENDER, REPLY_TO, GREETING, LEAVING, TEXT)


class Change(Struct, frozen=True, kw_only=True):
    """What readers would see otherwise than it was approved: a part, a file of the issue or a picture's address.

    `kind` is `part`, `file` or `picture`; `before` and `after` are texts, where people can read them.
    """

    kind: str
    name: str
    before: str | None = None
    after: str | None = None


class ApprovalState(Struct, frozen=True, kw_only=True):
    """How an issue stands with its approval. Without one, `approval` is `None`.

    `fault` says why what stands there, or the issue itself, cannot be read: then nothing is approved. `now` is the hash
    of what readers would see; empty where nobody knows.
    """

    approval: Approval | None = None
    stands: bool = False
    changes: tuple[Change, ...] = ()
    fault: str = ""
    file: str = ""
    now: str = ""

    @property
    def is_given(self) -> bool:
        """Whether somebody approved the issue, be it as it was."""
        return self.approval is not None or bool(self.fault)

    @property
    def is_other_version(self) -> bool:
        """Whether another version of nl made what was approved."""
        return self.approval is not None and self.approval.nl not in ("", __version__)

    def as_dict(self) -> dict[str, Any] | None:
        """The value of `approved` for scripts."""
        if not self.is_given:
            return None
        known = self.approval
        return {
            "by": known.by if known else "",
            "at": known.at if known else "",
            "hash": known.hash if known else "",
            "stands": self.stands,
            "changed": [one.name for one in self.changes],
        }


NOT_APPROVED = ApprovalState()


def approval_state(workspace: Workspace, number: int, *, seen: SeenContent | None = None) -> ApprovalState:
    """Whether the issue is approved, and whether that holds for what readers would see now. Nobody is asked: a picture
    on another site counts as it was.

    `seen` is what they would see, where the caller knows. What cannot be read is told in `fault`.
    """
    file = approval_name(workspace, number)
    try:
        approval = read_approval(workspace, number)
    except ContentError as error:
        return ApprovalState(fault=str(error), file=file, changes=(Change(kind="file", name=file),))
    if approval is None:
        return NOT_APPROVED
    try:
        seen = seen or _seen_now(workspace, number)
    except (ContentError, ConfigError) as error:
        unread = (Change(kind="file", name=error.file or file),)
        return ApprovalState(approval=approval, fault=str(error), file=file, changes=unread)
    changes = tuple(find_changes(approval, seen))
    return ApprovalState(
        approval=approval,
        stands=not changes and approval.hash == seen.hash,
        changes=changes,
        file=file,
        now=seen.hash,
    )


def _seen_now(workspace: Workspace, number: int) -> SeenContent:
    from datetime import UTC, datetime

    from newsletter_cli.flows.sending.message import build_content

    return build_content(workspace, number, now=datetime.now(UTC)).seen


def find_changes(approval: Approval, seen: SeenContent) -> Iterator[Change]:
    """What is not as it was approved; those that people can read first."""
    parts = [*READABLE, *(name for name in (*approval.parts, *seen.parts) if name not in READABLE)]
    now = seen.part_hashes
    for name in dict.fromkeys(parts):
        if approval.parts.get(name) != now.get(name):
            is_readable = name in READABLE
            yield Change(
                kind="part",
                name=name,
                before=approval.texts.get(name, "") if is_readable else None,
                after=seen.parts.get(name, "") if is_readable else None,
            )
    for name in sorted({*approval.files, *seen.files}):
        if approval.files.get(name) != seen.files.get(name):
            yield Change(kind="file", name=name)


def readable_texts(seen: SeenContent) -> Mapping[str, str]:
    """What an approval keeps of the content for people to read; what is empty is left out."""
    return {name: seen.parts[name] for name in READABLE if seen.parts.get(name)}
