"""Files beside the sections that nobody reads, and copies that nobody meant to publish."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import letters_only
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.folder import Workspace

# Texts, in forms that are not read. `agenda.md.txt`: Windows hides the last of the two.
TEXTS = frozenset(
    (
        ".txt",
        ".md.txt",
        ".markdown",
        ".mdown",
        ".mkd",
        ".mdx",
        ".mdwn",
        ".qmd",
        ".rmd",
        ".rst",
        ".org",
        ".docx",
        ".doc",
        ".odt",
        ".rtf",
        ".pages",
        ".html",
        ".htm",
        ".gdoc",
        "",
    )
)
# “zoom-projet - Copie”, “agenda (1)”, “Copie de agenda”, “agenda_old”, as systems and people name them.
COPY_WORDS = r"copie|copy|kopie|copia|cópia"
COPY = re.compile(
    rf"(?P<base>.+?)(?:[ _-]+(?:{COPY_WORDS})(?:[ _-]*\(?\d*\)?)?|[ _]?\(\d{{1,2}}\)"
    r"|[ ._-]+(?:old|bak|backup|sauvegarde|ancien|ancienne|v\d{1,2}|conflict(?:ed)?(?:[ _-].*)?))\Z",
    re.IGNORECASE,
)
COPY_BEFORE = re.compile(
    rf"(?:(?:{COPY_WORDS})(?:[ _-]*\(?\d*\)?)?[ _-]+(?:de|of|von|di)[ _-]+)(?P<base>.+)\Z", re.IGNORECASE
)


def unread_files(workspace: Workspace, folder: Path) -> Iterator[Finding]:
    """A finding for each text beside the sections that is none of them; a warning where a section is likely meant."""
    slugs = [section.slug for section in workspace.config.sections]
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        suffix = "".join(path.suffixes[-2:]).lower()
        suffix = suffix if suffix in TEXTS else path.suffix.lower()
        stem = path.name[: len(path.name) - len(suffix)]
        is_section = letters_only(_base(stem) or stem) in {letters_only(slug) for slug in (*slugs, "_issue")}
        is_hidden = path.name.startswith((".", "~")) or (path.name.startswith("_") and not is_section)
        if suffix not in TEXTS or is_hidden or (suffix == "" and not is_section) or not path.is_file():
            continue
        yield Finding(
            file=workspace.name_of(path),
            rule="file-unread",
            level=Level.WARNING if is_section or suffix.startswith(".m") else Level.INFO,
            message=_("nobody reads {name}: a section is a file in .md").format(name=path.name),
            suggestion=_("rename it {name}.md").format(name=stem)
            if suffix in (".txt", ".md.txt", "") or suffix.startswith(".m")
            else _("put its text into {name}.md, or the file out of this folder").format(name=_slug_like(stem)),
        )


def copies(workspace: Workspace, folder: Path, sections: Collection[Path]) -> Iterator[ContentError]:
    """An error for each section file that is a copy of another, or of one that the newsletter has."""
    names = {letters_only(path.stem): path.name for path in sections}
    slugs = {letters_only(section.slug): f"{section.slug}.md" for section in workspace.config.sections}
    for path in sections:
        base = _base(path.stem)
        original = None if base is None or letters_only(path.stem) in slugs else names.get(letters_only(base))
        # “portrait 2” beside “portrait” may well be a second one; what says that it is a copy is one.
        if base is None or letters_only(path.stem) in slugs or (original or slugs.get(letters_only(base))) is None:
            continue
        if original is not None:
            message = _("{name} looks like a copy of {other}: readers would get both")
            hint = _("keep the text in one of them and remove the other; a section of its own needs another name")
        else:
            original = slugs[letters_only(base)]
            message = _("{name} looks like a copy of {other}, which is not there")
            hint = _("rename it {other}; a section of its own needs another name")
        yield ContentError(
            message.format(name=path.name, other=original),
            file=workspace.name_of(path),
            hint=hint.format(other=original),
        )


def _base(stem: str) -> str | None:
    """The name of what this is a copy of, by its name."""
    found = COPY.fullmatch(stem) or COPY_BEFORE.fullmatch(stem)
    return found["base"].rstrip(" -_") if found else None


def _slug_like(stem: str) -> str:
    return re.sub(r"[ _]+", "-", stem.strip().lower())
