"""What a rule is: a module with a `RULE` that describes it and a pure function `check`.

There is one kind for each thing a rule may look at; a kind is a folder here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from newsletter_cli.check.links import LinkReport
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Rule


class ManuscriptRule(Protocol):
    """A rule on what the editors typed (`structure/`, `text/`, `language/`)."""

    RULE: Rule

    def check(self, manuscript: Manuscript, /) -> Iterator[Finding]:
        """Every place where the rule is broken."""


class RenditionRule(Protocol):
    """A rule on what the readers get (`renditions/`)."""

    RULE: Rule

    def check(self, renditions: Renditions, /) -> Iterator[Finding]:
        """Every place where the rule is broken."""


class LinkRule(Protocol):
    """A rule on what became of the addresses (`links/`)."""

    RULE: Rule

    def check(self, report: LinkReport, /) -> Iterator[Finding]:
        """Every place where the rule is broken."""
