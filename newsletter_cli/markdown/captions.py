"""Captions: the words right below a picture, whichever way an editor wrote them.

A `<figcaption>`, the title of a picture that stands alone, or a line in italics right behind one. In the tree each is a
paragraph of the class `caption` behind its picture; where there is no room for a paragraph (several pictures in a line,
a cell, an item of a list), the title stays with the picture, which then has the class `titled`.
"""

from __future__ import annotations

from lxml import html

from newsletter_cli.markdown.shape import FLOW

CAPTION, TITLED = "caption", "titled"
# A paragraph in italics that is longer, or goes on over lines, is more likely a text of its own.
LONGEST_CAPTION = 140
ITALICS = ("em", "i")


def mark_figure_captions(root: html.HtmlElement) -> None:
    """The captions of `<figure>`, while there still are figures: each goes behind what it is about."""
    for caption in list(root.iter("figcaption")):
        paragraphs = [child for child in caption if child.tag == "p"]
        for one in paragraphs if any(child.tag in FLOW for child in caption) else [caption]:
            one.set("class", CAPTION)
        figure = caption.getparent()
        if figure is not None and figure.tag == "figure" and caption.getnext() is not None:
            tail, caption.tail = caption.tail, None
            previous = caption.getprevious()
            if tail and previous is not None:
                previous.tail = (previous.tail or "") + tail
            elif tail:
                figure.text = (figure.text or "") + tail
            figure.append(caption)


def set_captions(root: html.HtmlElement) -> None:
    """Titles and lines in italics become captions, in place."""
    for paragraph in list(root.iter("p")):
        _split_off_italics(paragraph)
        images = lone_images(paragraph)
        if not images:
            continue
        following = paragraph.getnext()
        if following is not None and following.tag == "p" and _is_italic(following):
            _make_caption(following)
        _take_titles(paragraph, images)
    for holder in root.iter("li", "td", "th", "dd"):
        for image in lone_images(holder):
            if image.get("title"):
                image.set("class", TITLED)


def _take_titles(paragraph: html.HtmlElement, images: list[html.HtmlElement]) -> None:
    following = paragraph.getnext()
    is_captioned = following is not None and following.get("class") == CAPTION
    for image in images:
        title = (image.get("title") or "").strip()
        if not title:
            continue
        if len(images) > 1:
            image.set("class", TITLED)
        if len(images) > 1 or is_captioned:
            continue
        made = html.Element("p")
        made.attrib.update(paragraph.attrib)
        made.text = title
        _make_caption(made)
        made.tail, paragraph.tail = paragraph.tail, None
        paragraph.addnext(made)
        del image.attrib["title"]


def _split_off_italics(paragraph: html.HtmlElement) -> None:
    """The last line of a paragraph of pictures, where it is in italics, becomes a paragraph of its own."""
    last = paragraph[-1] if len(paragraph) > 1 else None
    if last is None or last.tag not in ITALICS or (last.tail or "").strip() or not _is_short(last):
        return
    before = last.getprevious()
    if before is None or not (before.tag == "br" or "\n" in (before.tail or "")):
        return
    rest = [child for child in paragraph if child is not last and child.tag != "br"]
    has_text = (paragraph.text or "").strip() or any((child.tail or "").strip() for child in paragraph)
    if has_text or not rest or any(lone_image(child) is None for child in rest):
        return
    made = html.Element("p")
    made.attrib.update(paragraph.attrib)
    paragraph.remove(last)
    last.tail = None
    made.append(last)
    if before.tag == "br":
        before.drop_tree()
    made.tail, paragraph.tail = paragraph.tail, None
    paragraph.addnext(made)


def _is_italic(paragraph: html.HtmlElement) -> bool:
    if len(paragraph) != 1 or paragraph[0].tag not in ITALICS:
        return False
    return not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip() and _is_short(paragraph[0])


def _is_short(element: html.HtmlElement) -> bool:
    words = "".join(element.itertext()).strip()
    return len(words) <= LONGEST_CAPTION and "\n" not in words and next(element.iter("br", "img"), None) is None


def _make_caption(paragraph: html.HtmlElement) -> None:
    paragraph.set("class", CAPTION)
    if len(paragraph) == 1 and paragraph[0].tag in ITALICS:
        # Small and muted is enough.
        paragraph[0].drop_tag()


def lone_images(element: html.HtmlElement) -> list[html.HtmlElement]:
    """The images of an element that holds images only, perhaps linked ones and line breaks; else nothing."""
    if (element.text or "").strip():
        return []
    found = []
    for child in element:
        if (child.tail or "").strip():
            return []
        if child.tag == "br":
            continue
        image = lone_image(child)
        if image is None:
            return []
        found.append(image)
    return found


def lone_image(element: html.HtmlElement) -> html.HtmlElement | None:
    """The image, where the element is nothing but one image, perhaps a linked one."""
    while element.tag in ("p", "a", "span"):
        if len(element) != 1 or (element.text or "").strip() or (element[0].tail or "").strip():
            return None
        element = element[0]
    return element if element.tag == "img" else None
