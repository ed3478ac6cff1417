"""A link reference or footnote defined in two sections: readers would get the first one's for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.markdown.source import UnclosedComment, parse_blocks, remove_nl_comments
from newsletter_cli.model import Finding, Level, Place, Rule, SourceText

RULE = Rule(slug="definition-twice", level=Level.WARNING, title=_("Two sections define the same reference or footnote"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    """`target` is the address of a reference; a footnote's own text differs from any other's."""

    name: str
    target: str
    file: str
    line: int


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each definition that another section gave before, unless both mean the same address.

    The sections are one document (CommonMark 0.31, 4.7: the first of several matching definitions wins).
    """
    first: dict[str, _Definition] = {}
    for source in (text.survey.source for text in manuscript.texts):
        for one in _definitions(source):
            earlier = first.setdefault(one.name, one)
            if earlier.file == one.file or earlier.target == one.target:
                continue
            yield RULE.at(
                Place(file=one.file, line=one.line),
                _("{name} is defined in {file}:{line}, too; readers get that one").format(
                    name=one.name, file=earlier.file, line=earlier.line
                ),
                suggestion=_("give one of the two another name"),
            )


def _definitions(source: SourceText) -> Iterator[_Definition]:
    if "]:" not in source.text:
        return
    try:
        published = remove_nl_comments(source.text)
    except UnclosedComment:
        return
    blocks = parse_blocks(published.text)
    for label, reference in blocks.env.get("references", {}).items():
        line = source.first_line + published.lines[reference["map"][0]]
        yield _Definition(name=f"[{label.lower()}]", target=reference["href"], file=source.file, line=line)
    for token, inner in pairwise(blocks.tokens):
        if token.type == "footnote_reference_open":
            # The plugin gives the note itself no line, but what stands in it has one.
            line = source.first_line + published.lines[inner.map[0] if inner.map else 0]
            yield _Definition(
                name=f"[^{token.meta['label']}]", target=f"{source.file}:{line}", file=source.file, line=line
            )
