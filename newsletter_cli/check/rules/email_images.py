"""The images of the finished e-mail: their size, weight and alternative texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.looks import contrast_of
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place


@rule(
    "image-alt-attribute",
    Level.WARNING,
    _("An image of the e-mail has no alt attribute"),
    why="""
        An image of the theme has no `alt`, so that a screen reader spells out its address. Those of the editors
        always have one.
    """,
    bad='`<img src="https://www.example.org/logo.png" width="90">` in a theme.',
    good='`<img src="https://www.example.org/logo.png" width="90" alt="">`.',
)
def image_alt_attribute(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such image (WCAG 2.2, 1.1.1). `nl` gives the editors' images one: it is the theme's."""
    for image, place in renditions.placed_images:
        if image.get("alt") is None:
            yield image_alt_attribute.at(
                place,
                _("the image {address} has no alt attribute").format(address=image.get("src")),
                suggestion=_('alt="" for an ornament, else what the picture says'),
                subject=image.get("src"),
            )


WHOLE = re.compile(r"[1-9][0-9]*")


@rule(
    "image-dimensions",
    Level.WARNING,
    _("An image has no width that Outlook understands"),
    why="""
        A picture of the theme does not say how wide it is. A note for one within a line of text, of which nobody knows
        the size. Outlook for Windows heeds nothing but a whole number of pixels in `width`, and shows the picture in
        its own size otherwise. A picture on a line of its own, or a file of the issue, gets its width from `nl`.
    """,
    bad="`Meet at the ![anchor](https://www.example.org/anchor.png) sign.`",
    good='`Meet at the <img src="https://www.example.org/anchor.png" alt="anchor" width="20"> sign.`',
)
def image_dimensions(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each image without a whole number in `width`, or with a `height` that is none (nor `auto`).

    Info for an image of unknown size within a line of a text: its own size may be the right one.
    """
    for image, place in renditions.placed_images:
        address = image.get("src") or ""
        if not WHOLE.fullmatch(image.get("width") or ""):
            yield image_dimensions.at(
                place,
                _("the image {address} does not say how wide it is: Outlook shows it in its own size").format(
                    address=address
                ),
                suggestion=_('put it on a line of its own, or write <img src=… alt=… width="300">'),
                level=None if place == renditions.theme else Level.INFO,
                subject=address,
            )
        elif image.get("height") not in (None, "auto") and not WHOLE.fullmatch(image.get("height") or ""):
            yield image_dimensions.at(
                place,
                _("the height of the image {address} is no whole number of pixels").format(address=address),
                suggestion=_("leave it out: the width is enough"),
                subject=address,
            )


@rule(
    "image-link-alt",
    Level.WARNING,
    _("A linked picture has no alternative text"),
    why="""
        A picture of the theme is a link, and neither it nor anything beside it says where to. With images off there
        is nothing to click on. Those of the editors are the business of `image-alt-missing`.
    """,
    bad='`<mj-image src="https://www.example.org/logo.png" href="https://www.example.org/" />` in a theme.',
    good='the same with `alt="The site of the gazette"`.',
)
def image_link_alt(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each link of the theme that holds images and no text at all (WCAG 2.2, 2.4.4; RGAA 6.2).

    Those of the editors are reported where they were typed (`image-alt-missing`).
    """
    for link in renditions.body.iter("a"):
        images = list(link.iter("img"))
        if not link.get("href") or not images or link.text_content().strip() or link.get("aria-label"):
            continue
        has_alt = any((image.get("alt") or "").strip() for image in images)
        if not has_alt and renditions.origins.find(images[0]) is None:
            yield image_link_alt.at(
                renditions.theme,
                _("the picture that links to {address} has no alternative text").format(address=link.get("href")),
                suggestion=_("say in alt where the link leads"),
                subject=link.get("href"),
            )


MOST_TIMES = 2  # screens of telephones have two to three pixels for one of CSS
LIGHT_BYTES = 100_000  # below, the pixels cost a reader little


@rule(
    "image-oversized",
    Level.WARNING,
    _("An image file is larger than it is shown"),
    why="""
        An image file is more than twice as wide as it is shown: readers wait for pixels they never see. Info below
        100 kB.
    """,
    bad="a photograph of 4,000 pixels as it came from the camera.",
    good="the same, reduced to the width that the message names.",
)
def image_oversized(renditions: Renditions) -> Iterator[Finding]:
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
        if asset.width is None or not shown or asset.width <= MOST_TIMES * shown:
            continue
        yield image_oversized.at(
            places[address],
            _("{name} is {width} px wide and is shown {shown} px wide ({size} kB)").format(
                name=address.rpartition("/")[2], width=asset.width, shown=shown, size=round(asset.size_bytes / 1000)
            ),
            suggestion=_suggested(
                MOST_TIMES * shown, is_logo=renditions.logo is not None and address == renditions.logo[0]
            ),
            level=Level.INFO if asset.size_bytes < LIGHT_BYTES else None,
            subject=address,
        )


def _suggested(width: int, *, is_logo: bool) -> str:
    # `nl images` works on the pictures of an issue.
    if is_logo:
        return _("reduce it to a width of {width} px").format(width=width)
    return _("reduce it to a width of {width} px: nl images does it").format(width=width)


LEAST_CONTRAST = 3.0  # of what is drawn (WCAG 2.2, 1.4.11)
BLACK = (0.0, 0.0, 0.0)


@rule(
    "image-dark-drawing",
    Level.WARNING,
    _("A dark picture with a transparent ground is hard to see on dark paper"),
    why="""
        A PNG whose ground is transparent, and what is drawn on it dark, as in most logos: with a dark screen it stands
        dark on dark. The themes of `nl` lay something light under it, so that nothing is to do; the theme of this
        newsletter has templates or styles of its own, which do not.
    """,
    bad="a black logo on a transparent ground, and a `blocks.mjml.j2` of one's own that knows no `has_plate`.",
    good="the same logo saved with a white ground, or `.plate img { background: #ffffff }` in the theme.",
)
def image_dark_drawing(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such file that has dark paper behind it when the screen is dark."""
    seen: set[str] = set()
    for image, place in renditions.placed_images:
        address = image.get("src") or ""
        asset = renditions.images.get(address)
        if asset is None or not asset.is_dark_drawing or address in seen:
            continue
        paper = renditions.looks.dark[image].paper
        if paper is not None and contrast_of(BLACK, paper) < LEAST_CONTRAST:
            seen.add(address)
            yield image_dark_drawing.at(
                place,
                _("{name} is dark on a transparent ground: it is hardly seen on dark paper").format(
                    name=address.rpartition("/")[2]
                ),
                suggestion=_("save it with a white ground"),
                subject=address,
            )


MOST_BYTES = 800_000
NAMED_FILES = 3  # files that are named


@rule(
    "images-heavy",
    Level.WARNING,
    _("The images weigh too much together"),
    why="""
        The images of the issue have more than 800 kB together.
    """,
    bad="six screenshots of 300 kB.",
    good="the same as JPEG or in fewer colours, 90 kB each.",
)
def images_heavy(renditions: Renditions) -> Iterator[Finding]:
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
        f"{address.rpartition('/')[2]} ({_('{size} kB').format(size=round(size / 1000))})"
        for address, (size, _place) in heaviest[:NAMED_FILES]
    )
    yield images_heavy.at(
        heaviest[0][1][1],
        _("the issue's images weigh {size} kB together; 800 kB is plenty").format(size=round(total_bytes / 1000)),
        suggestion=_("make the heaviest smaller: {images}").format(images=listed),
    )


MOST_MESSAGE_BYTES = 20_000_000
# In base64, 57 octets make a line of 76 signs and its end (RFC 2045, 6.8).
ENCODED = 78 / 57


@rule(
    "message-too-large",
    Level.ERROR,
    _("A message is too large for mail servers"),
    why="""
        Each message carries the issue's pictures, and is larger than 20 MB with them: most mail servers refuse it, of
        all readers. What counts is the size as it is sent, a good third more than that of the files.
    """,
    bad='`images = "embedded"` under `[send]`, and ten photographs of 2 MB.',
    good='`images = "linked"`; or the same photographs after `nl images`, 200 kB each.',
)
def message_too_large(renditions: Renditions) -> Iterator[Finding]:
    """One finding, at the heaviest picture. Each file goes into a message once."""
    if not renditions.is_embedding:
        return
    shown: dict[str, tuple[int, Place]] = {}
    for image, place in renditions.placed_images:
        address = image.get("src") or ""
        if address in renditions.images:
            shown.setdefault(address, (renditions.images[address].size_bytes, place))
    total = sum(size for size, _place in shown.values()) * ENCODED + len(renditions.email) + len(renditions.text)
    if not shown or total <= MOST_MESSAGE_BYTES:
        return
    heaviest = max(shown, key=lambda address: shown[address][0])
    yield message_too_large.at(
        shown[heaviest][1],
        _("each message has about {size} MB with its pictures; mail servers refuse more than {most} MB").format(
            size=round(total / 1_000_000), most=MOST_MESSAGE_BYTES // 1_000_000
        ),
        suggestion=_('nl images makes them smaller; or have them linked: images = "linked" under [send]'),
    )
