"""The ledger's tables, and how an older ledger becomes a newer one.

Each migration is the text of one transaction; `user_version` counts those that were applied. A migration that has
been released is never changed: a new one is added.
"""

from __future__ import annotations

# `delivery.address` is empty where it is the key itself; `due` and `at` are seconds since 1970, UTC; `due` is 0 for a
# delivery that nobody has put off. AUTOINCREMENT: an id names a person in a link, and must never name another.
FIRST = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A freeze: who was chosen, and the message as it was then.
CREATE TABLE wave(
  id INTEGER PRIMARY KEY, issue INTEGER NOT NULL, frozen_at TEXT NOT NULL, segment TEXT NOT NULL,
  list_name TEXT NOT NULL, content_hash TEXT NOT NULL, template BLOB NOT NULL, subject TEXT NOT NULL,
  candidates INTEGER NOT NULL, known INTEGER NOT NULL, accepted TEXT NOT NULL, send_by TEXT NOT NULL,
  paces TEXT NOT NULL);
CREATE TABLE exclusion_count(
  wave INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (wave, reason)) WITHOUT ROWID;
CREATE TABLE exclusion(wave INTEGER NOT NULL, row INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX exclusion_of_wave ON exclusion(wave);

CREATE TABLE delivery(
  id INTEGER PRIMARY KEY AUTOINCREMENT, issue INTEGER NOT NULL, wave INTEGER NOT NULL,
  key TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL, pace TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending', tries INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL DEFAULT 0, code INTEGER NOT NULL DEFAULT 0, reply TEXT NOT NULL DEFAULT '',
  settled INTEGER NOT NULL DEFAULT 0);
-- At most once: nobody stands twice in an issue.
CREATE UNIQUE INDEX delivery_once ON delivery(issue, key);
-- What can be claimed, and nothing else: a delivery leaves this index when it is claimed and stays out once it is sent.
CREATE INDEX delivery_ready ON delivery(issue, pace, due) WHERE state IN ('pending', 'deferred');
-- The few that want a look, so that counting a million does not read a million.
CREATE INDEX delivery_open ON delivery(issue, state) WHERE state <> 'sent';

CREATE TABLE run(
  id INTEGER PRIMARY KEY, issue INTEGER NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, transport TEXT NOT NULL,
  started_at TEXT NOT NULL, ended_at TEXT NOT NULL DEFAULT '', ending TEXT NOT NULL DEFAULT '');
"""

# Who has still to be written to; as `delivery_ready` has it.
READY = "state IN ('pending', 'deferred')"
# Has to stand in a query for SQLite to use `delivery_open`, even where another condition says as much.
OPEN = "state <> 'sent'"
# What the key of a delivery begins with whose person was erased: no normalised address, it has no @.
ERASED = "erased:"

# What the Maildir transport answers begins with this.
INTO_FOLDER = "nl: delivered to "
# Sent into a folder of this machine, by a Maildir transport: no mailbox has it.
REHEARSED = f"state = 'sent' AND code = 250 AND reply LIKE '{INTO_FOLDER}%'"

# What is noted of whoever left the list while their message waited.
GONE_NOTE = "nl: they left the list since the send began"
LEFT_WAITING = f"delivery.state = 'refused' AND delivery.settled = 1 AND delivery.reply = '{GONE_NOTE}'"

# Who approved what was frozen, as JSON; empty where nobody did.
APPROVED = "ALTER TABLE wave ADD COLUMN approved TEXT NOT NULL DEFAULT '';"

# Who may attempt what they claimed: `id` grows with each lease, so that an older one is never taken for a newer;
# `until` is in milliseconds since 1970, by the database's own clock. A ledger in a file has one sender, and no leases.
LEASES = """
CREATE TABLE lease(
  id INTEGER PRIMARY KEY AUTOINCREMENT, issue INTEGER NOT NULL, owner TEXT NOT NULL, is_worker INTEGER NOT NULL,
  began_at TEXT NOT NULL, until INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0, sent INTEGER NOT NULL DEFAULT 0,
  connections INTEGER NOT NULL DEFAULT 0);
ALTER TABLE delivery ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
"""

# Services that tell a repeated request by its key: until when (seconds since 1970) the request of a delivery may be
# made again, reckoned from before the first one, and the `way` that it has to take. 0 where no request is open.
REPEATS = """
ALTER TABLE delivery ADD COLUMN repeat_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN way TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_repeat ON delivery(issue) WHERE repeat_until > 0;
"""

MIGRATIONS: tuple[str, ...] = (FIRST, APPROVED, LEASES, REPEATS)
