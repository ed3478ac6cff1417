"""The people of the list, for a look at one person's own message.

Addresses leave this module in two ways only: as labels for the page on this machine, and in the message of the person
chosen. In addresses of pages a person is a key: a hash with a secret of this run. Nothing here is logged.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from newsletter_cli.audience.list_schema import DATABASE
from newsletter_cli.base.errors import NewsletterError, NoListYet
from newsletter_cli.flows.audience import LIST_VARIABLE, open_audience
from newsletter_cli.model.subscriber import Recipient
from newsletter_cli.workspace.files import storage_error
from newsletter_cli.workspace.folder import Workspace

MOST_CHOICES = 50
# How long may be counted on once there are choices enough: a list can have a million rows.
COUNTING_SECONDS = 0.5
# Grist and databases do not say when they changed.
REMOTE_SECONDS = 300
# Searches remembered while the list stays as it is.
MOST_SEARCHES = 64


class ShownPerson(Struct, frozen=True):
    """One recipient, by the key that stands for them in addresses of pages."""

    key: str
    recipient: Recipient

    @property
    def label(self) -> str:
        """What the editor chooses by."""
        name, address = self.recipient.name, self.recipient.address
        return f"{name} <{address}>" if name else address


class PeopleFound(Struct, frozen=True, kw_only=True):
    """What a search found: the first people, how many there are, and whether all were counted.

    `is_available` is false without a list, and where it cannot be read: `error` then says why.
    """

    is_available: bool = False
    people: tuple[ShownPerson, ...] = ()
    count: int = 0
    is_counted: bool = True
    error: str | None = None


class _Known(Struct):
    """What is remembered of the list while it stays the same."""

    signature: object = None
    searches: dict[str, PeopleFound] = field(default_factory=dict)
    people: dict[str, ShownPerson | None] = field(default_factory=dict)


class People:
    """Those an issue would go to. The list is read when somebody asks, and again once it has changed."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._known = _Known()
        self._lock = threading.Lock()

    def find(self, workspace: Workspace, query: str = "") -> PeopleFound:
        """The first recipients whose address or name holds `query`, whatever its case. Raises nothing."""
        words = query.casefold().split()
        with self._lock:
            known = self._current(workspace)
            search = " ".join(words)
            if search not in known.searches:
                if len(known.searches) >= MOST_SEARCHES:
                    known.searches.clear()
                known.searches[search] = found = self._search(workspace, words)
                known.people.update((person.key, person) for person in found.people)
            return known.searches[search]

    def person(self, workspace: Workspace, key: str) -> ShownPerson | None:
        """Whom a key stands for; `None` for nobody, or nobody any more. Raises nothing."""
        with self._lock:
            known = self._current(workspace)
            if key not in known.people:
                if len(known.people) >= MOST_SEARCHES * MOST_CHOICES:
                    known.people.clear()
                known.people[key] = self._look_up(workspace, key)
            return known.people[key]

    def state(self, workspace: Workspace, *, query: str = "", shown: str | None = None) -> dict[str, Any]:
        """For the page on this machine: whether there is a list, who can be chosen, who is shown."""
        found = self.find(workspace, query)
        person = self.person(workspace, shown) if shown and found.is_available else None
        return {
            "available": found.is_available,
            "shown": person.key if person else None,
            "shown_label": person.label if person else None,
            "choices": [{"key": one.key, "label": one.label} for one in found.people],
            "count": found.count,
            "is_counted": found.is_counted,
            "error": found.error,
        }

    def key_of(self, recipient: Recipient) -> str:
        """What stands for somebody in addresses of pages: tells nobody anything once this run is over."""
        return hmac.new(self._secret, recipient.key.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]

    def _current(self, workspace: Workspace) -> _Known:
        signature = _signature(workspace)
        if self._known.signature != signature:
            self._known = _Known(signature)
        return self._known

    def _search(self, workspace: Workspace, words: list[str]) -> PeopleFound:
        people: list[ShownPerson] = []
        count, deadline = 0, time.monotonic() + COUNTING_SECONDS
        if not _has_traces(workspace):
            return PeopleFound()
        try:
            with closing(_recipients(workspace)) as recipients:
                for recipient in recipients:
                    if words and not _matches(recipient, words):
                        continue
                    count += 1
                    if len(people) < MOST_CHOICES:
                        people.append(ShownPerson(self.key_of(recipient), recipient))
                    elif time.monotonic() > deadline:
                        return PeopleFound(is_available=True, people=tuple(people), count=count, is_counted=False)
        except NoListYet as error:
            # That there is no list is no fault; that there are two is one.
            return PeopleFound(error=_explained(error) if error.file else None)
        except (NewsletterError, OSError) as error:
            return PeopleFound(error=_explained(error))
        return PeopleFound(is_available=True, people=tuple(people), count=count)

    def _look_up(self, workspace: Workspace, key: str) -> ShownPerson | None:
        try:
            with closing(_recipients(workspace)) as recipients:
                for recipient in recipients:
                    if hmac.compare_digest(self.key_of(recipient).encode(), key.encode("utf-8", "surrogatepass")):
                        return ShownPerson(key, recipient)
        except (NewsletterError, OSError):
            return None
        return None


def _recipients(workspace: Workspace) -> Generator[Recipient, None, None]:
    with open_audience(workspace) as audience:
        for one in audience.select():
            if isinstance(one, Recipient):
                yield one


def _matches(recipient: Recipient, words: list[str]) -> bool:
    text = f"{recipient.name} {recipient.address}".casefold()
    return all(word in text for word in words)


def _explained(error: NewsletterError | OSError) -> str:
    known = error if isinstance(error, NewsletterError) else storage_error(error, name=None)
    return f"{known} ({known.hint})" if known.hint else str(known)


def _has_traces(workspace: Workspace) -> bool:
    """Whether a list may be there: a look alone must not make the private state of one."""
    settings = workspace.config.list
    files = (workspace.root / settings.file, workspace.root / "state" / DATABASE)
    return settings.source != "auto" or bool(os.environ.get(LIST_VARIABLE)) or any(path.exists() for path in files)


def _signature(workspace: Workspace) -> object:
    """Differs once the list, or what leaves people out of it, has changed."""
    settings = workspace.config.list
    override = os.environ.get(LIST_VARIABLE) or None
    state = workspace.root / "state"
    files = [Path(override).absolute() if override else workspace.root / settings.file]
    files += [state / DATABASE, state / f"{DATABASE}-wal"]
    is_remote = override is None and settings.source in ("grist", "sql")
    period = int(time.monotonic() // REMOTE_SECONDS) if is_remote else None
    return workspace.root, settings, override, period, tuple(map(_stamp, files))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # Looking into a database leaves an empty log beside it for a moment.
    return (found.st_mtime_ns, found.st_size) if found.st_size else None
