"""How an endpoint is set up: by the environment, which servers, containers and platforms all have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsletter_cli.after.endpoint.house import Settings
from newsletter_cli.after.endpoint.postgresql_log import SCHEMES
from newsletter_cli.after.endpoint.proxies import Network, parse_networks
from newsletter_cli.base.endpoint_key import EndpointKey, KeyFault, parse_keys
from newsletter_cli.base.errors import EndpointError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason

KEY, KEY_FILE, LOG = "NL_ENDPOINT_KEY", "NL_ENDPOINT_KEY_FILE", "NL_ENDPOINT_LOG"
BASE_PATH, PROXIES, KEEP_DAYS = "NL_ENDPOINT_PATH", "NL_ENDPOINT_PROXIES", "NL_ENDPOINT_KEEP_DAYS"
# What services sign with, by their names in addresses.
SIGNING_KEYS = {"mailgun": "NL_MAILGUN_SIGNING_KEY"}
USUAL_KEEP_DAYS = 400
MOST_DAYS = 36_500
USUAL_LOG = "endpoint.db"


def read_settings(
    environment: Mapping[str, str], *, keys: Sequence[EndpointKey] = (), folder: Path = Path()
) -> Settings:
    """The settings; `keys` that are given stand for the environment's. A relative path of the log begins in `folder`.
    Raises `EndpointError`.
    """
    log = environment.get(LOG, "").strip() or USUAL_LOG
    return Settings(
        keys=tuple(keys) or read_keys(environment),
        log=log if log.startswith(SCHEMES) else str(folder / Path(log).expanduser()),
        base_path=parse_base_path(environment.get(BASE_PATH, "")),
        trusted_proxies=read_proxies(environment.get(PROXIES, "")),
        keep_days=read_keep_days(environment.get(KEEP_DAYS, "")),
        signing_keys={
            service: environment[variable] for service, variable in SIGNING_KEYS.items() if environment.get(variable)
        },
    )


def read_keys(environment: Mapping[str, str]) -> tuple[EndpointKey, ...]:
    """The keys of the environment, or of the file that it names. Raises `EndpointError`."""
    if environment.get(KEY, "").strip():
        return keys_of(environment[KEY], KEY)
    if path := environment.get(KEY_FILE, "").strip():
        return read_key_file(Path(path).expanduser())
    raise EndpointError(
        _("the endpoint has no key: {variable} is not set").format(variable=KEY),
        hint=_("on the machine you send from, nl sync --key shows it"),
    )


def read_key_file(path: Path) -> tuple[EndpointKey, ...]:
    """The keys in a file. Raises `EndpointError`."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise EndpointError(
            _("the key cannot be read: {reason}").format(reason=system_reason(error)),
            file=str(path),
            hint=_("name a file that this user may read, with the key that nl sync --key shows in it"),
        ) from None
    except UnicodeDecodeError:
        raise EndpointError(
            _("this is no key of an endpoint"), file=str(path), hint=_("nl sync --key shows one")
        ) from None
    return keys_of(text, str(path))


def keys_of(text: str, place: str) -> tuple[EndpointKey, ...]:
    """The keys that a text is; `place` says where it was read. Raises `EndpointError`."""
    try:
        return parse_keys(text)
    except KeyFault as fault:
        if fault.is_newer:
            raise EndpointError(
                _("this key was made by a newer nl"), file=place, hint=_("update nl on the server")
            ) from None
        told = _("this key is not whole") if fault.is_cut else _("this is no key of an endpoint")
        raise EndpointError(
            told, file=place, hint=_("copy it once more, from its first letter to its last: nl sync --key shows it")
        ) from None


def parse_base_path(text: str) -> str:
    """What addresses begin with: empty, or with a slash in front and none behind."""
    inner = text.strip().strip("/")
    return f"/{inner}" if inner else ""


def read_proxies(text: str) -> tuple[Network, ...]:
    """Addresses and networks, with blanks or commas between them. Raises `EndpointError`."""
    try:
        return parse_networks(text.replace(",", " ").split())
    except ValueError:
        raise EndpointError(
            _("this is no address or network of a proxy: {text}").format(text=text),
            hint=_("write 127.0.0.1, 10.0.0.0/8, or several with commas between them"),
        ) from None


def read_keep_days(text: str) -> int:
    """How many days. Raises `EndpointError`."""
    if not text.strip():
        return USUAL_KEEP_DAYS
    if text.strip().isdecimal() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    raise EndpointError(
        _("{variable} wants a number of days, from 1").format(variable=KEEP_DAYS),
        hint=_("write a number alone: 400"),
    )
