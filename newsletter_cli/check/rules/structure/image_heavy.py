"""An image file that weighs more than a whole issue should."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Asset, Manuscript
from newsletter_cli.check.texts.shown_files import shown_files
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-heavy", level=Level.WARNING, title=_("An image file is too heavy"))
MOST_BYTES = 800_000
# Twice the 600 pixels of an e-mail's column: what the sharpest screens show.
ENOUGH_WIDTH = 1200


def check(manuscript: Manuscript) -> Iterator[Finding]:
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
            yield RULE.at(
                place,
                _("{name} weighs {size} kB: on a telephone, readers wait for it").format(
                    name=name.rpartition("/")[2], size=round(asset.size_bytes / 1000)
                ),
                suggestion=_advice(asset),
                subject=name,
            )


def _advice(asset: Asset) -> str:
    if asset.width is not None and asset.width > ENOUGH_WIDTH:
        return _("it is {width} px wide: make it {enough} px wide, and save it as JPEG if it is a photograph").format(
            width=asset.width, enough=ENOUGH_WIDTH
        )
    return _("save it as JPEG if it is a photograph, or with fewer colours")
