"""What went out to real readers: told by the records in `sent/`, and by the ledger where a record is missing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter_cli.base.errors import ConfigError, ContentError, NewsletterError, StateElsewhere
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top, is_committed
from newsletter_cli.base.i18n import _, shown_moment
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.reading import has_issue, read_issues
from newsletter_cli.deliver.ledger.runs import first_real_run, read_ledger_id
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.ledger.waiting import count_waiting
from newsletter_cli.model import Issue, Section
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import is_inside
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.sent import SentRecord, read_sent_records, record_name, told_events, write_sent_record

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.job import SendJob


def keep_records(job: SendJob, *, is_frozen_now: bool) -> tuple[str, ...]:
    """Before the first message leaves: write the record of this send, and those that an earlier version left out.

    The names of those written. A rehearsal into a folder is no send. Raises `StorageError`, `ConfigError`.
    """
    if job.is_embedded:
        return ()
    ours = read_ledger_id(job.connection)
    there = _readable_records(job)
    missing = {
        number: one for number, one in _untold_sends(job.workspace, job.connection, there) if number != job.number
    }
    own = _record_now(job, there.get(job.number), ours, is_frozen_now=is_frozen_now)
    if own is not None:
        missing[job.number] = own
    for number, record in sorted(missing.items()):
        write_sent_record(job.workspace, number, record)
    return tuple(record_name(number) for number in sorted(missing))


def uncommitted_records(workspace: Workspace, number: int, written: tuple[str, ...]) -> tuple[str, ...]:
    """What the editor is to commit: what was `written` now, and the issue's own record if Git does not have it."""
    name = record_name(number)
    if name in written or not (workspace.root / name).is_file():
        return written
    return written if is_kept(workspace, name) else (*written, name)


def is_kept(workspace: Workspace, name: str) -> bool:
    """Whether Git has the file; yes, where there is no Git to ask."""
    if find_top(workspace.root) is None:
        return True
    try:
        return is_committed(workspace.root, name)
    except GitMissing:
        return True
    except GitRefusal:  # there is no commit yet
        return False


def find_elsewhere(job: SendJob) -> Iterator[StateElsewhere]:
    """What went out by another ledger, or a newer one than this: nobody here knows who has it, and who left since."""
    if job.is_embedded:
        return
    try:
        records = read_sent_records(job.workspace)
    except NewsletterError as error:
        yield StateElsewhere(error.message, file=error.file, line=error.line, hint=error.hint)
        return
    own = records.get(job.number)
    if own is not None and is_known(job.connection, job.number, own):
        return
    # Another issue's: whoever left the list by it is known there only.
    number = job.number if own is not None else max(records, key=lambda one: (records[one].at, one), default=None)
    if number is None or is_known(job.connection, number, records[number]):
        return
    yield _elsewhere(job, number, records[number])


def find_same_text(job: SendJob) -> Iterator[StateElsewhere]:
    """What readers have already, under another number."""
    if job.is_embedded:
        return
    try:
        records = dict(read_sent_records(job.workspace))
    except NewsletterError:
        return
    own = records.get(job.number)
    if own is not None and is_known(job.connection, job.number, own):
        return
    if first_real_run(job.connection, job.number) is not None:
        return
    records |= _untold_sends(job.workspace, job.connection, records)
    others = {number: one for number, one in records.items() if number != job.number and one.content}
    text = hash_of_issue(job.workspace, job.number) if others else ""
    for number, one in others.items():
        if text and one.content == text:
            yield StateElsewhere(
                _("readers have this already: it went out as issue {number} on {moment}").format(
                    number=number, moment=shown_moment(one.at)
                ),
                file=record_name(number),
                hint=_(
                    "for those who do not have it yet: nl send {number} --newcomers; to send it again: --anyway"
                ).format(number=number),
            )
            return


def is_known(connection: Database, number: int, record: SentRecord) -> bool:
    """Whether this ledger is the one that sent the issue: by its name, and by knowing of it."""
    return record.ledger == read_ledger_id(connection) and has_issue(connection, number)


def find_untold(workspace: Workspace, connection: Database) -> list[int]:
    """The issues that went out by this ledger, and have no record. Raises `ConfigError`."""
    there = read_sent_records(workspace)
    return [
        number
        for number in read_issues(connection)
        if number not in there and first_real_run(connection, number) is not None
    ]


def _readable_records(job: SendJob) -> Mapping[int, SentRecord]:
    try:
        return read_sent_records(job.workspace)
    except ConfigError:
        # Whoever says --anyway has seen it; what cannot be read is left as it is, but for this issue's own.
        return {}


def _untold_sends(
    workspace: Workspace, connection: Database, there: Mapping[int, SentRecord]
) -> Iterator[tuple[int, SentRecord]]:
    """What an earlier version sent, without a record. Its text is taken to be what stands there now."""
    ours = read_ledger_id(connection)
    for number in read_issues(connection):
        began = first_real_run(connection, number)
        if began is not None and number not in there and not (workspace.root / record_name(number)).exists():
            yield number, _record_of(workspace, number, ledger=ours, at=began)


