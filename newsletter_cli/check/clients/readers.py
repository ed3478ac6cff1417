"""The mail readers that an e-mail can be looked at with: each client of caniemail's on each of its platforms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from newsletter_cli.check.clients.support import CLIENTS, PLATFORMS, Answer, platform_of, read_support

# How it is dark: the e-mail's own colours; the same, and marks that Outlook puts in; turned over by force; not at all.
Darkening = Literal["own", "marked", "forced", "none", "unknown"]
# caniemail does not ask: who turns the colours of every e-mail over where the reader wants it dark.
FORCED = frozenset(("gmail/ios", "gmail/android", "outlook/windows"))
# https://www.hteumeuleu.com/2021/emails-react-outlook-com-dark-mode/, the note of caniemail on dark colours.
MARKED = frozenset(("outlook/outlook-com", "outlook/macos", "outlook/ios", "outlook/android"))
# The last of them was a program of its own, and has been taken back.
GONE = frozenset(("outlook/windows-mail",))
SHORT = MappingProxyType({"desktop-webmail": "web", "mobile-webmail": "mobile-web", "outlook-com": "web"})


class MailReader(Struct, frozen=True, kw_only=True):
    """A mail reader on one platform: `gmail-ios`. `client` is its name in `CLIENTS`, `column` caniemail's."""

    name: str
    client: str
    column: str

    @property
    def label(self) -> str:
        """Its name for people."""
        return CLIENTS[self.client].label

    @property
    def platform(self) -> str:
        """Where it runs, for people."""
        platform = platform_of(self.column)
        return PLATFORMS.get(platform, platform)

    @property
    def darkening(self) -> Darkening:
        """What it does with colours where the reader wants it dark."""
        if self.column in FORCED:
            return "forced"
        if self.answer("css-at-media-prefers-color-scheme") in ("y", "a"):
            return "marked" if self.column in MARKED else "own"
        return "none" if self.lacks("css-at-media-prefers-color-scheme") else "unknown"

    @property
    def is_word(self) -> bool:
        """Whether it shows HTML by means of Word."""
        return self.column == "outlook/windows"

    @property
    def is_gmail(self) -> bool:
        """Whether it is one of Gmail's."""
        return self.client == "gmail"

    def answer(self, feature: str) -> Answer:
        """What caniemail says of it."""
        return read_support().answer(feature, self.column)

    def lacks(self, feature: str) -> bool:
        """Whether it surely does not show it."""
        return self.answer(feature) == "n"

    @property
    def known_share(self) -> float:
        """Of how much that is asked for caniemail has an answer, from 0 to 1."""
        features = read_support().features
        return sum(self.answer(one) != "u" for one in features) / len(features)


@cache
def mail_readers() -> Mapping[str, MailReader]:
    """All of them by name, in the order of `CLIENTS`."""
    found = {}
    for client, known in CLIENTS.items():
        for column in read_support().columns_of(known):
            if column not in GONE:
                platform = platform_of(column)
                name = f"{client}-{SHORT.get(platform, platform)}"
                # It is named by its platform already.
                name = "outlook-classic" if client == "outlook-classic" else name
                found[name] = MailReader(name=name, client=client, column=column)
    return MappingProxyType(found)
