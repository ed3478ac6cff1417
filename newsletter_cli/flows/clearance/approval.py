"""Whether an issue is approved: what somebody approved, beside what readers would see now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from newsletter_cli import __version__
from newsletter_cli.base.errors import ConfigError, ContentError
from newsletter_cli.base.values import replace
from newsletter_cli.flows.content_parts import GREETING, LEAVING, PREHEADER, REPLY_TO, SENDER, SUBJECT
from newsletter_cli.render.names import TEXT
from newsletter_cli.workspace.approvals import Approval, approval_name, read_approval
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from newsletter_cli.flows.content import SeenContent

# The parts that people read as they are, in the order in which they are shown.
READABLE = (SUBJECT, PREHEADER, SENDER, REPLY_TO, GREETING, LEAVING, TEXT)


# SHA-256 of nothing.
EMPTY = hashlib.sha256().hexdigest()


class MissingPicture(Struct, frozen=True, kw_only=True):
    """A picture on another site that was asked for and did not come, and why; `hint` may be empty."""

    address: str
    reason: str
    hint: str = ""


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
    of what readers would see; empty where nobody knows. `missing` are the pictures that were asked for and did not
    come.
    """

    approval: Approval | None = None
    stands: bool = False
    changes: tuple[Change, ...] = ()
    fault: str = ""
    file: str = ""
    now: str = ""
    missing: tuple[MissingPicture, ...] = ()

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


def state_with_pictures(workspace: Workspace, number: int, *, seen: SeenContent) -> ApprovalState:
    """The same as `approval_state`, the pictures on other sites asked for anew: what readers are about to load."""
    state = approval_state(workspace, number, seen=seen)
    return with_pictures(workspace, state, seen.remote)


def with_pictures(workspace: Workspace, state: ApprovalState, shown: Iterable[str]) -> ApprovalState:
    """The state, those of the approved pictures that are `shown` on other sites asked for."""
    pinned = state.approval.pictures if state.approval is not None else {}
    asked = [address for address in shown if address in pinned]
    if not asked:
        return state
    from newsletter_cli.flows.clearance.pictures import fetch_pictures

    fetched = fetch_pictures(workspace.config, asked)
    other = [one.address for one in fetched if one.digest and one.digest != pinned[one.address]]
    changes = (*state.changes, *(Change(kind="picture", name=address) for address in other))
    missing = tuple(
        MissingPicture(address=one.address, reason=one.reason, hint=one.hint) for one in fetched if one.reason
    )
    return replace(state, stands=state.stands and not other, changes=changes, missing=missing)


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
    return state_of(approval, seen, file=file)


def state_of(approval: Approval, seen: SeenContent, *, file: str) -> ApprovalState:
    """An approval beside what readers would see."""
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
                before=_kept_text(approval, name) if is_readable else None,
                after=seen.parts.get(name, "") if is_readable else None,
            )
    for name in sorted({*approval.files, *seen.files}):
        if approval.files.get(name) != seen.files.get(name):
            yield Change(kind="file", name=name)
    for address in seen.remote:
        if address not in approval.pictures:
            yield Change(kind="picture", name=address)


def _kept_text(approval: Approval, name: str) -> str | None:
    """The text as it was approved; `None` where the file does not have it."""
    is_empty = approval.parts.get(name, EMPTY) == EMPTY
    return approval.texts.get(name, "" if is_empty else None)


def readable_texts(seen: SeenContent) -> Mapping[str, str]:
    """What an approval keeps of the content for people to read; what is empty is left out."""
    return {name: seen.parts[name] for name in READABLE if seen.parts.get(name)}
