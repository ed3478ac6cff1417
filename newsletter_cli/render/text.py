"""The plain text of an issue: the text part of the e-mail, and `email.txt`.

The same headings in the same order as the HTML, every link, lines that fit any window. It is laid out
from values and trees that the assembler has made; nothing is read here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from lxml import etree

from newsletter_cli.markdown.text import WIDTH, InlineLinks, References, render_text
from newsletter_cli.markdown.text_wrap import display_width, wrap
from newsletter_cli.model import Event, Issue, Job
from newsletter_cli.render.dates import format_day, format_event_time
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.words import Words

UNLIMITED = 1_000_000  # columns: a text that is wrapped later, together with what stands before it


class TextEvent(Protocol):
    """An event and its description as a tree (`None`: it has none)."""

    @property
    def event(self) -> Event:
        """The event itself; its title, place and URL are plain text."""

    @property
    def description(self) -> etree._Element | None:
        """The description, already turned from Markdown into a semantic tree."""


class TextSection(Protocol):
    """One section; `number` is `None` where sections are not numbered."""

    @property
    def number(self) -> int | None:
        """Its number in the issue."""

    @property
    def title(self) -> str:
        """Its title as plain text, without the number."""

    @property
    def heading(self) -> etree._Element:
        """Its title as a tree of inline content, which may hold a link."""

    @property
    def events(self) -> Sequence[TextEvent]:
        """Its events, by date."""

    @property
    def jobs(self) -> Sequence[Job]:
        """Its job offers."""

    @property
    def body(self) -> etree._Element | None:
        """Its body as a semantic tree, headings below the section's own."""


class TextView(Protocol):
    """What the text of an issue shows: `ComposedIssue`, as far as it is needed here."""

    @property
    def issue(self) -> Issue:
        """Of which the title, the number and the date are shown."""

    @property
    def frame(self) -> Frame:
        """The newsletter's name, language and time zone, and what the footer says."""

    @property
    def editorial(self) -> etree._Element | None:
        """The editorial as a tree."""

    @property
    def sections(self) -> Sequence[TextSection]:
        """The published sections, in order."""

    @property
    def notes(self) -> etree._Element | None:
        """The footnotes of the whole issue as one tree."""

    @property
    def calendar_url(self) -> str | None:
        """Where the calendar file will be online."""


def render_email_text(view: TextView, *, words: Words, width: int = WIDTH) -> str:
    """The text of an issue: `\\n` line ends, one at the end, no line wider than `width` columns unless a
    URL, a word, code or a table is.

    References are listed after each section that has links; their numbers go on through the issue, and
    an address linked twice keeps its number. Raises `ConfigError` for an unknown language or zone.
    """
    return _Layout(view, words, width).render()


def render_chapters(view: TextView, *, words: Words) -> list[str]:
    """The text of the editorial, then of each section below its title: lines unbroken, addresses behind their links.

    So they can be compared: neither numbers nor the width of lines differ where the words do not.
    """
    layout = _Layout(view, words, UNLIMITED, references=InlineLinks())
    return [_stacked(layout.tree(view.editorial)), *(_stacked(layout.below(section)) for section in view.sections)]


