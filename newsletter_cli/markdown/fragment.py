"""Tokens → a sanitised tree of semantic HTML, the one source of the e-mail's blocks and of the plain text.

The tree is an lxml `<div>` of paragraphs, headings, lists and so on. Raw HTML has been cleaned and stands
in it like the rest, which is why the plain text is made from the tree and not from the tokens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from copy import deepcopy
from functools import cache, partial
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from lxml import etree, html
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from msgspec import Struct

from newsletter_cli.markdown import shape
from newsletter_cli.markdown.captions import mark_figure_captions, set_captions
from newsletter_cli.markdown.fences import fence_language
from newsletter_cli.markdown.parser import copied, markdown_parser
from newsletter_cli.markdown.sanitise import sanitise_html

LINE = "data-line"
# The language of a block of code.
LANGUAGE = "data-language"
# The fragment that a heading has in the online post.
ANCHOR = "data-anchor"


class FragmentRules(Struct, frozen=True, kw_only=True):
    """What the tree depends on besides the text.

    `base_url` is the address of the online post, against which relative links are resolved (`None`: they
    stay; those of `local_files`, as `encoded_address` writes them, always do). `top_heading` is the level that
    the shallowest heading of the text gets. `embedded` is the text of the link that stands in for an embedded
    video or page. `files_url` is where `own_files`, the issue's own, will be read, where that is not beside the post;
    both have the form that `encoded_address` writes.
    """

    base_url: str | None = None
    files_url: str | None = None
    own_files: frozenset[str] = frozenset()
    local_files: frozenset[str] = frozenset()
    top_heading: int = 3
    embedded: str = "Embedded content"


def build_fragment(tokens: Sequence[Token], rules: FragmentRules, *, line_of: Callable[[int], int]) -> html.HtmlElement:
    """The tree of the tokens of one part (for a title: inline content only).

    `line_of` turns a token's line (from 0) into the line of the source file; each block carries it in `data-line`.
    """
    marked = [_with_line(token, line_of) for token in tokens]
    return _tree_of(_renderer().render(marked, markdown_parser().options, {}), rules)


def build_title(tokens: Sequence[Token], rules: FragmentRules) -> html.HtmlElement:
    """The tree of a title: inline content in the root itself."""
    root = build_fragment(tokens, rules, line_of=lambda line: line)
    for child in list(root):
        child.drop_tag()
    shape.drop_heading_attributes(root)
    return root


def build_notes(tokens: Sequence[Token], rules: FragmentRules) -> html.HtmlElement:
    """The tree of all footnotes: one ordered list (empty without any)."""
    return _tree_of(_renderer().render(list(tokens), markdown_parser().options, {}), rules)


def text_of(tree: html.HtmlElement) -> str:
    """The words of the tree, on one line; non-breaking spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", "".join(tree.itertext())).strip(" ")


def _fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = copied(tokens[index])
    if language := fence_language(token.info):
        token.attrs = {**token.attrs, LANGUAGE: language}
    return renderer.fence([token], 0, options, env)


