"""`nl import`: a published post → the section files of an issue."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists, ContentError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.values import replace
from newsletter_cli.config import CONFIG_FILE, Config, SectionSettings, parse_config
from newsletter_cli.flows.import_section import named_files, unfit
from newsletter_cli.markdown.frontmatter import dump_header
from newsletter_cli.model import Finding, Status
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.files import read_text, replace_file, replace_folder
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace, open_workspace, parse_issue_number
from newsletter_cli.workspace.importing.incoming import Incoming, refuse_absent
from newsletter_cli.workspace.importing.matching import own_slug
from newsletter_cli.workspace.importing.pictures import Beside, find_beside, readdress
from newsletter_cli.workspace.importing.posts import ImportedPost, ImportedSection, parse_post
from newsletter_cli.workspace.importing.sources import is_markdown, read_source
from newsletter_cli.workspace.learn import learn_sections, learned_text, merge_sections


class ImportResult(Struct, frozen=True, kw_only=True):
    """What an import made. `learned`: the titles of the sections written to `newsletter.toml`."""

    number: int
    written: tuple[str, ...]
    titles: dict[str, str]
    learned: tuple[str, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "written": list(self.written),
            "learned": list(self.learned),
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The result for people."""
        count = len(self.written)
        yield ngettext("Issue {number}: {count} file", "Issue {number}: {count} files", count).format(
            number=self.number, count=count
        )
        for name in self.written:
            yield f"  {name}  {self.titles.get(name, '')}".rstrip()
        if self.learned:
            yield _("Sections written to newsletter.toml: {titles}").format(titles=", ".join(self.learned))
        yield _("Next: nl assemble {number}").format(number=self.number)


def import_post(
    workspace: Workspace, path: Path, *, number: str | None, is_learning: bool, encoding: str = "utf-8"
) -> ImportResult:
    """Split the post in `path` into the files of a new issue; nothing is written over.

    Raises `ContentError` for a post that cannot be read (file and line), `AlreadyExists` for an issue that is
    there, `UsageError` for a number that is none.
    """
    incoming = _read(path, encoding)
    with only_writer(workspace, workspace.root, *workspace.section_folders()):
        # As it stands now: another import may have taught it something while we waited.
        workspace = open_workspace(workspace.root)
        return _import(workspace, incoming, path, number=number, is_learning=is_learning)


def _read(path: Path, encoding: str) -> Incoming:
    """The post; a document or a page as Markdown. Raises `ContentError`, `UsageError`."""
    refuse_absent(path)
    if not is_markdown(path):
        return read_source(path, encoding=encoding, stem=own_slug(path.stem, 1))
    text = read_text(path, name=str(path), encoding=encoding)
    if not text.strip("\ufeff \t\r\n"):
        raise ContentError(_("the file is empty"), file=str(path), hint=_("is it the right one, and saved?"))
    return Incoming(name=str(path), text=text)


def _import(
    workspace: Workspace, incoming: Incoming, path: Path, *, number: str | None, is_learning: bool
) -> ImportResult:
    files = named_files(None, incoming)
    text = readdress(incoming.text, {address: one.name for address, one in files.items()}) if files else incoming.text
    post = _parse(text, path, workspace, is_learning=is_learning)
    wanted = _issue_number(workspace, post, number)
    learned: tuple[SectionSettings, ...] = ()
    config_text = None
    if is_learning:
        known = {section.slug for section in workspace.config.sections} if workspace.issue_numbers() else set()
        sections = _learned_sections(workspace, post)
        learned = tuple(section for section in sections if section.slug not in known)
        config_text = _learned_config(workspace, post, wanted, sections)
        workspace = replace(workspace, config=parse_config(config_text))
        post = _parse(text, path, workspace, is_learning=False, heading_level=post.heading_level)
    folder = workspace.issue_folder(wanted)
    texts = _texts(post, workspace.config)
    beside = find_beside(text, post.images, path, name=str(path)) if is_markdown(path) else Beside()
    copied = {name: source for name, source in beside.files.items() if name not in texts}
    with _learnt(workspace, config_text):
        # All or nothing: half an import would stand in the way of the next attempt.
        contents = texts | {one.name: one.content for one in files.values()}
        replace_folder(folder, contents, copied=copied, name=workspace.name_of(folder))
    return ImportResult(
        number=wanted,
        written=tuple(workspace.name_of(folder / name) for name in (*contents, *copied)),
        titles={workspace.name_of(folder / f"{section.slug}.md"): section.title for section in post.sections},
        learned=tuple(section.title for section in learned),
        findings=(*incoming.findings, *post.findings, *beside.findings, *unfit(incoming.name, files.values())),
    )


