"""The views that are no e-mail: plain texts, the post as a page. Pure. Sources: `sources.py`."""

from __future__ import annotations

import re
from html import escape

from lxml import html

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.markdown.fragment import FragmentRules, build_fragment, build_notes, serialise_content
from newsletter_cli.markdown.frontmatter import parse_header, split_header
from newsletter_cli.markdown.parse import Part, parse_document

ADDRESS = re.compile(r"https?://[^\s<>\"”»]+")
# What ends a sentence does not belong to the address before it.
TRAILING = ".,;:!?)]’'…"
BASE_CSS = """
:root{color-scheme:light dark}
body{margin:0;background:light-dark(#fff,#181c1f);color:light-dark(#182024,#e9eded);
font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:light-dark(#0e6470,#7fd1dc)}
/* What is looked for in the text (find.js). */
::highlight(nl-found){background:light-dark(#ffe58a,#6b5200);color:inherit}
::highlight(nl-found-now){background:#f59e0b;color:#1b1f23}
pre,code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
"""
TEXT_CSS = "pre{margin:0;padding:1.5rem;font-size:14px;line-height:1.55;white-space:pre-wrap;overflow-wrap:anywhere}"
POST_CSS = """
main{max-width:44rem;margin:0 auto;padding:2rem 1.25rem 4rem;overflow-wrap:anywhere}
h1{font-size:2rem;line-height:1.2}h2{margin-top:2.5rem;line-height:1.3}
img{max-width:100%;height:auto}
pre{overflow-x:auto;padding:1rem;background:light-dark(#f3f4f6,#22262b);border-radius:8px}
table{border-collapse:collapse}td,th{padding:.35rem .7rem;border:1px solid light-dark(#c9ced4,#454c54);text-align:start}
blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:4px solid light-dark(#c9ced4,#454c54)}
"""


def text_page(text: str, *, language: str) -> str:
    """A plain text as mail readers and chats show it: its addresses are links."""
    return page_around(f"<pre>{linked(text)}</pre>", TEXT_CSS, language)


def post_page(post: str, renditions: Renditions) -> html.HtmlElement:
    """The post as a plain page, made by the pipeline that makes the e-mail: its title, then its Markdown."""
    title, body = _split(post)
    document = parse_document([Part(body)])
    rules = FragmentRules(base_url=renditions.online_url, local_files=renditions.local_files, top_heading=2)
    content = serialise_content(build_fragment(document.parts[0], rules, line_of=lambda line: line + 1))
    notes = build_notes(document.notes, rules)
    content += f"<hr>{serialise_content(notes)}" if len(notes) else ""
    markup = page_around(
        f"<main><h1>{escape(title)}</h1>{content}</main>", POST_CSS, renditions.language, renditions.direction
    )
    return html.document_fromstring(markup.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def _split(post: str) -> tuple[str, str]:
    try:
        document = split_header(post)
        header = parse_header(document, file="post.md")
    except NewsletterError:
        return "", post
    return str(header.values.get("title") or ""), document.body


def page_around(body: str, css: str, language: str, direction: str = "ltr") -> str:
    """A whole document of the preview's own; `body` and `css` are HTML and CSS."""
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{escape(direction)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>nl</title>'
        f"<style>{BASE_CSS}{css}</style></head><body>{body}</body></html>"
    )


def linked(text: str) -> str:
    """The text as HTML, its addresses as links."""
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        address = found[0].rstrip(TRAILING)
        parts.append(escape(text[end : found.start()]))
        parts.append(f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(address)}</a>')
        end = found.start() + len(address)
    return "".join(parts) + escape(text[end:])
