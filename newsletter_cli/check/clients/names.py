"""The mail readers that can be named under `[check]`, and what they are in caniemail's tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A mail reader. `family` is caniemail's name of it, `platforms` those that count (none: all)."""

    label: str
    family: str
    platforms: tuple[str, ...] = ()


CLIENTS = MappingProxyType(
    {
        "gmail": Client(label="Gmail", family="gmail"),
        "outlook-classic": Client(label="Outlook classic", family="outlook", platforms=("windows",)),
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