@contextlib.contextmanager
def _learnt(workspace: Workspace, config_text: str | None) -> Iterator[None]:
    """What the post teaches is written first, and taken back when the issue cannot be written.

    A run that is killed in between leaves no issue: the same command, run again, learns the same and goes on.
    """
    if config_text is None:
        yield
        return
    before = read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
    replace_file(workspace.root / CONFIG_FILE, config_text, name=CONFIG_FILE)
    try:
        yield
    except BaseException:
        replace_file(workspace.root / CONFIG_FILE, before, name=CONFIG_FILE)
        raise


def _texts(post: ImportedPost, config: Config) -> dict[str, str | bytes]:
    """The files of the issue, by name."""
    sections = {f"{section.slug}.md": _section_text(section, config) for section in post.sections}
    return {ISSUE_FILE: _issue_text(post), **sections}


def _parse(
    text: str, path: Path, workspace: Workspace, *, is_learning: bool, heading_level: int | None = None
) -> ImportedPost:
    config = workspace.config
    return parse_post(
        text,
        name=str(path),
        canonical=() if is_learning and not workspace.issue_numbers() else config.sections,
        heading_level=heading_level,
        language=config.newsletter.language,
    )


def _issue_number(workspace: Workspace, post: ImportedPost, number: str | None) -> int:
    """The number that the post gets. Raises `AlreadyExists` for one that is taken, and for a post that is there."""
    existing = workspace.issue_numbers()
    wanted = parse_issue_number(number) if number is not None else post.number
    if wanted is None or wanted < 1:
        for known in existing:
            _refuse_same(workspace, post, known)
        return existing[-1] + 1 if existing else 1
    folder = workspace.issue_folder(wanted)
    if folder.is_dir() and any(folder.iterdir()):
        _refuse_same(workspace, post, wanted)
        raise AlreadyExists(
            _("issue {number} is there already, with other content").format(number=wanted),
            file=workspace.name_of(folder),
            hint=_("give the post another number: nl import … --issue {number}").format(number=existing[-1] + 1),
        )
    return wanted


def _refuse_same(workspace: Workspace, post: ImportedPost, number: int) -> None:
    """Raises `AlreadyExists` where issue `number` is what the post would become: an import that had come to its end."""
    folder = workspace.issue_folder(number)
    texts = _texts(post, workspace.config)
    try:
        is_same = all((folder / name).read_bytes() == str(text).encode() for name, text in texts.items())
    except OSError:
        return
    if is_same:
        raise AlreadyExists(
            _("this post is there already, whole, as issue {number}").format(number=number),
            file=workspace.name_of(folder),
            hint=_("nothing is left to do: nl assemble {number}").format(number=number),
        )


def _learned_sections(workspace: Workspace, post: ImportedPost) -> tuple[SectionSettings, ...]:
    existing = workspace.config.sections if workspace.issue_numbers() else ()
    return tuple(merge_sections(existing, learn_sections(post)))


def _learned_config(
    workspace: Workspace, post: ImportedPost, number: int, sections: tuple[SectionSettings, ...]
) -> str:
    """The new text of `newsletter.toml`. What later posts teach is their sections only, not how issues are set."""
    text = read_text(workspace.root / CONFIG_FILE, name=CONFIG_FILE)
    return learned_text(text, post=post, number=number, sections=sections, is_first=not workspace.issue_numbers())


def _issue_text(post: ImportedPost) -> str:
    header: dict[str, Any] = {"title": post.title, "slug": post.slug, "date": post.date, "summary": post.summary}
    header["images"] = list(post.images)
    if post.extra:
        header["post"] = dict(post.extra)
    return f"---\n{dump_header(header)}---\n{post.editorial}"


def _section_text(section: ImportedSection, config: Config) -> str:
    header: dict[str, Any] = {}
    settings = config.section(section.slug)
    title = f"{section.title} {section.attributes}".strip() if section.attributes else section.title
    if settings is None or settings.title != title:
        header["title"] = title
    header["status"] = Status.READY.value
    if settings is None:
        header["after"] = section.after or ""
    return f"---\n{dump_header(header)}---\n{section.body}"
