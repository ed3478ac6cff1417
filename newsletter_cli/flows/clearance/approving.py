"""`nl approve N`: somebody has seen what readers will see, and answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from newsletter_cli import __version__
from newsletter_cli.base.errors import LedgerError, NotReady, UsageError
from newsletter_cli.base.git import user_name
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.clearance.approval import ApprovalState, readable_texts, state_of
from newsletter_cli.flows.clearance.approval_telling import approved_words, difference_lines
from newsletter_cli.flows.clearance.pictures import FetchedPicture, fetch_pictures
from newsletter_cli.flows.clearance.proof_records import Proof, read_proofs
from newsletter_cli.flows.content import SeenContent
from newsletter_cli.flows.content_parts import GREETING, PREHEADER, REPLY_TO, SENDER, SUBJECT
from newsletter_cli.flows.sending.preparing import prepare
from newsletter_cli.flows.sending.problems import OF_A_BUILD, SendProblem, refuse_obstacles
from newsletter_cli.render.mime import image_type
from newsletter_cli.workspace.approvals import Approval, approval_name, write_approval
from newsletter_cli.workspace.folder import Workspace

LONGEST_NAME = 200


class Proposal(Struct, frozen=True, kw_only=True):
    """What somebody is asked to approve. `before` is the approval that there was; `proof` the last that went out with
    just this, `unproven` why that cannot be told.
    """

    number: int
    by: str
    seen: SeenContent
    pictures: tuple[FetchedPicture, ...]
    notes: tuple[str, ...]
    before: ApprovalState
    proof: Proof | None = None
    unproven: str = ""

    def lines(self) -> Iterator[str]:
        """All that it is about, for people."""
        parts = self.seen.parts
        yield Line((_("Issue {number}: what would be approved").format(number=self.number), "strong"))
        shown = [
            (_("Subject"), parts[SUBJECT]),
            (_("Preheader"), parts[PREHEADER] or _("none: mail readers show the first words")),
            (_("From"), parts[SENDER]),
            (_("Replies to"), parts[REPLY_TO]),
            (_("Greeting"), parts[GREETING]),
            (_("Pictures"), self._pictures),
            (_("Proof"), self._proof),
            (_("Approved"), approved_words(self.before)),
            (_("Approves"), self.by),
        ]
        shown = [one for one in shown if one[1]]
        width = max(len(label) for label, _value in shown)
        for label, value in shown:
            yield Line((f"  {label:<{width}}  ", "dim"), (value, ""), hang=width + 4)
        yield from difference_lines(self.before)
        for note in self.notes:
            yield Line((_("Note: {note}").format(note=""), "alert"), (note, ""))

    @property
    def _pictures(self) -> str:
        own, others = sum(image_type(name) is not None for name in self.seen.files), len(self.pictures)
        if not own + others:
            return _("none")
        words = ngettext("{count} of its own", "{count} of its own", own).format(count=shown_count(own))
        if others:
            words += ", " + ngettext(
                "{count} on another site, fetched", "{count} on other sites, fetched", others
            ).format(count=shown_count(others))
        return words

    @property
    def _proof(self) -> str:
        if self.unproven:
            return self.unproven
        if self.proof is None:
            return _("no proof of just this went out: nl proof {number}").format(number=self.number)
        return ngettext(
            "proof {number} of just this went out on {moment}, to {count} person",
            "proof {number} of just this went out on {moment}, to {count} people",
            self.proof.sent,
        ).format(number=self.proof.number, moment=shown_moment(self.proof.at), count=shown_count(self.proof.sent))


class Approved(Struct, frozen=True, kw_only=True):
    """What came of it: how the issue stands now. `is_new`: the approval was given now. `built`: the folder that was
    written anew, or nothing.
    """

    number: int
    state: ApprovalState
    is_new: bool
    built: str = ""

    def lines(self) -> Iterator[str]:
        """The result for people."""
        words = approved_words(self.state)
        if not self.is_new:
            yield _("Issue {number} is approved already, {words}").format(number=self.number, words=words)
            return
        yield Line(
            ("✓ ", "well"), (_("Issue {number} is approved {words}").format(number=self.number, words=words), "")
        )
        if self.built:
            yield _("{folder}/ was written anew").format(folder=self.built)
        yield _("Commit {file}. Any change of what readers see withdraws it.").format(file=self.state.file)


def approve(
    workspace: Workspace, number: int, *, by: str | None, accepted: Sequence[str], ask: Callable[[Proposal], None]
) -> Approved:
    """Check all that a send checks, ask, and write the approval; nothing is written where it is there already.

    `ask` raises where the answer is no. Raises `NotReady` for faults, and a picture that does not come; `UsageError`
    without a name; `ContentError`, `ConfigError`, `StorageError`.
    """
    name = approver(workspace, by)
    prepared = prepare(workspace.root, number, datetime.now(UTC), accepted, asks_pictures=False)
    fetched = () if prepared.seen is None else fetch_pictures(workspace.config, prepared.seen.remote)
    problems = [one for one in prepared.problems if one.code not in OF_A_BUILD]
    refused = NotReady(_("issue {number} was not approved").format(number=number))
    refuse_obstacles(number, [*problems, *_missing(fetched)], last=refused)
    seen = prepared.seen
    assert seen is not None
    file = approval_name(workspace, number)
    approval = _approval(name, seen, fetched, accepted)
    before = prepared.approval
    if before.stands and before.approval is not None and _is_same(before.approval, approval):
        return Approved(number=number, state=before, is_new=False)
    proof, unproven = _proof_of(workspace, number, seen.hash)
    ask(
        Proposal(
            number=number,
            by=name,
            seen=seen,
            pictures=fetched,
            notes=prepared.notes,
            before=before,
            proof=proof,
            unproven=unproven,
        )
    )
    write_approval(workspace, number, approval)
    built = ""
    if len(problems) < len(prepared.problems):
        built = workspace.name_of(assemble_issue(workspace, number).folder)
    return Approved(number=number, state=state_of(approval, seen, file=file), is_new=True, built=built)


def approver(workspace: Workspace, by: str | None) -> str:
    """Who approves: as told, else as Git knows the user. It will be read by whoever has a clone: no address.

    Raises `UsageError`.
    """
    how = _('say who you are: --by "Ada Lovelace"')
    name = " ".join((user_name(workspace.root) if by is None else by).split())
    if not name:
        missing = _("an approval has a name, and Git knows none here")
        raise UsageError(missing if by is None else _("--by: that is no name"), hint=how)
    if "@" in name:
        raise UsageError(_("the name of whoever approves is committed: it cannot be an address"), hint=how)
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(_("--by: that is no name"), hint=how)
    return name


def _missing(fetched: Sequence[FetchedPicture]) -> Iterator[SendProblem]:
    for one in fetched:
        if one.reason:
            yield SendProblem(
                code="picture-missing",
                message=_("the picture {address} cannot be fetched: {reason}").format(
                    address=one.address, reason=one.reason
                ),
                hint=one.hint
                or _("nobody can answer for a picture that is not there: put it back, or beside the sections"),
            )


def _approval(name: str, seen: SeenContent, fetched: Sequence[FetchedPicture], accepted: Sequence[str]) -> Approval:
    return Approval(
        by=name,
        at=timestamp(datetime.now(UTC)),
        hash=seen.hash,
        nl=__version__,
        parts=seen.part_hashes,
        files=dict(sorted(seen.files.items())),
        pictures={one.address: one.digest for one in fetched},
        accepted=tuple(accepted),
        texts=readable_texts(seen),
    )


def _is_same(one: Approval, other: Approval) -> bool:
    return (one.by, one.hash, one.pictures) == (other.by, other.hash, other.pictures)


def _proof_of(workspace: Workspace, number: int, content: str) -> tuple[Proof | None, str]:
    """The last proof of just this that reached somebody, and why that cannot be told."""
    try:
        proofs = read_proofs(workspace, number)
    except LedgerError as error:
        return None, str(error)
    return next((one for one in reversed(proofs) if one.content_hash == content and one.sent), None), ""
