"""Libraries that could fetch what they are given the address of are loaded without what they would fetch it with.

premailer imports requests for it, cssutils and imagesize the standard library's client: that takes a third of
premailer's start-up, and whatever renders without an HTTP client cannot reach out. cssutils itself takes another
third, and is loaded when there is CSS that nobody has read yet.
"""

from __future__ import annotations

import builtins
import sys
import urllib.error
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType, SimpleNamespace
from typing import Any


class _Late:
    """A module that is loaded when something of it is asked for."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


# The modules that want to fetch, and what they get for it, by the name in their statement (`from ._fetch import …`).
FETCHING = frozenset(
    (
        "premailer.merge_style",
        "premailer.premailer",
        "cssutils",
        "cssutils.errorhandler",
        "cssutils.helper",
        "cssutils.util",
        "imagesize.imagesize",
    )
)
PLACEHOLDERS = {
    "cssutils": _Late("cssutils"),
    # imagesize reads SVG with it, which few issues have.
    "xml.etree": SimpleNamespace(ElementTree=_Late("xml.etree.ElementTree")),
    "requests": SimpleNamespace(),
    "_fetch": SimpleNamespace(_defaultFetcher=None),
    "urllib.request": SimpleNamespace(Request=None, urlopen=None),
}


@cache
def keep_from_fetching() -> None:
    """Whichever of them is imported from now on cannot fetch. To be called before each is."""
    # Put there for good: taking an entry out again could make another thread's import skip one.
    sys.meta_path.insert(0, _WithoutFetchers())


class _WithoutFetchers:
    """Has `FETCHING` modules run without what they would fetch with, which is never done here.

    These modules alone are given empty ones in their place; whoever else imports requests, in this thread or another,
    at the same time or later, gets requests.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module as it is found anyway, to be run apart."""
        if fullname not in FETCHING:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        # Whatever else it may be loaded by, a zip file for one, loads the fetchers as well.
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Apart(spec.loader.name, spec.loader.path)
        return spec


class _Apart(SourceFileLoader):
    """Runs a module whose `import` statements go through `_import_without_fetchers`."""

    def exec_module(self, module: ModuleType) -> None:
        """Run it. Statements look for `__import__` among the built-ins of their own module."""
        module.__dict__["__builtins__"] = vars(builtins) | {"__import__": _import_without_fetchers}
        super().exec_module(module)


def _import_without_fetchers(
    name: str,
    globals_: Mapping[str, Any] | None = None,
    locals_: Mapping[str, Any] | None = None,
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> Any:
    if name == "urllib.request" and not fromlist:
        # `import urllib.request`: they want the other halves of the package, and know its client by its name only.
        return urllib
    return PLACEHOLDERS.get(name) or builtins.__import__(name, globals_, locals_, fromlist, level)
