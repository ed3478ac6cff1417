"""The part of the configuration that is about the mailing list: `[list]` and the tables below it."""

from __future__ import annotations

from typing import Literal

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_name, meant_url
from newsletter_cli.config.send_settings import VARIABLE_PATTERN


class ListColumnSettings(Table, frozen=True, kw_only=True):
    """Table `[list.columns]`: which column holds what, where its usual name does not say it."""

    address: str | None = option(None, doc="Column of the e-mail addresses.", filled=True)
    name: str | None = option(None, doc="Column of the whole name.", filled=True)
    first_name: str | None = option(None, doc="Column of the first name.", filled=True)
    last_name: str | None = option(None, doc="Column of the family name.", filled=True)
    status: str | None = option(None, doc="Column of the status: confirmed, unconfirmed, unsubscribed…", filled=True)
    unsubscribed: str | None = option(
        None, doc="Column that says yes, or since when, for somebody who left.", filled=True
    )
    subscribed: str | None = option(
        None, doc="Column that says no for somebody who left or did not agree.", filled=True
    )
    groups: str | None = option(None, doc="Column of the groups: proof; direction.", filled=True)
    consent_at: str | None = option(None, doc="Column of the date of consent.", filled=True)
    consent_how: str | None = option(None, doc="Column that says how somebody agreed.", filled=True)


class GristSettings(Table, frozen=True, kw_only=True):
    """Table `[list.grist]`: a table of a Grist document. The key comes from the environment or a command."""

    url: str = option(
        "https://docs.getgrist.com",
        doc="The Grist server.",
        pattern=r"https?://[^\s/@\\?#]+(/[^\s\\]*)?",
        meant=meant_url,
    )
    doc: str | None = option(None, doc="The document's id, as in its address.", filled=True)
    table: str | None = option(None, doc="The table's id (not its title).", filled=True)
    key_env: str = option(
        "NL_GRIST_KEY",
        doc="Environment variable that holds the key.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    key_command: tuple[str, ...] = option((), doc='Command that prints the key: ["pass", "show", "grist"].')
    write_back: bool = option(False, doc="Tick the `unsubscribed` column of those who unsubscribe.")
    timeout_seconds: int = option(60, doc="How long one answer may take.", minimum=1, maximum=3600)


class SqlSettings(Table, frozen=True, kw_only=True):
    """Table `[list.sql]`: one query to any database SQLAlchemy reaches. A password never stands in the file."""

    url: str | None = option(
        None, doc="The database, without what opens it: postgresql://reader@host/base.", filled=True
    )
    url_env: str = option(
        "NL_LIST_SQL_URL",
        doc="Environment variable that holds the whole URL.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    url_command: tuple[str, ...] = option((), doc="Command that prints the whole URL.")
    query: str | None = option(None, doc="One SELECT whose columns are named like a CSV's.", filled=True)


class RetentionSettings(Table, frozen=True, kw_only=True):
    """Table `[list.retention]`: after how many days `nl list purge` erases what; 0 keeps it for good."""

    unconfirmed_days: int = option(90, doc="Who never confirmed.", minimum=0, maximum=36500)
    left_days: int = option(365, doc="Who left; only their keyed hash stays.", minimum=0, maximum=36500)
    rejects_days: int = option(30, doc="Files of refused rows.", minimum=0, maximum=36500)
    ledger_days: int = option(
        1095, doc="Addresses in the ledger of deliveries, and of what came back.", minimum=0, maximum=36500
    )


class ListSettings(Table, frozen=True, kw_only=True):
    """Table `[list]`: the mailing list."""

    source: Literal["auto", "csv", "managed", "grist", "sql"] = option(
        "auto",
        doc="Where the list is: a CSV file, the list that `nl list import` feeds, Grist, SQL. "
        "auto: the CSV file if there is one, else the managed list.",
    )
    file: str = option("list.csv", doc="The CSV file, relative to the workspace.", filled=True)
    encoding: str | None = option(None, doc="Its encoding, where nl guesses wrong: cp1252…", filled=True)
    columns: ListColumnSettings = option(ListColumnSettings(), doc="Which column holds what.")
    unused_columns: tuple[str, ...] = option(
        (), doc="Columns that say nothing of who left or agreed, whatever their name."
    )
    grist: GristSettings = option(GristSettings(), doc="A Grist table.")
    sql: SqlSettings = option(SqlSettings(), doc="An SQL query.")
    retention: RetentionSettings = option(RetentionSettings(), doc="How long things are kept.")
