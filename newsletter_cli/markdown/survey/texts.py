"""Texts that are one document → their surveys."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.markdown.parse import Part, parse_document
from newsletter_cli.markdown.source import publish
from newsletter_cli.markdown.survey.blocks import survey_blocks
from newsletter_cli.markdown.survey.survey import Survey
from newsletter_cli.model import SourceText


def survey_texts(sources: Sequence[SourceText]) -> tuple[Survey, ...]:
    """The surveys of texts that are one document: a reference defined in one resolves in all.

    A comment for editors that is never closed is left in; reading the issue says so.
    """
    published = [publish(source.text) for source in sources]
    document = parse_document([Part(one.text) for one in published])
    return tuple(
        survey_blocks(*each, document.env, is_exact=True)
        for each in zip(sources, published, document.typed, strict=True)
    )
