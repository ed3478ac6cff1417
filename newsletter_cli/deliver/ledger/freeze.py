"""The freeze: who gets this issue and what they get, fixed in one transaction before anything is sent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from msgspec import Struct, field

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.ledger.reading import known_people
from newsletter_cli.deliver.ledger.schema import LEFT_WAITING, OPEN
from newsletter_cli.deliver.ledger.transactions import NAME, Database, transaction
from newsletter_cli.model.subscriber import Exclusion, Reason, Recipient

# So many rows are handed to SQLite at once: memory stays flat, whatever the list's length.
ROWS_AT_ONCE = 5_000
# More recipients than these without a message are counted, not told.
MOST_FAULTS_TOLD = 20


class FreezeFacts(Struct, frozen=True, kw_only=True):
    """What a freeze records besides people and message. `frozen_at`, `send_by` (may be empty) are ISO 8601, UTC.

    `is_afresh`: whoever waits from an earlier freeze, and was never tried, is chosen anew.
    """

    issue: int
    frozen_at: str
    send_by: str
    segment: str
    list_name: str
    accepted: tuple[str, ...] = ()
    paces: str = ""
    is_afresh: bool = False


class FrozenMessage(Struct, frozen=True, kw_only=True):
    """What everybody gets: the template as octets, the hash of its content, the subject as shown to the editor; who
    approved it, as JSON, or nothing.
    """

    template: bytes
    content_hash: str
    subject: str
    approved: str = ""


class MessageFault(Struct, frozen=True, kw_only=True):
    """Why no message can be made for the recipient in that row of the list. `part` is what of the message it is about:
    empty for the address and the name, else the personal part. The reason holds nothing personal.
    """

    part: str
    row: int
    reason: str


class FreezeFaults(Struct, kw_only=True):
    """Recipients for whom no message can be made: how many by part, and the first few of each."""

    counts: Counter[str] = field(default_factory=Counter)
    told: list[MessageFault] = field(default_factory=list)

    def note(self, fault: MessageFault) -> None:
        """One more."""
        self.counts[fault.part] += 1
        if self.counts[fault.part] <= MOST_FAULTS_TOLD:
            self.told.append(fault)


class Frozen(Struct, kw_only=True):
    """What a freeze did. `known` stood in an earlier freeze of the same issue; `chosen` are those chosen now, whether
    known already or not.
    """

    freeze_id: int = 0
    recipients: int = 0
    known: int = 0
    chosen: int = 0
    excluded: Counter[Reason] = field(default_factory=Counter)
    faults: FreezeFaults = field(default_factory=FreezeFaults)

    @property
    def candidates(self) -> int:
        """Everybody a decision was made about."""
        return self.recipients + self.known + self.excluded.total()


def freeze(
    connection: Database,
    facts: FreezeFacts,
    decisions: Iterable[Recipient | Exclusion],
    *,
    pace_of: Callable[[str], str],
    fields_of: Callable[[Recipient], Mapping[str, str]] | None,
    expected_candidates: Callable[[], int],
    message: Callable[[], FrozenMessage],
    fault_of: Callable[[Recipient], MessageFault | None] = lambda one: None,
    confirm: Callable[[Frozen], None] = lambda frozen: None,
) -> Frozen:
    """Record one delivery per recipient, one exclusion per candidate who gets nothing, and the message.

    All in one transaction. `pace_of` a domain names its pacing rule; `fields_of` are the personal fields that the
    message holds (`None`: none); `fault_of` tells why there can be no message for a recipient; `expected_candidates` is
    the source's own count, asked at the end. `confirm` is called before anything is recorded for good: what it raises
    undoes it. Raises `LedgerError` where the sum does not come out: then nothing was recorded.
    """
    frozen = Frozen()
    with transaction(connection):
        if facts.is_afresh:
            _drop_untried(connection, facts.issue)
        frozen.freeze_id = _insert_freeze(connection, facts)
        _insert_people(connection, facts, frozen, decisions, pace_of, fields_of, fault_of)
        if frozen.candidates != expected_candidates():
            raise LedgerError(
                _("the list has {candidates} candidates, but {decided} decisions were recorded").format(
                    candidates=expected_candidates(), decided=frozen.candidates
                ),
                file=NAME,
                hint=_("nothing was sent; this is a fault of nl: please report it"),
            )
        fixed = message()
        connection.execute(
            "UPDATE wave SET candidates = ?, known = ?, template = ?, content_hash = ?, subject = ?, approved = ?"
            " WHERE id = ?",
            (
                frozen.candidates,
                frozen.known,
                fixed.template,
                fixed.content_hash,
                fixed.subject,
                fixed.approved,
                frozen.freeze_id,
            ),
        )
        connection.executemany(
            "INSERT INTO exclusion_count VALUES (?, ?, ?)",
            [(frozen.freeze_id, str(reason), count) for reason, count in frozen.excluded.items()],
        )
        confirm(frozen)
        reach("before-freeze-commit")
    reach("after-freeze")
    return frozen


def _drop_untried(connection: Database, issue: int) -> None:
    # Of these, nothing has ever left: they are chosen again, or no more, as the list is now.
    connection.execute(f"DELETE FROM delivery WHERE issue = ? AND state = 'pending' AND tries = 0 AND {OPEN}", (issue,))
    # Nor does anything tell of a freeze that nothing came of.
    connection.execute(
        "DELETE FROM wave WHERE issue = ? AND id NOT IN (SELECT wave FROM delivery WHERE issue = ?)", (issue, issue)
    )
    # SQLite gives the number of the last freeze to the next one: what was left out of the one is not left out of the
    # other. Of every issue, since a ledger may still hold what was left behind before.
    for table in ("exclusion", "exclusion_count"):
        connection.execute(f"DELETE FROM {table} WHERE wave NOT IN (SELECT id FROM wave)")


def _insert_freeze(connection: Database, facts: FreezeFacts) -> int:
    cursor = connection.execute(
        "INSERT INTO wave(issue, frozen_at, segment, list_name, content_hash, template, subject, candidates, known,"
        " accepted, send_by, paces) VALUES (?, ?, ?, ?, '', ?, '', 0, 0, ?, ?, ?) RETURNING id",
        (
            facts.issue,
            facts.frozen_at,
            facts.segment,
            facts.list_name,
            b"",
            " ".join(facts.accepted),
            facts.send_by,
            facts.paces,
        ),
    )
    return int(cursor.fetchone()[0])


Values = tuple[int, int, str, str, str, str, str]
# Who stands there already is left alone, and not locked either: others may be sending to them.
INSERT = """
INSERT INTO delivery(issue, wave, key, address, name, fields, pace) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(issue, key) DO NOTHING
"""
# Whoever left while the issue waited, and is on the list again: nothing ever reached them, and now they may have it.
COME_BACK = f"""
UPDATE delivery SET wave = ?, address = ?, name = ?, fields = ?, pace = ?, state = 'pending', settled = 0, code = 0,
  reply = '', due = 0
