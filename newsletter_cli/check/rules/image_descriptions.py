"""The descriptions of images, for readers who do not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten, shown_address, word_key, word_set
from newsletter_cli.markdown.survey import Image, Survey
from newsletter_cli.model import Finding, Level

IMAGE_SUFFIX = Pattern(r"\S\.(?:png|jpe?g|gif|webp|svg|avif|heic|bmp|tiff?)$", re.IGNORECASE, signs=(".",))
# What cameras, telephones and systems call their files.
MADE_UP = Pattern(
    r"(?:img|dsc[nf]?|dscf|pxl|p|image|photo|picture|screenshot|capture|scan|sans[ -]titre|untitled|unnamed)"
    r"[ _-]?\(?\d[\d ._:()-]*(?:[ap]m)?"
    r"|(?:screen ?shot|capture d['’ ]?[ée]cran|whatsapp image)\b.*\d.*"
    r"|(?:pasted image|image coll[ée]e)(?: \d+)?|untitled|unnamed|sans[ -]titre|image[ -]sans[ -]titre"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{16,}|\d{6,}",
    re.IGNORECASE,
    rough=r"\d|(?i:pasted|coll|untitled|unnamed|sans)",
)
WORDLESS = word_set("image img photo photographie picture pic visuel illustration capture screenshot")


@rule(
    "image-alt-file-name",
    Level.WARNING,
    _("An image's description is a file name"),
    why="""
        The description of an image is a file's name, or what a camera or the system called it. A note where it is a
        word that fits any image (“photo”), or the one word that its file is called by.
    """,
    bad="`![IMG_2041](images/pier.jpg)`",
    good="`![Six people on the pier, looking at the tide gauge](images/pier.jpg)`",
)
def image_alt_file_name(manuscript: Manuscript) -> Iterator[Finding]:
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
            yield image_alt_file_name.at(
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
    return alt in (name, stem) or IMAGE_SUFFIX.search(alt) is not None or MADE_UP.fullmatch(alt) is not None


CURLY = "“”„«»"


@rule(
    "image-alt-missing",
    Level.WARNING,
    _("An image has no description"),
    why="""
        An image has no description: it does not exist for who cannot see it, nor where mail readers hide images. In a
        link without words of its own, readers cannot even know where it leads. An `alt=""` that you type out in HTML
        says that the image only decorates, and is a note.
    """,
    bad="`![](images/pier.jpg)`",
    good="`![Six people on the pier, looking at the tide gauge](images/pier.jpg)`",
)
def image_alt_missing(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image without words (WCAG 2.2, 1.1.1; RGAA 1.1).

    `alt=""` typed out in HTML says that an image only decorates: info. In a link that has words of its own an image
    needs none; in one that has not, its description is all there is to follow.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        for image in survey.images:
            if (image.alt or "").strip(f" \t\r\n{CURLY}"):
                continue
            is_linked = bool(image.link_href)
            if is_linked and _link_has_words(survey, image):
                continue
            is_on_purpose = (
                image.kind == "html" and image.alt == "" and not is_linked and not _has_curly_quotes(survey, image)
            )
            name = shown_address(image.src.rpartition("/")[2]) if not image.src.startswith("data:") else "data:"
            if is_linked:
                message = _("the image {name} is a link and says nothing: some readers cannot know where it leads")
                suggestion = _("describe it and say where it leads: [![The programme on a blackboard](…)](…)")
            elif is_on_purpose:
                message = _(
                    "the image {name} has an empty description: those who cannot see it will not know that it is there"
                )
                suggestion = _("right for a mere ornament; otherwise write what it shows between the quotes of alt")
            else:
                message = _("the image {name} has no description for those who cannot see it")
                suggestion = (
                    _('say what it shows: alt="Six people round a table"')
                    if image.kind == "html"
                    else _("say what it shows between the square brackets: ![Six people round a table](…)")
                )
            yield image_alt_missing.at(
                survey.place(image.span),
                message.format(name=name),
                suggestion=suggestion,
                level=Level.INFO if is_on_purpose else None,
                subject=image.src,
            )


def _link_has_words(survey: Survey, image: Image) -> bool:
    return any(
        link.holds_image and link.text.strip() and link.span.start <= image.span.start < link.span.end
        for link in survey.links
    )


def _has_curly_quotes(survey: Survey, image: Image) -> bool:
    """Whether the empty description is one in a word processor's quotes, meant to be filled in."""
    where = image.alt_span
    return where is not None and any(sign in CURLY for sign in survey.source.text[where.start - 1 : where.end + 1])
