"""An image file far larger than the picture that readers see."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="image-oversized", level=Level.WARNING, title=_("An image file is larger than it is shown"))
MOST = 2  # screens of telephones have two to three pixels for one of CSS
LIGHT_BYTES = 100_000  # below, the pixels cost a reader little


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each known file more than twice as wide as it is shown; info where it is light all the same."""
    widest: dict[str, int] = {}
    places: dict[str, Place] = {}
    for image, place in renditions.placed_images:
        address, width = image.get("src") or "", image.get("width") or ""
        if address in renditions.images and width.isdecimal():
            widest[address] = max(int(width), widest.get(address, 0))
            places.setdefault(address, place)
    for address, shown in widest.items():
        asset = renditions.images[address]
        if asset.width is None or not shown or asset.width <= MOST * shown:
            continue
        yield RULE.at(
            places[address],
            _("{name} is {width} px wide and is shown {shown} px wide ({size} kB)").format(
                name=address.rpartition("/")[2], width=asset.width, shown=shown, size=round(asset.size_bytes / 1000)
            ),
            suggestion=_("reduce the file to a width of {width} px").format(width=MOST * shown),
            level=Level.INFO if asset.size_bytes < LIGHT_BYTES else None,
            subject=address,
        )
