"""Nothing that runs, in the HTML that a theme makes.

A theme may come with a clone, and its e-mail is looked at in a browser before anybody has read it. Mail readers take
all of this out; filters take it for an attack. What sections hold has been cleaned before (`markdown/sanitise.py`).
"""

from __future__ import annotations

import re

from lxml import html

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.i18n import _
from newsletter_cli.render.theme import TEMPLATE, Theme

ACTIVE = frozenset(("script", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "form", "portal"))
# So small is nothing that anybody looks at.
PIXEL = 2
HANDLER = re.compile(r"on\w+")
# What browsers leave out of an address before they read its scheme.
UNREAD = re.compile(r"[\x00-\x20]+")
RUNNING_SCHEMES = ("javascript:", "vbscript:")
# What browsers read otherwise than the parser here: a comment that ends at once, tags in a style sheet (in an SVG).
ENDED_COMMENT = re.compile(r"-?>|.*--!>", re.DOTALL)
TAG = re.compile(r"<[a-z/!?]", re.IGNORECASE)
ADDRESSES = frozenset(("href", "xlink:href", "src", "background", "action", "formaction", "data", "poster"))


def refuse_active(page: str, theme: Theme, *, is_archive: bool = False) -> None:
    """Raises `RenderError` for HTML of the theme's that would run, or load or lead away by itself.

    `is_archive`: a page of the archive, which has the editors' text in it, cleaned, with whatever pictures.
    """
    for element in html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8")).iter():
        if is_archive and isinstance(element, html.HtmlElement) and element.tag == "img":
            continue
        what = _active_part(element)
        if what is not None:
            file, line = _place_of(what, theme)
            about = _("the theme holds {what}, which no e-mail may have: mail readers take it out, filters refuse it")
            if is_archive:
                about = _("the template holds {what}: a page of the archive runs nothing, and leads nowhere by itself")
            raise RenderError(
                about.format(what=what),
                file=file,
                line=line,
                hint=_("take it out of the theme's templates"),
            )


def _active_part(element: object) -> str | None:
    """The tag or attribute of the element that runs, or that spies, as one would write it."""
    if isinstance(element, html.HtmlComment):
        return "<!-->" if ENDED_COMMENT.match(element.text or "") else None
    if not isinstance(element, html.HtmlElement):
        return None
    if element.tag in ACTIVE or (element.tag == "style" and TAG.search(element.text or "")):
        return f"<{element.tag}>"
    if element.tag == "img" and _is_pixel(element):
        return f'<img src="{(element.get("src") or "")[:80]}">'
    if element.tag == "meta" and (element.get("http-equiv") or "").strip().lower() == "refresh":
        return 'http-equiv="refresh"'
    return next((f'{name}="…"' for name, value in element.attrib.items() if _is_active(name.lower(), value)), None)


def _is_pixel(element: html.HtmlElement) -> bool:
    """A picture from elsewhere that nobody can see: it only tells somebody who reads, and when."""
    if not (element.get("src") or "").strip().lower().startswith(("http:", "https:", "//")):
        return False
    style = {
        name.strip().lower(): value.strip().lower()
        for name, _colon, value in (one.partition(":") for one in (element.get("style") or "").split(";"))
    }
    if style.get("display") == "none" or style.get("visibility") == "hidden":
        return True
    said = [holder.get(side) or "" for holder in (style, element.attrib) for side in ("width", "height")]
    sizes = [size for size in map(_pixels, said) if size is not None]
    # A line is as thin, and long.
    return bool(sizes) and max(sizes) <= PIXEL


def _pixels(text: str) -> int | None:
    digits = re.fullmatch(r"\s*([0-9]{1,6})(?:\.[0-9]*)?\s*(?:px)?\s*", text.removesuffix("!important"))
    return int(digits[1]) if digits else None


def _is_active(attribute: str, value: str) -> bool:
    return bool(HANDLER.fullmatch(attribute)) or attribute == "srcdoc" or (attribute in ADDRESSES and _runs(value))


def _runs(address: str) -> bool:
    return UNREAD.sub("", address[:200]).lower().startswith(RUNNING_SCHEMES)


def _place_of(what: str, theme: Theme) -> tuple[str, int | None]:
    """The file of the theme that holds it, and its line, as far as a look tells."""
    sign = re.compile(_sign_of(what), re.IGNORECASE)
    for name, text in sorted(theme.files.items()):
        if found := sign.search(text):
            return theme.places.get(name, name), text.count("\n", 0, found.start()) + 1
    return theme.places.get(TEMPLATE, TEMPLATE), None


def _sign_of(what: str) -> str:
    if what.startswith("<img"):
        # mrml has made it from a tag of its own; the address is what was typed.
        return re.escape(what.partition('"')[2].partition("&")[0].rstrip('">'))
    return re.escape(what.rstrip(">").partition("=")[0]) + r"\b"
