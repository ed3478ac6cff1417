"""Links that nobody looked at, and why: one finding for all of them."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus
from newsletter_cli.check.links.report import INSTALLATION, Problem
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="links-unchecked", level=Level.WARNING, title=_("Links were not checked"))


def check(report: LinkReport) -> Iterator[Finding]:
    """At most one finding for what kept the check from running, and one for the addresses of the local network.

    What the configuration leaves out, and names kept for examples, are unchecked on purpose.
    """
    stopped = _places(report, Cause.NO_NETWORK, Cause.NOT_RUN)
    if stopped and report.problem is not None:
        yield RULE.at(
            Place(file=stopped[0].place.file), _message(report, stopped), suggestion=_suggestion(report.problem)
        )
    private = _places(report, Cause.PRIVATE)
    if private:
        count = len({place.url for place in private})
        message = ngettext(
            "{count} link was not checked: {url} belongs to the local network, where readers cannot follow",
            "{count} links were not checked: they belong to the local network, where readers cannot follow ({url}…)",
            count,
        )
        yield RULE.at(
            private[0].place,
            message.format(count=count, url=private[0].url),
            suggestion=_("if that is meant: nl check --allow-private, or allow_private = true under [check.links]"),
            level=Level.INFO,
            subject=private[0].url,
        )


def _places(report: LinkReport, *causes: Cause) -> list[AddressPlace]:
    return [place for place, outcome in report.places_with(LinkStatus.UNCHECKED) if outcome.cause in causes]


def _message(report: LinkReport, stopped: list[AddressPlace]) -> str:
    count = len({place.url for place in stopped})
    start = ngettext("{count} link was not checked", "{count} links were not checked", count).format(count=count)
    return _("{start}: {why}").format(start=start, why=_why(report))


def _why(report: LinkReport) -> str:
    if report.problem is Problem.NO_NETWORK:
        return _("there is no network")
    if report.problem is Problem.INTERCEPTED:
        return _("something on the way answers in the place of every site")
    if report.problem is Problem.NO_LYCHEE:
        return _("the program that does it, lychee, is not installed")
    if report.problem_details:
        return _("lychee failed ({details})").format(details=report.problem_details)
    return _("lychee failed")


def _suggestion(problem: Problem) -> str:
    if problem is Problem.NO_NETWORK:
        return _("check again when you are online (behind a proxy, HTTPS_PROXY has to name it)")
    if problem is Problem.INTERCEPTED:
        return _(
            "open any site in a browser: the network may want you to sign in first; if browsers are content, this "
            "machine lacks certificates (SSL_CERT_FILE)"
        )
    if problem is Problem.NO_LYCHEE:
        return INSTALLATION
    return _("run it again; if it fails again, `lychee --version` tells whether the program itself is sound")
