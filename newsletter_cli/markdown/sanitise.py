"""Which HTML reaches a reader: raw HTML of an editor's text is cleaned, never fatal."""

from __future__ import annotations

import re
from functools import cache

import nh3

from newsletter_cli.base.remembering import remembered

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
    ]
)
# Kept so that `fragment.py` can put a link or plain blocks in their place: no mail reader shows them.
REPLACED_TAGS = frozenset(["iframe", "video", "audio", "source", "embed", "object", "details", "summary"])
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir", "title", "data-line", "align"},
    "a": {"href"},
    "code": {"data-language"},
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
# A link that is to be a button; the e-mail decides whether it is one.
CLASSES = {"a": {"button"}}
# Those that neither run anything nor hold the content themselves (`javascript:`, `data:`).
SCHEMES = set(nh3.ALLOWED_URL_SCHEMES) | {"matrix", "gemini"}
# Their text is no prose: dropped with them.
DROPPED_WITH_CONTENT = {"script", "style", "template", "title", "svg", "math", "select", "datalist"}
# What stands in for a script where scripts do not run is what a mail reader should show.
SCRIPTLESS = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
# XML 1.0 §2.2 admits no other control characters, and no mail reader shows one.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Taken out from behind a "<", one would make a tag or a comment of what was text.
AFTER_ANGLE = re.compile(f"<{CONTROL.pattern}+")
# What nh3 writes: attribute values have their angle brackets escaped, the text of an iframe has not.
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
IFRAME_TEXT = re.compile(r"(<iframe\b[^<>]*>).*?</iframe>", re.DOTALL)
VOID = frozenset(["br", "col", "embed", "hr", "img", "source"])
# Deep enough for any prose; libxml2 throws away what is nested too deep, and mail readers give up long before.
MAX_DEPTH = 60


@remembered(texts=128, longest=20_000)
def sanitise_html(html: str) -> str:
    """The HTML with allowed tags and attributes only, well nested, every tag closed, comments gone.

    Tags nested deeper than `MAX_DEPTH` are taken out, and their content stays. Style attributes keep the alignment
    of table cells and nothing else: the theme sets the looks.
    """
    clean = _cleaner().clean(SCRIPTLESS.sub("", CONTROL.sub("", AFTER_ANGLE.sub("< ", html))))
    # Again: nh3 has turned references such as `&#31;` into their characters.
    return _without_deep_tags(IFRAME_TEXT.sub(r"\1</iframe>", CONTROL.sub("", clean)))


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TEXT_TAGS | REPLACED_TAGS),
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        filter_style_properties={"text-align"},
        link_rel=None,
        strip_comments=True,
    )


def _without_deep_tags(html: str) -> str:
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2] in VOID:
            return tag[0]
        depth += 0 if tag[1] else 1
        is_deep = depth > MAX_DEPTH
        depth -= 1 if tag[1] else 0
        return "" if is_deep else tag[0]

    return TAG.sub(kept, html)
