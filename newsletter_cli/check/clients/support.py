"""The vendored extract of caniemail: which client does not show a feature. Renewed by `scripts/caniemail.py`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from newsletter_cli.check.clients.names import CLIENTS

PLATFORMS = {
    "desktop-app": "desktop",
    "desktop-webmail": "web",
    "mobile-webmail": "mobile web",
    "outlook-com": "web",
    "ios": "iOS",
    "android": "Android",
    "windows": "Windows",
    "macos": "macOS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What is known. `features[feature][family][platform]` is `y`, `a` (in part), `n` or `u` (unknown).

    `updated` is the day of the tables (ISO 8601), `version` that of the package they were taken from.
    """

    updated: str
    version: str
    features: Mapping[str, Mapping[str, Mapping[str, str]]]

    def lacking(self, feature: str, clients: Iterable[str]) -> list[str]:
        """The clients, by the names readers know, that do not show the feature on all or some of their platforms.

        In part is enough; unknown says nothing.
        """
        found = []
        for name in clients:
            client = CLIENTS.get(name)
            if client is None:
                continue
            told = {
                platform: answer
                for platform, answer in self.features.get(feature, {}).get(client.family, {}).items()
                if answer != "u" and (not client.platforms or platform in client.platforms)
            }
            without = [platform for platform, answer in told.items() if answer == "n"]
            if without and len(without) == len(told):
                found.append(client.label)
            elif without:
                found.append(f"{client.label} ({', '.join(PLATFORMS.get(one, one) for one in without)})")
        return found


@cache
def read_support() -> Support:
    """The vendored tables."""
    text = files("newsletter_cli.check.clients").joinpath("caniemail.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Support(updated=data["updated"], version=data["version"], features=data["features"])
