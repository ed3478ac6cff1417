"""A site that misbehaves, a network that is told what to say, and a check that uses them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.base.web.reach import Internet, Lookup
from newsletter_cli.check.links import AddressPlace, LinkReport, Outcome, check_links
from newsletter_cli.config.settings import LinkSettings
from newsletter_cli.model import Place
from tests.check.links.server import Site, make_certificate


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine has set does not count here."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@dataclass
class ToldNetwork(Internet):
    """The machine's network, but for the names that it is told of. An address is one of RFC 5737, or loopback."""

    names: dict[str, Lookup] = field(default_factory=dict)
    endpoints: dict[str, bool | None] = field(default_factory=dict)
    proxy: str | None = None
    looked_up: list[str] = field(default_factory=list)

    def look_up(self, host: str) -> Lookup:
        self.looked_up.append(host)
        return self.names[host] if host in self.names else Lookup(is_definite=False)

    def can_connect(self, host: str, port: int) -> bool | None:
        return self.endpoints.get(host, True)

    def proxy_for(self, address: WebAddress) -> str | None:
        return self.proxy


def places_of(urls: Sequence[str], kind: Literal["link", "image"] = "link") -> list[AddressPlace]:
    return [
        AddressPlace(
            url=url,
            typed=url,
            place=Place(file="sections/002/agenda.md", line=line, column=1, length=len(url)),
            kind=kind,
        )
        for line, url in enumerate(urls, 10)
    ]


def settings(**changes: Any) -> LinkSettings:
    return LinkSettings(**{"allow_private": True, "timeout_seconds": 3, **changes})


Ask = Callable[..., LinkReport]


@pytest.fixture
def ask() -> Ask:
    """`ask(url, …)`: the report on these addresses, private ones allowed, nothing cached."""

    def check(*urls: str, kind: Literal["link", "image"] = "link", **options: Any) -> LinkReport:
        names = ("exclude", "remap", "allow_private", "timeout_seconds", "max_age_hours")
        wishes = settings(**{name: options.pop(name) for name in names if name in options})
        options.setdefault("cache_folder", None)
        return check_links(places_of(urls, kind), wishes, **options)

    return check


@pytest.fixture
def outcome_of(ask: Ask) -> Callable[..., Outcome]:
    def check(url: str, **options: Any) -> Outcome:
        return ask(url, **options).outcomes[url]

    return check
