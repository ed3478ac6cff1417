"""`nl proof N --received SOURCE`: a proof that arrived, found among received messages, beside what was handed over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import NotReady, ProofNotFound
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.delivered.compare import Arrival, compare_messages
from newsletter_cli.check.delivered.parsed import Parsed, mailboxes, moment, parse_message, words_of
from newsletter_cli.flows.clearance.proof_records import read_proofs
from newsletter_cli.flows.mailboxes import open_source
from newsletter_cli.mailbox.source import MOST_HEADER_BYTES, Head, Source, Unread, header_of
from newsletter_cli.model.moment import parse_moment
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

NEVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
TO = ("To", "Delivered-To", "X-Original-To")


class ReceivedProof(Struct, frozen=True, kw_only=True):
    """A proof that was found, and what came of the comparison. `place` says where it lies, `looked_at` among how many
    messages; `unread` is what could not be read.
    """

    issue: int
    proof: int
    source: str
    place: str
    looked_at: int
    unread: tuple[Unread, ...]
    arrival: Arrival

    def as_dict(self) -> dict[str, Any]:
        """For scripts; it names nobody."""
        unread = [{"place": one.place, "reason": one.reason} for one in self.unread]
        found = {"issue": self.issue, "proof": self.proof, "source": self.source, "place": self.place}
        return {**found, "looked_at": self.looked_at, "unread": unread, **self.arrival.as_dict()}


class _Handed(Struct, frozen=True, kw_only=True):
    """A message that was handed over: its proof, its file, and what it is found by."""

    proof: int
    path: Path
    head: Parsed

    @property
    def message_id(self) -> str:
        return (self.head.value("Message-ID") or "").strip()

    @property
    def subject(self) -> str:
        return self.head.value("Subject") or ""

    @property
    def recipients(self) -> set[str]:
        return _addresses(self.head)


class _Found(Struct, frozen=True, kw_only=True):
    """A message that may be it; the largest `rank` wins: the newest proof, by Message-ID, the newest message."""

    rank: tuple[int, bool, datetime.datetime]
    handed: _Handed
    head: Head


def compare_received(workspace: Workspace, number: int, said: str, *, folder: Path) -> ReceivedProof:
    """The newest proof of the issue that is found in the source, compared. Paths begin at `folder`.

    Raises `NotReady` where no proof was sent from here, `ProofNotFound`, `MailboxError`, `NotTrusted`, `LedgerError`.
    """
    handed = list(_handed_over(workspace, number))
    if not handed:
        raise NotReady(
            _("no proof of issue {number} was sent from here: there is nothing to compare with").format(number=number),
            hint=_("send one first: nl proof {number} --to lea@example.org").format(number=number),
        )
    with open_source(workspace, said, folder=folder) as source:
        found, looked_at = _find(source, handed, since=_since(workspace, number))
        if found is None:
            raise _not_found(number, source, handed, looked_at)
        octets = source.read(found.head)
        unread = tuple(source.unread)
        name = source.name
    with storage_errors(workspace.name_of(found.handed.path)):
        arrival = compare_messages(found.handed.path.read_bytes(), octets, ask=_keys_of(found.handed.head))
    return ReceivedProof(
        issue=number,
        proof=found.handed.proof,
        source=name,
        place=found.head.place,
        looked_at=looked_at,
        unread=unread,
        arrival=arrival,
    )


def _handed_over(workspace: Workspace, number: int) -> Iterator[_Handed]:
    """All of them, the newest proof first."""
    for proof in reversed(read_proofs(workspace, number)):
        for path in proof.messages():
            with storage_errors(workspace.name_of(path)), path.open("rb") as file:
                head = parse_message(header_of(file.read(MOST_HEADER_BYTES)))
            yield _Handed(proof=proof.number, path=path, head=head)


def _since(workspace: Workspace, number: int) -> datetime.datetime | None:
    """When the first proof was made: none came before that."""
    at = parse_moment(read_proofs(workspace, number)[0].at)
    return at if isinstance(at, datetime.datetime) and at.tzinfo else None


def _find(source: Source, handed: list[_Handed], *, since: datetime.datetime | None) -> tuple[_Found | None, int]:
    """The best of all, and among how many; no more than one is kept."""
    best: _Found | None = None
    by_id = {one.message_id: one for one in handed if one.message_id}
    count = 0
    for head in source.heads(since=since):
        count += 1
        parsed = parse_message(head.header + b"\n\n")
        one, is_sure = by_id.get((parsed.value("Message-ID") or "").strip()), True
        if one is None:
            one, is_sure = _by_subject(parsed, handed), False
        if one is not None:
            found = _Found(rank=(one.proof, is_sure, _arrived(parsed)), handed=one, head=head)
            if best is None or found.rank > best.rank:
                best = found
    return best, count


def _by_subject(parsed: Parsed, handed: list[_Handed]) -> _Handed | None:
    """The one whose subject stands in this one's, of those to the same person where there are several.

    An answer has it as well, and says what it answers.
    """
    if parsed.value("In-Reply-To"):
        return None
    subject = _plain(parsed.value("Subject") or "")
    like = [one for one in handed if one.subject and _plain(one.subject) in subject]
    newest = [one for one in like if one.proof == like[0].proof]
    people = _addresses(parsed)
    return next((one for one in newest if one.recipients & people), newest[0] if newest else None)


def _plain(text: str) -> str:
    """As two are compared: whatever blanks became."""
    return " ".join(words_of(text.replace("\u00a0", " ").replace("\u202f", " "))).casefold()


def _addresses(head: Parsed) -> set[str]:
    return {address.lower() for name in TO for value in head.values(name) for _name, address in mailboxes(value)}


def _arrived(parsed: Parsed) -> datetime.datetime:
    received = parsed.value("Received") or ""
    return moment(received.rpartition(";")[2]) or moment(parsed.value("Date") or "") or NEVER


def _not_found(number: int, source: Source, handed: list[_Handed], looked_at: int) -> ProofNotFound:
    count = ngettext("{count} message", "{count} messages", looked_at).format(count=looked_at)
    unread = len(source.unread)
    if unread:
        count += ngettext(" ({count} was not read)", " ({count} were not read)", unread).format(count=unread)
    newest = handed[0]
    reasons = [f"{one.place}: {one.reason}" for one in source.unread[:1]]
    return ProofNotFound(
        _("none of {count} in {source} is a proof of issue {number}").format(
            count=count, source=source.name, number=number
        ),
        hint="; ".join(
            [
                *reasons,
                _("looked for: {id}, or the subject “{subject}”; it may lie in another folder, or among spam").format(
                    id=newest.message_id, subject=newest.subject
                ),
            ]
        ),
    )


def _keys_of(handed: Parsed) -> Any:
    """Asks the DNS for keys of the sender's own domain, and for no other; `None` where dkimpy is not there."""
    try:
        from dkim.dnsplug import get_txt  # type: ignore[import-untyped]
    except ImportError:
        return None
    own = {address.rpartition("@")[2] for _name, address in mailboxes(handed.value("From") or "")}

    def ask(name: bytes) -> bytes | None:
        domain = name.decode("ascii", "replace").rstrip(".").lower().partition("._domainkey.")[2]
        if domain not in own:
            return None
        try:
            answer: bytes | None = get_txt(name)
        # Whatever a resolver raises: then the signature is not checked here.
        except Exception:
            return None
        return answer

    return ask
