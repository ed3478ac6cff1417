"""A copy with other values, whatever the class of values."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from msgspec import Struct

from newsletter_cli.base.values import replace


class Struck(Struct, frozen=True, kw_only=True):
    name: str
    size: int = 1


@dataclass(frozen=True, kw_only=True)
class Plain:
    name: str
    size: int = 1


@pytest.mark.parametrize("kind", [Struck, Plain])
def test_a_copy_has_the_other_values(kind: type[Struck | Plain]) -> None:
    value = kind(name="a", size=2)
    assert replace(value, name="b") == kind(name="b", size=2)
    assert value.name == "a"


@pytest.mark.parametrize("kind", [Struck, Plain])
def test_there_is_no_other_field(kind: type[Struck | Plain]) -> None:
    with pytest.raises(TypeError):
        replace(kind(name="a"), nmae="b")  # type: ignore[call-arg]
