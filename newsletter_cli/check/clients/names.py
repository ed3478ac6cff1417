"""The mail readers that can be named under `[check]`, and what they are in caniemail's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from newsletter_cli.errors import ConfigError
from newsletter_cli.i18n import _
from newsletter_cli.strict import nearest


@dataclass(frozen=True, slots=True)
class Client:
    """A mail reader. `family` is caniemail's name of it, `platforms` those that count (none: all)."""

    label: str
    family: str
    platforms: tuple[str, ...] = ()


CLIENTS = MappingProxyType(
    {
        "gmail": Client("Gmail", "gmail"),
        "outlook-classic": Client("Outlook classic", "outlook", ("windows",)),
        "outlook": Client("Outlook", "outlook", ("outlook-com", "macos", "ios", "android")),
        "apple-mail": Client("Apple Mail", "apple-mail"),
        "thunderbird": Client("Thunderbird", "thunderbird"),
        "orange": Client("Orange", "orange"),
        "sfr": Client("SFR", "sfr"),
        "laposte": Client("La Poste", "laposte"),
        "free": Client("Free", "free-fr"),
        "aol": Client("AOL", "aol"),
        "fastmail": Client("Fastmail", "fastmail"),
        "gmx": Client("GMX", "gmx"),
        "hey": Client("HEY", "hey"),
        "ionos": Client("1&1", "ionos-1and1"),
        "mail-ru": Client("Mail.ru", "mail-ru"),
        "proton": Client("Proton Mail", "protonmail"),
        "samsung": Client("Samsung Email", "samsung-email"),
        "t-online": Client("T-Online", "t-online-de"),
        "web-de": Client("WEB.DE", "web-de"),
        "wp-pl": Client("WP.pl", "wp-pl"),
        "yahoo": Client("Yahoo! Mail", "yahoo"),
    }
)


def refuse_unknown_clients(names: Iterable[str]) -> None:
    """Raises `ConfigError` for the first name that is none of `CLIENTS`, with the nearest one."""
    for name in names:
        if name not in CLIENTS:
            close = nearest(name, list(CLIENTS))
            raise ConfigError(
                _("clients under [check]: no mail reader is called “{name}” here").format(name=name),
                file="newsletter.toml",
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("one of these: {names}").format(names=", ".join(CLIENTS)),
            )
