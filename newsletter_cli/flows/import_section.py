"""`nl import FILE --section SLUG`: a text that somebody hands in → one section of an issue."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists, ContentError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.config import SectionSettings
from newsletter_cli.flows.originals import keep_original
from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.bringing import WORKED_ON, Brought, bring_picture, fit_name, free_name
from newsletter_cli.workspace.files import read_any_text, replace_file, write_new
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.importing.incoming import Incoming
from newsletter_cli.workspace.importing.pictures import readdress
from newsletter_cli.workspace.importing.section_text import compose_section
from newsletter_cli.workspace.importing.sources import is_markdown, read_source
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.read import section_files

ATTACHMENTS = "files"
PICTURES = WORKED_ON | {".svg"}


class SectionImport(Struct, frozen=True, kw_only=True):
    """What an import did to a section. `kept`: where its former text is; `is_unchanged`: it held this text already."""

    number: int
    section: str
    file: str
    written: tuple[str, ...]
    findings: tuple[Finding, ...]
    kept: str | None = None
    is_unchanged: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "section": self.section,
            "file": self.file,
            "written": list(self.written),
            "kept": self.kept,
            "unchanged": self.is_unchanged,
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The result for people."""
        if self.is_unchanged:
            yield _("{file} holds this text already: nothing to do.").format(file=self.file)
            return
        yield _("The text is in {file}.").format(file=self.file)
        for name in self.written:
            if name != self.file:
                yield f"  {name}"
        if self.kept is not None:
            yield _("What stood there before is kept in {file}.").format(file=self.kept)
        yield _("Next: look it over, then nl check {number}").format(number=self.number)


def import_section(
    workspace: Workspace,
    source: Path,
    *,
    slug: str,
    number: str | None,
    is_replacing: bool = False,
    encoding: str = "utf-8",
) -> SectionImport:
    """Put the text of the file into its section, and what it shows into the issue's folder.

    Raises `UsageError` for a section that there is not, `AlreadyExists` where it has a text already, `ContentError`
    for a file that cannot be read, `StorageError`.
    """
    issue = workspace.existing_issue(number)
    settings, _path = _section(workspace, workspace.issue_folder(issue), slug)
    headings_from = workspace.config.post.heading_level + 1
    incoming = read_source(source, encoding=encoding, stem=settings.slug, headings_from=headings_from)
    with only_writer(workspace, *workspace.section_folders()):
        folder = workspace.issue_folder(issue)
        settings, path = _section(workspace, folder, slug)
        file = workspace.name_of(path)
        refuse_outside(workspace.root, path, ContentError, name=file, area="sections")
        existing = read_any_text(path, name=file).text if path.exists() else None
        files = named_files(folder, incoming)
        composed = compose_section(
            readdress(incoming.text.removeprefix(BOM), {address: one.name for address, one in files.items()}),
            name=incoming.name,
            existing=existing,
            file=file,
            settings=settings,
            is_replacing=is_replacing,
        )
        result = SectionImport(
            number=issue,
            section=settings.slug,
            file=file,
            written=(),
            findings=(*incoming.findings, *_placed(source, composed.findings), *unfit(incoming.name, files.values())),
            is_unchanged=composed.is_there,
        )
        if composed.is_there:
            return result
        if composed.has_text and not is_replacing:
            raise AlreadyExists(
                _("this section has a text already; it is not written over"),
                file=file,
                hint=_("to put the new one in its place: --replace (the former is kept in .originals/)"),
            )
        kept = None
        if is_replacing and existing is not None:
            kept = workspace.name_of(folder / keep_original(folder, path.name, path.read_bytes()))
        written = _write(workspace, folder, files.values(), path, composed.text)
    return replace(result, written=written, kept=kept)


def _section(workspace: Workspace, folder: Path, slug: str) -> tuple[SectionSettings, Path]:
    """What the section is called, and its file, there or not. Raises `UsageError`."""
    wanted = slug.removesuffix(".md").casefold()
    there = {path.stem.casefold(): path for path in section_files(folder)}
    settings = workspace.config.section(wanted)
    if settings is None and wanted in there:
        settings = SectionSettings(slug=wanted, title=there[wanted].stem)
    if settings is None:
        known = [*(section.slug for section in workspace.config.sections), *there]
        close = nearest(wanted, known)
        raise UsageError(
            _("there is no section “{slug}”").format(slug=slug),
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _("choose one of: {choices}").format(choices=", ".join(dict.fromkeys(known))),
        )
    return settings, there.get(wanted, folder / f"{wanted}.md")


def _placed(source: Path, findings: Iterable[Finding]) -> Iterable[Finding]:
    """Without lines, where the file has none that anybody sees."""
    return findings if is_markdown(source) else (replace(one, line=None) for one in findings)


def named_files(folder: Path | None, incoming: Incoming) -> dict[str, Brought]:
    """What comes along, by the address in the text: pictures into `images/`, fit for mail, all else into `files/`.

    `folder`: the issue's, where it is there already.
    """
    found: dict[str, Brought] = {}
    for address, content in incoming.files.items():
        taken = [one.name for one in found.values()]
        if PurePosixPath(address).suffix.lower() in PICTURES:
            found[address] = bring_picture(folder, address, content, taken=taken)
        else:
            name = free_name(folder, f"{ATTACHMENTS}/{fit_name(address)}", content, taken=taken)
            found[address] = Brought(name=name, content=content)
    return found


def unfit(name: str, files: Iterable[Brought]) -> Iterator[Finding]:
    """A finding for each picture that could not be made fit for mail."""
    for one in files:
        if one.reason:
            yield Finding(
                file=name,
                rule="import-picture-unfit",
                level=Level.WARNING,
                message=_("{picture} could not be made fit for mail: {reason}").format(
                    picture=one.name, reason=one.reason
                ),
                suggestion=_("save it as PNG or JPEG, and put it there under that name"),
            )


def _write(workspace: Workspace, folder: Path, files: Iterable[Brought], path: Path, text: str) -> tuple[str, ...]:
    """The files first, which are new or there already, then the section that names them; all of it or nothing."""
    written: list[Path] = []
    try:
        for one in files:
            target = folder / one.name
            name = workspace.name_of(target)
            refuse_outside(workspace.root, target, ContentError, name=name, area="sections")
            with contextlib.suppress(FileExistsError):
                write_new(target, one.content, name=name)
                written.append(target)
        replace_file(path, text, name=workspace.name_of(path))
    except BaseException:
        for target in written:
            with contextlib.suppress(OSError):
                target.unlink()
        raise
    return tuple(map(workspace.name_of, (path, *written)))
