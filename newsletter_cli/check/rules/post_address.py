"""The address of the post, which the e-mail leads to and which is known before the post is there."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport
from newsletter_cli.check.rule import rule
from newsletter_cli.model import Finding, Level


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
