"""Microsoft 365 by Graph's `sendMail`: the message as it stands, in base64.

https://learn.microsoft.com/graph/api/user-sendmail and, for the statuses, https://learn.microsoft.com/graph/errors.
The recipient is whom the message's own To names; the envelope is written by Exchange. Each message lands in the
mailbox's Sent Items.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.https.answers import hear_status, parse_object, plain_words
from newsletter_cli.deliver.https.service import Heard, HttpAnswer, HttpRequest
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing

# A request may have 4 MB, and base64 makes four octets of three.
MOST_REQUEST_BYTES = 4_000_000
MOST_BYTES = MOST_REQUEST_BYTES * 3 // 4
# It will not be written from this mailbox for now, whoever it is to: its day's number is used up, or it is blocked.
SPENT = frozenset(
    {"errorexceededmessagelimit", "errormessagesubmissionblocked", "errorsubmissionquotaexceeded", "errorquotaexceeded"}
)


class Graph(Struct, frozen=True, kw_only=True):
    """The mailbox that writes: its address, or its id."""

    mailbox: str

    @property
    def most_bytes(self) -> int | None:
        """About 3 MB of message."""
        return MOST_BYTES

    @property
    def key_seconds(self) -> int:
        """It does not tell a repeated request from another one."""
        return 0

    def fault(self, message: Outgoing) -> str:
        """It takes every message as it stands."""
        return ""

    def submit(self, message: Outgoing, secret: str) -> HttpRequest:
        """The message in base64; whoever is to get it stands in its To."""
        headers = (*self._known_by(secret), ("Content-Type", "text/plain"))
        return HttpRequest(
            method="POST",
            path=f"{self._path}/sendMail",
            headers=headers,
            body=base64.b64encode(unstuff(message.data)),
        )

    def hear(self, answer: HttpAnswer) -> Heard:
        """Its words are in `error`: a code, and a sentence."""
        error = parse_object(answer).get("error")
        error = error if isinstance(error, dict) else {}
        code, words = str(error.get("code", "")), str(error.get("message", ""))
        heard = hear_status(answer, f"{code}: {words}" if code else plain_words(answer))
        if code.lower() in SPENT and heard.kind is not Happened.SENT:
            hint = _(
                "the mailbox may send no more for now: run the same command again tomorrow, or ask its administrator"
            )
            return heard._replace(kind=Happened.RETURNED, fatal=hint)
        if answer.status == 403:
            hint = _("the application needs the right Mail.Send for this mailbox: ask its administrator")
            return heard._replace(fatal=hint)
        return heard

    def probe(self, secret: str) -> HttpRequest:
        """A token that is not accepted is told so (401); whether it may read the mailbox does not matter."""
        return HttpRequest(method="GET", path=f"{self._path}?$select=id", headers=self._known_by(secret))

    @property
    def _path(self) -> str:
        return f"/v1.0/users/{quote(self.mailbox, safe='@')}"

    def _known_by(self, secret: str) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Bearer {secret}"), ("Accept", "application/json"))
