"""Where a page of the archive stands, and how one page leads to another."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from msgspec import Struct

from newsletter_cli.base.i18n import _

INDEX = "index.html"
FEED = "feed.xml"
STYLE = "assets/style.css"
ASSETS = "assets"
# GitHub Pages leaves out what begins with an underscore unless this stands beside it.
NO_JEKYLL = ".nojekyll"
OWN_NAMES = frozenset((INDEX, FEED, ASSETS, NO_JEKYLL))
# What no name of a file may hold on Windows, or what is something else in an address.
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
UNFIT = re.compile(r'[<>:"|?*\\#%\x00-\x1f\x7f]|^[. ]|[. ]$')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
LONGEST = 200  # bytes of a name


class UnfitName(Exception):
    """A page cannot be called so: the reason, in words."""


class PageAddress(Struct, frozen=True, kw_only=True):
    """Where an issue's page stands in the archive.

    `file` is the page's path from the archive's top; `folder` is that of the files beside it, empty at the top, else
    with a slash at its end. `is_online`: readers are sent there from the e-mail.
    """

    file: str
    folder: str
    is_online: bool

    @property
    def to_top(self) -> str:
        """What leads from the page to the archive's top: `../`."""
        return "../" * self.file.count("/")

    @property
    def link(self) -> str:
        """What leads from the top to the page, as an address has it."""
        return quote(self.file.removesuffix(INDEX) or "./", safe="/!$&'()*+,;=:@~-._")


def page_address(slug: str, *, online_url: str | None, base: str | None) -> PageAddress:
    """The page of an issue: where `online_url` sends its readers, if that lies below `base`, the archive's own address;
    else in a folder of the name of its slug.

    Raises `UnfitName`.
    """
    path, is_online = f"{slug}/", False
    if base and online_url and online_url.startswith(base):
        path, is_online = unquote(online_url[len(base) :]), True
        if re.search(r"[?#]", online_url[len(base) :]):
            raise UnfitName(_("its address {url} has a “?” or “#”").format(url=online_url))
    path = path if path.lower().endswith((".html", ".htm")) else f"{path.rstrip('/')}/{INDEX}"
    for name in path.split("/"):
        if not name or UNFIT.search(name) or RESERVED.fullmatch(name) or len(name.encode()) > LONGEST:
            raise UnfitName(_("“{name}” is no name that a folder can have everywhere").format(name=name))
    if path.partition("/")[0].casefold() in OWN_NAMES:
        raise UnfitName(_("“{name}” is a name that the archive needs itself").format(name=path.partition("/")[0]))
    return PageAddress(file=path, folder=path[: path.rfind("/") + 1], is_online=is_online)
