"""Whom a token, a secret for fetching or one for reporting belongs to. No answer depends on how near a guess came."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from newsletter_cli.base.endpoint_key import EndpointKey, KeyPart
from newsletter_cli.base.tokens import TokenKeys


class Newsletters:
    """The newsletters that an endpoint has keys of."""

    def __init__(self, keys: Sequence[EndpointKey]) -> None:
        self.keys = tuple(keys)
        self._tokens = [(part.tokens, key, part) for key in keys for part in key.parts]

    def of_token(self, token: str) -> tuple[EndpointKey, KeyPart] | None:
        """Whose token it is, and of which secret."""
        row_of = TokenKeys.row_of
        found = [(key, part) for keys, key, part in self._tokens if row_of(keys, token) is not None]
        return found[0] if found else None

    def of_fetching(self, secret: str) -> EndpointKey | None:
        """Whose log may be fetched with this secret: the newest of a newsletter's alone counts."""
        found = [key for key in self.keys if _is_same(key.parts[0].fetch, secret)]
        return found[0] if found else None

    def of_reporting(self, secret: str) -> tuple[EndpointKey, KeyPart] | None:
        """Whose services report with this secret. What they tell is hashed with the newest secret."""
        found = [key for key in self.keys for part in key.parts if _is_same(part.hook, secret) and part.hook]
        return (found[0], found[0].parts[0]) if found else None


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))
