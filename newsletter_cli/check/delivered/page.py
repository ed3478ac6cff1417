"""The HTML of a message as what readers get of it: words, links, pictures, styles. However it is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from msgspec import Struct

from newsletter_cli.check.delivered.parsed import BLANKS, words_of

INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
UNSEEN = frozenset({"script", "style", "title", "head", "meta", "link", "template", "noscript"})
TINY = 3
HIDING = re.compile(r"display:none|visibility:hidden|opacity:0(?![.\d])|(?:max-)?(?:width|height):[01](?:px)?(?:;|$)")
REMOTE = re.compile(r"url\(\s*['\"]?([^)'\"]+)", re.IGNORECASE)
FETCHING = {
    "iframe": "src", "frame": "src", "embed": "src", "object": "data", "video": "src", "audio": "src", "source": "src",
    "script": "src", "link": "href", "bgsound": "src", "input": "src", "form": "action", "base": "href",
}  # fmt: skip


class Link(Struct, frozen=True, kw_only=True):
    """Where it leads and the words to press."""

    href: str
    words: str


class Picture(Struct, frozen=True, kw_only=True):
    """Where it is fetched from. `is_hidden`: nobody can see it."""

    src: str
    alt: str
    is_hidden: bool


class Page(Struct, frozen=True, kw_only=True):
    """`styles` are the texts of `<style>`, `inline` the style of each element that has one, `elements` each element
    with what else it has, `fetched` what is fetched beside pictures, `conditional` the parts for Outlook alone.
    """

    words: tuple[str, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    styles: tuple[str, ...]
    inline: tuple[str, ...]
    elements: tuple[str, ...]
    fetched: tuple[str, ...]
    conditional: tuple[str, ...]
    is_ended: bool


def read_page(text: str) -> Page:
    """What a page is made of."""
    root = _parse(text)
    if root is None:
        return Page(
            words=(), links=(), pictures=(), styles=(), inline=(), elements=(), fetched=(), conditional=(),
            is_ended=False,
        )  # fmt: skip
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    return Page(
        words=tuple(words_of("".join(_text(root)))),
        links=tuple(_links(nodes)),
        pictures=tuple(_pictures(nodes)),
        styles=tuple(style for node in nodes if node.tag == "style" and (style := _style_text(node))),
        inline=tuple(style for node in nodes if (style := _declarations(node.get("style")))),
        elements=tuple(_element(node) for node in nodes if node.tag not in ("meta", "title", "style")),
        fetched=tuple(_fetched(nodes)),
        conditional=tuple(
            BLANKS.sub("", unescape(str(node.text or "")))
            for node in root.iter()
            if not isinstance(node.tag, str) and "[if" in str(node.text or "")
        ),
        is_ended="</html" in text.lower() or "<html" not in text.lower(),
    )


def _parse(text: str) -> Any:
    from lxml import etree, html

    octets = text.replace("\x00", "").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(octets, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _text(root: Any) -> Iterator[str]:
    """What is read, a blank where a block begins or ends. Without recursion: pages may be nested without end."""
    from lxml import etree

    unseen = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        is_element = isinstance(node.tag, str)
        is_unseen = is_element and node.tag in UNSEEN
        if event == "start":
            unseen += is_unseen
            if not unseen:
                yield "" if node.tag in INLINE else " "
                yield node.text or ""
            continue
        unseen -= is_unseen
        if not unseen:
            yield "" if node.tag in INLINE or not is_element else " "
            if node is not root:
                yield node.tail or ""


def _links(nodes: list[Any]) -> Iterator[Link]:
    for node in nodes:
        if node.tag in ("a", "area") and node.get("href") is not None:
            yield Link(href=node.get("href"), words=" ".join(words_of("".join(_text(node)))))


def _pictures(nodes: list[Any]) -> Iterator[Picture]:
    for node in nodes:
        if node.tag == "img":
            style = _declarations(node.get("style"))
            sizes = [_pixels(node.get(name)) for name in ("width", "height")]
            is_tiny = all(size is not None and size < TINY for size in sizes)
            yield Picture(
                src=node.get("src") or "",
                alt=node.get("alt") or "",
                is_hidden=is_tiny or bool(HIDING.search(style)) or node.get("hidden") is not None,
            )


def _pixels(value: str | None) -> float | None:
    found = re.match(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*$", value or "")
    return float(found[1]) if found else None


def _fetched(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        name = FETCHING.get(node.tag)
        if name and node.get(name):
            yield f"<{node.tag}> {node.get(name)}"
        if node.get("background"):
            yield f"<{node.tag} background> {node.get('background')}"
        for address in REMOTE.findall(node.get("style") or ""):
            yield f"<{node.tag} style> {address.strip()}"
        if node.tag == "style":
            for address in REMOTE.findall(node.text or ""):
                yield f"<style> {address.strip()}"


def _style_text(node: Any) -> str:
    text = re.sub(r"<!--|-->", "", str(node.text or ""))
    return re.sub(r"\s*([{};:,])\s*", r"\1", " ".join(text.split())).replace(";}", "}")


def _declarations(style: str | None) -> str:
    pieces = [piece for piece in re.split(r";(?![^(]*\))", style or "") if piece.strip()]
    told = []
    for piece in pieces:
        name, _colon, value = piece.partition(":")
        told.append(f"{name.strip().lower()}:{' '.join(value.split())}")
    return ";".join(told)


def _element(node: Any) -> str:
    left = {
        name: " ".join(value.split())
        for name, value in node.attrib.items()
        if name not in ("style", "src", "href") and not name.startswith("xmlns")
    }
    return f"{node.tag} " + " ".join(f"{name}={value}" for name, value in sorted(left.items()))
