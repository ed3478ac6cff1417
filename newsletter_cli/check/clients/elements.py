"""Which of caniemail's features an element and its attributes need. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html
from msgspec import Struct

# What caniemail calls as HTML does.
NAMED = """
    abbr acronym address audio bdi blockquote code del dfn dialog div form hr marquee meter object p picture pre
    progress rp rt ruby select small span svg table video wbr
"""
NAMED_ATTRIBUTES = """
    align aria-hidden aria-label cellpadding cellspacing height hidden lang role srcset valign width
"""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TAGS = {
    **dict.fromkeys(HEADINGS, "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li"), "html-lists"),
    **dict.fromkeys(("s", "strike"), "html-strike"),
    **dict.fromkeys(("strong", "b"), "html-strong"),
    **dict.fromkeys(("map", "area"), "html-image-maps"),
    **dict.fromkeys(("details", "summary"), "html-semantics-details"),
    **dict.fromkeys(
        ("article", "aside", "figcaption", "figure", "footer", "header", "main", "mark", "nav", "section"),
        "html-semantics-other",
    ),
    "time": "html-semantics",
    "source": "html-picture",
    "track": "html-video",
    "input": "html-input-checkbox",
    **{name: f"html-{name}" for name in NAMED.split()},
}
# With these the text goes that they hold; of the others it stays.
WITH_CONTENT = frozenset(("svg", "object", "select", "input", "track", "source", "wbr"))
ATTRIBUTES = {name: f"html-{name}" for name in NAMED_ATTRIBUTES.split()}
IMAGE_KINDS = {
    "apng": "image-apng",
    "avif": "image-avif",
    "bmp": "image-bmp",
    "gif": "image-gif",
    "hdr": "image-hdr",
    "heic": "image-heif",
    "heif": "image-heif",
    "ico": "image-ico",
    "mp4": "image-mp4",
    "svg": "image-svg",
    "tif": "image-tiff",
    "tiff": "image-tiff",
    "webp": "image-webp",
}
COPIES = ("cc=", "bcc=")


class Needed(Struct, frozen=True, kw_only=True):
    """A feature that an element needs: as a whole, or for one of its attributes."""

    feature: str
    attribute: str | None = None


def features_of_element(element: html.HtmlElement) -> Iterator[Needed]:
    """What has to be known for an element to be shown as it is meant."""
    tag = str(element.tag)
    if tag in TAGS:
        yield Needed(feature=TAGS[tag])
    for name in map(str, element.keys()):
        if name in ATTRIBUTES:
            yield Needed(feature=ATTRIBUTES[name], attribute=name)
    if element.get("dir"):
        yield Needed(feature="html-dir-on-tables" if tag in ("table", "td") else "html-dir", attribute="dir")
    if element.get("background"):
        yield Needed(feature="html-background" if tag == "body" else "html-background-off-body", attribute="background")
    if tag == "ol" and element.get("reversed") is not None:
        yield Needed(feature="html-lists-reversed", attribute="reversed")
    if tag == "a":
        yield from _features_of_address(element.get("href") or "")
    if tag == "img":
        feature = image_feature(element.get("src") or "")
        if feature is not None:
            yield Needed(feature=feature, attribute="src")


def _features_of_address(address: str) -> Iterator[Needed]:
    if address.startswith("#") and len(address) > 1:
        yield Needed(feature="html-anchor-links", attribute="href")
    elif address.lower().startswith("mailto:"):
        yield Needed(feature="html-mailto-links", attribute="href")
        if any(one in address.lower() for one in COPIES):
            yield Needed(feature="html-mailto-copies", attribute="href")


def image_feature(address: str) -> str | None:
    """What has to be known to show the picture at an address; `None` where every mail reader shows it."""
    if address[:5].lower() == "data:":
        return "image-base64"
    return IMAGE_KINDS.get(address_kind(address))


def address_kind(address: str) -> str:
    """The ending of the file that an address leads to, in small letters."""
    try:
        return urlsplit(address).path.rpartition(".")[2].lower()
    except ValueError:
        return ""