def _record_now(job: SendJob, there: SentRecord | None, ours: str, *, is_frozen_now: bool) -> SentRecord | None:
    """The record of this send; `None` where it stands already, or nothing goes out."""
    began = first_real_run(job.connection, job.number)
    if began is None and not count_waiting(job.connection, job.number):
        return None
    is_ours = there is not None and there.ledger == ours
    if is_ours and not is_frozen_now:
        return None
    at = there.at if there is not None and is_ours else began or timestamp(datetime.now(UTC))
    record = _record_of(job.workspace, job.number, ledger=ours, at=at)
    return None if record == there else record


def _record_of(workspace: Workspace, number: int, *, ledger: str, at: str) -> SentRecord:
    """The record of the issue as it stands; without its text where that cannot be read."""
    issue = _readable_issue(workspace, number)
    content = "" if issue is None else _hash_of(workspace, issue)
    return SentRecord(ledger=ledger, at=at, content=content, events=() if issue is None else told_events(issue))


def _elsewhere(job: SendJob, number: int, record: SentRecord) -> StateElsewhere:
    moment, is_ours = shown_moment(record.at), record.ledger == read_ledger_id(job.connection)
    if is_ours:
        message = _("the ledger here is older than the send of issue {number} ({moment}): it knows nothing of it")
        hint = _(
            "bring the newest one here: nl state import FILE, or from a backup; without it, --anyway sends all the same"
        )
    elif number == job.number:
        message = _(
            "issue {number} went out already, or began to, by another ledger ({moment}): who has it is known there"
        )
        hint = _(
            "send from there, or bring its state here: nl state export there, nl state import here. "
            "--anyway sends to everybody on the list, those who have it or have left included"
        )
    else:
        message = _("issue {number} went out by another ledger ({moment}): who has left the list since is known there")
        hint = _(
            "send from there, or bring its state here: nl state export there, nl state import here. "
            "If this machine sends from now on, and its list is up to date: --anyway"
        )
    return StateElsewhere(message.format(number=number, moment=moment), file=record_name(number), hint=hint)


# What stands before an issue's number where it is spoken of.
BEFORE_NUMBER = ("#", "n°", "nº", "no.", "no", "nr.", "issue", "number", "numéro", "édition", "édition n°", "lettre")


def hash_of_issue(workspace: Workspace, number: int) -> str:
    """The hash of the issue's text as it stands; empty where there is none, or it cannot be read."""
    issue = _readable_issue(workspace, number)
    return "" if issue is None else _hash_of(workspace, issue)


def _readable_issue(workspace: Workspace, number: int) -> Issue | None:
    if not workspace.issue_folder(number).is_dir():
        return None
    try:
        return read_issue(workspace, number).issue
    except ContentError:
        return None


def _hash_of(workspace: Workspace, issue: Issue) -> str:
    return hash_of_text(issue, workspace.config.newsletter.name, _pictures(workspace, issue.number))


def hash_of_text(issue: Issue, newsletter: str, pictures: dict[str, bytes]) -> str:
    """SHA-256 of the editorial, the published sections and the pictures they show; empty where nothing is written.

    Left out is all that a new number changes: title, subject, date and the rest of `_issue.md`'s header, and in the
    texts the issue's own number behind “n°”, “#”, “issue” or the newsletter's name. White space counts as one space,
    and the two ways to write “é” as one: an editor or another system may change these without a word.

    Kept in `sent/`, so it must stay as it is: change it, and what went out before is no longer known again.
    """
    texts = [_without_number(unicodedata.normalize("NFC", text), issue.number, newsletter) for text in _texts(issue)]
    words = [" ".join(text.split()) for text in texts]
    if not any(words):
        return ""
    shown = "\n".join(texts)
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass"))
    for name, content in sorted(pictures.items()):
        if name in shown or quote(name) in shown:
            digest.update(b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _texts(issue: Issue) -> Iterator[str]:
    yield issue.editorial.text
    for section in issue.published_sections:
        yield from (section.slug, section.title, section.body.text, *_entries(section))


def _entries(section: Section) -> Iterator[str]:
    for one in section.events:
        yield from (one.title, str(one.start), str(one.end), one.place or "", one.url or "", one.description or "")
    for job in section.jobs:
        yield from (job.title, job.employer or "", job.url or "", job.reference or "", str(job.deadline))


def _without_number(text: str, number: int, newsletter: str) -> str:
    words = [re.escape(word) for word in (*BEFORE_NUMBER, unicodedata.normalize("NFC", newsletter)) if word]
    before = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"((?<!\w)(?:{before})[ \u00a0\u202f]{{0,3}}#?)0*{number}(?!\w)", r"\1", text, flags=re.IGNORECASE)


def _pictures(workspace: Workspace, number: int) -> dict[str, bytes]:
    """The files beside the texts, by name."""
    folder = workspace.issue_folder(number)
    with storage_errors(workspace.name_of(folder)):
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if _is_picture(workspace, path)}


def _is_picture(workspace: Workspace, path: Path) -> bool:
    is_text = path.suffix.lower() in (".md", ".toml") or path.name.startswith(".")
    return not is_text and path.is_file() and is_inside(workspace.root, path, area="sections")
