"""Keys, one at a time."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import typer

from newsletter_cli.console.keys import read_keys


@pytest.fixture
def pressing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A terminal that gives single keys: what is handed over at once, one thing after the other."""

    def press(*typed: str) -> None:
        left = iter(typed)

        def getchar() -> str:
            try:
                return next(left)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr("sys.stdin", open(0, closefd=False))  # noqa: SIM115
        monkeypatch.setattr(typer, "getchar", getchar)

    return press


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (["1", "k"], ["1", "k"]),
        (["1ku"], ["1", "k", "u"]),
        (["\x1b[C", "\xe0M", "\x00K"], ["\x1b[C", "\xe0M", "\x00K"]),
        (["k", "\x04", "u"], ["k"]),
        (["quite a paste"], ["quite a paste"]),
        ([], []),
    ],
)
def test_each_key_is_one(pressing: Callable[..., None], typed: list[str], keys: list[str]) -> None:
    pressing(*typed)
    assert list(read_keys()) == keys


def test_ctrl_c_among_quick_keys_is_an_interruption(pressing: Callable[..., None]) -> None:
    pressing("k\x03u")
    keys = read_keys()
    assert next(keys) == "k"
    with pytest.raises(KeyboardInterrupt):
        next(keys)


def test_a_terminal_that_gives_lines_is_typed_at_with_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n\nku\nsome words\nq"))
    assert list(read_keys()) == ["1", "\n", "k", "u", "some words", "q"]
