"""What is in the files of images: pictures that cannot be shown."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import chain

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import linked_files, shown_files
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level
from newsletter_cli.model.picture import PictureFault, PictureFaultKind

PICTURE_SUFFIXES = {"AVIF": ".avif", "GIF": ".gif", "JPEG": ".jpg", "PNG": ".png", "SVG": ".svg", "WebP": ".webp"}


@rule(
    "image-unreadable",
    Level.ERROR,
    _("A picture cannot be shown"),
    why="""
        A picture that the texts or the front matter show, or link to, is none: the file is empty, cut short or
        damaged, a text, a web page, a pointer of Git LFS whose picture was not fetched, a PDF, or a picture of
        another format than its name says (a PNG called `.jpg`). Readers would see a broken frame. The file is read as
        far as its structure goes; its pixels are not decoded.
    """,
    bad="""
        `images/pier.png` with `version https://git-lfs.github.com/spec/v1` in it: `git lfs pull` fetches the picture.
    """,
    good="`images/pier.png`, whole, and a PNG.",
)
def image_unreadable(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such file, where it is shown or linked first."""
    seen: set[str] = set()
    for name, place in chain(shown_files(manuscript), linked_files(manuscript)):
        asset = manuscript.assets.get(name)
        if asset is None or asset.fault is None or name in seen:
            continue
        seen.add(name)
        message, suggestion = _told(name, asset.fault)
        yield image_unreadable.at(place, message, suggestion=suggestion, subject=name)


def _told(name: str, fault: PictureFault) -> tuple[str, str]:
    """What to say of the file, and what to do."""
    messages = {
        PictureFaultKind.EMPTY: (_("{name} is empty"), _("copy the picture there again")),
        PictureFaultKind.CUT: (
            _("{name} is cut short: the end of the file is missing"),
            _("copy or download it again, whole"),
        ),
        PictureFaultKind.DAMAGED: (
            _("{name} is damaged: no mail reader shows it"),
            _("copy it again, or save it anew in the program it comes from"),
        ),
        PictureFaultKind.LFS_POINTER: (
            _("{name} is a Git LFS pointer: the picture itself has not been fetched"),
            _("fetch it with: git lfs pull"),
        ),
        PictureFaultKind.ANNEX_POINTER: (
            _("{name} is a git-annex pointer: the picture itself has not been fetched"),
            _("fetch it with: git annex get"),
        ),
        PictureFaultKind.WEB_PAGE: (
            _("{name} is a web page that was saved under the name of a picture"),
            _("open the picture itself in the browser, and save that"),
        ),
        PictureFaultKind.TEXT: (_("{name} is a text, not a picture"), _("put the picture itself in its place")),
        PictureFaultKind.MISNAMED: (
            _("{name} is a {detail} picture under another name: some mail readers do not show it"),
            _("name it {right}, in the text too"),
        ),
        PictureFaultKind.FOREIGN: (
            _("{name} is a {detail} file, which mail readers do not show"),
            _("save it as PNG or JPEG"),
        ),
        PictureFaultKind.UNKNOWN: (
            _("{name} is not a picture that mail readers know"),
            _("save it as PNG or JPEG"),
        ),
        PictureFaultKind.BROKEN_DRAWING: (
            _("{name} is an SVG drawing with a fault in line {detail}: browsers do not show it"),
            _("save it anew, better still as PNG"),
        ),
        PictureFaultKind.ROOTLESS_DRAWING: (
            _("{name} does not begin as an SVG drawing must: browsers do not show it"),
            _('its first element is <svg xmlns="http://www.w3.org/2000/svg">; save it anew, better still as PNG'),
        ),
        PictureFaultKind.UNREAD: (
            _("{name} cannot be read: {detail}"),
            _("see who may read the file, and whether it is really there"),
        ),
    }
    message, suggestion = messages[fault.kind]
    file = posixpath.basename(name)
    right = posixpath.splitext(file)[0] + PICTURE_SUFFIXES.get(fault.detail, "")
    return (
        message.format(name=shorten(file), detail=fault.detail),
        suggestion.format(right=shorten(right)),
    )
