"""What a page of the site calls a file of the issue, and another page of the site."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from html import unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

from markdown_it.common.utils import unescapeAll

from newsletter_cli.markdown.fragment import RELATIVE, encoded_address, file_address
from newsletter_cli.publish.links import Address
from newsletter_cli.publish.places import fill
from newsletter_cli.publish.profiles import Profile

# An address of a generator's own: a shortcode, a tag of Liquid, Pelican's words.
OWN_MARKS = ("{{", "{%", "{static}", "{attach}", "{filename}", "{index}")


class Naming:
    """Decides how each address of a body is written.

    `files` are the names of the issue's own. `site_url` and `page_url` are where the site and the page are read, `base`
    is the path of the first; `link_to_file` gives what the page calls a file of the issue, `find_page` the file of
    another page by its address below the site's, decoded; `is_served`: there is a file at it. `is_plain`: other pages
    stay as typed, for the generator reads no marks in this body. What was met is kept: `used`, the files that are
    named, and `lost`, the addresses below the site's that lead to no page of it.
    """

    def __init__(
        self,
        profile: Profile,
        files: Iterable[str],
        *,
        site_url: str,
        page_url: str,
        base: str,
        link_to_file: Callable[[str], str],
        find_page: Callable[[str], str | None],
        is_served: Callable[[str], bool],
        is_plain: bool,
    ):
        self.profile, self.site_url, self.page_url, self.base = profile, site_url, page_url, base
        self.link_to_file, self.is_plain = link_to_file, is_plain
        self.find_page, self.is_served = find_page, is_served
        self.used: set[str] = set()
        self.lost: list[Address] = []
        self._names = {file_address(name): name for name in files}

    def new_address(self, one: Address) -> str | None:
        """How the page writes an address; `None`: as it was typed."""
        meant = unescapeAll(one.typed) if one.written_by == "markdown" else unescape(one.typed)
        if any(mark in meant for mark in OWN_MARKS):
            return None
        try:
            parts = urlsplit(meant)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return None
        rest = meant[len(parts.path) :]
        name = self._names.get(encoded_address(parts.path).removeprefix("./")) if RELATIVE.match(meant) else None
        if name is not None:
            self.used.add(name)
            return self._file(name, parts.path, rest)
        return None if one.written_by == "shortcode" else self._page(one, parts.path, rest)

    def _file(self, name: str, path: str, rest: str) -> str | None:
        if self.profile.is_beside:
            # A Mac takes accents apart, and a server finds the file under its name alone.
            is_same = unquote(path) == unicodedata.normalize("NFC", unquote(path))
            return None if is_same else file_address(name) + rest
        return self.link_to_file(_escaped(file_address(name))) + rest

    def _page(self, one: Address, path: str, rest: str) -> str | None:
        try:
            whole = urljoin(self.page_url, path)
        except ValueError:
            return None
        if not whole.startswith(self.site_url):
            return None
        below = unquote(whole[len(self.site_url) :])
        if not below:
            return None
        file = self.find_page(below)
        if file is None:
            if not self.is_served(below):
                self.lost.append(one)
            return None
        if not self.profile.page_link or self.is_plain:
            return None
        return fill(self.profile.page_link, self._fields(file)) + rest

    def _fields(self, file: str) -> dict[str, str]:
        content = f"{self.profile.content}/" if self.profile.content else ""
        source = file.removeprefix(content)
        page = source.rpartition(".")[0]
        for index in ("/index", "/_index"):
            page = page.removesuffix(index)
        return {"file": file, "source": source, "page": page, "base": self.base}


def _escaped(address: str) -> str:
    """An address that stands in `(…)` without angle brackets."""
    return address.replace("(", quote("(")).replace(")", quote(")"))
