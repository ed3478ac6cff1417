"""The command line of `nl`, built once in a process: typer would read its signatures and make it anew for each call."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

from typer import main

from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import interface_language


def read_once() -> AbstractContextManager[object]:
    """While it is entered: thousands of calls in one process, or in copies of it, read each signature once."""
    return mock.patch.object(main, "get_params_from_function", kept(vars(main)["get_params_from_function"]))


@contextlib.contextmanager
def built_once() -> Iterator[None]:
    """While it is entered, calls of a command by the same name, in the same language, have the same application."""
    from newsletter_cli.cli import app

    build = vars(app)["build_app"]
    known: dict[tuple[str, ...], Any] = {}

    def look_up(arguments: list[str]) -> Any:
        # A command line that is completed has all commands.
        if any(name.endswith("_COMPLETE") for name in os.environ):
            return build(arguments)
        # Its help names the program as it is called.
        key = (interface_language(), called(), *(name for name in app.COMMANDS if name in arguments))
        if key not in known:
            known[key] = build(arguments)
        return known[key]

    with (
        mock.patch.object(app, "build_app", look_up),
        mock.patch.object(main, "get_command", kept(vars(main)["get_command"])),
    ):
        yield


def kept(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same function, asked once of each thing for as long as the thing is there."""
    known: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    def look_up(about: Any) -> Any:
        if about not in known:
            known[about] = read(about)
        return known[about]

    return look_up
