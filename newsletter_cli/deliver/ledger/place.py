"""Where a ledger is."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct, field

# Longer than any pause of a healthy process, and than a commit may take.
LEASE_SECONDS = 30.0


class SharedLedger(Struct, frozen=True, kw_only=True):
    """A ledger in a PostgreSQL that several machines share, at `url`; `state` is this workspace's `state/`.

    `lease_seconds`: so long a sender may be silent before others take over what it had claimed.
    """

    url: str
    state: Path
    lease_seconds: float = field(default_factory=lambda: LEASE_SECONDS)

    def __str__(self) -> str:
        """Host and database; never a user's password."""
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        return f"postgresql://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"

    def __repr__(self) -> str:
        return f"SharedLedger({self})"


# A folder: the ledger is the file in it.
LedgerPlace = Path | SharedLedger


def folder_of(place: LedgerPlace) -> Path:
    """The `state/` of the workspace: what this machine knows of the ledger stands there."""
    return place.state if isinstance(place, SharedLedger) else place
