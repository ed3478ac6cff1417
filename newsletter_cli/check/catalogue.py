"""All rules there are, and the ways to apply them."""

from __future__ import annotations

from newsletter_cli.check import importing, reading, silence
from newsletter_cli.check.language.report import LanguageReport
from newsletter_cli.check.links.report import LinkReport
from newsletter_cli.check.rule import CheckedRule, named_in, rules_in
from newsletter_cli.check.rules import (
    browser,
    characters,
    dates,
    eaten_marks,
    email_elements,
    email_images,
    email_leftovers,
    email_links,
    email_looks,
    email_page,
    email_words,
    events,
    foreign_markup,
    header_dates,
    header_markup,
    headers,
    headings,
    image_contents,
    image_descriptions,
    image_files,
    language,
    leftover_names,
    leftovers,
    line_breaks,
    link_addresses,
    link_answers,
    link_personal,
    link_promised,
    link_repeated,
    link_report,
    link_targets,
    link_words,
    long_words,
    marks,
    names,
    not_taken,
    not_taken_blocks,
    not_taken_lines,
    not_taken_references,
    not_taken_tables,
    other_programs,
    past_dates,
    personal_marks,
    placeholders,
    plain_blocks,
    sections,
    slips,
    text_part,
    themes,
    typography,
    vanishing,
)
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Rule

# A module of rules belongs into one of these lists; the tests look for one that was left out.
MANUSCRIPT_RULES: tuple[CheckedRule[Manuscript], ...] = rules_in(
    headers,
    header_dates,
    header_markup,
    sections,
    headings,
    link_words,
    link_promised,
    link_addresses,
    link_repeated,
    link_targets,
    link_personal,
    image_descriptions,
    image_files,
    image_contents,
    marks,
    names,
    eaten_marks,
    not_taken,
    not_taken_blocks,
    not_taken_lines,
    not_taken_references,
    not_taken_tables,
    vanishing,
    foreign_markup,
    other_programs,
    plain_blocks,
    line_breaks,
    personal_marks,
    characters,
    long_words,
    placeholders,
    dates,
    past_dates,
    events,
    leftover_names,
    leftovers,
    typography,
    slips,
)
RENDITION_RULES: tuple[CheckedRule[Renditions], ...] = rules_in(
    email_page,
    email_looks,
    email_images,
    email_links,
    email_elements,
    email_leftovers,
    email_words,
    text_part,
    themes,
)
LINK_RULES: tuple[CheckedRule[LinkReport], ...] = rules_in(link_answers, link_report)
LANGUAGE_RULES: tuple[CheckedRule[LanguageReport], ...] = rules_in(language)
# Found while files are read, while an issue is silenced, by a browser: nothing here applies them.
OTHER_RULES: tuple[Rule, ...] = named_in(reading, importing, silence, browser)

ALL_RULES: tuple[Rule, ...] = tuple(
    sorted((*MANUSCRIPT_RULES, *RENDITION_RULES, *LINK_RULES, *LANGUAGE_RULES, *OTHER_RULES), key=lambda one: one.slug)
)


def check_manuscript(manuscript: Manuscript) -> tuple[Finding, ...]:
    """Every finding of every rule on what the editors typed, rule by rule."""
    return tuple(finding for rule in MANUSCRIPT_RULES for finding in rule.check(manuscript))


def check_renditions(renditions: Renditions) -> tuple[Finding, ...]:
    """Every finding of every rule on what the readers get, rule by rule."""
    return tuple(finding for rule in RENDITION_RULES for finding in rule.check(renditions))


def check_link_report(report: LinkReport) -> tuple[Finding, ...]:
    """Every finding of every rule on addresses, rule by rule."""
    return tuple(finding for rule in LINK_RULES for finding in rule.check(report))


def check_language_report(report: LanguageReport) -> tuple[Finding, ...]:
    """Every finding of every rule on what the readers of languages found, rule by rule."""
    return tuple(finding for rule in LANGUAGE_RULES for finding in rule.check(report))
