"""Which mail readers show what: a dated extract of caniemail's tables, and the names `newsletter.toml` uses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from newsletter_cli.base.i18n import _


class Client(Struct, frozen=True, kw_only=True):
    """A mail reader. `family` is caniemail's name of it, `platforms` those that count (none: all)."""

    label: str
    family: str
    platforms: tuple[str, ...] = ()


# By the names of `ClientName` in `config/settings.py`.
CLIENTS = MappingProxyType(
    {
        "gmail": Client(label="Gmail", family="gmail"),
        "outlook-classic": Client(label=_("Outlook classic"), family="outlook", platforms=("windows",)),
        "outlook": Client(label="Outlook", family="outlook", platforms=("outlook-com", "macos", "ios", "android")),
        "apple-mail": Client(label="Apple Mail", family="apple-mail"),
        "thunderbird": Client(label="Thunderbird", family="thunderbird"),
        "orange": Client(label="Orange", family="orange"),
        "sfr": Client(label="SFR", family="sfr"),
        "laposte": Client(label="La Poste", family="laposte"),
        "free": Client(label="Free", family="free-fr"),
        "aol": Client(label="AOL", family="aol"),
        "fastmail": Client(label="Fastmail", family="fastmail"),
        "gmx": Client(label="GMX", family="gmx"),
        "hey": Client(label="HEY", family="hey"),
        "ionos": Client(label="1&1", family="ionos-1and1"),
        "mail-ru": Client(label="Mail.ru", family="mail-ru"),
        "proton": Client(label="Proton Mail", family="protonmail"),
        "samsung": Client(label="Samsung Email", family="samsung-email"),
        "t-online": Client(label="T-Online", family="t-online-de"),
        "web-de": Client(label="WEB.DE", family="web-de"),
        "wp-pl": Client(label="WP.pl", family="wp-pl"),
        "yahoo": Client(label="Yahoo! Mail", family="yahoo"),
    }
)


PLATFORMS = {
    "desktop-app": _("desktop"),
    "desktop-webmail": _("web"),
    "mobile-webmail": _("mobile web"),
    "outlook-com": _("web"),
    "ios": "iOS",
    "android": "Android",
    "windows": "Windows",
    "macos": "macOS",
}


TABLES = Path(__file__).with_name("caniemail.json")
# What caniemail says: shown, in part, not shown, unknown (or never tested).
Answer = Literal["y", "a", "n", "u"]
UNKNOWN: Answer = "u"


class Support(Struct, frozen=True, kw_only=True):
    """What is known. `features[feature]` has a letter (`Answer`) for each of `columns`, which are `family/platform`.

    `updated` is the day of the tables (ISO 8601), `version` that of the package they were taken from.
    """

    updated: str
    version: str
    columns: tuple[str, ...]
    features: Mapping[str, str]

    def answer(self, feature: str, column: str) -> Answer:
        """Whether the mail reader of a column shows a feature; unknown where caniemail does not say."""
        letters = self.features.get(feature)
        if letters is None or column not in self.columns:
            return UNKNOWN
        return letters[self.columns.index(column)]  # type: ignore[return-value]

    def columns_of(self, client: Client) -> list[str]:
        """The columns of a mail reader."""
        columns = [one for one in self.columns if one.startswith(f"{client.family}/")]
        return [one for one in columns if not client.platforms or platform_of(one) in client.platforms]

    def lacking(self, feature: str, clients: Iterable[str]) -> list[str]:
        """The clients, by the names readers know, that do not show the feature on all or some of their platforms.

        In part is enough; unknown says nothing.
        """
        found = []
        for name in clients:
            client = CLIENTS.get(name)
            if client is None:
                continue
            told = {column: self.answer(feature, column) for column in self.columns_of(client)}
            without = [platform_of(column) for column, answer in told.items() if answer == "n"]
            if without and len(without) == sum(answer != UNKNOWN for answer in told.values()):
                found.append(client.label)
            elif without:
                found.append(f"{client.label} ({', '.join(PLATFORMS.get(one, one) for one in without)})")
        return found


def platform_of(column: str) -> str:
    """caniemail's name of the platform of a column."""
    return column.partition("/")[2]


@cache
def read_support() -> Support:
    """The vendored tables."""
    text = TABLES.read_text(encoding="utf-8")
    data = json.loads(text)
    return Support(
        updated=data["updated"], version=data["version"], columns=tuple(data["columns"]), features=data["features"]
    )
