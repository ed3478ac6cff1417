"""What all routes of an endpoint share: keys, log, limits, and how it was set up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from newsletter_cli.after.endpoint.limits import Limits
from newsletter_cli.after.endpoint.newsletters import Newsletters
from newsletter_cli.after.endpoint.proxies import Network, client_of
from newsletter_cli.after.endpoint.recorder import Recorder
from newsletter_cli.base.endpoint_key import EndpointKey

if TYPE_CHECKING:
    from newsletter_cli.after.endpoint.asgi import Scope


class Settings(Struct, frozen=True, kw_only=True):
    """How an endpoint is set up. `log` is the path of a file or `postgresql://…`; `base_path` what its addresses begin
    with where the proxy leaves it there, empty or `/…`; `keep_days` how long what was fetched is kept; `signing_keys`
    what services sign with, by the service's name.
    """

    keys: tuple[EndpointKey, ...]
    log: str
    base_path: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    keep_days: int
    signing_keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown_log(self) -> str:
        """Where the log is, for people: of a database nothing that could be its password."""
        scheme, sign, rest = self.log.partition("://")
        return f"{scheme}{sign}{rest.rpartition('@')[2].partition('?')[0]}" if sign else self.log


class House:
    """The endpoint of `settings`, whose entries go to `recorder`."""

    def __init__(self, settings: Settings, recorder: Recorder, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.newsletters = Newsletters(settings.keys)
        self.recorder = recorder
        self.limits = Limits(clock)

    def wrong(self, scope: Scope) -> float:
        """Whoever asks was wrong once more: the seconds it has to wait, 0 for none."""
        return self.limits.wrong(client_of(scope, self.settings.trusted_proxies))
