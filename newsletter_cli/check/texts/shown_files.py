"""The files of the issue that a reader is shown, and where."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Place


def asset_path(address: str) -> str:
    """A relative address as the name of a file among the assets."""
    return posixpath.normpath(unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/"))


def shown_files(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """The names of the images of the front matter and of the texts, in that order; not all of them need be there."""
    for address in manuscript.issue.images:
        yield asset_path(address), manuscript.field("images")
    for text in manuscript.all_texts:
        for image in text.survey.images:
            yield asset_path(image.src), text.survey.place(image.span)


def linked_files(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """The same of the links of the texts."""
    for text in manuscript.all_texts:
        for link in text.survey.links:
            yield asset_path(link.href), text.survey.place(link.span)
