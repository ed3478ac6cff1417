"""The files of an issue → an `Issue`."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.config import Config, SectionSettings
from newsletter_cli.markdown.frontmatter import Header, parse_header, split_header
from newsletter_cli.model import Finding, Issue, Level, Section, SourceText, Status
from newsletter_cli.model.moment import parse_moment
from newsletter_cli.model.order import order_sections
from newsletter_cli.workspace.fields import SECTION_KEYS, read_events, read_jobs, read_status
from newsletter_cli.workspace.files import no_file, read_text
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.patterns import fill_pattern

# Read are those in `.md` only. The others are where somebody may have put the same section.
SECTION_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
ISSUE_KEYS = ("title", "slug", "date", "summary", "images", "subject", "preheader", "embed_images", "post")


@dataclass(frozen=True, slots=True)
class ReadIssue:
    """An issue and what was noticed while reading it. `texts`: the whole text of each of its files, by name."""

    issue: Issue
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]


class _Texts:
    """The texts of files: those that somebody is about to write, else what is on disk. Remembers what was read."""

    def __init__(self, root: Path, overrides: Mapping[str, str]):
        self.root = root
        self.overrides = overrides
        self.read: dict[str, str] = {}

    def of(self, path: Path, name: str) -> str:
        text = self.overrides[name] if name in self.overrides else read_text(path, name=name)
        self.read[name] = text
        return text


def read_issue(workspace: Workspace, number: int, *, overrides: Mapping[str, str] = MappingProxyType({})) -> ReadIssue:
    """The issue as its files stand; `overrides` are the texts of files (by name) that count instead.

    Raises `ContentError` (file and line) for a header or a value that cannot be used, with all such faults of
    the issue in its `also`; `StorageError` when a file cannot be read.
    """
    folder = workspace.issue_folder(number)
    findings: list[Finding] = []
    faults: list[ContentError] = []
    sections: list[Section] = []
    texts = _Texts(workspace.root, overrides)
    faults += _no_files(workspace, folder)
    for path in section_files(folder):
        try:
            _refuse_twins(workspace, path, folder)
            sections.append(_read_section(workspace, path, texts, findings))
        except ContentError as fault:
            faults.append(fault)
    issue = None
    try:
        issue = _read_issue_file(workspace, folder, number, texts, findings)
    except ContentError as fault:
        faults.insert(0, fault)
    if faults or issue is None:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    ordered = order_sections(sections, [settings.slug for settings in workspace.config.sections])
    return ReadIssue(issue(tuple(ordered)), tuple(findings), texts.read)


def section_files(folder: Path) -> list[Path]:
    """The section files of an issue's folder."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() == ".md" and not path.name.startswith(("_", ".")) and path.is_file()
    )


def _no_files(workspace: Workspace, folder: Path) -> Iterator[ContentError]:
    """What is named like a file of the issue and is none: left out in silence, a section would be missing."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_meant = path.name == ISSUE_FILE or (path.suffix.lower() == ".md" and not path.name.startswith(("_", ".")))
        if is_meant and not path.is_file():
            yield no_file(workspace.name_of(path))


def _refuse_twins(workspace: Workspace, path: Path, folder: Path) -> None:
    """Raises `ContentError` for two files of one section, once: readers would get one of them, or both."""
    section = _section_key(path)
    twins = sorted(one.name for one in folder.iterdir() if _section_key(one) == section and one.is_file())
    others = [name for name in twins if name != path.name]
    is_first = path.name == next(name for name in twins if name.lower().endswith(".md"))
    if others and is_first:
        raise ContentError(
            _("{one} and {other} are both the section “{section}”").format(
                one=path.name, other=others[0], section=section
            ),
            file=workspace.name_of(path),
            hint=_("keep the text in one of them, {section}.md, and remove the other").format(section=section),
        )


def _section_key(path: Path) -> str | None:
    """What two files of one section have in common, on every system; `None` for what is no section."""
    if path.suffix.lower() not in SECTION_SUFFIXES or path.name.startswith(("_", ".")):
        return None
    return unicodedata.normalize("NFC", path.stem).casefold()


def _read_header(path: Path, name: str, texts: _Texts) -> tuple[Header, SourceText]:
    """The front matter and the body of a file. Raises `ContentError`."""
    refuse_outside(texts.root, path, ContentError, name=name, area="sections")
    text = texts.of(path, name)
    document = split_header(text, file=name, styles=("yaml", "toml"))
    body = SourceText(text=document.body, file=name, first_line=document.body_line)
    return parse_header(document, file=name), body


def _read_section(workspace: Workspace, path: Path, texts: _Texts, findings: list[Finding]) -> Section:
    config = workspace.config
    if not _is_text(path.stem):
        raise ContentError(
            _("the file's name is no text"), file=workspace.name_of(path), hint=_("rename it, with plain letters")
        )
    header, body = _read_header(path, workspace.name_of(path), texts)
    findings += [*header.findings, *header.unknown_keys(SECTION_KEYS)]
    settings = _settings_of(path.stem, config)
    slug = settings.slug if settings else path.stem
    # `after:` with an empty text: before all others.
    after = "" if header.values.get("after") == "" else header.text("after")
    if after:
        findings += _check_predecessor(header, after, path.parent, config)
    return Section(
        slug=slug,
        # A title that is there and empty is meant: an imported heading without text.
        title=""
        if header.values.get("title") == ""
        else header.text("title") or (settings.title if settings else slug),
        body=body,
        # Where nothing is said, nobody has said that it is ready.
        status=read_status(header) if any(header.values.values()) or body.text.strip() else Status.DRAFT,
        author=header.text("author"),
        events=read_events(header, config.newsletter.timezone),
        jobs=read_jobs(header),
        is_standing=settings is not None and settings.standing,
        is_canonical=settings is not None,
        after=after,
        lines=header.field_lines,
    )


def _is_text(name: str) -> bool:
    """False for a name from a disk of another encoding, whose bytes Python keeps as lone surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _check_predecessor(header: Header, after: str, folder: Path, config: Config) -> Iterator[Finding]:
    slugs = [section.slug for section in config.sections]
    slugs += [path.stem for path in section_files(folder) if path.stem.casefold() not in slugs]
    if after not in slugs:
        close = nearest(after, slugs)
        yield Finding(
            file=header.file,
            rule="front-matter-after-unknown",
            level=Level.WARNING,
            message=_("there is no section “{slug}” to come after").format(slug=after),
            line=header.line("after"),
            suggestion=_("did you mean “{key}”?").format(key=close)
            if close
            else _("choose one of: {choices}").format(choices=", ".join(slugs)),
        )


