"""What became of an address: a value, whatever it is. An exception is a failure to run, never a bad link."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from newsletter_cli.base.i18n import _


class LinkStatus(StrEnum):
    """How an address does.

    `redirected`: for good (every step 301 or 308), to something that works. `unverifiable`: the site does not talk to
    programs, or not to strangers. `unchecked`: nobody was asked.
    """

    OK = "ok"
    REDIRECTED = "redirected"
    BROKEN = "broken"
    UNVERIFIABLE = "unverifiable"
    TIMEOUT = "timeout"
    UNCHECKED = "unchecked"


class Cause(StrEnum):
    """Why an address has its status, where that is not plain from the status itself."""

    NONE = "none"
    NOT_FOUND = "not-found"
    GONE = "gone"
    TOO_LONG = "too-long"
    SERVER = "server"
    NO_SUCH_HOST = "no-such-host"
    LOOKUP_FAILED = "lookup-failed"
    TLS = "tls"
    REFUSED = "refused"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    LOOP = "loop"
    NOT_AN_ADDRESS = "not-an-address"
    SIGN_IN = "sign-in"
    ROBOTS = "robots"
    LIMITED = "limited"
    ODD_ANSWER = "odd-answer"
    SLOW = "slow"
    EXCLUDED = "excluded"
    RESERVED = "reserved"
    PRIVATE = "private"
    NO_NETWORK = "no-network"
    OFFLINE = "offline"
    NOT_RUN = "not-run"


# What readers will find, too, whoever asks and whenever: only this is an error. The rest of what is broken may pass.
CERTAIN = frozenset((Cause.NOT_FOUND, Cause.GONE, Cause.TOO_LONG, Cause.NO_SUCH_HOST, Cause.TLS, Cause.NOT_AN_ADDRESS))


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one address.

    `code` is the last HTTP status, where there was one. `new_address` is where a permanent redirect ends, fragment
    included. `is_fragment_missing`: the page is there, the place in it that `#…` names is not. `has_https`: of an
    `http://` address, whether the same address with `https://` works. `checked_at` is aware.
    """

    status: LinkStatus
    cause: Cause = Cause.NONE
    code: int | None = None
    new_address: str | None = None
    is_fragment_missing: bool = False
    has_https: bool = False
    checked_at: datetime | None = None

    @property
    def is_certain(self) -> bool:
        """Whether a broken link is broken for every reader, not just for now or for us."""
        return self.cause in CERTAIN

    @property
    def is_working(self) -> bool:
        """Whether a reader gets there."""
        return self.status in (LinkStatus.OK, LinkStatus.REDIRECTED)

    @property
    def is_absent(self) -> bool:
        """Whether whoever opens it now finds nothing there; not where the way to it may have failed."""
        return self.status is LinkStatus.BROKEN and self.cause not in (Cause.LOOKUP_FAILED, Cause.UNREACHABLE)

    @property
    def reason(self) -> str:
        """Why, in plain words and the editor's language; empty for what works."""
        return _reason(self.cause).format(code=self.code)


def _reason(cause: Cause) -> str:  # noqa: PLR0911, PLR0912 - a table whose texts gettext has to find
    match cause:
        case Cause.NOT_FOUND:
            return _("the site has no such page ({code})")
        case Cause.GONE:
            return _("the page was removed for good ({code})")
        case Cause.TOO_LONG:
            return _("the address is too long for the site ({code})")
        case Cause.SERVER:
            return _("the site itself has a fault just now ({code})")
        case Cause.NO_SUCH_HOST:
            return _("there is no site of that name")
        case Cause.LOOKUP_FAILED:
            return _("the name of the site could not be looked up just now")
        case Cause.TLS:
            return _("the site’s certificate is not valid: browsers warn and stop")
        case Cause.REFUSED:
            return _("the site takes no connection just now")
        case Cause.CLOSED:
            return _("the site hung up without an answer")
        case Cause.UNREACHABLE:
            return _("the site could not be reached")
        case Cause.LOOP:
            return _("the site sends visitors round in a circle ({code})")
        case Cause.NOT_AN_ADDRESS:
            return _("this is no address that a browser understands")
        case Cause.SIGN_IN:
            return _("the page wants visitors to sign in ({code})")
        case Cause.ROBOTS:
            return _("the site does not answer programs")
        case Cause.LIMITED:
            return _("the site asks to come back later ({code})")
        case Cause.ODD_ANSWER:
            return _("the site gives an answer that says little ({code})")
        case Cause.SLOW:
            return _("the site did not answer in time")
        case Cause.EXCLUDED:
            return _("left out, as newsletter.toml says")
        case Cause.RESERVED:
            return _("a name kept for examples, where nobody lives")
        case Cause.PRIVATE:
            return _("an address of the local network")
        case Cause.NO_NETWORK:
            return _("no network")
        case Cause.OFFLINE:
            return _("not asked for")
        case Cause.NOT_RUN:
            return _("the link checker did not run")
        case Cause.NONE:
            return ""
