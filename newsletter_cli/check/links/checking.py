"""The one way in: places in, report out."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter_cli.base.values import replace
from newsletter_cli.base.web.address import is_web
from newsletter_cli.check.links.cache import FILE_NAME
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome
from newsletter_cli.check.links.places import AddressPlace
from newsletter_cli.check.links.report import LinkReport
from newsletter_cli.config.settings import LinkSettings

if TYPE_CHECKING:
    from newsletter_cli.base.web.reach import Network


def check_links(
    places: Sequence[AddressPlace],
    preferences: LinkSettings,
    *,
    cache_folder: Path | None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    is_offline: bool = False,
    network: Network | None = None,
    find_program: Callable[[], str | None] | None = None,
    now: datetime | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    post: AddressPlace | None = None,
) -> LinkReport:
    """What becomes of each distinct web address of `places`.

    `cache_folder` keeps the answers between runs. `on_progress` is told how many addresses are done, of how many.
    `is_offline`: nothing is asked; what `cache_folder` has of the last time holds. `network` is the machine's own,
    `find_program` looks for lychee, `now` is an aware time; `is_stopped` is asked a few times a second whether anybody
    still wants to know (`lychee.Stopped` is raised if not). `post` is asked for, too, and told apart. Whatever a site
    does is an outcome, and whatever keeps the check from running is the report's `problem`; raises `ConfigError` for a
    pattern in the configuration that cannot be read, and lets `KeyboardInterrupt` pass when nothing of the check is
    left behind.
    """
    own = dict.fromkeys(place.url for place in places if is_web(place.url))
    urls = tuple(own | dict.fromkeys([post.url] if post is not None else []))
    if preferences.exclude or preferences.remap:
        from newsletter_cli.check.links.screen import Screen

        # A slip in the configuration is found where it is made, not by the first who has a network.
        Screen(preferences)
    if is_offline and urls and cache_folder is not None and (cache_folder / FILE_NAME).is_file():
        from newsletter_cli.check.links.probe import recall_links

        known = recall_links(urls, preferences, cache_folder=cache_folder, now=now)
        if post is not None and known[post.url].status is LinkStatus.BROKEN:
            # It may have been published since.
            known[post.url] = Outcome(status=LinkStatus.UNCHECKED, cause=Cause.OFFLINE)
        return _told(LinkReport(tuple(places), known), own, post)
    if is_offline or not urls:
        unasked = {url: Outcome(status=LinkStatus.UNCHECKED, cause=Cause.OFFLINE) for url in urls}
        return _told(LinkReport(tuple(places), unasked), own, post)
    # All that talks to the outside is loaded now only: 40 ms that a check of the texts does not pay.
    from newsletter_cli.check.links.probe import probe_links

    pictures = frozenset(place.url for place in places if place.kind == "image")
    probed = probe_links(
        urls,
        pictures,
        preferences,
        cache_folder=cache_folder,
        on_progress=on_progress,
        network=network,
        find_program=find_program,
        now=now,
        is_stopped=is_stopped,
        fresh=frozenset() if post is None else frozenset({post.url}),
    )
    report = LinkReport(tuple(places), probed.outcomes, probed.images, probed.problem, probed.problem_details)
    return _told(report, own, post)


def _told(report: LinkReport, own: Container[str], post: AddressPlace | None) -> LinkReport:
    """The report with the post's address apart, unless it is among the addresses of the texts, `own`, too."""
    if post is None:
        return report
    outcomes = {url: outcome for url, outcome in report.outcomes.items() if url in own}
    # Nobody has a link that was not checked.
    problem = report.problem if outcomes else None
    return replace(report, outcomes=outcomes, problem=problem, post=post, post_outcome=report.outcomes.get(post.url))
