"""Which addresses are asked for at all, and where: exclusions, other hosts, reserved names, private addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from newsletter_cli.base.web.address import WebAddress, is_web, is_within, parse_address
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome
from newsletter_cli.config.link_patterns import parse_exclusion, parse_remap
from newsletter_cli.config.settings import LinkSettings

# RFC 2606 and RFC 6761: nobody has them. lychee does not ask for them either.
RESERVED = frozenset(("example", "example.com", "example.net", "example.org", "invalid", "test"))


class Screened(Struct, frozen=True):
    """`asked`: what to ask for, by the address of the issue. `settled`: the outcome of what is not asked for.

    `remapped` are those asked for elsewhere.
    """

    asked: Mapping[str, WebAddress]
    settled: Mapping[str, Outcome]
    remapped: frozenset[str] = frozenset()


class Screen:
    """The configuration's wishes, read. Raises `LinkPatternFault` for one that is none: none such is in a `Config` that
    was read.
    """

    def __init__(self, preferences: LinkSettings) -> None:
        self.allow_private = preferences.allow_private
        excluded = [parse_exclusion(entry) for entry in preferences.exclude]
        self._hosts = frozenset(one for one in excluded if isinstance(one, str))
        self._patterns = [one for one in excluded if isinstance(one, re.Pattern)]
        self._remaps = [parse_remap(entry) for entry in preferences.remap]

    def elsewhere(self, url: str) -> str:
        """The address that is asked for in the place of `url`, usually itself."""
        for pattern, replacement in self._remaps:
            moved, count = pattern.subn(replacement, url, count=1)
            if count:
                return moved
        return url

    def excludes(self, address: WebAddress) -> bool:
        """Whether the editors do not want it checked."""
        return is_within(address.host, self._hosts) or any(pattern.search(address.url) for pattern in self._patterns)

    def secure_twins(self, asked: Mapping[str, WebAddress], remapped: frozenset[str]) -> dict[str, WebAddress]:
        """For each `http://` address of a named host the same with `https://`, where it may be asked for.

        An address with a port has none: nothing else answers at that port.
        """
        twins = {}
        for url in asked:
            address = parse_address(url)
            if address.scheme != "http" or address.port is not None or not _is_name(address.host):
                continue
            twin = f"https:{address.url.removeprefix('http:')}"
            target = self.elsewhere(twin)
            # Who is sent elsewhere with one of the two is not asked for the other at its real place.
            if (target != twin) == (url in remapped):
                try:
                    twins[url] = parse_address(target)
                except ValueError:
                    continue
        return twins


def screen_addresses(screen: Screen, urls: Iterable[str]) -> Screened:
    """The distinct web addresses, sorted by what the addresses alone tell: nothing is looked up."""
    asked: dict[str, WebAddress] = {}
    settled: dict[str, Outcome] = {}
    remapped = set()
    for url in dict.fromkeys(filter(is_web, urls)):
        target = screen.elsewhere(url)
        try:
            is_excluded = screen.excludes(parse_address(url))
            address = parse_address(target)
        except ValueError:
            settled[url] = Outcome(status=LinkStatus.BROKEN, cause=Cause.NOT_AN_ADDRESS)
            continue
        if is_excluded:
            settled[url] = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.EXCLUDED)
        elif is_within(address.host, RESERVED):
            settled[url] = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.RESERVED)
        else:
            asked[url] = address
            if target != url:
                remapped.add(url)
    return Screened(asked, settled, frozenset(remapped))


def _is_name(host: str) -> bool:
    return ":" not in host and not host.rpartition(".")[2].isdigit()