def _footnote_number(tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    return f"<sup>[{tokens[index].meta['id'] + 1}]</sup>"


@cache
def _renderer() -> RendererHTML:
    """markdown-it's HTML, with footnotes as plain numbers: a link inside an e-mail fails in several readers."""
    renderer = RendererHTML(markdown_parser())
    rules: dict[str, Any] = renderer.rules
    constant = {
        "footnote_block_open": "<ol>\n",
        "footnote_block_close": "</ol>\n",
        "footnote_open": "<li>",
        "footnote_close": "</li>\n",
        "footnote_anchor": "",
    }
    for name, markup in constant.items():
        rules[name] = partial(_constant, markup)
    rules["fence"] = partial(_fence, renderer)
    rules["footnote_ref"] = _footnote_number
    rules["dialect_formula"] = rules["code_inline"]
    return renderer


def _constant(markup: str, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    return markup


def _with_line(token: Token, line_of: Callable[[int], int]) -> Token:
    if token.map is None or token.nesting < 0 or not token.block or token.type in ("inline", "html_block"):
        return token
    marked = copied(token)
    marked.attrs = {**token.attrs, LINE: str(line_of(token.map[0]))}
    return marked


def _tree_of(markup: str, rules: FragmentRules) -> html.HtmlElement:
    # huge_tree: libxml2 otherwise stops at 10 MB texts and 256 nested elements.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    document = f"<html><body><div>{sanitise_html(markup)}</div></body></html>"
    root = html.document_fromstring(document.encode(), parser=parser)[-1][0]
    shape.replace_embedded(root, label=rules.embedded)
    _resolve_addresses(root, rules)
    shape.house_orphans(root)
    shape.spread_phrasing(root)
    mark_figure_captions(root)
    shape.unwrap_containers(root)
    shape.finish_cells(root)
    shape.finish_images(root)
    shape.drop_empty(root)
    set_captions(root)
    shape.level_headings(root, top=rules.top_heading)
    return root


def _resolve_addresses(root: html.HtmlElement, rules: FragmentRules) -> None:
    for element in root.iter("a", "img"):
        attribute = "href" if element.tag == "a" else "src"
        address = element.get(attribute)
        if address is not None:
            element.set(attribute, final_address(address, rules))


def final_address(address: str, rules: FragmentRules) -> str:
    """The address as a mail reader needs it: percent-encoded, resolved against the online post.

    Absolute addresses, and those of local files, are encoded only.
    """
    address = encoded_address(address)
    if rules.base_url is None or address in rules.local_files:
        return address
    is_apart = rules.files_url is not None and re.split("[?#]", address, maxsplit=1)[0] in rules.own_files
    try:
        return (
            address
            if urlsplit(address).scheme
            else urljoin(str(rules.files_url if is_apart else rules.base_url), address)
        )
    except ValueError:
        # "http://[" and the like: not ours to fix here, the link check names it.
        return address


def encoded_address(address: str) -> str:
    """The address as Markdown's own links have it (IDNA host, percent-encoded path): one file has one address."""
    if "%" in address or not (address.isascii() and " " not in address):
        return _one_path(address) if RELATIVE.match(address) else markdown_parser().normalizeLink(address)
    return address


def file_address(name: str) -> str:
    """The relative address of a file of the issue, by its name: `#`, `%` and `?` in it are no more than letters."""
    return quote(name, safe=PATH_SIGNS)


# No scheme, no site, no place within the page.
RELATIVE = re.compile(r"(?![a-z][a-z0-9+.-]*:|[/#?])", re.IGNORECASE)
# What Markdown leaves as it is in a path.
PATH_SIGNS = "/!$&'()*+,;=:@~-._"


def _one_path(address: str) -> str:
    """A relative address with its path written in one way, whatever was escaped in it, and how its accents are made."""
    path, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        name = unicodedata.normalize("NFC", unquote(path, errors="strict"))
    except UnicodeDecodeError:
        return markdown_parser().normalizeLink(address)
    return quote(name, safe=PATH_SIGNS) + markdown_parser().normalizeLink(mark + rest)


def serialise(elements: Iterable[html.HtmlElement]) -> str:
    """The elements as well-formed XHTML, which is also HTML: only void elements are self-closed.

    Marks such as `data-line` and what follows an element (its tail) are left out.
    """
    return "".join(
        etree.tostring(_without_lines(element), method="xml", encoding="unicode", with_tail=False)
        for element in elements
    )


def serialise_content(root: html.HtmlElement) -> str:
    """What stands inside the root: text and elements."""
    clean = _without_lines(root)
    clean.tail = None
    for attribute in list(clean.attrib):
        del clean.attrib[attribute]
    clean.tag = "x"
    return etree.tostring(clean, method="xml", encoding="unicode").removeprefix("<x>").removesuffix("</x>")


VOID = frozenset(("br", "hr", "img", "col"))


def _without_lines(element: html.HtmlElement) -> html.HtmlElement:
    clean = deepcopy(element)
    for child in clean.iter():
        for mark in (LINE, LANGUAGE, ANCHOR):
            child.attrib.pop(mark, None)
        if child.tag == "a" and child.get("class") == "button":
            # In the midst of a text it is none.
            del child.attrib["class"]
        if child.text is None and not len(child) and child.tag not in VOID:
            child.text = ""  # <td></td>, not <td/>: browsers take the latter for an open tag
    return clean