def _settings_of(stem: str, config: Config) -> SectionSettings | None:
    # Windows and macOS do not tell Agenda.md from agenda.md.
    return next((section for section in config.sections if section.slug == stem.casefold()), None)


class _IssueFile:
    """What `_issue.md` says; becomes the issue once the sections are known."""

    def __init__(self, **fields: Any) -> None:
        self._fields = fields

    def __call__(self, sections: tuple[Section, ...]) -> Issue:
        return Issue(sections=sections, **self._fields)


def _read_issue_file(
    workspace: Workspace, folder: Path, number: int, texts: _Texts, findings: list[Finding]
) -> _IssueFile:
    path = folder / ISSUE_FILE
    name = workspace.name_of(path)
    if path.is_file():
        header, editorial = _read_header(path, name, texts)
        findings += [*header.findings, *header.unknown_keys(ISSUE_KEYS)]
    else:
        header, editorial = Header(file=name), SourceText(text="", file=name)
        findings.append(
            Finding(
                file=name,
                rule="issue-file-missing",
                level=Level.WARNING,
                message=_("the issue has no _issue.md: title and date are made up"),
                suggestion=_("nl new {number} writes it, and leaves what is there alone").format(number=number),
            )
        )
    moment = _read_date(header, workspace.config)
    config = workspace.config
    language = config.newsletter.language
    extra = header.values.get("post") or {}
    if not isinstance(extra, dict):
        raise header.fault(_("“{key}” must be a table").format(key="post"), "post")
    return _IssueFile(
        number=number,
        title=header.text("title") or fill_pattern(config.newsletter.title, number, moment, language),
        slug=header.text("slug") or fill_pattern(config.post.slug, number, moment, language),
        editorial=editorial,
        date=moment,
        summary=header.text("summary"),
        images=_read_images(header),
        subject=header.text("subject"),
        preheader=header.text("preheader"),
        has_embedded_images=_read_yes_or_no(header, "embed_images"),
        extra=MappingProxyType(extra),
        lines=header.field_lines,
    )


def _read_date(header: Header, config: Config) -> datetime | None:
    value = header.values.get("date")
    if value is None or value == "":
        return None
    value = parse_moment(value) if isinstance(value, str) else value
    if isinstance(value, date):
        moment = moment_of_publication(value, config)
        # The first and the last day of the calendar are another day elsewhere, which no calendar holds.
        with contextlib.suppress(OverflowError):
            moment.astimezone(UTC)
            return moment
    raise header.fault(
        _("“{value}” is no date").format(value=header.typed.get(("date",), header.values["date"])),
        "date",
        hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
    )


def moment_of_publication(value: date | datetime, config: Config) -> datetime:
    """A day at the newsletter's usual hour; an hour without an offset is that of the newsletter's zone."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.fromisoformat(config.post.time))
    return value if value.tzinfo is not None else value.replace(tzinfo=ZoneInfo(config.newsletter.timezone))


def _read_yes_or_no(header: Header, key: str) -> bool | None:
    value = header.values.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise header.fault(
        _("“{key}” must be true or false").format(key=key),
        key,
        hint=_("for instance: {example}").format(example=f"{key}: true"),
    )


def _read_images(header: Header) -> tuple[str, ...]:
    value = header.values.get("images")
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise header.fault(
            _("“{key}” must be a list").format(key="images"), "images", hint=_("for instance: [images/cover.png]")
        )
    return tuple(value)
