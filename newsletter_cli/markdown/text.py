"""Plain text from a section's semantic HTML tree (the sanitised result of Markdown).

What a reader sees in a text-only mail: headings underlined, paragraphs wrapped, lists hanging, links as
numbered references. Each word, link and image of the tree is in the text; no mark-up is. One pass over
the tree without recursion, so that neither a section of 1 MB nor 200 nested quotes are a problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lxml import etree

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.text_blocks import TextWriter
from newsletter_cli.markdown.text_inline import InlineLinks, InlineText, References

__all__ = ["WIDTH", "InlineLinks", "References", "render_text", "strip_markup"]

WIDTH = 76
_NOTE_MARK = Pattern(r"\[\^[^\s\[\]]+\](?!:)")
_UNSEEN = frozenset({"script", "style", "template", "title", "head"})


def render_text(
    root: etree._Element,
    *,
    width: int = WIDTH,
    references: References,
    label_pattern: str = "{label}: {value}",
    image_pattern: str = "[Image: {alt}]",
    image_word: str = "Image",
    note_pattern: str = "(note {number})",
) -> str:
    """The text of a tree whose root is a `div`: lines separated by `\n`, none at the end.

    `width` is in columns; only URLs, words that are wider themselves, code and the marks of deep
    nesting go beyond it. `references` numbers the links, across sections when the same object is
    handed in again; a link whose text is its own address has no number. The patterns put a table's
    header, an image's `alt` and a footnote's number in the newsletter's language; `image_word` stands for an
    image without `alt`.
    """
    inline = InlineText(references, image_pattern=image_pattern, image_word=image_word, note_pattern=note_pattern)
    writer = TextWriter(inline, width=width, label_pattern=label_pattern)
    for what, element, text in _walk(root):
        if what == "text":
            writer.text(text)
        elif what == "start":
            writer.start(element)
        else:
            writer.end(element)
    writer.flush()
    return "\n".join(writer.lines)


def strip_markup(markdown: str) -> str:
    """The words of a short Markdown text, links as `text (https://…)`, each paragraph on one line.

    For places that know no mark-up, such as a calendar entry. Reference links defined elsewhere stay
    as they are; the marks of footnotes, which are elsewhere too, are taken out.
    """
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(_NOTE_MARK.sub("", markdown))
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    root = etree.fromstring(f"<div>{html}</div>".encode("utf-8", "replace"), parser)
    return render_text(root, width=1_000_000, references=InlineLinks())


def _walk(root: etree._Element) -> Iterator[tuple[Literal["start", "end", "text"], etree._Element, str]]:
    yield "start", root, ""
    if root.text:
        yield "text", root, root.text
    stack = [(root, iter(root))]
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element, ""
            if stack and element.tail:
                yield "text", element, element.tail
        elif not isinstance(child.tag, str) or child.tag in _UNSEEN:  # a comment's tag is a function
            if child.tail:
                yield "text", child, child.tail
        else:
            yield "start", child, ""
            if child.text:
                yield "text", child, child.text
            stack.append((child, iter(child)))
