"""Tasks (`- [ ]`, `- [x]`) as a list of boxes: the box in the place of the bullet, and said in a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import html

from newsletter_cli.markdown.parse import BOXES
from newsletter_cli.render.dressing.elements import add_class

if TYPE_CHECKING:
    from newsletter_cli.render.dressing.dress import Dress

# What is to be done, what is done. Screen readers call the signs “ballot box”.
WORDS = {
    "en": ("to do", "done"),
    "fr": ("à faire", "fait"),
    "de": ("offen", "erledigt"),
    "es": ("pendiente", "hecho"),
    "it": ("da fare", "fatto"),
}


def mark_tasks(root: html.HtmlElement, dress: Dress) -> None:
    """In place: each item that begins with a box. In a numbered list the number stays."""
    if "task" not in dress.known:
        return
    words = WORDS.get(dress.language.lower().partition("-")[0], WORDS["en"])
    for item in root.iter("li"):
        holder = item
        if not (item.text or "").strip() and len(item) and item[0].tag in ("p", "div"):
            holder = item[0]
        text = (holder.text or "").lstrip("\n ")
        if text[:1] not in BOXES.values():
            continue
        box = html.Element("span")
        box.text, box.tail = text[0], text[1:]
        box.set("role", "img")
        box.set("aria-label", words[text[0] == BOXES[False]])
        holder.text = None
        holder.insert(0, box)
        parent = item.getparent()
        if parent is not None and parent.tag == "ul":
            add_class(item, "task")
            box.set("class", "box")
            # Within the box, which has the width of the list's margin.
            box.text, box.tail = text[0] + "\u00a0", text[1:].lstrip(" ")
