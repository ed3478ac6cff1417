from __future__ import annotations

from tests.postgresql import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
