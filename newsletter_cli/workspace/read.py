"""The files of an issue → an `Issue`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.config import Config, SectionSettings
from newsletter_cli.markdown.frontmatter import Header
from newsletter_cli.model import Finding, Issue, Level, Section, Status
from newsletter_cli.model.field_names import SECTION_FIELDS
from newsletter_cli.model.issue import order_sections
from newsletter_cli.workspace.fields import read_due, read_events, read_jobs, read_pad, read_status
from newsletter_cli.workspace.file_header import FileFaults, Texts, each_fault, read_file_header
from newsletter_cli.workspace.files import no_file
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace
from newsletter_cli.workspace.issue_header import read_issue_file
from newsletter_cli.workspace.unread import copies, unread_files

# Read are those in `.md` only. The others are where somebody may have put the same section.
SECTION_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx")


class ReadIssue(Struct, frozen=True):
    """An issue and what was noticed while reading it. `texts`: the whole text of each of its files, by name."""

    issue: Issue
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]


def read_issue(workspace: Workspace, number: int, *, overrides: Mapping[str, str] = MappingProxyType({})) -> ReadIssue:
    """The issue as its files stand; `overrides` are the texts of files (by name) that count instead.

    Raises `ContentError` (file and line) for a header or a value that cannot be used, with all such faults of
    the issue in its `also`; `StorageError` when a file cannot be read.
    """
    folder = workspace.issue_folder(number)
    findings: list[Finding] = []
    faults: list[ContentError] = []
    sections: list[Section] = []
    texts = Texts(workspace.root, overrides)
    faults += _no_files(workspace, folder)
    faults += copies(workspace, folder, section_files(folder))
    findings += unread_files(workspace, folder)
    for path in section_files(folder):
        try:
            _refuse_twins(workspace, path, folder)
            sections.append(_read_section(workspace, path, texts, findings))
        except ContentError as fault:
            faults.append(fault)
    issue = None
    try:
        issue = read_issue_file(workspace, folder, number, texts, findings)
    except ContentError as fault:
        faults.insert(0, fault)
    findings += texts.findings
    if faults or issue is None:
        faults = list(each_fault(faults))
        faults[0].also = tuple(faults[1:])
        faults[0].noticed = tuple(findings)
        raise faults[0]
    ordered = order_sections(sections, [settings.slug for settings in workspace.config.sections])
    return ReadIssue(replace(issue, sections=tuple(ordered)), tuple(findings), texts.read)


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


def _read_section(workspace: Workspace, path: Path, texts: Texts, findings: list[Finding]) -> Section:
    config = workspace.config
    if not _is_text(path.stem):
        raise ContentError(
            _("the file's name is no text"), file=workspace.name_of(path), hint=_("rename it, with plain letters")
        )
    faults = FileFaults()
    header, body = read_file_header(path, workspace.name_of(path), texts, faults, SECTION_FIELDS)
    findings += [*header.findings, *header.unknown_keys(SECTION_FIELDS)]
    settings = _settings_of(path.stem, config)
    slug = settings.slug if settings else path.stem
    # `after:` with an empty text: before all others.
    after = "" if header.values.get("after") == "" else faults.read(lambda: header.text("after"), None)
    if after:
        findings += _check_predecessor(header, after, path.parent, config)
    language = config.newsletter.language
    title = faults.read(lambda: header.text("title"), None)
    # Where nothing is said, nobody has said that it is ready.
    is_empty = not any(header.values.values()) and not body.text.strip()
    section = Section(
        slug=slug,
        # A title that is there and empty is meant: an imported heading without text.
        title="" if header.values.get("title") == "" else title or (settings.title if settings else slug),
        body=body,
        status=Status.DRAFT if is_empty else faults.read(lambda: read_status(header), Status.DRAFT),
        author=faults.read(lambda: header.text("author"), None),
        events=faults.read(lambda: read_events(header, config.newsletter.timezone, language), ()),
        jobs=faults.read(lambda: read_jobs(header, language), ()),
        is_standing=settings is not None and settings.standing,
        is_canonical=settings is not None,
        after=after,
        pad=faults.read(lambda: read_pad(header), None),
        due=faults.read(lambda: read_due(header, config.newsletter.timezone, language), None),
        lines=header.field_lines,
    )
    faults.done()
    return section


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
