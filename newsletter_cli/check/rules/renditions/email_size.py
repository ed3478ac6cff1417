"""An e-mail that Gmail cuts off: what stands behind the cut, the way out of the list included, is not seen."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.origins import HEADINGS, squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="email-size", level=Level.WARNING, title=_("The e-mail is too long"))
LARGE_BYTES, CUT_BYTES = 90_000, 102_400
NAMED = 3  # sections that are named


def check(renditions: Renditions) -> Iterator[Finding]:
    """Warning above 90,000 bytes of UTF-8, error above 102,400: there Gmail cuts."""
    size_bytes = len(renditions.email.encode())
    if size_bytes <= LARGE_BYTES:
        return
    is_cut = size_bytes > CUT_BYTES
    message = (
        _("the e-mail has {size} kB; Gmail shows the first 102 kB and cuts the rest off")
        if is_cut
        else _("the e-mail has {size} kB; Gmail cuts at 102 kB")
    )
    heaviest = sorted(_weights(renditions).items(), key=lambda pair: -pair[1])[:NAMED]
    listed = ", ".join(f"{title} ({weight / 1000:.0f} kB)" for title, weight in heaviest if weight >= 1000)
    yield RULE.at(
        Place(file=renditions.issue_file),
        message.format(size=f"{size_bytes / 1000:.0f}"),
        suggestion=_("shorten what weighs most: {sections}").format(sections=listed)
        if listed
        else _("shorten the issue, or leave a part of it to the post online"),
        level=Level.ERROR if is_cut else None,
    )


def _weights(renditions: Renditions) -> dict[str, int]:
    """Bytes of the e-mail by section: what stands around each section's heading and no other's."""
    titles = {squeezed(text.heading): text.heading for text in renditions.texts if text.heading}
    found: dict[html.HtmlElement, str] = {}
    for heading in renditions.body.iter(*HEADINGS):
        said = squeezed(heading.text_content())
        title = titles.get(said) or titles.get(said.lstrip("0123456789"))
        if title is not None and title not in found.values():
            found[heading] = title
    around: dict[html.HtmlElement, int] = {}
    for heading in found:
        for one in heading.iterancestors():
            around[one] = around.get(one, 0) + 1
    weights = {}
    for heading, title in found.items():
        alone = [one for one in heading.iterancestors() if around[one] == 1]
        if alone:
            weights[title] = len(etree.tostring(alone[-1], encoding="utf-8", with_tail=False))
    return weights
