"""Checking the addresses of an issue: which there are, what becomes of each, and what was learnt."""

from newsletter_cli.check.links.checking import check_links
from newsletter_cli.check.links.image import RemoteImage
from newsletter_cli.check.links.outcome import Cause, LinkStatus, Outcome
from newsletter_cli.check.links.places import AddressPlace, find_places
from newsletter_cli.check.links.report import LinkReport
from newsletter_cli.check.links.underway import LinksUnderway

__all__ = [
    "AddressPlace",
    "Cause",
    "LinkReport",
    "LinkStatus",
    "LinksUnderway",
    "Outcome",
    "RemoteImage",
    "check_links",
    "find_places",
]
