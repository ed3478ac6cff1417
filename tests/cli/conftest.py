"""The commands' tests use the audience's Grist."""

from tests.audience.conftest import grist

__all__ = ["grist"]
