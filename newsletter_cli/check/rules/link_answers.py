"""What the sites answered about each link."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.check.rule import rule
from newsletter_cli.model import Finding, Level


@rule(
    "link-broken",
    Level.ERROR,
    _("A link leads nowhere"),
    why="""
        A link leads nowhere, for every reader: the page is missing (404) or removed (410), there is no site of that
        name, its certificate is invalid, or no browser understands the address. Of an image, it is not there.

        It is a warning where the fault may pass: the site has a fault of its own (5xx), takes no connection, hangs
        up, or sends visitors in a circle; or where the address of an image is that of a web page.
    """,
    bad="`[the programme](https://www.atelier.example/programe)`, which answers 404.",
    good="`[the programme](https://www.atelier.example/programme)`.",
)
def link_broken(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of a broken address; a warning where the fault may have passed tomorrow."""
    for place, outcome in report.places_with(LinkStatus.BROKEN):
        yield link_broken.at(
            place.place,
            _broken_message(place, outcome),
            suggestion=_broken_suggestion(outcome),
            level=Level.ERROR if outcome.is_certain else Level.WARNING,
            subject=place.url,
        )
    for url, image in report.images.items():
        if not image.is_page:
            continue
        for place in report.places_by_url.get(url, ()):
            if place.kind == "image":
                message = _("this image is a web page: {url}").format(url=url)
                hint = _("give the address of the picture itself (in the browser: “copy image address”)")
                yield link_broken.at(place.place, message, suggestion=hint, level=Level.WARNING, subject=url)


def _broken_message(place: AddressPlace, outcome: Outcome) -> str:
    if place.kind == "image":
        return _("the image {url} is not there: {reason}").format(url=place.url, reason=outcome.reason)
    return _("the link {url} is broken: {reason}").format(url=place.url, reason=outcome.reason)


def _broken_suggestion(outcome: Outcome) -> str:
    if outcome.cause is Cause.NO_SUCH_HOST:
        return _("look for a slip in the name of the site")
    if outcome.cause is Cause.NOT_AN_ADDRESS:
        return _("copy the address from the browser’s address bar")
    if outcome.cause is Cause.TLS:
        return _("tell those who run the site, or link to another")
    if not outcome.is_certain:
        return _("open it in a browser; check again before you send")
    return _("look for the page’s new address, or take the link out")


