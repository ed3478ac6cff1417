"""What mail readers do to an e-mail before they show it, done to its tree: each function changes the tree given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree, html

# Nothing of these is ever shown or run in the preview's frame; there they would only be refused.
ACTIVE = ("script", "iframe", "frame", "object", "embed", "base", "link", "form")
PREFERRED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
SCHEME = re.compile(r"(?<![\w-])(color-scheme\s*:)\s*([^;}!]*)", re.IGNORECASE)
# Media features that always hold, and that never do.
ALWAYS, NEVER = "(min-width:0)", "(max-width:0)"
IMPORTED = re.compile(r"@import[^;]*;?", re.IGNORECASE)
ADDRESS = re.compile(r"""url\(\s*+(?:"([^"]*)"|'([^']*)'|([^)"'\s]*+))\s*+\)""", re.IGNORECASE)
OFF = (
    ".nl-image-off{display:inline-block;box-sizing:border-box;max-width:100%;padding:6px 10px;"
    "border:1px dashed #808080!important;text-align:start;vertical-align:middle}"
)
# Of a picture's style: what is about the picture, not about its words.
SIZED = ("display", "width", "height", "border", "max-width", "outline")
UNSAFE_SCHEMES = ("javascript:", "data:", "vbscript:", "file:")


def disarm(page: html.HtmlElement) -> None:
    """Takes out what would run, load or lead away by itself; links ask for a window of their own, and get none."""
    for element in list(page.iter(*ACTIVE)):
        if element.tag == "form":
            element.drop_tag()
        else:
            _drop(element)
    for meta in list(page.iter("meta")):
        if (meta.get("http-equiv") or "").lower() in ("refresh", "content-security-policy"):
            _drop(meta)
    for element in page.iter(etree.Element):
        for name in [name for name in element.attrib if name.lower().startswith("on")]:
            del element.attrib[name]
    for style in page.iter("style"):
        style.text = IMPORTED.sub("", style.text or "")
    for link in page.iter("a", "area"):
        address = (link.get("href") or "").strip()
        if address.lower().startswith(UNSAFE_SCHEMES):
            del link.attrib["href"]
        elif address and not address.startswith("#"):
            link.set("target", "_blank")
            link.set("rel", "noopener noreferrer")


def settle_scheme(page: html.HtmlElement, *, is_dark: bool) -> None:
    """Makes the e-mail light or dark, whatever the system of the one who looks prefers.

    The queries are written over rather than left to the frame's `color-scheme`: so every browser agrees.
    """
    for sheet in page.iter("style"):
        sheet.text = _settled(sheet.text or "", is_dark=is_dark)
    for element in page.iter("style", "source"):
        if element.get("media"):
            element.set("media", _settled(element.get("media") or "", is_dark=is_dark))
    for meta in page.iter("meta"):
        if (meta.get("name") or "").lower() == "color-scheme":
            meta.set("content", _scheme(meta.get("content") or "", is_dark=is_dark))
    for element in page.iter(etree.Element):
        style = element.get("style")
        if style and "color-scheme" in style:
            element.set("style", _settled(style, is_dark=is_dark))


def _settled(css: str, *, is_dark: bool) -> str:
    wanted = "dark" if is_dark else "light"
    css = PREFERRED.sub(lambda query: ALWAYS if query[1].lower() == wanted else NEVER, css)
    return SCHEME.sub(lambda found: f"{found[1]}{_scheme(found[2], is_dark=is_dark)}", css)


def _scheme(value: str, *, is_dark: bool) -> str:
    """Who knows no dark stays light."""
    return "dark" if is_dark and "dark" in value.lower() else "light"


def strip_styles(page: html.HtmlElement) -> None:
    """What SFR, La Poste, GMX and Gmail's mobile web show: no `<style>`, no `<link>`; style attributes stay."""
    for element in list(page.iter("style", "link")):
        _drop(element)


def lead_files(page: html.HtmlElement, files: Mapping[str, str]) -> None:
    """Addresses of the issue's own files become those where the preview serves them."""

    def led(found: re.Match[str]) -> str:
        address = next((part for part in found.groups() if part is not None), "")
        return f'url("{files[address]}")' if address in files else found[0]

    for element in page.iter(etree.Element):
        for name in ("src", "background"):
            if element.get(name) in files:
                element.set(name, files[element.get(name) or ""])
        # What a wider or denser screen would load is left to the one address.
        element.attrib.pop("srcset", None)
        style = element.get("style")
        if style and "url(" in style:
            element.set("style", ADDRESS.sub(led, style).replace('"', "'"))
    for sheet in page.iter("style"):
        sheet.text = ADDRESS.sub(led, sheet.text or "")


def drop_images(page: html.HtmlElement, is_dropped: Callable[[str], bool]) -> None:
    """Pictures whose address is one of these, as a mail reader shows them that loads none: a box with the alt text."""

    def unloaded(found: re.Match[str]) -> str:
        address = next((part for part in found.groups() if part is not None), "")
        return "none" if is_dropped(address) else found[0]

    has_box = False
    for image in [one for one in page.iter("img") if is_dropped(one.get("src") or "")]:
        _box(image)
        has_box = True
    for element in page.iter(etree.Element):
        if element.get("background") and is_dropped(element.get("background") or ""):
            del element.attrib["background"]
        style = element.get("style")
        if style and "url(" in style:
            element.set("style", ADDRESS.sub(unloaded, style))
    for sheet in page.iter("style"):
        sheet.text = ADDRESS.sub(unloaded, sheet.text or "")
    if has_box:
        add_style(page, OFF)


def _box(image: html.HtmlElement) -> None:
    """A picture without an address: browsers show its words, in the type that the e-mail gives it."""
    for name in ("src", "srcset", "width", "height", "border", "align"):
        image.attrib.pop(name, None)
    if not (image.get("alt") or "").strip():
        image.set("style", "display:none")
        return
    kept = [
        part for part in (image.get("style") or "").split(";") if part.partition(":")[0].strip().lower() not in SIZED
    ]
    image.set("style", ";".join(kept))
    image.set("class", f"{image.get('class') or ''} nl-image-off".strip())


def add_style(page: html.HtmlElement, css: str) -> None:
    """A sheet of the preview's own, behind all others."""
    head = page.find("head")
    style = html.Element("style")
    style.text = css
    (page if head is None else head).append(style)


def _drop(element: html.HtmlElement) -> None:
    # Unlike remove(), it leaves the text that follows.
    element.drop_tree()
