"""A table of settings is a value like any other, and knows what is said of its fields."""

from __future__ import annotations

import pytest

from newsletter_cli.base.tables import REQUIRED, Table, field_types, is_table, option, options_of


class Inner(Table, frozen=True, kw_only=True):
    size: int = option(3, doc="How many.", minimum=1)


class Outer(Table, frozen=True, kw_only=True):
    name: str = option(doc="What it is called.", filled=True)
    inner: Inner = option(Inner(), doc="What stands in it.")


def test_a_table_is_built_from_what_is_given_and_the_defaults() -> None:
    assert Outer(name="a") == Outer(name="a", inner=Inner(size=3))
    assert Outer(name="a") != Outer(name="a", inner=Inner(size=4))
    with pytest.raises(TypeError):
        Outer()


def test_a_table_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Outer(name="a").name = "b"  # type: ignore[misc]


def test_a_table_knows_its_options_in_order() -> None:
    assert list(options_of(Outer)) == list(options_of(Outer(name="a"))) == ["name", "inner"]
    assert options_of(Outer)["name"].default is REQUIRED
    assert options_of(Inner)["size"].minimum == 1
    assert dict(field_types(Outer)) == {"name": str, "inner": Inner}


def test_what_a_table_is() -> None:
    assert is_table(Inner)
    assert not is_table(Inner())
    assert not is_table(str)
