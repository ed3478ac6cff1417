"""Pictures and marks that some of the mail readers that count do not show."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.clients import read_support
from newsletter_cli.check.subjects.renditions import RenderedText, Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="client-support", level=Level.WARNING, title=_("Some mail readers do not show it"))
# Without SVG, which `image-svg` reports whatever the clients.
IMAGES = {
    "apng": "image-apng",
    "avif": "image-avif",
    "bmp": "image-bmp",
    "hdr": "image-hdr",
    "heic": "image-heif",
    "heif": "image-heif",
    "ico": "image-ico",
    "mp4": "image-mp4",
    "tif": "image-tiff",
    "tiff": "image-tiff",
    "webp": "image-webp",
}
# What each of these says that is lost without it; elements that only lose their looks are not worth a word.
MARKS = (
    ("ruby", None, "html-ruby"),
    ("bdi", None, "html-bdi"),
    ("abbr", "title", "html-abbr"),
    ("ol", "reversed", "html-lists-reversed"),
)


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each picture, one in each text for each kind of mark, that a client of `[check]` lacks.

    A picture that is not seen is a warning; a mark is one where half of the clients lack it, else info.
    """
    for text in renditions.texts:
        yield from _check_images(renditions, text)
        for tag, attribute, feature in MARKS:
            found = [one for one in text.tree.iter(tag) if attribute is None or one.get(attribute) is not None]
            if found:
                yield from _check_mark(renditions, text, found, feature)


def _check_images(renditions: Renditions, text: RenderedText) -> Iterator[Finding]:
    for image in text.tree.iter("img"):
        address = image.get("src") or ""
        ending = _ending(address)
        lacking = read_support().lacking(IMAGES[ending], renditions.clients) if ending in IMAGES else []
        if lacking:
            yield RULE.at(
                renditions.typed_place(image, text.place_of(image)),
                _("a picture of the kind {kind} is not shown by {clients}").format(
                    kind=ending.upper(), clients=", ".join(lacking)
                ),
                suggestion=_("save it as PNG or JPEG"),
                subject=address,
            )


def _ending(address: str) -> str:
    try:
        return urlsplit(address).path.rpartition(".")[2].lower()
    except ValueError:
        return ""


def _check_mark(
    renditions: Renditions, text: RenderedText, found: list[html.HtmlElement], feature: str
) -> Iterator[Finding]:
    lacking = read_support().lacking(feature, renditions.clients)
    if lacking:
        name = f"<{found[0].tag!s}{' reversed' if feature == 'html-lists-reversed' else ''}>"
        yield RULE.at(
            text.place_of(found[0]),
            ngettext(
                "{mark} is not understood by {clients}",
                "{mark}, {count} times in this text, is not understood by {clients}",
                len(found),
            ).format(mark=name, count=len(found), clients=", ".join(lacking)),
            suggestion=_("say it in words as well: {example}").format(example=_example(feature)),
            level=None if 2 * len(lacking) >= len(renditions.clients) else Level.INFO,
            subject=feature,
        )


def _example(feature: str) -> str:
    return {
        "html-ruby": _("the reading in brackets behind the word"),
        "html-bdi": _("names of another script on a line of their own"),
        "html-abbr": _("the long form in brackets, the first time"),
        "html-lists-reversed": _("write the numbers into the text"),
    }[feature]
