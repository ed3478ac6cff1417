"""Who sends, as the configuration has it: the names that the DNS is asked about."""

from __future__ import annotations

from msgspec import Struct


class SigningKey(Struct, frozen=True, kw_only=True):
    """A key for signing (DKIM): where its public half stands. `public` is that half (DER), which stands there in Base64
    (`p=`), and `modulus` the number in it; both are empty where they are not known. `is_own`: `nl` signs with it.
    """

    selector: str
    domain: str
    public: bytes = b""
    modulus: bytes = b""
    is_own: bool = False

    @property
    def name(self) -> str:
        """The name in the DNS (RFC 6376, 3.6.2.1)."""
        return f"{self.selector}._domainkey.{self.domain}"


class Mailbox(Struct, frozen=True, kw_only=True):
    """A domain that mail must arrive at, and what kind of mail that is, in words."""

    domain: str
    receives: str


class SenderPlan(Struct, frozen=True, kw_only=True):
    """What is asked about; domains are in ASCII.

    `domain` is that of From; `envelope` that of the envelope sender, which SPF is about; `host` the mail server that
    messages are handed to, `None` for a folder and one on this machine; `signs`: `nl` signs.
    """

    domain: str
    envelope: str
    keys: tuple[SigningKey, ...] = ()
    mailboxes: tuple[Mailbox, ...] = ()
    complaints: str | None = None
    host: str | None = None

    @property
    def signs(self) -> bool:
        """Whether `nl` signs messages itself."""
        return any(key.is_own for key in self.keys)
