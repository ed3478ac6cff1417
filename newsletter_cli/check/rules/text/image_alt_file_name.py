"""A description that a program wrote: the name of the file, the number of a photograph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten, word_key, word_set
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-alt-file-name", level=Level.WARNING, title=_("An image's description is a file name"))
SUFFIX = Pattern(r"\S\.(?:png|jpe?g|gif|webp|svg|avif|heic|bmp|tiff?)$", re.IGNORECASE)
# What cameras, telephones and systems call their files.
MADE_UP = Pattern(
    r"(?:img|dsc[nf]?|dscf|pxl|p|image|photo|picture|screenshot|capture|scan|sans[ -]titre|untitled|unnamed)"
    r"[ _-]?\(?\d[\d ._:()-]*(?:[ap]m)?"
    r"|(?:screen ?shot|capture d['’ ]?[ée]cran|whatsapp image)\b.*\d.*"
    r"|(?:pasted image|image coll[ée]e)(?: \d+)?|untitled|unnamed|sans[ -]titre|image[ -]sans[ -]titre"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{16,}|\d{6,}",
    re.IGNORECASE,
)
WORDLESS = word_set("image img photo photographie picture pic visuel illustration capture screenshot")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each (RGAA 1.3); info where the description is a word that only says “an image”."""
    for text in manuscript.all_texts:
        for image in text.survey.images:
            alt = (image.alt or "").strip()
            if not alt:
                continue
            is_wordless = word_key(alt) in WORDLESS
            name = unquote(image.src).rpartition("/")[2]
            if not is_wordless and not _is_file_name(alt, name):
                continue
            is_sure = not is_wordless and not alt.isalpha()
            yield RULE.at(
                text.survey.place(image.span),
                _("the description “{alt}” does not say what the image shows").format(alt=shorten(alt))
                if not is_sure
                else _("the description “{alt}” is a file's name, and says nothing of the image").format(
                    alt=shorten(alt)
                ),
                suggestion=_("say what one sees: “Six people round a table”"),
                level=None if is_sure else Level.INFO,
                subject=image.src,
            )


def _is_file_name(alt: str, name: str) -> bool:
    stem = name.rpartition(".")[0] or name
    return alt in (name, stem) or SUFFIX.search(alt) is not None or MADE_UP.fullmatch(alt) is not None
