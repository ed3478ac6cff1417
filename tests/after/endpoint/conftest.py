"""What the tests of the endpoint share."""

from tests.postgresql import postgres_url

__all__ = ["postgres_url"]
