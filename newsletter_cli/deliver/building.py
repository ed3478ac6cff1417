"""A claimed delivery → the message that goes out for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.records import Claimed
from newsletter_cli.deliver.message.parts import TemplateFault
from newsletter_cli.deliver.message.person import Person, Unbuildable, make_person
from newsletter_cli.deliver.message.splicing import MessageTemplate, load_template
from newsletter_cli.model.delivery import Outgoing


class Signs(Protocol):
    """What signs messages (DKIM)."""

    def sign(self, data: bytes) -> bytes:
        """The message with its signature; both as they stand in DATA."""
        ...


Finish = Callable[[Claimed, Outgoing], Outgoing]


class RecipientLeft(Unbuildable):
    """Somebody who must not be written to any more: they left since the send began."""


class Builder:
    """Splices the message of each delivery from the one that was frozen with it.

    `is_suppressed` answers for a normalised address: somebody who leaves during a send is not written to. `finish`
    makes the message what a service can carry, or raises `Unbuildable`.
    """

    def __init__(
        self,
        templates: Mapping[int, MessageTemplate],
        tokens: Tokens,
        *,
        signer: Signs | None = None,
        is_suppressed: Callable[[str], bool] = lambda key: False,
        finish: Finish | None = None,
    ):
        self._templates, self._tokens = templates, tokens
        self._signer, self._is_suppressed, self._finish = signer, is_suppressed, finish

    def __call__(self, row: Claimed) -> Outgoing:
        """The message of a delivery, whole. Raises `Unbuildable`, and `RecipientLeft` where there must be none."""
        return self.build(row, self.person(row))

    def build(self, row: Claimed, person: Person) -> Outgoing:
        """The same for whoever knows the person already."""
        if row.is_erased or self._is_suppressed(row.key):
            raise RecipientLeft(_("they left the list since the send began"))
        spliced = self._templates[row.freeze_id].splice(person)
        data = spliced.data if self._signer is None else self._signer.sign(spliced.data)
        message = Outgoing(row=row.id, sender=spliced.sender, recipient=spliced.recipient, data=data)
        return message if self._finish is None else self._finish(row, message)

    def person(self, row: Claimed) -> Person:
        """Whom the message of a delivery is for."""
        domain = self._templates[row.freeze_id].message_id_domain
        return make_person(self._tokens, row.id, domain, address=row.address, name=row.name, values=row.fields)


class Templates(dict[int, MessageTemplate]):
    """The frozen messages by the number of their freeze, each loaded when it is first needed: somebody may be chosen
    while a send is under way. `first` are known at its beginning. Raises `LedgerError` for one that is damaged.
    """

    def __init__(self, first: Mapping[int, bytes], read: Callable[[int], bytes]):
        super().__init__(load_templates(first))
        self._read = read

    def __missing__(self, freeze_id: int) -> MessageTemplate:
        self.update(load_templates({freeze_id: self._read(freeze_id)}))
        return self[freeze_id]


def load_templates(dumped: Mapping[int, bytes]) -> dict[int, MessageTemplate]:
    """The frozen messages, by the number of their freeze. Raises `LedgerError` for one that is damaged."""
    try:
        return {freeze_id: load_template(octets) for freeze_id, octets in dumped.items()}
    except TemplateFault as fault:
        raise LedgerError(str(fault), file="state/ledger.db", hint=_("put the ledger back from a backup")) from None
