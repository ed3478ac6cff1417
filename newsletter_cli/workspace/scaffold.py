"""New workspaces and new issues: files written once, never over another."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from string import Template
from urllib.parse import quote

from msgspec import Struct

from newsletter_cli.base.errors import AlreadyExists, ConfigError, ContentError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import LEFTOVERS, sweep
from newsletter_cli.config import CONFIG_FILE, SectionSettings, parse_config
from newsletter_cli.markdown.frontmatter import dump_header
from newsletter_cli.workspace.files import (
    read_bytes,
    read_text,
    replace_file,
    storage_errors,
    write_new,
    write_new_folder,
)
from newsletter_cli.workspace.folder import (
    GITATTRIBUTES,
    GITATTRIBUTES_FILE,
    GITIGNORE,
    IGNORED_PEOPLE,
    IGNORED_RESULTS,
    ISSUE_FILE,
    PRIVATE_MODE,
    Workspace,
    open_workspace,
)
from newsletter_cli.workspace.images import find_assets
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.pad_bases import PADS, base_files
from newsletter_cli.workspace.patterns import fill_pattern, fill_slug
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.template_files import read_skeleton

SCHEMA_FILE = "newsletter.schema.json"
# What YAML takes in escapes only: controls, and the line ends of Unicode.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Scaffolded(Struct, frozen=True, kw_only=True):
    """What was written and what was there already, by path relative to the workspace.

    `carried` are the standing sections taken over from the issue before.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


