"""The signatures of `nl`'s commands, read once in a process: typer reads them anew for each call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

from typer import main


def read_once() -> AbstractContextManager[object]:
    """While it is entered: thousands of calls in one process, or in copies of it, read each signature once."""
    read = vars(main)["get_params_from_function"]
    known: WeakKeyDictionary[Callable[..., Any], Any] = WeakKeyDictionary()

    def look_up(function: Callable[..., Any]) -> Any:
        if function not in known:
            known[function] = read(function)
        return known[function]

    return mock.patch.object(main, "get_params_from_function", look_up)
