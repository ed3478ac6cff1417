"""A page of HTML, saved or exported → its Markdown and the pictures beside it."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.from_html import markdown_of_html
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.importing.incoming import Incoming, gather_beside
from newsletter_cli.workspace.importing.word.losses import Loss, findings_of


def read_page(path: Path, *, encoding: str, stem: str, headings_from: int | None) -> Incoming:
    """The text of the page; scripts, forms and styles are nothing that an e-mail has. Raises `ContentError`."""
    import nh3

    name = str(path)
    source = read_text(path, name=name, encoding=encoding)
    # nh3 lets through what is text, and closes what is open; what stands in its place afterwards is harmless.
    clean = nh3.clean(source, clean_content_tags={"script", "style", "title", "head", "template", "noscript"})
    converted = markdown_of_html(clean, headings_from=headings_from, notes_prefix=f"{stem}-")
    if not converted.text:
        raise ContentError(_("the file is empty"), file=name, hint=_("is it the right one, and saved?"))
    files, findings = gather_beside(converted.text, path)
    losses = (Loss(kind=one.kind, text=one.text, place=one.place) for one in converted.losses)
    return Incoming(name=name, text=converted.text, files=files, findings=(*findings, *findings_of(losses, name=name)))