def create_workspace(root: Path, *, name: str, language: str, sections: Iterable[SectionSettings]) -> Workspace:
    """A workspace without any issue. Raises `AlreadyExists` where there is a `newsletter.toml`."""
    if (root / CONFIG_FILE).exists():
        raise AlreadyExists(
            _("there is a workspace here already"),
            file=str(root / CONFIG_FILE),
            hint=_("start an issue: nl new 1 — or name another folder: nl init FOLDER"),
        )
    text = config_text(name=name, language=language, sections=sections)
    try:
        parse_config(text)
    except ConfigError as error:
        # There is no newsletter.toml to fix yet: what was asked for is at fault.
        raise UsageError(error.message, hint=error.hint) from None
    with storage_errors(str(root)):
        for folder in ("sections", "templates", "state"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        # Personal data: on Windows, the folder's own access list protects it, and chmod changes nothing there.
        (root / "state").chmod(PRIVATE_MODE)
    # There is nothing here that another run could be writing but this same workspace.
    sweep(root, is_alone=False)
    write_schema(root)
    if not (root / ".gitignore").exists():
        replace_file(root / ".gitignore", GITIGNORE, name=".gitignore")
    else:
        _protect_from_git(root / ".gitignore")
    if not (root / GITATTRIBUTES_FILE).exists():
        replace_file(root / GITATTRIBUTES_FILE, GITATTRIBUTES, name=GITATTRIBUTES_FILE)
    # Last: a folder without it is no workspace, so an interrupted run can simply be repeated.
    replace_file(root / CONFIG_FILE, text, name=CONFIG_FILE)
    return open_workspace(root)


def _protect_from_git(path: Path) -> None:
    text = read_text(path, name=".gitignore")
    missing = [line for line in (*IGNORED_PEOPLE, *IGNORED_RESULTS, LEFTOVERS) if line not in text.split()]
    if missing:
        separator = "" if not text or text.endswith("\n") else "\n"
        replace_file(path, text + separator + "\n".join(missing) + "\n", name=".gitignore")


def write_schema(root: Path) -> None:
    """The JSON Schema of `newsletter.toml`, beside it, for editors that complete from it."""
    from newsletter_cli.config.schema import build_schema

    text = json.dumps(build_schema(), ensure_ascii=False, indent=2) + "\n"
    replace_file(root / SCHEMA_FILE, text, name=SCHEMA_FILE)


def config_text(*, name: str, language: str, sections: Iterable[SectionSettings]) -> str:
    """A new `newsletter.toml`, with its comments in French or English."""
    folder = "fr" if language.lower().startswith("fr") else "en"
    path = shipped_templates() / "skeletons" / folder / CONFIG_FILE
    text = read_text(path, name=CONFIG_FILE)
    text = text.replace(f'language = "{folder}"', f"language = {_toml_text(language)}", 1)
    # In one pass: a newsletter may be called “$sections”.
    return Template(text).safe_substitute(name=_toml_text(name)[1:-1], sections=sections_text(sections))


def sections_text(sections: Iterable[SectionSettings]) -> str:
    """The `[[sections]]` tables, only what differs from the defaults."""
    tables = []
    for section in sections:
        lines = ["[[sections]]", f"slug = {_toml_text(section.slug)}", f"title = {_toml_text(section.title)}"]
        if section.aliases:
            lines.append(f"aliases = [{', '.join(_toml_text(alias) for alias in section.aliases)}]")
        if not section.new:
            lines.append("new = false")
        if section.standing:
            lines.append("standing = true")
        if section.required:
            lines.append("required = true")
        if section.author:
            lines.append("author = true")
        if section.skeleton is not None:
            lines.append(f"skeleton = {_toml_text(section.skeleton)}")
        tables.append("\n".join(lines) + "\n")
    return "\n".join(tables)


def _toml_text(text: str) -> str:
    # JSON's string escapes are TOML's, but for DEL, which TOML wants escaped. A name from the command line or of a
    # folder may hold bytes that are no text.
    text = text.encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def create_issue(workspace: Workspace, number: int, *, date: datetime, carried_from: int | None) -> Scaffolded:
    """The files of a new issue: `_issue.md`, the standing sections of the issue `carried_from`, and a skeleton for
    each section that is written anew, or stands and was nowhere to be carried over from.

    Files that exist are left as they are.
    """
    config = workspace.config
    language = config.newsletter.language
    folder = workspace.issue_folder(number)
    texts: dict[str, str | bytes] = {}
    carried: list[str] = []
    fields = {
        "title": _inside_yaml_quotes(fill_pattern(config.newsletter.title, number, date, language)),
        "slug": dump_header({"": fill_slug(config.post.slug, number, date, language)}).partition(": ")[2].strip(),
        "date": date.isoformat(),
        "number": str(number),
    }
    texts[ISSUE_FILE] = read_skeleton(workspace, "_issue", language, fields)
    for section in config.sections:
        file = f"{section.slug}.md"
        if section.standing:
            earlier = None if carried_from is None else workspace.issue_folder(carried_from) / file
            if earlier is not None and earlier.is_file():
                name = workspace.name_of(earlier)
                refuse_outside(workspace.root, earlier, ContentError, name=name, area="sections")
                text = read_text(earlier, name=name)
                texts |= _images_named(text, earlier.parent)
                texts[file] = text
                texts |= _base_of(workspace, earlier)
                carried.append(section.slug)
                continue
        if section.new or section.standing:
            texts[file] = section_skeleton(workspace, section, fields)
    if carried_from is not None:
        texts |= _origins_of(workspace, workspace.issue_folder(carried_from), texts)
    written, kept = write_files(workspace, folder, texts)
    return Scaffolded(written=written, kept=kept, carried=tuple(carried))


def section_skeleton(workspace: Workspace, section: SectionSettings, fields: Mapping[str, str]) -> str:
    """What `nl new` writes into the file of a section. `fields` are those of the issue."""
    its_fields = {**fields, "title": _inside_comment(section.title)}
    language = workspace.config.newsletter.language
    return read_skeleton(workspace, section.skeleton or section.slug, language, its_fields)


def _inside_yaml_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", escaped)


def _inside_comment(title: str) -> str:
    """The title as it may stand in a comment of the header and in one of the body, without ending it."""
    return " ".join(UNPRINTABLE.sub(" ", title).split()).replace("-->", "→")


def _images_named(text: str, folder: Path) -> dict[str, bytes]:
    """The files beside a section that its text names, to go where it goes."""
    with storage_errors(str(folder)):
        return {
            name: path.read_bytes()
            for name, path in find_assets(folder).items()
            if name in text or quote(os.fsencode(name)) in text
        }


def _base_of(workspace: Workspace, section: Path) -> dict[str, bytes]:
    """What was fetched last from the section's pad, which the next issue merges from, too."""
    found = {}
    for path in base_files(section):
        name = workspace.name_of(path)
        if path.is_file():
            refuse_outside(workspace.root, path, ContentError, name=name, area="sections")
            found[path.relative_to(section.parent).as_posix()] = read_bytes(path, name=name)
    return found


def _origins_of(workspace: Workspace, earlier: Path, carried: Collection[str]) -> dict[str, str]:
    """Which of the pictures that are carried over came from which address of a pad."""
    if not (earlier / PADS / "pictures.json").is_file():
        return {}
    from newsletter_cli.workspace.pad_pictures import RECORD, read_origins, record_text

    origins: dict[str, str] = {}
    # What is wrong with it is told by the next pull of that issue.
    with contextlib.suppress(ContentError):
        origins = {address: name for address, name in read_origins(workspace, earlier).items() if name in carried}
    return {RECORD: record_text(origins)} if origins else {}


def write_files(
    workspace: Workspace, folder: Path, texts: Mapping[str, str | bytes]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write new files; the names of those written and of those that existed and were left alone.

    A folder that is not there yet appears with all of them at once. Else, when the disk refuses or somebody interrupts
    half-way, what was written is taken away again, with the folders made for it.
    """
    refuse_outside(workspace.root, folder, ContentError, name=workspace.name_of(folder), area="sections")
    if not folder.exists():
        with contextlib.suppress(FileExistsError):
            write_new_folder(folder, texts, name=workspace.name_of(folder))
            return tuple(workspace.name_of(folder / name) for name in texts), ()
    absent = {place for name in texts for place in _folders(folder, name) if not place.exists()}
    written: list[Path] = []
    kept: list[Path] = []
    try:
        for name, text in texts.items():
            path = folder / name
            try:
                write_new(path, text, name=workspace.name_of(path))
            except FileExistsError:
                kept.append(path)
            else:
                written.append(path)
    except BaseException:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        for place in sorted(absent, reverse=True):
            with contextlib.suppress(OSError):
                place.rmdir()
        raise
    return tuple(map(workspace.name_of, written)), tuple(map(workspace.name_of, kept))


def _folders(folder: Path, name: str) -> Iterator[Path]:
    """The issue's folder and those below it that the file `name` lies in."""
    yield folder
    for part in Path(name).parent.parts:
        folder /= part
        yield folder
