"""Whether the site has an issue as it is now: for `nl status`. Nothing of the site is read but its own files there."""

from __future__ import annotations

import shlex

from msgspec import Struct

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.publishing.page import render_page
from newsletter_cli.flows.publishing.where import configured_site
from newsletter_cli.flows.render import Rendered
from newsletter_cli.publish.places import site_places
from newsletter_cli.workspace.digests import digest_octets
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.published import read_published


class SiteStanding(Struct, frozen=True, kw_only=True):
    """What was published of an issue: its page, and whether it is the one of today; `page` is empty before.
    `directory` is the folder that was named with `-C`, or empty.
    """

    number: int
    directory: str = ""
    page: str = ""
    is_current: bool = False

    @property
    def line(self) -> str:
        """What is left to be done, if anything is."""
        place = f"-C {shlex.quote(self.directory)} " if self.directory else ""
        command = f"{called()} {place}publish {self.number}"
        if not self.page:
            return _("The site does not have it yet: {command}").format(command=command)
        if not self.is_current:
            return _("The site has it as it was before: {command}").format(command=command)
        return ""

    def as_dict(self) -> dict[str, object] | None:
        """The same for scripts."""
        return {"page": self.page, "current": self.is_current} if self.page else None


def site_standing(workspace: Workspace, rendered: Rendered, *, directory: str = "") -> SiteStanding | None:
    """Where the issue stands in the site; `None` without a site, or where that cannot be told: publishing says why."""
    site = configured_site(workspace)
    if site is None:
        return None
    number = rendered.sources.issue.number
    try:
        known = read_published(workspace, number)
        if known is None:
            return SiteStanding(number=number, directory=directory)
        page = render_page(workspace, rendered, site, site_places(workspace.config, rendered.sources.issue))
    except (NewsletterError, OSError):
        return None
    places = site_places(workspace.config, rendered.sources.issue)
    is_current = digest_octets(page.text.encode()) in known.files.get(places.page, ())
    is_current = is_current and known.page == places.page
    return SiteStanding(number=number, directory=directory, page=known.page, is_current=is_current)
