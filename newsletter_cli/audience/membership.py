"""Joining and leaving, one person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from newsletter_cli.audience.address import Address, AddressFault, parse_cell
from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.moves import Moves, Unfinished
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import AddressNotMoved, ListError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.values import replace
from newsletter_cli.model.subscriber import GONE, Consent, Subscriber, SubscriberStatus


class Added(Struct, frozen=True, kw_only=True):
    """What became of an addition: the subscriber, and whether they are new or came back."""

    subscriber: Subscriber
    is_new: bool
    is_readmitted: bool

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return self.subscriber.as_dict()


def parse_one_address(text: str) -> tuple[Address, str]:
    """One address as typed on the command line, and the name beside it. Raises `UsageError`."""
    try:
        (written, *others) = parse_cell(text)
    except AddressFault as fault:
        raise UsageError(
            _("this is no e-mail address: {reason}").format(reason=fault), hint=_("for instance: lea@example.org")
        ) from None
    if others:
        raise UsageError(_("one address at a time, please"))
    return written.address, written.name


def add_subscriber(
    store: Store,
    address: Address,
    *,
    name: str,
    groups: tuple[str, ...],
    attributes: Mapping[str, str],
    consent_how: str,
    consent_at: str,
    is_confirmed: bool,
    now: datetime,
) -> Added:
    """Add somebody to the managed list, or complete what is known of them.

    Somebody who left, or is suppressed, comes back with a consent on record only: else `ListError`.
    """
    moment = timestamp(now)
    subscribers, suppression = ManagedList(store), Suppression(store)
    with store.transaction():
        known = subscribers.find(address.key)
        if Moves(store).current(address.key) != address.key:
            raise ListError(
                _("whoever had this address has another one by now"),
                hint=_("use that one; if they are back at this one: nl list move NEW OLD"),
            )
        suppressed = suppression.find(address.key)
        has_left = suppressed is not None or (known is not None and known.status in GONE)
        if has_left and not consent_how:
            reason = suppressed.reason if suppressed else str(known.status) if known else ""
            raise ListError(
                _("they must not be written to ({reason})").format(reason=reason),
                hint=_('if they agreed anew, say how: --consent "mail of 3 March"'),
            )
        consent = Consent(
            at=consent_at or (moment if consent_how else ""),
            how=consent_how,
            source="nl list add" if consent_how else "",
        )
        base = known or Subscriber(key=address.key, address=address.text, status=SubscriberStatus.UNCONFIRMED)
        # To be added by an editor is to be confirmed, unless they say otherwise.
        status = SubscriberStatus.CONFIRMED if is_confirmed else SubscriberStatus.UNCONFIRMED
        if known is not None and known.status is SubscriberStatus.CONFIRMED:
            if not is_confirmed:
                raise UsageError(
                    _("they have confirmed already: --unconfirmed would take that back"),
                    hint=_("leave --unconfirmed out, or take them off: nl list unsubscribe ADDR"),
                )
            status = known.status
        subscriber = replace(
            base,
            address=address.text,
            name=name or base.name,
            status=status,
            groups=tuple(dict.fromkeys((*base.groups, *groups))),
            attributes={**base.attributes, **attributes},
            consent=consent if consent_how else base.consent,
            changed_at=moment,
            created_at=base.created_at or moment,
        )
        subscribers.put(subscriber, now=moment)
        if has_left:
            suppression.readmit(address.key, consent_at=consent.at, consent_how=consent.how, now=moment)
    return Added(subscriber=subscriber, is_new=known is None, is_readmitted=has_left)


class Changes(Struct, frozen=True, kw_only=True):
    """What is to be changed of somebody on the list. An attribute that is given as empty is taken away."""

    name: str | None = None
    groups: tuple[str, ...] = ()
    not_groups: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def of(self, known: Subscriber, *, now: str) -> Subscriber:
        """The subscriber with these changes."""
        left = {name.casefold() for name in self.not_groups}
        groups = [group for group in dict.fromkeys((*known.groups, *self.groups)) if group.casefold() not in left]
        attributes = {name: value for name, value in {**known.attributes, **self.attributes}.items() if value}
        name = known.name if self.name is None else self.name
        return replace(known, name=name, groups=tuple(groups), attributes=attributes, changed_at=now)


def change_subscriber(store: Store, key: str, changes: Changes, *, now: datetime) -> Subscriber | None:
    """Change what is known of somebody on the managed list; consent and status stay. `None`: they are not on it."""
    moment = timestamp(now)
    subscribers = ManagedList(store)
    with store.transaction():
        known = subscribers.find(Moves(store).current(key))
        if known is None:
            return None
        changed = changes.of(known, now=moment)
        subscribers.put(changed, now=moment)
        return changed


def change_address(store: Store, old: str, new: Address, *, now: datetime) -> Subscriber:
    """Give whoever has the normalised address `old` another address; consent, status, groups and all else stay.

    The ledger of deliveries has to follow (`Moves.unfinished`). Raises `AddressNotMoved`.
    """
    moment = timestamp(now)
    subscribers, moves = ManagedList(store), Moves(store)
    with store.transaction():
        known = subscribers.find(old)
        if known is None:
            raise AddressNotMoved(
                _("nobody on the list has the first address; nothing was changed"), hint=_("look: nl list show")
            )
        _refuse_move(store, known, new)
        subscribers.set_address(old, new, now=moment)
        move = Unfinished(old=old, new=new.key, address=new.text)
        if new.key == old:
            moves.note_unfinished(move)
        else:
            moves.record(move, now=moment)
            FeedbackRecords(store).move_person(old, new.key)
        return replace(known, key=new.key, address=new.text, changed_at=moment)


def _refuse_move(store: Store, known: Subscriber, new: Address) -> None:
    suppression = Suppression(store)
    if known.address == new.text:
        raise AddressNotMoved(_("this is the address they have already"))
    if known.status in GONE or suppression.find(known.key) is not None:
        raise AddressNotMoved(
            _("they have left the list; nothing was changed"),
            hint=_('if they agreed anew: nl list add NEW --consent "mail of 3 March"'),
        )
    if new.key == known.key:
        return
    if ManagedList(store).find(new.key) is not None:
        raise AddressNotMoved(
            _("the second address is on the list already, as a person of its own; nothing was changed"),
            hint=_("if both are one person, take the first address off: nl list unsubscribe OLD"),
        )
    if suppression.find(new.key) is not None:
        raise AddressNotMoved(
            _("the second address must not be written to; nothing was changed"),
            hint=_('if they agreed anew: nl list add NEW --consent "mail of 3 March"'),
        )
    if Moves(store).current(new.key) not in {new.key, known.key}:
        raise AddressNotMoved(_("the second address was somebody else’s on this list; nothing was changed"))


def readmit(store: Store, address: Address, *, consent_how: str, consent_at: str, now: datetime) -> bool:
    """Have somebody back who had left, and whose row stands in a list that `nl` does not write.

    Their consent is kept; the managed list, which may know them as well, says the same. Whether they had left.
    """
    moment = timestamp(now)
    consent = Consent(at=consent_at or moment, how=consent_how, source="nl list add")
    subscribers, suppression = ManagedList(store), Suppression(store)
    with store.transaction():
        known = subscribers.find(Moves(store).current(address.key))
        has_left = known is not None and known.status in GONE
        if not has_left and suppression.find(address.key) is None:
            return False
        if known is not None and has_left:
            back = replace(known, status=SubscriberStatus.CONFIRMED, consent=consent, changed_at=moment)
            subscribers.put(back, now=moment)
        suppression.readmit(address.key, consent_at=consent.at, consent_how=consent.how, now=moment)
        return True


def unsubscribe(
    store: Store, keys: Iterable[str], *, now: datetime, status: SubscriberStatus = SubscriberStatus.UNSUBSCRIBED
) -> int:
    """Take people off for good: the managed list says so, and the suppression list holds for every other source.

    How many are newly suppressed. `status` is `bounced` or `complained` when that is why.
    """
    with store.transaction():
        return take_off(store, keys, now=timestamp(now), status=status)


def take_off(store: Store, keys: Iterable[str], *, now: str, status: SubscriberStatus) -> int:
    """As `unsubscribe`, inside the caller's transaction; `now` is ISO 8601, UTC."""
    wanted = list(dict.fromkeys(map(Moves(store).current, keys)))
    ManagedList(store).set_status(wanted, status, now=now)
    return Suppression(store).add(wanted, reason=str(status), now=now)
