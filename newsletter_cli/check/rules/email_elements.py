"""Tables, and other elements that some mail readers or screen readers do not understand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from lxml import etree, html

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.clients import read_support
from newsletter_cli.check.clients.elements import address_kind, features_of_element, image_feature
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.renditions import RenderedText, Renditions
from newsletter_cli.model import Finding, Level, Place

# SVG and `data:` have rules of their own, and who does not play a GIF shows its first picture.
TOLD_ELSEWHERE = frozenset(("image-svg", "image-base64", "image-gif"))
# What each of these says that is lost without it; elements that only lose their looks are not worth a word.
MARKS = {
    "html-abbr": "<abbr>",
    "html-bdi": "<bdi>",
    "html-dir": "dir",
    "html-dir-on-tables": "<table dir>",
    "html-lists-reversed": "<ol reversed>",
    "html-mailto-copies": "mailto:…?cc=…",
    "html-ruby": "<ruby>",
}
# No other element needs any of them.
MARKED = (
    "descendant-or-self::*[self::ruby or self::bdi or self::abbr[@title] or self::ol[@reversed] or self::a or @dir]"
)


@rule(
    "client-support",
    Level.WARNING,
    _("Some mail readers do not show it"),
    why="""
        A picture is of a kind that some mail readers do not show, or a mark is one that they do not know (`<ruby>`,
        `<bdi>`, `<abbr title>`, `<ol reversed>`, a `dir` other than the newsletter's, a `mailto:` with copies). A note
        for a mark that less than half of them lack. SVG has a rule of its own (`image-svg`). The mail readers are those
        under `[check]`; what they show is taken from [caniemail](https://www.caniemail.com/), whose tables are kept
        with `nl` ([Mail readers](../mail-readers.md)). Elements that lose only their looks are not mentioned: the
        preview tells them.
    """,
    bad="`![The dune](dune.webp)`: Outlook for Windows shows an empty frame.",
    good="""
        `![The dune](dune.jpg)`; or `clients = ["gmail", "apple-mail"]` under `[check]`, if those are all that count.
    """,
)
def client_support(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each picture, one in each text for each kind of mark, that a client of `[check]` lacks.

    A picture that is not seen is a warning; a mark is one where half of the clients lack it, else info.
    """
    if renditions.logo is not None:
        yield from _unseen_image(renditions, *renditions.logo)
    for text in renditions.texts:
        for image in text.tree.iter("img"):
            place = renditions.typed_place(image, text.place_of(image))
            yield from _unseen_image(renditions, image.get("src") or "", place)
        for feature, found in _marks(renditions, text).items():
            yield from _unknown_mark(renditions, text, found, feature)


def _marks(renditions: Renditions, text: RenderedText) -> dict[str, list[html.HtmlElement]]:
    """The elements of a text that need one of `MARKS`, by feature, each in the order of the text."""
    found: dict[str, list[html.HtmlElement]] = defaultdict(list)
    for element in text.tree.xpath(MARKED):
        for needed in features_of_element(element):
            is_own_direction = needed.attribute == "dir" and element.get("dir") == renditions.direction
            if needed.feature in MARKS and not is_own_direction:
                found[needed.feature].append(element)
    return found


def _unseen_image(renditions: Renditions, address: str, place: Place) -> Iterator[Finding]:
    feature = image_feature(address)
    if feature is None or feature in TOLD_ELSEWHERE:
        return
    lacking = read_support().lacking(feature, renditions.clients)
    if lacking:
        yield client_support.at(
            place,
            _("a picture of the kind {kind} is not shown by {clients}").format(
                kind=address_kind(address).upper(), clients=", ".join(lacking)
            ),
            suggestion=_("save it as PNG or JPEG"),
            subject=address,
        )


def _unknown_mark(
    renditions: Renditions, text: RenderedText, found: list[html.HtmlElement], feature: str
) -> Iterator[Finding]:
    lacking = read_support().lacking(feature, renditions.clients)
    if lacking:
        yield client_support.at(
            text.place_of(found[0]),
            ngettext(
                "{mark} is not understood by {clients}",
                "{mark}, {count} times in this text, is not understood by {clients}",
                len(found),
            ).format(mark=MARKS[feature], count=len(found), clients=", ".join(lacking)),
            suggestion=_mend(feature),
            level=None if 2 * len(lacking) >= len(renditions.clients) else Level.INFO,
            subject=feature,
        )


def _mend(feature: str) -> str:
    if feature in ("html-dir", "html-dir-on-tables"):
        return _("see to it that it can be read from the other side, too: no sign at its end, no order of columns")
    in_words = {
        "html-ruby": _("the reading in brackets behind the word"),
        "html-mailto-copies": _("who else should get it"),
        "html-bdi": _("names of another script on a line of their own"),
        "html-abbr": _("the long form in brackets, the first time"),
        "html-lists-reversed": _("write the numbers into the text"),
    }
    return _("say it in words as well: {example}").format(example=in_words[feature])


LAYOUT_ROLES = ("presentation", "none")


@rule(
    "table-header",
    Level.WARNING,
    _("A table does not say what its columns are"),
    why="""
        A table of data has no header cells, or some that do not say whether they head a row or a column. A screen
        reader then reads figures without saying of what. A Markdown table always has them; one of a single row or
        column, or of pictures, is taken for layout.
    """,
    bad="""
        ```html
        <table><tr><td>May</td><td>12 t</td></tr><tr><td>June</td><td>14 t</td></tr></table>
        ```
    """,
    good="""
        ```markdown
        | Month | Sand |
        |-------|-----:|
        | May   | 12 t |
        | June  | 14 t |
        ```
    """,
)
def table_header(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each table of data without header cells, or with some that lack `scope` (RGAA 5.6, 5.7).

    A table of one row or one column, or of pictures, is layout more likely than data.
    """
    for table in renditions.body.iter("table"):
        if table.get("role") in LAYOUT_ROLES:
            continue
        rows = [_cells(row) for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        headers = [cell for row in rows for cell in row if cell.tag == "th"]
        place = renditions.origin_of(table)
        if not headers and _is_data(rows) and place != renditions.theme:
            yield table_header.at(
                place,
                _("the table has no header cells: a screen reader cannot say what a figure is about"),
                suggestion=_('begin it with a row of headings; in HTML, <th scope="col">'),
            )
        elif any(not cell.get("scope") and cell.text_content().strip() for cell in headers):
            yield table_header.at(
                place,
                _("header cells of the table do not say whether they head a row or a column"),
                suggestion=_('<th scope="row"> or <th scope="col">'),
            )


def _cells(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_data(rows: list[list[html.HtmlElement]]) -> bool:
    told = [[cell for cell in row if cell.text_content().strip()] for row in rows]
    return len([row for row in told if len(row) > 1]) > 1


TABLE = re.compile(r"<table\b[^<>]*>", re.IGNORECASE)
ROLE = re.compile(r"\brole\s*=\s*[\"']?(?:presentation|none)\b", re.IGNORECASE)


@rule(
    "table-role",
    Level.WARNING,
    _("A layout table is read aloud as a table"),
    why="""
        A table that only arranges things, in the theme or in its comments for Outlook, does not say so: a screen
        reader counts its rows and columns aloud.
    """,
    bad='`<table width="100%"><tr><td>` in a theme.',
    good='`<table role="presentation" width="100%"><tr><td>`.',
)
def table_role(renditions: Renditions) -> Iterator[Finding]:
    """One finding for the theme's tables without `role="presentation"`, comments for Outlook included (RGAA 5.3).

    The tables of the editors' texts are data, and so is one with header cells of its own.
    """
    count = 0
    for table in renditions.body.iter("table"):
        if table.get("role") not in ("presentation", "none") and not _has_headers(table):
            # Last: it looks for the table in every text.
            count += renditions.origins.find(table) is None
    for comment in renditions.page.iter(etree.Comment):
        count += sum(not ROLE.search(tag) for tag in TABLE.findall(comment.text or ""))
    if count:
        yield table_role.at(
            renditions.theme,
            ngettext(
                '{count} table that only arranges things lacks role="presentation"',
                '{count} tables that only arrange things lack role="presentation"',
                count,
            ).format(count=count),
            suggestion=_("screen readers count the rows and columns of every other table aloud"),
        )


def _has_headers(table: html.HtmlElement) -> bool:
    return any(next(cell.iterancestors("table")) is table for cell in table.iter("th"))
