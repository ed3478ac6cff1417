"""`sent/001.toml`: that an issue went out to real readers, or began to. Committed, so that every clone knows.

It names the ledger that knows who has the issue, and tells a copy of its text by a hash. It says nothing of people, not
even how many they are.
"""

from __future__ import annotations

import re

from newsletter_cli.base.errors import ConfigError, ContentError, NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.plain_toml import config_error, parse_toml
from newsletter_cli.base.strict import read_strictly
from newsletter_cli.base.tables import Table, option
from newsletter_cli.model import Issue
from newsletter_cli.model.event import ToldEvent
from newsletter_cli.workspace.files import read_text, replace_file, storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name
from newsletter_cli.workspace.inside import refuse_outside

FOLDER = "sent"
# Windows and macOS take a name in any case, and a copy from there may have it in another.
FILE = Pattern(r"0*([1-9][0-9]{0,5})\.toml", re.IGNORECASE)
LEDGER = r"[0-9a-f]{16}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
HASH = r"(?:[0-9a-f]{64})?"
TOLD = Pattern(r"(?P<digest>[0-9a-f]{16}) (?P<span>[0-9T:+/.-]+) (?P<revised>\d{1,4})", re.ASCII)


class SentRecord(Table, frozen=True, kw_only=True):
    """That an issue went out. `at` is when it began (ISO 8601, UTC); `content` is empty where nobody knows any more.

    `events` are the hours that it announced: of each event its `digest`, its `span`, and how often it was revised.
    """

    ledger: str = option(doc=_("the ledger that knows who has it"), pattern=LEDGER)
    at: str = option(doc=_("when the send began: 2026-12-17T18:00:00Z"), pattern=MOMENT)
    content: str = option("", doc=_("the hash of the issue’s text"), pattern=HASH)
    events: tuple[str, ...] = option((), doc=_("the hours of its events, by which a later change is noticed"))


def record_name(number: int) -> str:
    """`sent/001.toml`."""
    return f"{FOLDER}/{folder_name(number)}.toml"


def read_sent_records(workspace: Workspace) -> dict[int, SentRecord]:
    """The records of all issues, by number. Raises `ConfigError` (file and line) for one that is no record."""
    folder = workspace.root / FOLDER
    if not folder.is_dir():
        return {}
    with storage_errors(FOLDER):
        found = {path.name: FILE.fullmatch(path.name) for path in sorted(folder.iterdir())}
    names: dict[int, str] = {}
    for name, match in found.items():
        if match and names.setdefault(int(match[1]), name) != name:
            raise ConfigError(
                _("issue {number} has two records: {first} and {second}").format(
                    number=int(match[1]), first=names[int(match[1])], second=name
                ),
                file=f"{FOLDER}/{name}",
                hint=_how_to_fix(f"{FOLDER}/{name}"),
            )
    return {number: _read(workspace, name) for number, name in names.items()}


def told_events(issue: Issue) -> tuple[str, ...]:
    """What a record keeps of the issue's events."""
    return tuple(sorted({str(ToldEvent.of(event)) for event in issue.events}))


def read_told_events(workspace: Workspace, number: int) -> tuple[ToldEvent, ...]:
    """What readers were told of an issue's events. Nothing where it cannot be read."""
    try:
        record = read_sent_records(workspace).get(number)
    except NewsletterError:  # a send and `nl doctor` say so
        return ()
    told = (TOLD.fullmatch(event) for event in (record.events if record is not None else ()))
    return tuple(
        ToldEvent(digest=one["digest"], span=one["span"], revised=int(one["revised"]))
        for one in told
        if one is not None
    )


def write_sent_record(workspace: Workspace, number: int, record: SentRecord) -> None:
    """Write the record of an issue, whole or not at all. Raises `StorageError`, `ConfigError`."""
    name = record_name(number)
    path = workspace.root / name
    refuse_outside(workspace.root, path, ConfigError, name=name)
    about = _("nl wrote this: the issue went out to readers, or began to. Commit it, so that no clone sends it again.")
    content = f'content = "{record.content}"\n' if record.content else ""
    events = "".join(f'  "{event}",\n' for event in record.events)
    events = f"events = [\n{events}]\n" if events else ""
    text = f'# {about}\nledger = "{record.ledger}"\nat = "{record.at}"\n{content}{events}'
    replace_file(path, text, name=name)


def _read(workspace: Workspace, file: str) -> SentRecord:
    name = f"{FOLDER}/{file}"
    path = workspace.root / name
    refuse_outside(workspace.root, path, ConfigError, name=name)
    try:
        text = read_text(path, name=name)
        data = parse_toml(text, file=name)
    except (ConfigError, ContentError) as error:
        raise ConfigError(error.message, file=name, line=error.line, hint=_how_to_fix(name)) from None
    record, problems = read_strictly(SentRecord, data)
    if problems:
        fault = config_error(problems, text, file=name)
        fault.hint = _how_to_fix(name)
        raise fault
    assert isinstance(record, SentRecord)
    return record


def _how_to_fix(name: str) -> str:
    return _("nl wrote it, and Git may have it as it was: git log -p {file}").format(file=name)
