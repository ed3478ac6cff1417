"""What services tell becomes entries of the log: addresses become keyed hashes, and no word of theirs is kept that
names anybody.
"""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from newsletter_cli.after.bounces.naming import public_words
from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.endpoint.entries import NewEntry
from newsletter_cli.after.endpoint.newsletters import Newsletters
from newsletter_cli.after.endpoint.services.told import Told
from newsletter_cli.base.endpoint_key import EndpointKey, KeyPart
from newsletter_cli.base.moments import timestamp

TOKEN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z2-7]{24}(?![A-Za-z0-9])")
# A Message-ID of ours has such a left side; another's is of no use to the laptop, and may name somebody.
OUR_MESSAGE_ID = re.compile(r"<?([a-z2-7]{24}@[a-z0-9.-]{1,253})>?")
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def entry_of(told: Told, service: str, newsletters: Newsletters, key: EndpointKey, now: datetime) -> NewEntry:
    """The entry of what a service told of this newsletter. What names nobody that can be looked up is doubtful."""
    part = key.parts[0]
    person = person_of(told.address, part)
    token, its_part = _token_in(told.raw, newsletters, key)
    found = OUR_MESSAGE_ID.fullmatch(told.message_id.lower())
    doubt = told.doubt or (None if person or token or found else Doubt.NOT_NAMED)
    identity = "\n".join((service, key.newsletter, told.kind, told.id, told.address.lower()))
    moment = timestamp(now)
    return NewEntry(
        at=min(told.at, moment) if told.at else moment,
        newsletter=key.newsletter,
        # One entry, one key: the hash is made with the newest, the token with that of its time.
        key=part.id if person else (its_part or part).id,
        kind=told.kind,
        token=token,
        person=person,
        message_id=found[1] if found else "",
        status=told.status if STATUS.fullmatch(told.status) else "",
        words=CONTROL.sub(" ", public_words(told.words, told.address)),
        doubt=doubt or "",
        source=service,
        reference=sha256(identity.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def person_of(address: str, part: KeyPart) -> str:
    """The keyed hash of a normalised address; empty for what is no address."""
    from newsletter_cli.audience.address import AddressFault, parse_address

    try:
        return part.person_hash(parse_address(address.strip().strip("<>")).key)
    except AddressFault:
        return ""


def _token_in(raw: Any, newsletters: Newsletters, key: EndpointKey) -> tuple[str, KeyPart | None]:
    """The one token of this newsletter that an event holds (in its envelope, in a header that was kept)."""
    from msgspec.json import encode

    text = encode(raw).decode("utf-8", "replace")
    found: dict[str, KeyPart] = {}
    for token in {one.lower() for one in TOKEN.findall(text)}:
        whose = newsletters.of_token(token)
        if whose is not None and whose[0] is key:
            found[token] = whose[1]
    return next(iter(found.items())) if len(found) == 1 else ("", None)
