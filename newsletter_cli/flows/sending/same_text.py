"""Telling that two issues are one: a hash of what readers read, but for the number."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from newsletter_cli.base.errors import ContentError
from newsletter_cli.model import Issue, Section
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import is_inside
from newsletter_cli.workspace.read import read_issue

# What stands before an issue's number where it is spoken of.
BEFORE_NUMBER = ("#", "n°", "nº", "no.", "no", "nr.", "issue", "number", "numéro", "édition", "édition n°", "lettre")


def hash_of_issue(workspace: Workspace, number: int) -> str:
    """The hash of the issue's text as it stands; empty where there is none, or it cannot be read."""
    if not workspace.issue_folder(number).is_dir():
        return ""
    try:
        issue = read_issue(workspace, number).issue
    except ContentError:
        return ""
    return hash_of_text(issue, workspace.config.newsletter.name, _pictures(workspace, number))


def hash_of_text(issue: Issue, newsletter: str, pictures: dict[str, bytes]) -> str:
    """SHA-256 of the editorial, the published sections and the pictures they show; empty where nothing is written.

    Left out is all that a new number changes: title, subject, date and the rest of `_issue.md`'s header, and in the
    texts the issue's own number behind “n°”, “#”, “issue” or the newsletter's name. White space counts as one space,
    and the two ways to write “é” as one: an editor or another system may change these without a word.

    Kept in `sent/`, so it must stay as it is: change it, and what went out before is no longer known again.
    """
    texts = [_without_number(unicodedata.normalize("NFC", text), issue.number, newsletter) for text in _texts(issue)]
    words = [" ".join(text.split()) for text in texts]
    if not any(words):
        return ""
    shown = "\n".join(texts)
    digest = hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass"))
    for name, content in sorted(pictures.items()):
        if name in shown or quote(name) in shown:
            digest.update(b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _texts(issue: Issue) -> Iterator[str]:
    yield issue.editorial.text
    for section in issue.published_sections:
        yield from (section.slug, section.title, section.body.text, *_entries(section))


def _entries(section: Section) -> Iterator[str]:
    for one in section.events:
        yield from (one.title, str(one.start), str(one.end), one.place or "", one.url or "", one.description or "")
    for job in section.jobs:
        yield from (job.title, job.employer or "", job.url or "", job.reference or "", str(job.deadline))


def _without_number(text: str, number: int, newsletter: str) -> str:
    words = [re.escape(word) for word in (*BEFORE_NUMBER, unicodedata.normalize("NFC", newsletter)) if word]
    before = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"((?<!\w)(?:{before})[ \u00a0\u202f]{{0,3}}#?)0*{number}(?!\w)", r"\1", text, flags=re.IGNORECASE)


def _pictures(workspace: Workspace, number: int) -> dict[str, bytes]:
    """The files beside the texts, by name."""
    folder = workspace.issue_folder(number)
    with storage_errors(workspace.name_of(folder)):
        return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if _is_picture(workspace, path)}


def _is_picture(workspace: Workspace, path: Path) -> bool:
    is_text = path.suffix.lower() in (".md", ".toml") or path.name.startswith(".")
    return not is_text and path.is_file() and is_inside(workspace.root, path, area="sections")
