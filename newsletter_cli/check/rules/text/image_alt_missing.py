"""An image without a description: not there for who cannot see it, nor where images are off."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shown_address
from newsletter_cli.markdown.survey import Image, Survey
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-alt-missing", level=Level.WARNING, title=_("An image has no description"))
CURLY = "“”„«»"


def check(manuscript: Manuscript) -> Iterator[Finding]:
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
            if is_linked and _has_words(survey, image):
                continue
            is_on_purpose = image.kind == "html" and image.alt == "" and not is_linked and not _is_curly(survey, image)
            name = shown_address(image.src.rpartition("/")[2]) if not image.src.startswith("data:") else "data:"
            if is_linked:
                message = _("the image {name} is a link and says nothing: some readers cannot know where it leads")
                suggestion = _("describe it and say where it leads: [![The programme on a blackboard](…)](…)")
            elif is_on_purpose:
                message = _("the image {name} has an empty description: who cannot see it will not know of it")
                suggestion = _("right for a mere ornament; otherwise write what it shows between the quotes of alt")
            else:
                message = _("the image {name} has no description for those who cannot see it")
                suggestion = (
                    _('say what it shows: alt="Six people round a table"')
                    if image.kind == "html"
                    else _("say what it shows between the square brackets: ![Six people round a table](…)")
                )
            yield RULE.at(
                survey.place(image.span),
                message.format(name=name),
                suggestion=suggestion,
                level=Level.INFO if is_on_purpose else None,
                subject=image.src,
            )


def _has_words(survey: Survey, image: Image) -> bool:
    return any(
        link.holds_image and link.text.strip() and link.span.start <= image.span.start < link.span.end
        for link in survey.links
    )


def _is_curly(survey: Survey, image: Image) -> bool:
    """Whether the empty description is one in a word processor's quotes, meant to be filled in."""
    where = image.alt_span
    return where is not None and any(sign in CURLY for sign in survey.source.text[where.start - 1 : where.end + 1])
