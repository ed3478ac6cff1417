"""What the tests of rendering share: small issues made in one line, and the renditions of one issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, TypedDict, Unpack
from zoneinfo import ZoneInfo

from lxml import html

from newsletter_cli.base.values import replace
from newsletter_cli.flows.read import Sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.markdown.fragment import FragmentRules, build_fragment
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.markdown.parse import Part, parse_document
from newsletter_cli.markdown.typography import TypographyRules
from newsletter_cli.model import Event, Issue, Job, Section, SourceText
from newsletter_cli.render.compose import ComposedIssue, compose_issue
from newsletter_cli.render.email import EmailParts, render_email
from newsletter_cli.render.frame import Contents, Frame
from newsletter_cli.render.post import render_post
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.render.text import render_email_text
from newsletter_cli.render.theme import Theme
from newsletter_cli.render.words import Words, parse_words
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.templates import read_theme

ROOT = Path(__file__).resolve().parent.parent
THEMES = ("default", "dsfr")
PARIS = ZoneInfo("Europe/Paris")


@cache
def theme_of(name: str = "default") -> Theme:
    return read_theme(open_workspace(ROOT), name)


@cache
def words_of(language: str = "fr") -> Words:
    name = f"templates/words/{language}.toml"
    return parse_words((ROOT / name).read_text(encoding="utf-8"), file=name)


FRAME = Frame(
    name="La gazette des dunes",
    tagline="Nouvelles du sable",
    language="fr",
    direction="ltr",
    timezone="Europe/Paris",
    words=words_of("fr"),
    online_url="https://gazette.example/lettres/7/",
    reply_to="redaction@gazette.example",
    unsubscribe_url="https://gazette.example/adieu",
    legal=("Vous lisez ceci parce que vous l’avez demandé.",),
)


def make_section(
    body: str = "",
    *,
    slug: str = "rubrique",
    title: str = "Une rubrique",
    events: Sequence[Event] = (),
    jobs: Sequence[Job] = (),
    first_line: int = 1,
) -> Section:
    text = SourceText(text=body, file=f"sections/007/{slug}.md", first_line=first_line)
    return Section(slug=slug, title=title, body=text, events=tuple(events), jobs=tuple(jobs))


def make_issue(*sections: Section | str, editorial: str = "", title: str = "La gazette n° 7") -> Issue:
    made = [
        make_section(one, slug=f"rubrique-{index}") if isinstance(one, str) else one
        for index, one in enumerate(sections, 1)
    ]
    return Issue(
        number=7,
        title=title,
        slug="gazette7",
        editorial=SourceText(text=editorial, file="sections/007/_issue.md", first_line=5),
        sections=tuple(made),
        date=datetime(2024, 5, 6, 9, tzinfo=PARIS),
    )


class FrameChanges(TypedDict, total=False):
    """What of `FRAME` is another for one test."""

    name: str
    language: str
    direction: Literal["ltr", "rtl"]
    timezone: str
    words: Words
    tagline: str | None
    is_numbered: bool
    heading_level: int
    contents: Contents
    online_url: str | None
    reply_to: str | None
    unsubscribe_url: str | None
    greeting: str | None
    legal: tuple[str, ...]
    typography: TypographyRules | None


def compose(issue: Issue, **frame: Unpack[FrameChanges]) -> ComposedIssue:
    return compose_issue(parse_issue(issue), replace(FRAME, **frame))


def email_of(
    issue: Issue,
    *,
    theme: str = "default",
    sizes: Mapping[str, tuple[int, int]] | None = None,
    **frame: Unpack[FrameChanges],
) -> str:
    return render_email(compose(issue, **frame), parts_of(theme, sizes=sizes))


def parts_of(theme: str = "default", *, sizes: Mapping[str, tuple[int, int]] | None = None) -> EmailParts:
    return EmailParts(theme=theme_of(theme), sizes=sizes or {})


def post_of(issue: Issue, **frame: Unpack[FrameChanges]) -> str:
    return render_post(compose(issue, **frame))


def text_of_email(issue: Issue, **frame: Unpack[FrameChanges]) -> str:
    composed = compose(issue, **frame)
    return render_email_text(composed, words=composed.frame.words)


def render_all(sources: Sources) -> dict[str, str | bytes]:
    """The renditions of an issue that has been read, by file name."""
    return render_renditions(*compose_sources(sources))


@dataclass(frozen=True)
class Page:
    """An e-mail as a mail reader parses it."""

    source: str

    @property
    def root(self) -> html.HtmlElement:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        return html.document_fromstring(self.source.encode(), parser=parser)

    @property
    def body(self) -> html.HtmlElement:
        found = self.root.find("body")
        assert found is not None
        return found

    @cached_property
    def text(self) -> str:
        return "".join(self.body.itertext())

    def links(self) -> list[tuple[str, str]]:
        return [(one_line("".join(link.itertext())), link.get("href") or "") for link in self.root.iter("a")]

    def headings(self) -> list[tuple[int, str]]:
        found = self.root.iter("h1", "h2", "h3", "h4", "h5", "h6")
        return [(int(str(one.tag)[1]), one_line("".join(one.itertext()))) for one in found]


def one_line(text: str) -> str:
    """The text with its ASCII white space collapsed; non-breaking spaces stay."""
    return " ".join(part for part in text.replace("\n", " ").replace("\t", " ").split(" ") if part)


def fragment(markdown: str, **rules: object) -> html.HtmlElement:
    """The tree of one Markdown text."""
    document = parse_document([Part(markdown)])
    return build_fragment(document.parts[0], FragmentRules(**rules), line_of=lambda line: line + 1)  # type: ignore[arg-type]
