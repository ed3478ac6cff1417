"""What else was learnt about addresses: remote images, mail addresses, links that nobody looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.web.address import is_mail
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus, RemoteImage
from newsletter_cli.check.links.report import INSTALLATION, LinkProblem
from newsletter_cli.check.rule import rule
from newsletter_cli.check.texts.targets import mistyped
from newsletter_cli.model import Finding, Level, Place

HEAVY_BYTES = 800_000
# The text of an e-mail is 680 pixels wide at most, and a screen shows two pixels for each; up to twice that is only
# more than is needed.
WIDEST_PIXELS = 680 * 2 * 2


@rule(
    "image-remote-heavy",
    Level.WARNING,
    _("An image on another site is too heavy"),
    why="""
        An image on another site weighs more than 800 KB, or is wider than 2,720 pixels, four times the width of the
        e-mail's text. Who reads on a train waits for it, and pays.
    """,
    bad="`![The stand](https://img.atelier.example/IMG_2031.jpg)`, straight from the camera, 6 MB.",
    good="the same picture at 1,360 pixels, 200 KB, beside the section: `![The stand](stand.jpg)`.",
)
def image_remote_heavy(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of a remote image over 800 KB (all images of a message) or 2,720 pixels wide."""
    for url, image in report.images.items():
        message = None if image.is_page else _image_message(url, image)
        if message is None:
            continue
        for place in report.places_by_url.get(url, ()):
            if place.kind == "image":
                hint = _("make it smaller (1,360 pixels wide are enough) and put it beside the section")
                yield image_remote_heavy.at(place.place, message, suggestion=hint, subject=url)


def _image_message(url: str, image: RemoteImage) -> str | None:
    if image.size_bytes is not None and image.size_bytes > HEAVY_BYTES:
        size = round(image.size_bytes / 1000)
        return _("the image {url} weighs {size} kB").format(url=url, size=size)
    if image.width is not None and image.width > WIDEST_PIXELS:
        return _("the image {url} is {width} pixels wide").format(url=url, width=image.width)
    return None


@rule(
    "links-unchecked",
    Level.WARNING,
    _("Links were not checked"),
    why="""
        Links were not checked, and why: no network, something on the way that answers for every site, no lychee, or
        lychee failed. One finding for all of them.

        It is info for addresses of the local network, which are not asked for; readers could not follow them either.
    """,
    bad="`[the draft](http://192.168.1.20/draft)`.",
    good="""
        `[the page](https://www.atelier.example/page)`; or, if all readers are within that network, `allow_private =
        true` under `[check.links]`.
    """,
)
def links_unchecked(report: LinkReport) -> Iterator[Finding]:
    """At most one finding for what kept the check from running, and one for the addresses of the local network.

    What the configuration leaves out, and names kept for examples, are unchecked on purpose.
    """
    stopped = _unchecked_places(report, Cause.NO_NETWORK, Cause.NOT_RUN)
    if stopped and report.problem is not None:
        yield links_unchecked.at(
            Place(file=stopped[0].place.file),
            _unchecked_message(report, stopped),
            suggestion=_unchecked_suggestion(report.problem),
        )
    private = _unchecked_places(report, Cause.PRIVATE)
    if private:
        count = len({place.url for place in private})
        message = ngettext(
            "{count} link was not checked: {url} belongs to the local network, where readers cannot follow",
            "{count} links were not checked: they belong to the local network, where readers cannot follow ({url}…)",
            count,
        )
        yield links_unchecked.at(
            private[0].place,
            message.format(count=count, url=private[0].url),
            suggestion=_("if that is meant: nl check --allow-private, or allow_private = true under [check.links]"),
            level=Level.INFO,
            subject=private[0].url,
        )


def _unchecked_places(report: LinkReport, *causes: Cause) -> list[AddressPlace]:
    return [place for place, outcome in report.places_with(LinkStatus.UNCHECKED) if outcome.cause in causes]


def _unchecked_message(report: LinkReport, stopped: list[AddressPlace]) -> str:
    count = len({place.url for place in stopped})
    start = ngettext("{count} link was not checked", "{count} links were not checked", count).format(count=count)
    return _("{start}: {why}").format(start=start, why=_why_unchecked(report))


def _why_unchecked(report: LinkReport) -> str:
    if report.problem is LinkProblem.NO_NETWORK:
        return _("there is no network")
    if report.problem is LinkProblem.INTERCEPTED:
        return _("something on the way answers in the place of every site")
    if report.problem is LinkProblem.NO_LYCHEE:
        return _("the program that does it, lychee, is not installed")
    if report.problem_details:
        return _("lychee failed ({details})").format(details=report.problem_details)
    return _("lychee failed")


def _unchecked_suggestion(problem: LinkProblem) -> str:
    if problem is LinkProblem.NO_NETWORK:
        return _("check again when you are online (behind a proxy, HTTPS_PROXY has to name it)")
    if problem is LinkProblem.INTERCEPTED:
        return _(
            "open any site in a browser: the network may want you to sign in first; if browsers are content, this "
            "machine lacks certificates (SSL_CERT_FILE)"
        )
    if problem is LinkProblem.NO_LYCHEE:
        return INSTALLATION
    return _("run it again; if it fails again, `lychee --version` tells whether the program itself is sound")


# As nearly all are written; a strict part of what the library accepts, which takes 30 ms to load.
PLAIN_MAIL = re.compile(
    r"(?=[^@]{1,64}@.{1,180}\Z)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)


@rule(
    "mail-address-invalid",
    Level.ERROR,
    _("A mail address is not valid"),
    why="""
        A `mailto:` link names no mail address: mail programs refuse it or lose the message. Only its form is looked
        at; nobody is asked.
    """,
    bad="`[write to us](mailto:contact@atelier)`.",
    good="`[write to us](mailto:contact@atelier.example)`.",
)
def mail_address_invalid(report: LinkReport) -> Iterator[Finding]:
    """One finding for each `mailto:` link with an address that is none (RFC 6068; RFC 5321, 5322, 6531)."""
    for place in report.places:
        if not is_mail(place.url) or mistyped(place.url) is not None:
            continue
        wrong = [address for address in addresses_of(place.url) if not is_mail_address(address)]
        if wrong:
            yield mail_address_invalid.at(
                place.place,
                _("“{address}” is no mail address").format(address=wrong[0])
                if wrong[0]
                else _("this link to write to somebody names no mail address"),
                suggestion=_("write it as mailto:name@example.org"),
                subject=place.url,
            )


def addresses_of(url: str) -> list[str]:
    """The addresses that a `mailto:` link names before its `?`; an empty one where there is none at all.

    `mailto:?subject=…` is right: who it goes to is left to the reader.
    """
    to, question_mark, _fields = url.partition(":")[2].partition("?")
    if not to and question_mark:
        return []
    # A comma within an address is escaped (RFC 6068, 2).
    return [unquote(part).strip() for part in to.split(",")]


def is_mail_address(address: str) -> bool:
    """Whether a mail server could accept it; nobody is asked."""
    if address.startswith("//"):
        # RFC 5322 lets a name begin with slashes; here somebody took `mailto:` for another `http:`.
        return False
    if PLAIN_MAIL.fullmatch(address):
        return True
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return "." in found.domain
