"""HTML in its one form: what a browser shows alike is written alike."""

from __future__ import annotations

import html
import re

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.render.mime import image_sources

# Comments are shown by nobody, but for those by which Outlook is told apart.
COMMENT = Pattern(r"<!--(?!-?>|\s*\[if\b|\s*<!\[endif).*?-->", re.DOTALL | re.IGNORECASE)
BLOCKS = (
    "address|article|aside|blockquote|body|br|caption|center|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption"
    "|figure|footer|form|h[1-6]|head|header|hr|html|li|link|main|meta|nav|ol|p|pre|section|style|summary|table|tbody"
    "|td|tfoot|th|thead|title|tr|ul"
)
TAG = rf"""</?(?:{BLOCKS})(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*>"""
AROUND_BLOCK = Pattern(rf"[ \t\r\n\f]*({TAG})[ \t\r\n\f]*", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n\f]+")
STYLE = Pattern(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.DOTALL | re.IGNORECASE)
# A text between quotes stays as it is; a comment goes, and what blanks there are beside signs that part.
OF_STYLE = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?(?:\*/|\Z)|\s*([{};,])\s*|(:)\s+|\s+""", re.DOTALL
)
# Where blanks are shown as they are.
KEPT = Pattern(r"(<(pre|textarea|xmp|style)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)
BACKGROUND = Pattern(
    r"""background(?:-image)?\s*[:=]\s*[^;>]*?url\(\s*['"]?([^'")]+)|\sbackground="([^"]+)\"""", re.IGNORECASE
)
SOURCE_SET = Pattern(r'\ssrcset="([^"]+)"', re.IGNORECASE)


def one_form(page: str) -> str:
    """The page without comments that nobody sees, and without blanks that show alike."""
    pieces = KEPT.split(STYLE.sub(_plain_style, COMMENT.sub("", page)))
    # Between two kept elements stand: what is around them, the element, its name.
    for index in range(0, len(pieces), 3):
        pieces[index] = AROUND_BLOCK.sub(r"\1", BLANKS.sub(" ", pieces[index]))
    del pieces[2::3]
    return "".join(pieces).strip()


def _plain_style(found: re.Match[str]) -> str:
    # Twice: a comment may have stood between blanks.
    rules = OF_STYLE.sub(_style_piece, OF_STYLE.sub(_style_piece, found[2])).replace(";}", "}").strip()
    return f"{found[1]}{rules}{found[3]}"


def _style_piece(found: re.Match[str]) -> str:
    text, sign, colon = found.groups()
    return text or sign or colon or ("" if found[0].startswith("/*") else " ")


def remote_pictures(page: str) -> list[str]:
    """The addresses that a mail reader loads pictures from: images, their other sizes, backgrounds."""
    backgrounds = [html.unescape(found[1] or found[2]).strip() for found in BACKGROUND.finditer(page)]
    others = [html.unescape(one).split() for found in SOURCE_SET.finditer(page) for one in found[1].split(",")]
    return list(dict.fromkeys((*image_sources(page), *backgrounds, *(one[0] for one in others if one))))
