"""Quotations as one-cell tables: Outlook on Windows knows padding on cells alone (caniemail, “padding”)."""

from __future__ import annotations

from lxml import etree, html


def frame_quotes(root: html.HtmlElement) -> None:
    """In place: what each quotation holds, in a cell of its own; it stays a quotation to those who listen."""
    for quote in list(root.iter("blockquote")):
        cell = html.Element("td")
        cell.set("class", "quote")
        if "turned" in (quote.get("class") or ""):
            del quote.attrib["class"]
            cell.set("class", "quote turned")
            cell.set("align", "right" if quote.get("dir") == "rtl" else "left")
        cell.text = quote.text
        cell.extend(list(quote))
        quote.text = None
        quote.append(layout_table(cell))


def layout_table(cell: html.HtmlElement) -> html.HtmlElement:
    """A table that holds one cell and is no table to those who listen."""
    table = html.Element("table")
    table.set("role", "presentation")
    table.set("width", "100%")
    row = etree.SubElement(table, "tr")
    row.append(cell)
    return table
