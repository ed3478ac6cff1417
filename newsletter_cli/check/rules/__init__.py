"""The rules, by kind; each is a module of its own."""

from __future__ import annotations

from newsletter_cli.check.links import LinkReport
from newsletter_cli.check.rules import language, links, renditions, structure, text
from newsletter_cli.check.rules.interface import LinkRule, ManuscriptRule, RenditionRule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding

MANUSCRIPT_RULES: tuple[ManuscriptRule, ...] = (*structure.RULES, *text.RULES, *language.RULES)
RENDITION_RULES: tuple[RenditionRule, ...] = renditions.RULES
LINK_RULES: tuple[LinkRule, ...] = links.RULES


def check_manuscript(manuscript: Manuscript) -> tuple[Finding, ...]:
    """Every finding of every rule on what the editors typed, rule by rule."""
    return tuple(finding for rule in MANUSCRIPT_RULES for finding in rule.check(manuscript))


def check_renditions(issue: Renditions) -> tuple[Finding, ...]:
    """Every finding of every rule on what the readers get, rule by rule."""
    return tuple(finding for rule in RENDITION_RULES for finding in rule.check(issue))


def check_link_report(report: LinkReport) -> tuple[Finding, ...]:
    """Every finding of every rule on addresses, rule by rule."""
    return tuple(finding for rule in LINK_RULES for finding in rule.check(report))
