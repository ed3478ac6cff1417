"""From tokens to the one person they lead to."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from newsletter_cli.after.bounces.addresses import is_same
from newsletter_cli.after.bounces.verdict import Addressee, Doubt, Find, Verdict
from newsletter_cli.model.feedback import FeedbackKind


class Link(Struct, frozen=True, kw_only=True):
    """Whom the tokens of a message lead to, if to one person; `doubt` says why to nobody."""

    token: str = ""
    addressee: Addressee | None = None
    doubt: Doubt | None = Doubt.NO_TOKEN

    @property
    def address(self) -> str:
        """Empty where they lead to nobody."""
        return self.addressee.address if self.addressee else ""

    def verdict(self, kind: FeedbackKind, *, doubt: Doubt | None, candidate: str = "") -> Verdict:
        """A verdict about that person."""
        return Verdict(
            kind=kind,
            address=self.address,
            issue=self.addressee.issue if self.addressee else None,
            token=self.token,
            candidate=candidate,
            doubt=doubt,
        )


def link_of(tokens: Iterable[str], find: Find) -> Link:
    """Whom they lead to. Those that are none of ours count for nothing."""
    link = Link()
    for token in tokens:
        addressee = find(token)
        if addressee is None:
            continue
        if link.addressee is None:
            link = Link(token=token, addressee=addressee, doubt=None)
        elif not is_same(addressee.address, link.address):
            return Link(doubt=Doubt.SEVERAL_TOKENS)
    return link
