"""Where something stands within a piece of raw HTML."""

from __future__ import annotations

from newsletter_cli.markdown.survey import Mark, Span, Survey


def span_in_mark(survey: Survey, mark: Mark, start: int, end: int) -> Span:
    """Offsets in the text of a piece of raw HTML (one of `Survey.html`) as offsets in the source."""
    block = survey.blocks[mark.block]
    if block.kind == "html":
        return survey.span(block, start, end)
    typed = mark.text[start:end]
    first = mark.span.start + start
    if not survey.source.text.startswith(typed, first):
        # A tag over several lines: marks of containers and line ends stand between.
        first = survey.source.text.find(typed, mark.span.start, mark.span.end)
        if first < 0:
            return mark.span
    return Span(start=first, end=first + len(typed))
