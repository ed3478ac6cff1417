"""The files of images: whether they are there, of a kind that mail readers show, and light enough."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Asset, Manuscript
from newsletter_cli.check.texts.addresses import asset_path, shown_files
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.model import Finding, Level


@rule(
    "image-data",
    Level.WARNING,
    _("An image is written into the text"),
    why="""
        An image is written into the text itself (`data:image/png;base64,…`). Gmail and Outlook show none of these.
    """,
    bad="`![The tide gauge](data:image/png;base64,iVBORw0KGgo=)`",
    good="`![The tide gauge](images/gauge.png)`",
)
def image_data(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image with a `data:` address (caniemail, “Base64 image format”)."""
    for text in manuscript.all_texts:
        for image in text.survey.images:
            if image.src[:5].lower() == "data:":
                words = shorten(image.alt or "")
                yield image_data.at(
                    text.survey.place(image.span),
                    _("the image “{words}” is written into the text (data:): most readers will not see it").format(
                        words=words
                    )
                    if words
                    else _("an image is written into the text (data:): most readers will not see it"),
                    suggestion=_(
                        "save it as a file in images/ and give its name: ![What it shows](images/picture.png)"
                    ),
                )


SCHEME = Pattern(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
REFUSED_IMAGE = Pattern(r"!\[[^\[\]\n]*\]\((file:[^()\s]*)\)", re.IGNORECASE)
# `file:///home/…`, `C:\Pictures\…`: a place on somebody's machine.
OWN_MACHINE = Pattern(r"file:|[a-z]:[\\/]|[a-z]:%5c", re.IGNORECASE)


@rule(
    "image-file-missing",
    Level.ERROR,
    _("An image file is missing"),
    why="""
        There is no such file in the issue's folder, and readers would see a broken frame. The name nearest to it is
        told; big and small letters count. An address that begins with `/` belongs to your site, and is not looked at.
    """,
    bad="""
        `![The tide gauge](images/Gauge.png)`, when the file is `images/gauge.png`; or `![The tide
        gauge](file:///C:/gauge.png)`.
    """,
    good="`![The tide gauge](images/gauge.png)`",
)
def image_file_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image whose relative address leads to no file of the issue.

    An address that begins with `/` belongs to the site.
    """
    for text in manuscript.all_texts:
        for image in text.survey.images:
            fault = missing_file(image.src, manuscript.assets)
            if fault is not None:
                yield image_file_missing.at(
                    text.survey.place(image.span), fault[0], suggestion=fault[1], subject=unquote(image.src)
                )
        yield from _refused_images(text.survey, manuscript.assets)


def _refused_images(survey: Survey, assets: Mapping[str, Asset]) -> Iterator[Finding]:
    """Images at `file:` addresses, which Markdown leaves as text."""
    if "(file:" not in survey.source.text:
        return
    for block in survey.blocks:
        for found in REFUSED_IMAGE.finditer(block.text) if block.kind not in ("code", "html") else ():
            fault = missing_file(found[1], assets)
            if fault is not None and block.prose[found.start()] == "!":
                yield image_file_missing.at(
                    survey.place_in(block, *found.span()), fault[0], suggestion=fault[1], subject=found[1]
                )


def missing_file(address: str, assets: Mapping[str, Asset]) -> tuple[str, str] | None:
    """What to say of an image's address that leads to none of `assets`, and what to do; `None`: nothing."""
    if OWN_MACHINE.match(address):
        return (
            _("the image {name} is on one computer only").format(name=_file_name(address)),
            _("put the file beside the sections, into images/, and write images/{name}").format(
                name=_file_name(address)
            ),
        )
    if not address or address.startswith(("/", "#", "?")) or SCHEME.match(address):
        return None
    path = asset_path(address)
    if path in assets and "\\" not in unquote(address):
        return None
    close = nearest_file(path, assets)
    return (
        _("there is no file {name} in this issue's folder").format(name=shorten(path)),
        _("did you mean “{key}”?").format(key=close)
        if close
        else _("put the file there, or fix the name; big and small letters count"),
    )


def _file_name(address: str) -> str:
    return shorten(unquote(address).replace("\\", "/").rpartition("/")[2])


def nearest_file(path: str, assets: Mapping[str, Asset]) -> str | None:
    """The file of the issue that was meant by a name that leads to none."""
    names = list(assets)
    folded = path.casefold()
    same = next((name for name in names if name.casefold() == folded), None)
    # In another folder, or written otherwise.
    elsewhere = next((name for name in names if posixpath.basename(name) == posixpath.basename(path)), None)
    return same or elsewhere or nearest(path, names, cutoff=0.75)


@rule(
    "front-matter-image-missing",
    Level.ERROR,
    _("An image of the front matter is missing"),
    why="""
        A relative address under `images:` leads to no file of the issue: the post is shared without its picture. One
        that begins with `/` belongs to your site: where `[site]` names its repository, the picture is looked for there,
        and its lack is a warning; the e-mail shows it by its address.
    """,
    bad="`images: [images/Cover.png]`, when the file is `images/cover.png`.",
    good="`images: [images/cover.png]`",
)
def front_matter_image_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each relative address in `images:` that leads to no file of the issue, and for each that begins
    with `/` and leads to no file of the site.
    """
    for image in manuscript.issue.images:
        fault = missing_file(image, manuscript.assets)
        if fault is not None:
            yield front_matter_image_missing.at(
                manuscript.field("images"), fault[0], suggestion=fault[1], subject=image
            )
        elif image in manuscript.missing_in_site:
            names = manuscript.missing_in_site[image]
            yield front_matter_image_missing.at(
                manuscript.field("images"),
                _("the site has no picture {name}: the e-mail and the post would name one that is not there").format(
                    name=image
                ),
                suggestion=_("looked for: {files}").format(files=", ".join(names))
                if names
                else _("the path leads out of the site: write it from its top, /img/cover.png"),
                level=Level.WARNING,
                subject=image,
            )


MOST_BYTES = 800_000
# Twice the 600 pixels of an e-mail's column: what the sharpest screens show.
ENOUGH_WIDTH = 1200


@rule(
    "image-heavy",
    Level.WARNING,
    _("An image file is too heavy"),
    why="""
        An image file weighs more than 800 kB. On a telephone readers wait for it, and pay for it. (How wide a file is
        beside its place in the e-mail is for `image-oversized` to say.)
    """,
    bad="`images/pier.png`, 3 MB, straight from the camera.",
    good="`images/pier.jpg`, 1,200 pixels wide, 150 kB.",
)
def image_heavy(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each file of more than 800 kB that the texts or the front matter show, where it is shown first.

    How wide a file is beside its place in the e-mail is for `image-oversized` to say.
    """
    seen: set[str] = set()
    for name, place in shown_files(manuscript):
        asset = manuscript.assets.get(name)
        if asset is None or name in seen:
            continue
        seen.add(name)
        if asset.size_bytes > MOST_BYTES:
            yield image_heavy.at(
                place,
                _("{name} weighs {size} kB: on a telephone, readers wait for it").format(
                    name=name.rpartition("/")[2], size=round(asset.size_bytes / 1000)
                ),
                suggestion=_lighter(asset),
                subject=name,
            )


def _lighter(asset: Asset) -> str:
    if asset.width is not None and asset.width > ENOUGH_WIDTH:
        return _("it is {width} px wide: make it {enough} px wide, and save it as JPEG if it is a photograph").format(
            width=asset.width, enough=ENOUGH_WIDTH
        )
    return _("save it as JPEG if it is a photograph, or with fewer colours")


DRAWING = Pattern(r"(?!data:)[^?#]*\.svgz?(?:[?#]|$)|data:image/svg", re.IGNORECASE)


@rule(
    "image-svg",
    Level.WARNING,
    _("An image is an SVG drawing"),
    why="""
        An image is an SVG drawing: Gmail, Outlook and others do not show it.
    """,
    bad="`![The map of the bay](images/bay.svg)`",
    good="`![The map of the bay](images/bay.png)`, twice as wide as it is shown.",
)
def image_svg(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image whose file is an SVG (caniemail, “SVG image format”)."""
    for text in manuscript.all_texts:
        for image in text.survey.images:
            if DRAWING.match(image.src):
                name = shorten(image.src.rpartition("/")[2]) if image.src[:5].lower() != "data:" else "SVG"
                yield image_svg.at(
                    text.survey.place(image.span),
                    _("{name} is an SVG drawing, which many mail readers do not show").format(name=name),
                    suggestion=_("save it as PNG, twice as wide as it is shown"),
                    subject=image.src[:200],
                )
