"""A small issue that has a bit of everything, rendered with a workspace's own theme and words: whether they work."""

from __future__ import annotations

from datetime import UTC, date, datetime

from newsletter_cli.flows.frame import build_frame
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.model import Event, Issue, Job, Section, SourceText
from newsletter_cli.render.blocks import ImageBlock
from newsletter_cli.render.compose import compose_issue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.gaps import Gap
from newsletter_cli.render.masthead import fit_logo
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.templates import Looks

BODY = """A paragraph with a [link](https://example.org/) and a note.[^1]

![A lighthouse](https://example.org/lighthouse.png)

- one
- two

> A quotation.

| a | b |
|---|---|
| 1 | 2 |

[^1]: The note.
"""


def render_sample(workspace: Workspace, looks: Looks) -> EmailParts:
    """Render it, and one that has next to nothing: `{% if … %}` has two sides. Nothing is written; what the templates
    told is in `gaps`.

    Raises `ContentError`, with the file of the theme and the line.
    """
    gaps: list[Gap] = []
    for issue in (_bare_issue(), _full_issue()):
        composed = compose_issue(parse_issue(issue), build_frame(workspace.config, looks.words, issue))
        cover = ImageBlock(src="https://example.org/cover.png", alt="") if issue.images else None
        logo = fit_logo("https://example.org/logo.png", (200, 64)) if issue.images else None
        parts = EmailParts(theme=looks.theme, sizes={}, cover=cover, logo=logo, gaps=gaps)
        render_renditions(composed, parts)
    return parts


def _bare_issue() -> Issue:
    text = SourceText(text="", file="sections/001/_issue.md")
    body = SourceText(text="A word.\n", file="sections/001/sample.md")
    return Issue(
        number=1, title="Sample", slug="sample", editorial=text, sections=(Section(slug="a", title="", body=body),)
    )


def _full_issue() -> Issue:
    day = datetime(2026, 6, 11, 14, tzinfo=UTC)
    text = SourceText(text="Dear readers,\n", file="sections/001/_issue.md")
    body = SourceText(text=BODY, file="sections/001/sample.md")
    event = Event(title="Workshop", start=day, place="Lyon", url="https://example.org/w", description="Come.")
    bare = Event(title="Fair", start=date(2026, 6, 16), end=date(2026, 6, 18))
    job = Job(title="Baker", employer="A bakery", url="https://example.org/j", reference="7", deadline=day.date())
    section = Section(slug="a", title="Sample", body=body, events=(event, bare), jobs=(job, Job(title="Cook")))
    return Issue(
        number=1,
        title="Sample",
        slug="sample",
        editorial=text,
        sections=(section,),
        date=day,
        summary="A sample.",
        images=("https://example.org/cover.png",),
        subject="Sample",
        preheader="A sample of everything.",
    )
