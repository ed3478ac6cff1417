"""Which HTML reaches a reader: raw HTML of an editor's text is cleaned, never fatal."""

from __future__ import annotations

import re

import nh3

# Kept as they are.
TEXT_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
# Kept so that `fragment.py` can put a link or plain blocks in their place: no mail reader shows them.
REPLACED_TAGS = frozenset(["iframe", "video", "audio", "source", "embed", "object", "details", "summary"])
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir", "title", "data-line", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "style", "valign", "width"},
    "th": {"colspan", "rowspan", "style", "valign", "width", "scope"},
    "iframe": {"src"},
    "video": {"src"},
    "audio": {"src"},
    "source": {"src"},
    "embed": {"src"},
    "object": {"data"},
}
SCHEMES = {"http", "https", "mailto", "tel", "ftp", "sms", "geo", "xmpp", "matrix"}
# Their text is no prose: dropped with them.
DROPPED_WITH_CONTENT = {"script", "style", "template", "title", "svg", "math", "noscript", "select", "datalist"}
# XML 1.0 §2.2 admits no other control characters, and no mail reader shows one.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def sanitise_html(html: str) -> str:
    """The HTML with allowed tags and attributes only, well nested, every tag closed, comments gone.

    Style attributes keep the alignment of table cells and nothing else: the theme sets the looks.
    """
    return nh3.clean(
        CONTROL.sub("", html),
        tags=set(TEXT_TAGS | REPLACED_TAGS),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        filter_style_properties={"text-align"},
        link_rel=None,
        strip_comments=True,
    )