class _Layout:
    def __init__(self, view: TextView, words: Words, width: int, *, references: References | None = None):
        self.view = view
        self.frame = view.frame
        self.words = words
        self.width = width
        self.references = references or References()

    def render(self) -> str:
        view = self.view
        chapters = [
            _stacked([self._header(), *self._greeting(), *self.tree(view.editorial), *self._references()]),
            self._contents(),
            *(self._section(section) for section in view.sections),
            self._notes(),
            self._footer(),
        ]
        # Two blank lines set a chapter off from the paragraphs within.
        text = "\n\n\n".join(chapter for chapter in chapters if chapter)
        return "\n".join(line.rstrip(" ") for line in text.split("\n")).strip("\n") + "\n"

    def _header(self) -> str:
        issue, words = self.view.issue, self.words
        title = _one_line(issue.title)
        name = _one_line(self.frame.name)
        about = [words.text("issue_number", number=issue.number)]
        if issue.date is not None:
            about.append(format_day(issue.date, words, self.frame.language))
        lines = [] if name in title else self._wrapped(name)
        lines += _underlined(self._wrapped(title), "=")
        return "\n".join([*lines, *self._wrapped(" · ".join(about))])

    def _greeting(self) -> list[str]:
        return ["\n".join(self._wrapped(_one_line(self.frame.greeting)))] if self.frame.greeting else []

    def _contents(self) -> str:
        titled = [section for section in self.view.sections if section.title]
        if not titled:
            return ""
        lines = [*_underlined(self._wrapped(self.words.contents), "-"), ""]
        for section in titled:
            label = "- " if section.number is None else f"{section.number}. "
            lines += self._hanging(label, _one_line(section.title))
        return "\n".join(lines)

    def _section(self, section: TextSection) -> str:
        title = " ".join(self.tree(section.heading, width=UNLIMITED)).replace("\n", " ")
        heading = title if section.number is None else f"{section.number}. {title}"
        underlined = "\n".join(_underlined(self._wrapped(heading), "="))
        return _stacked([underlined, *self.below(section), *self._references()])

    def below(self, section: TextSection) -> list[str]:
        """What stands below a section's title."""
        blocks = [block for item in section.events for block in self._event(item)]
        blocks += [self._job(job) for job in section.jobs]
        return blocks + self.tree(section.body)

    def _event(self, item: TextEvent) -> list[str]:
        event, words = item.event, self.words
        when = format_event_time(event, words, self.frame.language, self.frame.timezone)
        lines = _underlined(self._wrapped(_one_line(event.title)), "-")
        lines += self._field(words.when, when)
        lines += self._field(words.place, event.place)
        blocks = ["\n".join(lines), *self.tree(item.description)]
        if event.url:
            blocks.append("\n".join(self._field(words.register, event.url)))
        return blocks

    def _job(self, job: Job) -> str:
        words = self.words
        lines = _underlined(self._wrapped(_one_line(job.title)), "-")
        lines += self._field(words.employer, job.employer)
        lines += self._field(words.reference, job.reference)
        if job.deadline is not None:
            lines += self._field(words.deadline, format_day(job.deadline, words, self.frame.language))
        lines += self._field(words.see_job, job.url)
        return "\n".join(lines)

    def _notes(self) -> str:
        tree = self.tree(self.view.notes)
        if not tree:
            return ""
        heading = "\n".join(_underlined(self._wrapped(self.words.notes), "="))
        return _stacked([heading, *tree, *self._references()])

    def _footer(self) -> str:
        frame, words = self.frame, self.words
        lines = ["-" * self.width]
        lines += self._field(words.read_online, frame.online_url)
        lines += self._field(words.reply, frame.reply_to)
        lines += self._field(words.calendar, self.view.calendar_url)
        lines += self._field(words.unsubscribe, frame.unsubscribe_url)
        blocks = ["\n".join(lines), *("\n".join(self._wrapped(_one_line(line))) for line in frame.legal)]
        return _stacked(blocks)

    def tree(self, tree: etree._Element | None, *, width: int | None = None) -> list[str]:
        """A tree as one block; none for an empty one."""
        if tree is None:
            return []
        words = self.words
        text = render_text(
            tree,
            width=width or self.width,
            references=self.references,
            label_pattern=words.label,
            image_pattern=words.image_text,
            image_word=words.image,
            note_pattern=words.note_mark,
        )
        return [text] if text else []

    def _references(self) -> list[str]:
        lines = [f"[{number}] {url}" for number, url in self.references.take()]
        return ["\n".join(lines)] if lines else []

    def _field(self, label: str, value: str | None) -> list[str]:
        value = _one_line(value or "")
        return self._hanging("", self.words.labelled(label, value), rest="  ") if value else []

    def _wrapped(self, text: str) -> list[str]:
        return wrap(text, self.width)

    def _hanging(self, first: str, text: str, rest: str | None = None) -> list[str]:
        rest = " " * len(first) if rest is None else rest
        lines = wrap(text, self.width - max(len(first), len(rest))) or [""]
        return [(first if position == 0 else rest) + line for position, line in enumerate(lines)]


def _underlined(lines: list[str], mark: str) -> list[str]:
    # At least three: a line of two hyphens begins the signature in many a mail program.
    return [*lines, mark * max([3, *map(display_width, lines)])] if lines else []


def _stacked(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _one_line(text: str) -> str:
    # Not `split()`: it would take non-breaking spaces for spaces.
    return " ".join(part for part in re.split("[ \t\r\n]+", text) if part)
