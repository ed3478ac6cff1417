"""Which host an address belongs to, by its shape alone, and where its Markdown is asked for.

The rule, in this order:

1. encrypted in the browser (CryptPad): nobody but a browser reads it;
2. `…/docs/ID` with the identifier of La Suite Docs: its own interface;
3. a page around a file in a forge (`/blob/`, `/-/blob/`, `/src/branch/`): the file itself;
4. Google Docs: its export as Markdown;
5. `…/p/NAME`: Etherpad's export, or HedgeDoc's slides;
6. a path whose last part has an ending (`agenda.md`), or a query that is none of HedgeDoc's: as it is;
7. whatever is left: HedgeDoc's download, and the address itself where that is not HedgeDoc's.
"""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from newsletter_cli.base.web.address import WebAddress

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DOCS = re.compile(rf"(?P<base>.*)/docs/(?P<id>{UUID})(?:/.*)?", re.IGNORECASE)
# Of an identifier that is none of theirs nobody can be sure: other hosts may have such a folder.
LIKE_DOCS = re.compile(r"(?P<base>.*)/docs/(?P<id>[\w-]{3,})/?")
DOCS_INTERFACE = re.compile(rf"(?P<base>.*)/api/v\d[\d.]*/documents/(?P<id>{UUID})(?:/.*)?", re.IGNORECASE)
CRYPTPAD = re.compile(r"/[\d-]/[\w-]+/(?:edit|view|embed|present|form)/")
GOOGLE = re.compile(r"/document/(?:u/\d+/)?d/(?P<id>[\w-]+)(?:/.*)?")
GITLAB_PAGE = re.compile(r"(?P<before>/.+/-)/blob/(?P<after>.+)")
GITHUB_PAGE = re.compile(r"(?P<before>/[^/]+/[^/]+)/blob/(?P<after>.+)")
FORGEJO_PAGE = re.compile(r"(?P<before>/[^/]+/[^/]+)/src/(?P<after>(?:branch|tag|commit)/.+)")
GIST = re.compile(r"/[^/]+/[0-9a-f]{20,}/?")
P_PATH = re.compile(r"(?P<base>.*)/p/(?P<name>[^/]+)(?:/.*)?")
S_PATH = re.compile(r"(?P<base>.*)/s/(?P<name>[^/]+)(?:/.*)?")
ENDING = re.compile(r"/[^/]*[^/.]\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
HEDGEDOC_MODES = re.compile(r"(?:(?:both|view|edit)=?)?(?:&.*)?|(?:utm_|fbclid).*")
HEDGEDOC_ACTIONS = re.compile(r"/(?:download|publish|pretty|slide|info|revision|pdf)\Z")


class Kind(Enum):
    """The kinds of host; the value is the name for people."""

    HEDGEDOC = "HedgeDoc"
    DOCS = "La Suite Docs"
    ETHERPAD = "Etherpad"
    GOOGLE = "Google Docs"
    FILE = "Markdown"
    CRYPTPAD = "CryptPad"


class Asked(Struct, frozen=True, kw_only=True):
    """One address to ask at, and how what comes back is to be read."""

    kind: Kind
    url: str


def ways_to_ask(address: WebAddress) -> tuple[Asked, ...]:
    """Where the text of a pad may be, the likeliest first. For CryptPad, which nobody can ask, its own address."""
    certain = _certain(address)
    return _likely(address) if certain is None else (certain,)


def _certain(address: WebAddress) -> Asked | None:
    """The one way to ask, where the shape of an address leaves no doubt about its host."""
    origin, path = _origin(address), address.path
    if CRYPTPAD.match(f"/{address.fragment.lstrip('/')}") or address.host.startswith("cryptpad."):
        return Asked(kind=Kind.CRYPTPAD, url=address.url)
    if docs := DOCS.fullmatch(path) or DOCS_INTERFACE.fullmatch(path):
        return _document(origin, docs)
    if address.host == "docs.google.com" and (google := GOOGLE.fullmatch(path)):
        return Asked(kind=Kind.GOOGLE, url=f"{origin}/document/d/{google['id']}/export?format=md")
    forge = _forge_file(address)
    return None if forge is None else Asked(kind=Kind.FILE, url=origin + forge)


def _likely(address: WebAddress) -> tuple[Asked, ...]:
    origin, path = _origin(address), address.path
    itself = Asked(kind=Kind.FILE, url=address.page)
    if p_path := P_PATH.fullmatch(path):
        etherpad = Asked(kind=Kind.ETHERPAD, url=f"{origin}{p_path['base']}/p/{p_path['name']}/export/txt")
        slides = Asked(kind=Kind.HEDGEDOC, url=f"{origin}{p_path['base']}/s/{p_path['name']}/download")
        return (etherpad, slides)
    if ENDING.search(path) or not HEDGEDOC_MODES.fullmatch(address.query) or path == "/":
        return (itself,)
    s_path = S_PATH.fullmatch(path)
    pad = f"{s_path['base']}/s/{s_path['name']}" if s_path else HEDGEDOC_ACTIONS.sub("", path.rstrip("/"))
    ways = (Asked(kind=Kind.HEDGEDOC, url=f"{origin}{pad}/download"), itself)
    like_docs = LIKE_DOCS.fullmatch(path)
    return ways if like_docs is None else (_document(origin, like_docs), *ways)


def _origin(address: WebAddress) -> str:
    return f"{address.scheme}://{address.netloc}"


def _document(origin: str, found: re.Match[str]) -> Asked:
    path = f"{found['base']}/api/v1.0/documents/{found['id']}/formatted-content/?content_format=markdown"
    return Asked(kind=Kind.DOCS, url=origin + path)


def _forge_file(address: WebAddress) -> str | None:
    """The path of a file itself, where an address is that of the page around it in a forge."""
    path = address.path
    if found := GITLAB_PAGE.fullmatch(path):
        return f"{found['before']}/raw/{found['after']}"
    if found := GITHUB_PAGE.fullmatch(path):
        return f"{found['before']}/raw/{found['after']}"
    if found := FORGEJO_PAGE.fullmatch(path):
        return f"{found['before']}/raw/{found['after']}"
    if address.host == "gist.github.com" and GIST.fullmatch(path):
        return f"{path.rstrip('/')}/raw"
    return None
