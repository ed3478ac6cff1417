"""An image whose file is not there: readers would see a broken frame."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.subjects.manuscript import Asset, Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.shown_files import asset_path
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-file-missing", level=Level.ERROR, title=_("An image file is missing"))
SCHEME = Pattern(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
REFUSED = Pattern(r"!\[[^\[\]\n]*\]\((file:[^()\s]*)\)", re.IGNORECASE)
# `file:///home/…`, `C:\Pictures\…`: a place on somebody's machine.
OWN_MACHINE = Pattern(r"file:|[a-z]:[\\/]|[a-z]:%5c", re.IGNORECASE)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image whose relative address leads to no file of the issue.

    An address that begins with `/` belongs to the site.
    """
    for text in manuscript.all_texts:
        for image in text.survey.images:
            fault = missing_file(image.src, manuscript.assets)
            if fault is not None:
                yield RULE.at(text.survey.place(image.span), fault[0], suggestion=fault[1], subject=unquote(image.src))
        yield from _refused(text.survey, manuscript.assets)


def _refused(survey: Survey, assets: Mapping[str, Asset]) -> Iterator[Finding]:
    """Images at `file:` addresses, which Markdown leaves as text."""
    if "(file:" not in survey.source.text:
        return
    for block in survey.blocks:
        for found in REFUSED.finditer(block.text) if block.kind not in ("code", "html") else ():
            fault = missing_file(found[1], assets)
            if fault is not None and block.prose[found.start()] == "!":
                yield RULE.at(survey.place_in(block, *found.span()), fault[0], suggestion=fault[1], subject=found[1])


def missing_file(address: str, assets: Mapping[str, Asset]) -> tuple[str, str] | None:
    """What to say of an image's address that leads to none of `assets`, and what to do; `None`: nothing."""
    if OWN_MACHINE.match(address):
        return (
            _("the image {name} is on one computer only").format(name=_name(address)),
            _("put the file beside the sections, into images/, and write images/{name}").format(name=_name(address)),
        )
    if not address or address.startswith(("/", "#", "?")) or SCHEME.match(address):
        return None
    path = asset_path(address)
    if path in assets and "\\" not in unquote(address):
        return None
    close = _nearest(path, assets)
    return (
        _("there is no file {name} in this issue's folder").format(name=shorten(path)),
        _("did you mean “{key}”?").format(key=close)
        if close
        else _("put the file there, or mend the name; big and small letters count"),
    )


def _name(address: str) -> str:
    return shorten(unquote(address).replace("\\", "/").rpartition("/")[2])


def _nearest(path: str, assets: Mapping[str, Asset]) -> str | None:
    names = list(assets)
    folded = path.casefold()
    same = next((name for name in names if name.casefold() == folded), None)
    # In another folder, or written otherwise.
    elsewhere = next((name for name in names if posixpath.basename(name) == posixpath.basename(path)), None)
    return same or elsewhere or nearest(path, names, cutoff=0.75)
