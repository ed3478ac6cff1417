"""How many examples a property is tried on: few in `make test`, thirty times as many in `make test-long`."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("usual", settings(), deadline=None, max_examples=30)
settings.register_profile("long", settings(), deadline=None, max_examples=1000)
# Unless pytest is told `--hypothesis-profile=long`.
settings.load_profile("usual")


def examples(count: int) -> settings:
    """So many, in a hundred that others are tried on, for a property that wants more or fewer."""
    return settings(max_examples=count * settings().max_examples // 100)
