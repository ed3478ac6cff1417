"""What a list is to know over the years, said once more and plainly: what `test_list_years` compares `nl` with.

It knows no database, no file and no batch: people, what was said of them, and what counts of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# From the lightest to the heaviest.
STATUSES = ("unconfirmed", "confirmed", "bounced", "unsubscribed", "complained")
REASONS = ("imported", "bounced", "unsubscribed", "complained", "erased")
GONE = ("bounced", "unsubscribed", "complained")
LEFT_DAYS = 365
UNCONFIRMED_DAYS = 90


@dataclass
class Member:
    """Somebody on the managed list."""

    status: str
    groups: set[str]
    how: str
    changed_at: str
    left_at: str = ""


@dataclass(frozen=True)
class FileRow:
    """A row of a file; `status` is empty where nothing is said."""

    address: str
    status: str = ""
    group: str = ""


@dataclass
class Issue:
    """Who is to get an issue, and how far that is: pending, sent, left, skipped or in doubt."""

    parts: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)

    def those(self, state: str) -> set[str]:
        return {address for address, one in self.states.items() if one == state}


class ListModel:
    """All that is known. Each command gives whether it is to be obeyed; `now` is set from outside."""

    def __init__(self) -> None:
        self.now = ""
        self.source = "managed"
        self.members: dict[str, Member] = {}
        self.suppressed: dict[str, tuple[str, str]] = {}
        self.consents: dict[str, list[str]] = {}
        self.file: list[FileRow] = []
        self.issues: dict[int, Issue] = {}

    def knows(self, address: str) -> bool:
        return (
            address in self.members
            or address in self.suppressed
            or bool(self.consents.get(address))
            or any(address in issue.states for issue in self.issues.values())
            or any(row.address == address for row in self.file)
        )

    def has_left(self, address: str) -> bool:
        member = self.members.get(address)
        return address in self.suppressed or (member is not None and member.status in GONE)

    def erased(self) -> set[str]:
        """Of whom nothing may be left: nothing was said of them since."""
        return {
            address
            for address, (reason, _since) in self.suppressed.items()
            if reason == "erased" and address not in self.members
        }

    # Joining and leaving

    def add(self, address: str, *, how: str, group: str, is_confirmed: bool) -> bool:
        if self.source == "csv":
            if group or not is_confirmed or not how or not self.has_left(address):
                return False
            known = self.members.get(address)
            if known is not None and known.status in GONE:
                known.status, known.how, known.changed_at, known.left_at = "confirmed", how, self.now, ""
            self._readmit(address)
            return True
        known = self.members.get(address)
        if self.has_left(address) and not how:
            return False
        if known is not None and known.status == "confirmed" and not is_confirmed:
            return False
        if self.has_left(address):
            self._readmit(address)
        member = known or Member("", set(), "", self.now)
        member.status = "confirmed" if is_confirmed else "unconfirmed"
        member.groups |= {group} - {""}
        member.how, member.changed_at, member.left_at = how or member.how, self.now, ""
        self.members[address] = member
        return True

    def change_group(self, address: str, group: str, *, is_in: bool) -> bool:
        member = self.members.get(address)
        if self.source == "csv" or member is None:
            return False
        member.groups = member.groups | {group} if is_in else member.groups - {group}
        member.changed_at = self.now
        return True

    def leave(self, address: str, *, status: str = "unsubscribed") -> None:
        """Somebody who is known is off for good."""
        self._suppress(address, status)
        member = self.members.get(address)
        if member is not None and STATUSES.index(status) > STATUSES.index(member.status):
            member.status, member.changed_at, member.left_at = status, self.now, member.left_at or self.now

    def forget(self, address: str) -> None:
        self.members.pop(address, None)
        self.consents.pop(address, None)
        self._suppress(address, "erased")
        for issue in self.issues.values():
            issue.states.pop(address, None)

    def purge(self, *, left_before: str, unconfirmed_before: str) -> None:
        for address, member in list(self.members.items()):
            has_left = member.status in GONE and member.left_at < left_before
            if has_left or (member.status == "unconfirmed" and member.changed_at < unconfirmed_before):
                del self.members[address]

    # Files

    def take_in(self, rows: Sequence[FileRow], *, how: str = "", group: str = "") -> None:
        before = set(self.suppressed)
        for row in rows:
            if row.address not in before:
                self._merge(row, how=how, group=group)
        for row in rows:
            if row.status in GONE:
                self.leave(row.address, status=row.status)

    def _merge(self, row: FileRow, *, how: str, group: str) -> None:
        groups = {row.group, group} - {""}
        known = self.members.get(row.address)
        if known is None:
            left_at = self.now if row.status in GONE else ""
            self.members[row.address] = Member(row.status or "confirmed", groups, how, self.now, left_at)
            return
        status = max(known.status, row.status or known.status, key=STATUSES.index)
        if (status, groups <= known.groups, bool(known.how or not how)) != (known.status, True, True):
            known.changed_at = self.now
        if status in GONE and not known.left_at:
            known.left_at = self.now
        known.status, known.groups, known.how = status, known.groups | groups, known.how or how

    def synchronise(self, rows: Iterable[FileRow]) -> set[str]:
        """Whoever is not in the file is off: who that was."""
        named = {row.address for row in rows}
        missing = {one for one, member in self.members.items() if member.status not in GONE and one not in named}
        for address in missing:
            self.leave(address)
        return missing

    def suppress_again(self, people: Iterable[tuple[str, str, str]], *, has_since: bool) -> None:
        """An exported suppression list comes back: a newer consent counts for more, where the file tells when."""
        for address, reason, since in people:
            if not has_since or all(at < since for at in self.consents.get(address, ())):
                self._suppress(address, reason, since=since if has_since else self.now)

    def suppress_rows(self, rows: Iterable[FileRow], *, is_telling: bool) -> None:
        for row in rows:
            if not is_telling:
                self._suppress(row.address, "imported")
            elif row.status in GONE:
                self._suppress(row.address, row.status)

    def _suppress(self, address: str, reason: str, *, since: str = "") -> None:
        since = since or self.now
        known = self.suppressed.get(address)
        if known is None or REASONS.index(reason) > REASONS.index(known[0]):
            self.suppressed[address] = (reason, known[1] if known and reason != "erased" else since)

    def _readmit(self, address: str) -> None:
        self.suppressed.pop(address, None)
        self.consents.setdefault(address, []).append(self.now)

    # Sends

    def decisions(self, part: str = "") -> dict[str, str]:
        """Everybody of the list that counts: why they are not written to, or nothing."""
        return {address: self._reason(address, *what, part) for address, what in self._stand().items()}

    def recipients(self, part: str = "") -> set[str]:
        return {address for address, reason in self.decisions(part).items() if not reason}

    def _stand(self) -> dict[str, tuple[str, set[str]]]:
        """Status and groups of everybody; of two rows, one that says that somebody left, else the first that counts."""
        if self.source == "managed":
            return {address: (one.status, one.groups) for address, one in self.members.items()}
        return {row.address: (row.status or "confirmed", {row.group} - {""}) for row in self.file}

    def _reason(self, address: str, status: str, groups: set[str], part: str) -> str:
        if status in GONE:
            return status
        if address in self.suppressed:
            return "suppressed"
        if status == "unconfirmed":
            return status
        return "not-in-group" if part and part not in groups else ""

    def settle(self, number: int) -> None:
        """Whoever waits and has left by now does without."""
        gone = {row.address for row in self.file if row.status in GONE} if self.source == "csv" else set()
        issue = self.issues[number]
        for address in issue.those("pending"):
            if address in self.suppressed or address in gone:
                issue.states[address] = "left"

    def plan(self, number: int, *, part: str, has_newcomers: bool) -> bool:
        """Whether a send of it is to go ahead; then its pending ones are to be written to."""
        issue = self.issues.get(number, Issue())
        if issue.those("pending"):
            self.settle(number)
        waiting = issue.those("pending")
        is_other = bool(issue.parts) and issue.parts[-1] != part
        if issue.parts and not has_newcomers and (not is_other or (waiting and not part)):
            return True
        if waiting and part and is_other:
            return False
        chosen = self.recipients(part)
        if not chosen:
            return False
        new = {one for one in chosen if issue.states.get(one, "left") == "left"}
        if new:
            issue.parts.append(part)
            issue.states |= dict.fromkeys(new, "pending")
            self.issues[number] = issue
        return True
