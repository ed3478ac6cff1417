"""The part of the configuration that says where readers leave with one click: table `[endpoint]`."""

from __future__ import annotations

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_secure_url


class EndpointSettings(Table, frozen=True, kw_only=True):
    """Table `[endpoint]`: a server of one's own that runs `nl serve`. Its key never stands in the file."""

    url: str | None = option(
        None,
        doc="Where readers reach nl serve: https://letter.example.org/leave.",
        # http:// is for this machine alone: see `check_sense`.
        pattern=r"https?://[^\s/@?#]+(/[^\s?#]*)?",
        meant=meant_secure_url,
    )
