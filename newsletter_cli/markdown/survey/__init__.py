"""What stands in a Markdown text, and exactly where: for the rules, and for mending."""

from newsletter_cli.markdown.survey.elements import (
    NOT_PROSE,
    Block,
    BlockKind,
    Definition,
    Image,
    ImageKind,
    Link,
    LinkKind,
    Mark,
    Run,
    Span,
)
from newsletter_cli.markdown.survey.survey import Survey, survey_texts

__all__ = [
    "NOT_PROSE",
    "Block",
    "BlockKind",
    "Definition",
    "Image",
    "ImageKind",
    "Link",
    "LinkKind",
    "Mark",
    "Run",
    "Span",
    "Survey",
    "survey_texts",
]
