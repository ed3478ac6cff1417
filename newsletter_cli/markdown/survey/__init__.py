"""What stands in a Markdown text, and exactly where: for the rules, and for fixing."""

from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import (
    NOT_PROSE,
    Block,
    BlockKind,
    Definition,
    Footnote,
    ForeignMark,
    Image,
    ImageKind,
    Link,
    LinkKind,
    Mark,
    Run,
    TextLine,
)
from newsletter_cli.markdown.survey.survey import Survey
from newsletter_cli.markdown.survey.texts import survey_texts

__all__ = [
    "NOT_PROSE",
    "Block",
    "BlockKind",
    "Definition",
    "Footnote",
    "ForeignMark",
    "Image",
    "ImageKind",
    "Link",
    "LinkKind",
    "Mark",
    "Run",
    "Span",
    "Survey",
    "TextLine",
    "survey_texts",
]
