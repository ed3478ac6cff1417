"""A page of the documentation, for somebody who reads it in the terminal."""

from __future__ import annotations

import re
import sys

from newsletter_cli.base.called import called
from newsletter_cli.console import streams
from newsletter_cli.console.pager import show_pages

LINK = re.compile(r"!?\[(?P<words>[^\]]*)\]\((?P<address>[^)\s]*)\)")
COMMENT = re.compile(r"<!-- /?rules.*?-->\n*", re.DOTALL)
# The folders of pages are left out: each page is asked for by its name.
PAGE = re.compile(
    r"(?:\.\./)*(?:fr/)?(?:(?:tutorial|guides|reference|explanation)/)?(?P<name>(?:rules/)?[a-z-]+)\.md(?:#.*)?"
)
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def show_markdown(text: str) -> None:
    """Drawn, page by page where it is longer than the screen; the Markdown itself where nobody looks on."""
    text = COMMENT.sub("", text)
    if not streams.is_terminal(sys.stdout):
        streams.write(sys.stdout, text)
        return
    from rich.markdown import Markdown

    show_pages(lambda _width: [Markdown(named_links(text), hyperlinks=False)])


def named_links(text: str) -> str:
    """The text with links to other pages named as they are asked for here: there is nothing to click on."""
    # What stands in code is every second piece.
    pieces = CODE.split(text)
    pieces[::2] = [LINK.sub(_named, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _named(link: re.Match[str]) -> str:
    words, address = link["words"], link["address"]
    if link[0].startswith("!"):
        return f"*{words}*"
    if re.match(r"https?:|mailto:", address):
        return link[0]
    page = PAGE.fullmatch(address)
    return f"{words} (`{called()} help {page['name']}`)" if page else words
