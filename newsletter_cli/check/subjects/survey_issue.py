"""An issue → its texts surveyed: what every rule on content starts from."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.check.subjects.manuscript import Text
from newsletter_cli.markdown.issue import ParsedIssue, ParsedText
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.markdown.survey.blocks import survey_blocks


def survey_issue(parsed: ParsedIssue) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The texts of the issue's bodies, the editorial first, and those out of its headers."""
    sections = (None, *parsed.issue.published_sections)
    bodies = (
        Text(_survey(parsed, text, is_exact=True), section)
        for text, section in zip(parsed.bodies, sections, strict=True)
    )
    return tuple(bodies), tuple(_header_texts(parsed))


def _header_texts(parsed: ParsedIssue) -> Iterator[Text]:
    names = iter(parsed.names)
    for one in parsed.sections:
        section = one.section
        descriptions = {id(event): text for event, text in one.events}
        for event in section.events:
            yield Text(_survey(parsed, next(names), is_exact=False), section, "title")
            if event.description:
                yield Text(_survey(parsed, descriptions[id(event)], is_exact=False), section, "description")
        for _job in section.jobs:
            yield Text(_survey(parsed, next(names), is_exact=False), section, "title")


def _survey(parsed: ParsedIssue, text: ParsedText, *, is_exact: bool) -> Survey:
    return survey_blocks(text.source, text.published, text.typed, parsed.document.env, is_exact=is_exact)
