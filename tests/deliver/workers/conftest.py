from __future__ import annotations

from tests.postgresql import postgres_url

__all__ = ["postgres_url"]
