"""The last step of a message for a mail service: whether it can be carried, and the key that tells it apart."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from newsletter_cli.base.values import replace
from newsletter_cli.deliver.https.service import Service
from newsletter_cli.deliver.ledger.records import Claimed
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.model.delivery import Key, Outgoing


class Finish:
    """For the messages of one ledger, by its id. `clock` gives seconds since 1970.

    A delivery has one key for ever: its row in this ledger, as a UUID.
    """

    def __init__(self, service: Service, ledger_id: str, *, clock: Callable[[], float] = time.time):
        self._service, self._clock = service, clock
        self._ledger = uuid.uuid5(uuid.NAMESPACE_OID, f"nl ledger {ledger_id}")

    def __call__(self, row: Claimed, message: Outgoing) -> Outgoing:
        """The message as it is handed over. Raises `Unbuildable`."""
        fault = self._service.fault(message)
        if fault:
            raise Unbuildable(fault)
        return replace(message, key=self._key(row)) if self._service.key_seconds else message

    def _key(self, row: Claimed) -> Key:
        # Reckoned from before the first attempt is on record, which is before anything is posted.
        seconds = self._service.key_seconds
        until = row.repeat_until or self._clock() + seconds
        is_repeat = row.repeat_until > 0
        return Key(
            value=str(uuid.uuid5(self._ledger, str(row.id))),
            since=until - seconds,
            until=until,
            is_repeat=is_repeat,
            is_proof=is_repeat and not row.has_failed,
        )
