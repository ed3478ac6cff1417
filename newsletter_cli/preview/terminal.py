"""An issue in the terminal: title, date, sections, as Markdown that rich draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from newsletter_cli.console.pager import show_pages
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.markdown.parse import MarkdownRules, Part, parse_document
from newsletter_cli.preview.drawing import Drawing, clean
from newsletter_cli.render.compose import ComposedEvent, ComposedIssue, ComposedSection
from newsletter_cli.render.dates import format_day, format_event_time
from newsletter_cli.render.frame import Frame
from newsletter_cli.workspace.folder import Workspace

if TYPE_CHECKING:
    from markdown_it.token import Token
    from rich.text import Text


def show_in_terminal(workspace: Workspace, number: int) -> None:
    """The issue as its sources stand, through the reader's pager; plain text where nobody looks on.

    Raises `ContentError`, `ConfigError`, `StorageError`.
    """
    composed, _parts = compose_sources(read_sources(workspace, number))
    show_pages(lambda width: draw_issue(composed, width))


def draw_issue(composed: ComposedIssue, width: int) -> Iterator[Any]:
    """What rich has to draw, piece by piece, for a reader with `width` columns. The links of a section end it."""
    issue, frame = composed.issue, composed.frame
    yield _line(issue.title, "bold")
    if issue.date is not None:
        yield _line(format_day(issue.date.date(), frame.words, frame.language), "dim")
    yield _line()
    # Parsed as one document: a reference or footnote of one section resolves in all.
    texts = [composed.published_editorial]
    for section in composed.sections:
        texts += [*(one.event.description or "" for one in section.events), section.published]
    document = parse_document([Part(clean(text)) for text in texts], rules=MarkdownRules(language=frame.language))
    parts = iter(document.parts)
    yield from _draw_text(next(parts), Drawing(frame.words, width))
    for section in composed.sections:
        drawing = Drawing(frame.words, width)
        yield from _draw_heading(section.title if section.number is None else f"{section.number}. {section.title}")
        yield from _draw_events(section.events, parts, frame, drawing)
        yield from _draw_jobs(section, frame, drawing)
        yield from _draw_text(next(parts), drawing)
    if document.notes:
        yield from _draw_heading(frame.words.notes)
        yield from _draw_text(document.notes, Drawing(frame.words, width))


def _draw_heading(title: str) -> Iterator[Any]:
    from rich.rule import Rule

    yield Rule(style="dim")
    yield _line(title, "bold")
    yield _line()


def _draw_text(tokens: Sequence[Token], drawing: Drawing) -> Iterator[Any]:
    from rich.text import Text

    yield from _draw_markdown(tokens, drawing)
    for number, address in enumerate(drawing.addresses, 1):
        # On one line however long it is, for the terminal to break: so it can be copied.
        yield Text(f"[{number}] {address}", style="dim", no_wrap=True, overflow="ignore")
    if drawing.addresses:
        yield _line()


def _draw_markdown(tokens: Sequence[Token], drawing: Drawing) -> Iterator[Any]:
    drawn = drawing.tokens(tokens)
    if drawn:
        markdown = _markdown()("")
        markdown.parsed = drawn
        yield markdown
        yield _line()


@cache
def _markdown() -> type[Any]:
    from rich.markdown import Markdown

    class NamedLinks(Markdown):
        """Markdown whose links have their address elsewhere."""

        inlines = Markdown.inlines | {"link"}

    return NamedLinks


def _draw_events(
    events: Sequence[ComposedEvent], descriptions: Iterator[Sequence[Token]], frame: Frame, drawing: Drawing
) -> Iterator[Any]:
    """Each event: what, when and where, and what is said of it. `descriptions` are the next parts, one an event."""
    for one, tokens in zip(events, descriptions, strict=False):
        yield _line(one.event.title, "bold").append(drawing.mark(one.event.url), style="not bold dim")
        when = format_event_time(one.event, frame.words, frame.language, frame.timezone)
        yield _line(f"{when} · {one.event.place}" if one.event.place else when, "dim")
        yield from _draw_markdown(tokens, drawing)
        if not tokens:
            yield _line()


def _draw_jobs(section: ComposedSection, frame: Frame, drawing: Drawing) -> Iterator[Text]:
    words = frame.words
    for job in section.jobs:
        text = _line("• ").append(clean(job.title), style="bold").append(drawing.mark(job.url), style="dim")
        if job.employer:
            text.append(f", {clean(job.employer)}")
        details = []
        if job.reference:
            details.append(words.labelled(words.reference, clean(job.reference)))
        if job.deadline:
            details.append(words.labelled(words.deadline, format_day(job.deadline, words, frame.language)))
        yield text.append("".join(f"\n  {detail}" for detail in details))
    if section.jobs:
        yield _line()


def _line(text: str = "", style: str = "") -> Text:
    from rich.text import Text

    return Text(clean(text), style=style)
