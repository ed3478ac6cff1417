"""What is found out of a text once, and asked for again at the next save, or by the next rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def remembered(
    *, texts: int = 512, longest: int = 4_000
) -> Callable[[Callable[Concatenate[str, P], R]], Callable[Concatenate[str, P], R]]:
    """For a pure function whose result nobody changes: kept are those of the last texts, where they are not long.

    Whatever else the function depends on must be among its arguments; the language of messages is not.
    """

    def decorate(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
        kept = cast("Callable[Concatenate[str, P], R]", lru_cache(maxsize=texts)(function))

        @wraps(function)
        def remembering(text: str, /, *arguments: P.args, **options: P.kwargs) -> R:
            ask = kept if len(text) <= longest else function
            return ask(text, *arguments, **options)

        return remembering

    return decorate
