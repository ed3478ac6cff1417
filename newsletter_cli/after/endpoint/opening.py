"""The log that a place names: a file, or a database of PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.after.endpoint.log import Log, LogUnavailable
from newsletter_cli.after.endpoint.postgresql_log import SCHEMES, PostgresqlLog
from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.errors import EndpointError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _


def open_log(place: str) -> Log:
    """The log, made where there is none. Raises `EndpointError`."""
    try:
        return PostgresqlLog(place) if place.startswith(SCHEMES) else SqliteLog(Path(place))
    except ImportError:
        raise EndpointError(
            _("the log cannot be kept in PostgreSQL, because psycopg is not installed"),
            hint=_("install it: {command}").format(command=how_to_add("postgresql")),
        ) from None
    except LogUnavailable as fault:
        name = None if place.startswith(SCHEMES) else place
        raise EndpointError(
            _("the endpoint’s log cannot be opened: {reason}").format(reason=fault),
            file=name,
            hint=_("name another place with --log or NL_ENDPOINT_LOG, one that this user may write"),
        ) from None