@rule(
    "link-fragment-missing",
    Level.WARNING,
    _("A page has no place of that name"),
    why="""
        The page is there, the place in it that `#…` names is not: readers arrive at its top and have to search.
    """,
    bad="""
        `[opening hours](https://www.atelier.example/visit#hours)`, when no element of the page has `id="hours"`.
    """,
    good="`[opening hours](https://www.atelier.example/visit#opening-hours)`, or without `#…`.",
)
def link_fragment_missing(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address whose page is there, but has no element of that `id` (HTML, 7.4.6.4)."""
    for place, outcome in report.places_with(LinkStatus.OK, LinkStatus.REDIRECTED):
        if outcome.is_fragment_missing:
            page, _hash, fragment = place.url.partition("#")
            yield link_fragment_missing.at(
                place.place,
                _("the page {page} is there, but has no place “#{name}” in it").format(page=page, name=fragment),
                suggestion=_("readers arrive at its top; link to a heading that it has, or drop “#{name}”").format(
                    name=fragment
                ),
                subject=place.url,
            )


@rule(
    "link-https-available",
    Level.WARNING,
    _("A link could be https"),
    why="""
        An `http://` address works with `https://`, too: nobody on the way can read or change the page then, and mail
        readers do not warn. `--fix` writes it. Where the site itself redirects for good, `link-redirected` says so
        instead.
    """,
    bad="`[the map](http://maps.atelier.example/)`.",
    good="`[the map](https://maps.atelier.example/)`.",
    is_fixable=True,
)
def link_https_available(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an `http://` address that works with `https://`, too (RFC 9110, 4.2.2).

    Silent where the site itself redirects for good: `link-redirected` says so.
    """
    for place, outcome in report.places_with(LinkStatus.OK):
        if outcome.has_https:
            new = f"https:{place.url.removeprefix('http:')}"
            yield link_https_available.at(
                place.place,
                _("{url} can be had by https, where nobody on the way can read or change it").format(url=place.url),
                suggestion=_("write {new}").format(new=new),
                edits=place.edits_to_https(),
                subject=place.url,
            )


@rule(
    "link-redirected",
    Level.WARNING,
    _("A page has moved for good"),
    why="""
        A page has moved for good (301, 308). The old address works as long as somebody keeps the signpost. `--fix`
        writes the new one, but for a page that has become the front page of its site: the page itself may be gone
        then, and you are asked to look.
    """,
    bad="`[the guide](https://www.atelier.example/old/guide)`, which redirects.",
    good="`[the guide](https://docs.atelier.example/guide)`, where it leads.",
    is_fixable=True,
)
def link_redirected(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address that redirects permanently (RFC 9110, 15.4.2 and 15.4.9).

    Not fixed where a page within a site has become its front page: that is how many sites say “gone”.
    """
    for place, outcome in report.places_with(LinkStatus.REDIRECTED):
        new = outcome.new_address
        if new is None:
            continue
        if is_front_page(new) and not is_front_page(place.url):
            yield link_redirected.at(
                place.place,
                _("{url} leads to the front page of the site now: the page may be gone").format(url=place.url),
                suggestion=_("open it, and look for the page’s new address"),
                subject=place.url,
            )
            continue
        yield link_redirected.at(
            place.place,
            _("{url} has moved for good").format(url=place.url),
            suggestion=_("write {new}").format(new=new),
            edits=place.edits(new),
            subject=place.url,
        )


def is_front_page(url: str) -> bool:
    """Whether an address names a site and nothing in it."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


@rule(
    "link-timeout",
    Level.WARNING,
    _("A site did not answer in time"),
    why="""
        A site gave no answer in time, twice. It may be slow just now, or gone; only you can tell.
    """,
    bad="`[the archive](https://archive.atelier.example/)`, which loads for minutes.",
    good="""
        the same when it answers again; or `timeout_seconds = 60` under `[check.links]` for a site that is always
        slow.
    """,
)
def link_timeout(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address that gave no answer within the time set."""
    for place, _outcome in report.places_with(LinkStatus.TIMEOUT):
        yield link_timeout.at(
            place.place,
            _("no answer in time from {url}").format(url=place.url),
            suggestion=_("open it in a browser; check again before you send"),
            subject=place.url,
        )


@rule(
    "link-unverifiable",
    Level.INFO,
    _("A site does not let programs check a link"),
    why="""
        The site does not let programs look (LinkedIn, 403, 429…) or wants visitors to sign in (401), so that nobody
        can say whether the page is there. Open it once.
    """,
    bad="""
        `[the form](https://team.atelier.example/form)`, which answers 401: readers who are not on the team cannot
        open it.
    """,
    good="""
        `[the form](https://www.atelier.example/form)`, open to all. A profile on LinkedIn is good, too, once you have
        opened it; `exclude = ["linkedin.com"]` under `[check.links]` spares you the note.
    """,
)
def link_unverifiable(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address whose site wants people, or people it knows."""
    for place, outcome in report.places_with(LinkStatus.UNVERIFIABLE):
        yield link_unverifiable.at(
            place.place,
            _("not verified: {url} ({reason})").format(url=place.url, reason=outcome.reason),
            suggestion=_("open it once in a browser"),
            subject=place.url,
        )


@rule(
    "post-unpublished",
    Level.INFO,
    _("The post is not online yet"),
    why="""
        The e-mail leads to the post: “read online”, its contents, pictures that do not travel with it. Its address is
        known before the post is there, and does not answer yet. Publish it before the issue goes out; `nl send` and
        `nl announce` say so once more. Without a network nothing is said.
    """,
    bad="an issue that is sent while `https://www.atelier.example/letters/newsletter7/` answers 404.",
    good="the same once the site has the post: `nl publish 7`, and the site was built.",
)
def post_unpublished(report: LinkReport) -> Iterator[Finding]:
    """One finding where the address of the post does not answer."""
    place, outcome = report.post, report.post_outcome
    if place is not None and outcome is not None and outcome.is_absent:
        yield post_unpublished.at(
            place.place,
            _("the post is not online yet at {url}: {reason}").format(url=place.url, reason=outcome.reason),
            suggestion=_("publish it before the issue goes out"),
            subject=place.url,
        )
