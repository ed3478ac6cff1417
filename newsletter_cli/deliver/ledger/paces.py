"""Which pacing rule those who wait go by."""

from __future__ import annotations

from collections.abc import Callable

from newsletter_cli.deliver.ledger.schema import READY
from newsletter_cli.deliver.ledger.transactions import Database

# What stands behind the last @ of a normalised address.
DOMAIN = "substr(key, length(rtrim(key, replace(key, '@', ''))) + 1)"


def rename_paces(database: Database, issue: int, pace_of: Callable[[str], str]) -> None:
    """Have what waits go by other rules: `pace_of` a domain names its rule. In the caller's transaction."""
    domains = database.execute(f"SELECT DISTINCT {DOMAIN} FROM delivery WHERE issue = ? AND {READY}", (issue,))
    rules = [(domain, pace_of(domain)) for (domain,) in domains.fetchall()]
    database.execute("CREATE TEMPORARY TABLE pace_of_domain(domain TEXT PRIMARY KEY, pace TEXT NOT NULL)")
    database.executemany("INSERT INTO pace_of_domain VALUES (?, ?)", rules)
    database.execute(
        f"UPDATE delivery SET pace = (SELECT p.pace FROM pace_of_domain p WHERE p.domain = {DOMAIN})"
        f" WHERE issue = ? AND {READY}",
        (issue,),
    )
    database.execute("DROP TABLE pace_of_domain")
