"""All the images of an issue together: what a reader on a train has to wait for."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="images-heavy", level=Level.WARNING, title=_("The images weigh too much together"))
MOST_BYTES = 800_000
NAMED = 3  # files that are named


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding where the known images of the e-mail have more than 800 kB; it stands at the heaviest."""
    shown: dict[str, tuple[int, Place]] = {}
    for image, place in renditions.placed_images:
        address = image.get("src") or ""
        if address in renditions.images:
            shown.setdefault(address, (renditions.images[address].size_bytes, place))
    total_bytes = sum(size for size, _place in shown.values())
    if total_bytes <= MOST_BYTES:
        return
    heaviest = sorted(shown.items(), key=lambda pair: -pair[1][0])
    listed = ", ".join(
        f"{address.rpartition('/')[2]} ({size / 1000:.0f} kB)" for address, (size, _) in heaviest[:NAMED]
    )
    yield RULE.at(
        heaviest[0][1][1],
        _("the issue's images weigh {size} kB together; 800 kB is plenty").format(size=round(total_bytes / 1000)),
        suggestion=_("make the heaviest smaller: {images}").format(images=listed),
    )
