"""La Suite Messages, the French State's mail: the message as it stands (https://github.com/suitenumerique/messages).

It signs each message (DKIM), and writes the mailbox's own address on the envelope: a token of ours does not travel
there, but in the message's headers, which bounces bring back.
"""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.https.answers import hear_status, parse_object, plain_words
from newsletter_cli.deliver.https.service import Heard, HttpAnswer, HttpRequest
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import Outgoing

PATH = "/api/v1.0/submit/"
# It answers so once it has undone what it had begun: too much at once, or a recipient that it cannot write to.
UNDONE = ("failed to prepare message", "failed to create message")


class LaSuite(Struct, frozen=True, kw_only=True):
    """A mailbox there (its UUID), and the channel (its UUID) whose key is used."""

    mailbox: str
    channel: str

    @property
    def most_bytes(self) -> int | None:
        """Each instance sets its own limit, and tells it to nobody before."""
        return None

    @property
    def key_seconds(self) -> int:
        """It does not tell a repeated request from another one."""
        return 0

    def fault(self, message: Outgoing) -> str:
        """It takes every message as it stands."""
        return ""

    def submit(self, message: Outgoing, secret: str) -> HttpRequest:
        """The message as it stands, its recipient in a header."""
        headers = (
            *self._known_by(secret),
            ("Content-Type", "message/rfc822"),
            ("X-Mail-From", self.mailbox),
            ("X-Rcpt-To", message.recipient),
        )
        return HttpRequest(method="POST", path=PATH, headers=headers, body=unstuff(message.data))

    def hear(self, answer: HttpAnswer) -> Heard:
        """Its words are in `detail`."""
        detail = parse_object(answer).get("detail")
        words = detail if isinstance(detail, str) else plain_words(answer) if answer.status >= 300 else "accepted"
        heard = hear_status(answer, words)
        if answer.status == 500 and words.lower().startswith(UNDONE):
            return heard._replace(kind=Happened.DEFERRED)
        if answer.status == 403:
            return heard._replace(fatal=_("sender.address has to be the mailbox’s own, and the key may send from it"))
        return heard

    def probe(self, secret: str) -> HttpRequest:
        """Who asks is looked at before what is asked: a known key is told that nothing can be fetched here (405)."""
        return HttpRequest(method="GET", path=PATH, headers=self._known_by(secret))

    def _known_by(self, secret: str) -> tuple[tuple[str, str], ...]:
        return (("X-Channel-Id", self.channel), ("X-API-Key", secret), ("Accept", "application/json"))
