"""What an answer says by HTTP itself (RFC 9110), whichever service it comes from."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.deliver.https.service import Heard, HttpAnswer
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Reply

ACCEPTED = 202
# Where a service that has too much to do does not say how long.
REST_SECONDS = {429: 60.0, 503: 30.0}
# It is the key, the mailbox or the address of the service that is wrong: the next message would fare no better.
ABOUT_ALL = frozenset({401, 403, 404, 405, 406, 407, 410, 411, 415, 421, 426, 451})
MOST_WORDS = 300
MARKUP = re.compile(r"<[^>]*>")


def hear_status(answer: HttpAnswer, words: str) -> Heard:
    """What the status says; `words` are the service's own, empty where it has none."""
    status = answer.status
    reply = Reply(status, one_line(words or answer.reason or _("an answer without words")))
    if status == ACCEPTED:
        return Heard(kind=Happened.SENT, reply=reply)
    if status in REST_SECONDS:
        return Heard(
            kind=Happened.DEFERRED, reply=reply, rest_seconds=retry_after_seconds(answer) or REST_SECONDS[status]
        )
    if 300 <= status < 400:
        moved = _("the service has moved, or this is not its address: look at send.transport")
        return Heard(kind=Happened.RETURNED, reply=reply, fatal=moved)
    if status in ABOUT_ALL:
        hint = _("look at send.transport and [send.service], and at what the key may do")
        return Heard(kind=Happened.RETURNED, reply=reply, fatal=hint, is_secret_refused=status == 401)
    if 400 <= status < 500:
        return Heard(kind=Happened.REFUSED, reply=reply)
    # Whether it was taken before something failed behind it, nobody tells.
    stranger = _("it does not answer as this service does: look at send.transport") if status < 300 else None
    return Heard(kind=Happened.IN_DOUBT, reply=reply, fatal=stranger)


def retry_after_seconds(answer: HttpAnswer) -> float:
    """How long the service asks to wait (RFC 9110 §10.2.3), from now; 0 where it does not, or not so that it is
    understood.
    """
    text = answer.headers.get("retry-after", "").strip()
    if text.isdigit() and len(text) < 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def parse_object(answer: HttpAnswer) -> dict[str, Any]:
    """The JSON object in an answer; empty where there is none."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def plain_words(answer: HttpAnswer) -> str:
    """What an answer in text or HTML says, without its marks."""
    text = answer.body.decode("utf-8", "replace")
    return one_line(MARKUP.sub(" ", text)) if "\0" not in text else ""


def one_line(text: str) -> str:
    """Words of a service as they are kept: a line of some length, without anybody's address."""
    return without_addresses(" ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_WORDS])