WHERE issue = ? AND key = ? AND {LEFT_WAITING}
"""


def _insert_people(
    connection: Database,
    facts: FreezeFacts,
    frozen: Frozen,
    decisions: Iterable[Recipient | Exclusion],
    pace_of: Callable[[str], str],
    fields_of: Callable[[Recipient], Mapping[str, str]] | None,
    fault_of: Callable[[Recipient], MessageFault | None],
) -> None:
    excluded: list[Exclusion] = []
    is_known = known_people(connection, facts.issue)

    def rows() -> Iterator[Values]:
        issue, freeze_id = facts.issue, frozen.freeze_id
        for one in decisions:
            if isinstance(one, Exclusion):
                if is_known is not None and is_known(one.key):
                    frozen.known += 1
                    continue
                frozen.excluded[one.reason] += 1
                # That somebody is not in the group is no news of them.
                if one.reason is not Reason.NOT_IN_GROUP:
                    excluded.append(one)
                    if len(excluded) >= ROWS_AT_ONCE:
                        _insert_exclusions(connection, freeze_id, excluded)
                continue
            fault = fault_of(one)
            if fault is not None and not (is_known is not None and is_known(one.key)):
                frozen.faults.note(fault)
            key, address, name, _groups, _attributes, _row = one
            fields = ""
            if fields_of is not None and (found := fields_of(one)):
                fields = json.dumps(found, ensure_ascii=False)
            pace = pace_of(key[key.rfind("@") + 1 :])
            yield (issue, freeze_id, key, "" if address == key else address, name, fields, pace)

    # None of these are there in a first freeze.
    question = f"SELECT key FROM delivery WHERE issue = ? AND {LEFT_WAITING}"
    left = set() if is_known is None else {key for (key,) in connection.execute(question, (facts.issue,)).fetchall()}
    stream = rows()
    while chunk := list(islice(stream, ROWS_AT_ONCE)):
        new = max(0, connection.executemany(INSERT, chunk).rowcount)
        back = [(freeze_id, *more, issue, key) for issue, freeze_id, key, *more in chunk if key in left]
        if back:
            new += connection.executemany(COME_BACK, back).rowcount
        frozen.recipients += new
        frozen.known += len(chunk) - new
        frozen.chosen += len(chunk)
        _insert_exclusions(connection, frozen.freeze_id, excluded)
    _insert_exclusions(connection, frozen.freeze_id, excluded)


def _insert_exclusions(connection: Database, freeze_id: int, excluded: list[Exclusion]) -> None:
    connection.executemany(
        "INSERT INTO exclusion VALUES (?, ?, ?, ?)",
        [(freeze_id, one.row, str(one.reason), one.detail) for one in excluded],
    )
    excluded.clear()
