"""The issue as its editors typed it: what the rules on content are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, Protocol

from msgspec import Struct, field

from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.markdown.typography import TypographyRules
from newsletter_cli.model import Event, Issue, Job, Place, Section
from newsletter_cli.model.event import ToldEvent
from newsletter_cli.model.picture import PictureFault

USUAL_TYPOGRAPHY = TypographyRules()


class SectionNames(Protocol):
    """A canonical section of the newsletter."""

    @property
    def slug(self) -> str:
        """Its file's name, without `.md`."""

    @property
    def title(self) -> str:
        """Its usual title."""

    @property
    def new(self) -> bool:
        """Whether each issue is expected to have one."""

    @property
    def required(self) -> bool:
        """Whether an issue without it is at fault."""

    @property
    def standing(self) -> bool:
        """Whether it is carried over from issue to issue."""

    @property
    def author(self) -> bool:
        """Whether somebody has to sign it."""


class Asset(Struct, frozen=True, kw_only=True):
    """A file of the issue. `width` and `height` are in pixels, of an image that could be read.

    `fault` is what is wrong with it as a picture; only of those that a reader is shown is it known. `is_dark_drawing`:
    dark on a transparent ground, hard to see on dark paper.
    """

    size_bytes: int
    width: int | None = None
    height: int | None = None
    fault: PictureFault | None = None
    is_dark_drawing: bool = False


class Text(Struct, frozen=True):
    """A text of the issue. `section` is `None` for the editorial; `role` is the field of the header it comes from."""

    survey: Survey
    section: Section | None = None
    role: Literal["body", "title", "description"] = "body"

    @property
    def is_standing(self) -> bool:
        """Whether it is carried over from issue to issue."""
        return self.section is not None and self.section.is_standing


class EarlierIssue(Struct, frozen=True, kw_only=True):
    """What a former issue holds. `addresses` are normalised, those of its standing sections left out.

    `texts` are the bodies of its sections, as typed, by slug (the editorial's is empty); `events` what it announced.
    """

    number: int
    title: str
    slug: str
    date: date | None
    addresses: frozenset[str]
    texts: Mapping[str, str]
    events: tuple[Event, ...] = ()


class Manuscript(Struct, frozen=True, kw_only=True):
    """Everything a rule on content may look at.

    `texts` are the editorial and the published sections' bodies, in order; `header_texts` the titles of events and jobs
    and the events' descriptions, which have a line and no column. `assets` are the files of the issue by
    their path relative to its folder. `earlier` are the former issues, the latest first. `guidance` are the lines
    with which the skeletons tell an editor what to write. `issue_folder` is relative to the workspace. `files` are the
    whole texts of the issue's files, headers included. `allows_private`: readers are within the local network.
    `site_extensions` are the marks of other programs that the site understands, `has_hard_breaks` tells whether a
    line's end is a line break, `personal_fields` are the names that the list is said to have for each reader.
    `logo` is the newsletter's own, by its name among the assets, and where it is named.
    `missing_in_site` are pictures of the header, by path, that the site lacks, and the files that were looked for.
    `told_events` is what readers were told of this issue's events, where it went out.
    """

    issue: Issue
    language: str
    texts: tuple[Text, ...]
    header_texts: tuple[Text, ...] = ()
    canonical: Sequence[SectionNames] = ()
    newsletter_name: str = ""
    title_pattern: str = ""
    assets: Mapping[str, Asset] = field(default_factory=dict)
    earlier: Sequence[EarlierIssue] = ()
    told_events: tuple[ToldEvent, ...] = ()
    guidance: frozenset[str] = frozenset()
    online_url: str | None = None
    site_extensions: frozenset[str] = frozenset()
    has_hard_breaks: bool = False
    personal_fields: frozenset[str] = frozenset()
    typography: TypographyRules = USUAL_TYPOGRAPHY
    files: Mapping[str, str] = field(default_factory=dict)
    allows_private: bool = False
    logo: tuple[str, Place] | None = None
    missing_in_site: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_french(self) -> bool:
        """Whether the newsletter is written in French."""
        return self.language.lower().split("-")[0] == "fr"

    @property
    def issue_folder(self) -> str:
        """The folder of the issue's files, relative to the workspace."""
        return self.issue.editorial.file.rpartition("/")[0]

    def field(self, name: str, section: Section | None = None) -> Place:
        """Where a front matter field stands: its line, or the head of the file that lacks it."""
        holder = self.issue if section is None else section
        file = self.issue.editorial.file if section is None else section.body.file
        return Place(file=file, line=holder.lines.get(name, 1))

    def entry_place(self, section: Section, entry: Event | Job) -> Place:
        """Where the address of an event or a job stands: exactly, unless the header has it in another form."""
        file, line, url = section.body.file, entry.url_line or entry.line or 1, entry.url or ""
        lines = self._lines_of(file)
        typed = lines[line - 1] if line <= len(lines) else ""
        if not url or typed.count(url) != 1:
            return Place(file=file, line=line)
        return Place(file=file, line=line, column=typed.index(url) + 1, length=len(url))

    def _lines_of(self, file: str) -> tuple[str, ...]:
        return _lines(self.files.get(file, ""))

    def canonical_section(self, slug: str) -> SectionNames | None:
        """The newsletter's own description of that section."""
        return next((one for one in self.canonical if one.slug == slug), None)

    def is_required(self, section: Section) -> bool:
        """Whether the newsletter cannot do without that section."""
        settings = self.canonical_section(section.slug)
        return settings is not None and settings.required

    @property
    def all_texts(self) -> tuple[Text, ...]:
        """The bodies, then the texts out of headers (`survey.is_exact` is false of these)."""
        return self.texts + self.header_texts


@lru_cache(maxsize=16)
def _lines(text: str) -> tuple[str, ...]:
    """The lines of a file, whose entries are asked for one by one."""
    return tuple(split_lines(text.removeprefix(BOM)))
