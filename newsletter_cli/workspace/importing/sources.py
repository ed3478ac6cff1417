"""What is handed in, by the kind of its file: Markdown, a Word document, a page of HTML."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.workspace.importing.incoming import Incoming, read_incoming, refuse_absent

USUAL_ENCODING = "utf-8"
PAGES = frozenset({".html", ".htm", ".xhtml"})


def is_markdown(path: Path) -> bool:
    """Whether the file is read as it is; everything that is no known document is."""
    from newsletter_cli.workspace.importing.word.package import is_word

    return not is_word(path) and path.suffix.lower() not in PAGES


def read_source(path: Path, *, encoding: str, stem: str, headings_from: int | None = None) -> Incoming:
    """The text of a file as Markdown, and what comes with it.

    Of what is no Markdown: `stem` is what its pictures and notes are called by, `headings_from` the level that its
    highest headings get. Raises `ContentError`, `UsageError`, `StorageError`.
    """
    if is_markdown(path):
        return read_incoming(path, encoding=encoding)
    refuse_absent(path)
    if path.suffix.lower() in PAGES:
        from newsletter_cli.workspace.importing.page import read_page

        return read_page(path, encoding=encoding, stem=stem, headings_from=headings_from)
    if encoding != USUAL_ENCODING:
        raise UsageError(
            _("--encoding does nothing with a document: it says its encoding itself"), hint=_("leave it out")
        )
    from newsletter_cli.workspace.importing.word import read_word

    return read_word(path, stem=stem, headings_from=headings_from)
