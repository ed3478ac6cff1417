"""Which paragraph is a button: one that holds a bold link, or a link with the class `button`, and nothing else."""

from __future__ import annotations

from lxml import html

from newsletter_cli.markdown.bare import is_bare

# More is a sentence, or the title of an article: no button has room for it.
LONGEST = 60  # characters
BOLD = frozenset(("strong", "b"))


def button_link(paragraph: html.HtmlElement) -> html.HtmlElement | None:
    """The link of a paragraph that is a button; `None` for any other."""
    if paragraph.tag != "p":
        return None
    link: html.HtmlElement | None = None
    is_bold = False
    element = paragraph
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
        if element.tag == "a":
            link = element
            is_bold = is_bold or "button" in (element.get("class") or "")
        elif element.tag in BOLD:
            is_bold = True
        elif element.tag not in ("em", "i", "span"):
            break
    if link is None or not is_bold or not link.get("href") or is_bare(link):
        return None
    words = "".join(link.itertext()).strip()
    # A picture is none, nor is what it says beside words.
    return link if 0 < len(words) <= LONGEST and next(link.iter("img"), None) is None else None
