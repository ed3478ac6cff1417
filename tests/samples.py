"""Where one proof is made for many cases: `make test` tries a few that differ most, `make test-long` the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def sample(cases: Iterable[Any], *usual: Any) -> list[Any]:
    """The cases of a parametrised test, those that are not among `usual` for `make test-long` alone."""
    cases = list(cases)
    absent = [one for one in usual if one not in cases]
    assert not absent, f"no cases: {absent}"
    return [one if one in usual else _long(one) for one in cases]


def _long(case: Any) -> Any:
    values: Collection[Any] = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.long)
