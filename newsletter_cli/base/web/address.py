"""Addresses as they go over the wire: one form for each, in ASCII."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from newsletter_cli.base.domains import ascii_domain
from newsletter_cli.base.pattern import Pattern

# What a browser drops or turns round before it reads an address (WHATWG URL, 4.4): read otherwise, the host that is
# looked at would not be the host that is asked.
DROPPED = Pattern(r"[\t\n\r]")
# What may stand in a path, a query or a fragment as it is (RFC 3986, 3.3-5), and `%` for what is escaped already.
SAFE = "!#$%&'()*+,/:;=?@[]~-._"
HIGHEST_PORT = 65535
# An address that is in its one form already, as nearly all are: a tenth of the work.
PLAIN = re.compile(
    r"(https?)://((?:[a-z0-9_-]+\.)+[a-z0-9_-]+)(?::([1-9]\d{0,3}))?"
    r"(/[\w/.~%!$&'()*+,;=:@-]*)(?:\?([\w/.~%!$&'()*+,;=:@?-]+))?(?:\#([\w/.~%!$&'()*+,;=:@?-]+))?",
    re.ASCII,
)


class WebAddress(Struct, frozen=True, kw_only=True):
    """An absolute `http` or `https` address; `host` is in lower-case ASCII, without the brackets of IPv6."""

    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str

    @property
    def netloc(self) -> str:
        """User, host and port, as they stand in the address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}{host}" + ("" if self.port is None else f":{self.port}")

    @property
    def url(self) -> str:
        """All of it."""
        return f"{self.page}#{self.fragment}" if self.fragment else self.page

    @property
    def page(self) -> str:
        """All of it but the fragment, which no server ever sees."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.netloc}{self.path}{query}"

    @property
    def effective_port(self) -> int:
        """The port that is connected to."""
        return self.port or (443 if self.scheme == "https" else 80)


def is_web(href: str) -> bool:
    """Whether this is meant as an absolute `http` or `https` address."""
    return re.match(r"\s*https?:", href, re.IGNORECASE) is not None


def is_mail(href: str) -> bool:
    """Whether this is a `mailto:` address (RFC 6068)."""
    return re.match(r"\s*mailto:", href, re.IGNORECASE) is not None


@lru_cache(maxsize=4096)
def parse_address(href: str) -> WebAddress:
    """The address as a browser understands it. Raises `ValueError` for what no browser can open."""
    plain = PLAIN.fullmatch(href)
    if plain is not None:
        scheme, host, digits, path, query, fragment = plain.groups("")
        port = int(digits) if digits else None
        return WebAddress(
            scheme=scheme,
            user="",
            host=host,
            port=_unless_usual(port, scheme),
            path=path,
            query=query,
            fragment=fragment,
        )
    scheme, _colon, rest = DROPPED.sub("", href.strip()).partition(":")
    rest, _hash, fragment = rest.partition("#")
    before_query, question_mark, query = rest.partition("?")
    before_query = before_query.replace("\\", "/").lstrip("/")
    parts = urlsplit(f"{scheme.lower()}://{before_query}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(href)
    user, at, _host = parts.netloc.rpartition("@")
    return WebAddress(
        scheme=parts.scheme,
        user=quote(user, safe="!$&'()*+,;=:~-._%") + at,
        host=_ascii_host(parts.hostname),
        port=_port(parts.netloc, parts.port, parts.scheme),
        path=quote(parts.path or "/", safe=SAFE),
        query=quote(query, safe=SAFE) if question_mark else "",
        fragment=quote(fragment, safe=SAFE),
    )


def _port(netloc: str, port: int | None, scheme: str) -> int | None:
    if port is not None and not 0 < port <= HIGHEST_PORT:
        raise ValueError(netloc)
    return _unless_usual(port, scheme)


def _unless_usual(port: int | None, scheme: str) -> int | None:
    return None if port == (443 if scheme == "https" else 80) else port


def _ascii_host(host: str) -> str:
    """The host in its ASCII form . Raises `ValueError` where there is none."""
    host = unquote(host)
    if re.search(r"[\x00-\x20\x7f\s/\\?#@<>\"|^`]", host):
        raise ValueError(host)
    if host.isascii():
        return host.lower().rstrip(".") or host
    return ascii_domain(host.rstrip("."))


def is_within(host: str, domains: frozenset[str]) -> bool:
    """Whether a host is one of these or stands below one."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))
