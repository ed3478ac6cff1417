"""Asking the DNS, and knowing what it did not answer: a name that is not there is an answer, silence is none."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.exception
import dns.inet
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.reversename
from checkdmarc import utils as checkdmarc_utils  # type: ignore[import-untyped]
from msgspec import Struct

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _

# One question may take so long, over all servers and tries.
LIFETIME_SECONDS = 5.0
TRY_SECONDS = 2.0
# After so many that nobody answered, and not one that somebody did, there is no network: nobody waits for the rest.
MOST_SILENCES = 2
DNS_PORT = 53


class Unanswered(Struct, frozen=True, kw_only=True):
    """A question that got no answer, and why."""

    name: str
    type: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} {self.type}: {self.reason}"


class Answer(Struct, frozen=True, kw_only=True):
    """`texts` are the records; none where there are none of that type. `exists`: the name is there at all; `None` where
    nobody answered, and `failure` says why.
    """

    texts: tuple[str, ...] = ()
    exists: bool | None
    failure: Unanswered | None = None


class Asker:
    """Asks the system's DNS servers, or the one that is named (`9.9.9.9`, `127.0.0.1:5353`, `[::1]:5353`).

    Raises `UsageError` for one that is no address.
    """

    def __init__(self, server: str | None = None, *, lifetime_seconds: float = LIFETIME_SECONDS) -> None:
        # checkdmarc keeps answers for half an hour, and would give those of another server.
        checkdmarc_utils.DNS_CACHE.clear()
        self._resolver = _Resolver(configure=False)
        self.unanswered = self._resolver.unanswered
        self._resolver.lifetime, self._resolver.timeout = lifetime_seconds, min(TRY_SECONDS, lifetime_seconds / 2)
        if server is not None:
            self._resolver.nameservers = [dns.nameserver.Do53Nameserver(*_parse_server(server))]
        else:
            try:
                self._resolver.nameservers = list(dns.resolver.Resolver().nameservers)
            except (dns.exception.DNSException, OSError):
                self._resolver.nameservers = []
        self._resolver.cache = dns.resolver.Cache()

    @property
    def for_checkdmarc(self) -> dict[str, Any]:
        """What every function of checkdmarc is given, so that it asks by the same way."""
        # It asks for texts of `exp=` by `nameservers` alone.
        return {"resolver": self._resolver, "nameservers": self._resolver.nameservers}

    @contextmanager
    def listening(self) -> Iterator[list[Unanswered]]:
        """What was asked inside and not answered, once it is over; filled in at the end."""
        missed: list[Unanswered] = []
        begin = len(self.unanswered)
        try:
            yield missed
        finally:
            missed += dict.fromkeys(self.unanswered[begin:])

    def ask(self, name: str, kind: str) -> Answer:
        """The records of that type."""
        begin = len(self.unanswered)
        try:
            found = self._resolver.resolve(name, kind)
        except dns.resolver.NXDOMAIN:
            return Answer(exists=False)
        except dns.resolver.NoAnswer:
            return Answer(exists=True)
        except (dns.exception.DNSException, OSError) as error:
            failure = self.unanswered[-1] if len(self.unanswered) > begin else _unanswered(name, kind, error)
            return Answer(exists=None, failure=failure)
        if kind == "TXT":
            texts = [b"".join(one.strings).decode("utf-8", "replace") for one in found]
        else:
            texts = [one.to_text() for one in found]
        return Answer(texts=tuple(texts), exists=True)

    def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host, IPv4 first; an address is its own. What was not answered is in `unanswered`."""
        if dns.inet.is_address(host):
            return (host,)
        return tuple(text for kind in ("A", "AAAA") for text in self.ask(host, kind).texts)

    def reverse(self, address: str) -> Answer:
        """The names of an address (PTR), without their last dot."""
        found = self.ask(dns.reversename.from_address(address).to_text(omit_final_dot=True), "PTR")
        return Answer(texts=tuple(one.rstrip(".") for one in found.texts), exists=found.exists, failure=found.failure)


class _Resolver(dns.resolver.Resolver):
    """Writes down what nobody answered, and does not go on asking a network that is not there."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.unanswered: list[Unanswered] = []
        self._has_answered = False
        self._silences = 0

    def resolve(self, qname: Any, rdtype: Any = "A", *args: Any, **named: Any) -> Any:
        """As the resolver does."""
        name, kind = str(qname).rstrip("."), dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))
        try:
            if not self._has_answered and self._silences >= MOST_SILENCES:
                raise dns.resolver.LifetimeTimeout(timeout=0.0, errors=[])  # type: ignore[no-untyped-call]
            named["lifetime"] = self.lifetime
            found = super().resolve(qname, rdtype, *args, **named)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            self._has_answered = True
            raise
        except (dns.exception.DNSException, OSError) as error:
            self._silences += isinstance(error, dns.exception.Timeout | OSError)
            self.unanswered.append(_unanswered(name, kind, error))
            if isinstance(error, OSError):
                # checkdmarc does not expect one from a resolver.
                raise dns.resolver.NoNameservers(request=None, errors=[]) from error  # type: ignore[no-untyped-call]
            raise
        self._has_answered = True
        return found


def _unanswered(name: str, kind: str, error: Exception) -> Unanswered:
    return Unanswered(name=name, type=kind, reason=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, dns.resolver.NoNameservers):
        codes = {
            dns.rcode.to_text(one[4].rcode())
            for one in error.kwargs.get("errors", ())
            if len(one) > 4 and one[4] is not None
        }
        if codes:
            return _("the DNS server says {code}").format(code=", ".join(sorted(codes)))
        if not error.kwargs.get("errors"):
            return _("this machine knows of no DNS server")
        return _("no DNS server gave an answer that can be read")
    if isinstance(error, dns.exception.Timeout | OSError):
        return _("no DNS server answered")
    return _("it cannot be asked for ({kind})").format(kind=type(error).__name__)


def _parse_server(text: str) -> tuple[str, int]:
    host, port = text.strip(), str(DNS_PORT)
    if host.startswith("["):
        host, _bracket, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _colon, port = host.partition(":")
    try:
        number = int(port)
        address = str(ipaddress.ip_address(host))
    except ValueError:
        number = 0
    if not 0 < number < 65_536:
        raise UsageError(
            _("“{text}” is no address of a DNS server").format(text=text),
            hint=_("for instance --resolver 9.9.9.9, or --resolver 127.0.0.1:5353"),
        )
    return address, number
