"""A link reference or footnote defined in two sections: readers would get the first one's for both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.i18n import _
from newsletter_cli.markdown.source import UnclosedComment, parse_blocks, remove_nl_comments, split_lines
from newsletter_cli.model import Finding, Issue, Level, SourceText


@dataclass(frozen=True, slots=True)
class _Definition:
    """`target` is the address of a reference; a footnote's own text differs from any other's."""

    name: str
    target: str
    file: str
    line: int


def check(issue: Issue, canonical: Sequence[SectionNames]) -> Iterator[Finding]:
    """One finding for each definition that another section gave before, unless both mean the same address.

    The sections are one document (CommonMark 0.31, 4.7: the first of several matching definitions wins).
    """
    first: dict[str, _Definition] = {}
    for source in (issue.editorial, *(section.body for section in issue.published_sections)):
        for one in _definitions(source):
            earlier = first.setdefault(one.name, one)
            if earlier.file == one.file or earlier.target == one.target:
                continue
            yield Finding(
                file=one.file,
                rule="definition-twice",
                level=Level.WARNING,
                message=_("{name} is defined in {file}:{line}, too; readers get that one").format(
                    name=one.name, file=earlier.file, line=earlier.line
                ),
                line=one.line,
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
        yield _Definition(f"[{label.lower()}]", reference["href"], source.file, line)
    lines = split_lines(published.text)
    for token in blocks.tokens:
        if token.type == "footnote_reference_open":
            name = f"[^{token.meta['label']}]"
            # The plugin gives no line; the note may stand in a quotation or a list.
            found = next((index for index, line in enumerate(lines) if line.lstrip(BEFORE_NOTE).startswith(f"{name}:")), 0)
            line = source.first_line + published.lines[found]
            yield _Definition(name, f"{source.file}:{line}", source.file, line)
