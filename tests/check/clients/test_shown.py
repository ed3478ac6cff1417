"""The e-mail as one mail reader shows it: each kind of thing that is dropped, and by whom."""

from __future__ import annotations

import re

import pytest
from lxml import html

from newsletter_cli.check.clients.css import features_of_declaration, features_of_selector
from newsletter_cli.check.clients.readers import mail_readers
from newsletter_cli.check.clients.shown import INVERSION, SHEET_BYTES, SHOWN_BYTES, as_shown_by, losses
from newsletter_cli.check.clients.shown_styles import split_selectors
from newsletter_cli.check.looks.css import read_declarations


def shown(body: str, reader: str, *, head: str = "", is_dark: bool = False) -> str:
    return as_shown_by(
        f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", mail_readers()[reader], is_dark=is_dark
    )


def sheet(css: str, reader: str) -> str:
    found = re.findall(r"<style>(.*?)</style>", shown("<p>a</p>", reader, head=f"<style>{css}</style>"), re.DOTALL)
    return " ".join(found).strip()


def style(css: str, reader: str, tag: str = "p") -> str:
    page = html.document_fromstring(shown(f'<table><tr><{tag} id="it" style="{css}">a</{tag}></tr></table>', reader))
    return page.get_element_by_id("it").get("style") or ""


@pytest.mark.parametrize(
    ("css", "reader", "left"),
    [
        (".a > b{color:red}", "orange-web", ""),
        (".a > b{color:red}", "orange-ios", ".a > b{color:red}"),
        (".a > b,.c{color:red}", "orange-web", ".c{color:red}"),
        ("@media (prefers-color-scheme: dark){.a{color:red}}", "gmail-web", ""),
        ("@media (prefers-color-scheme: dark){.a{color:red}}", "apple-mail-ios", None),
        ("@media (max-width: 599px){.a{color:red}}", "outlook-classic", ""),
        ("@media (max-width: 599px){.a{color:red}}", "gmail-web", None),
        ("@supports (display:grid){.a{color:red}}", "gmail-web", ""),
        ("@supports (display:grid){.a{color:red}}", "apple-mail-ios", None),
        (".a{color:red}", "sfr-web", ""),
        (".a{color:red}", "proton-web", ""),
        ("[data-ogsc] .a{color:red}", "outlook-web", None),
        ("[data-ogsc] .a{color:red}", "gmail-web", ""),
        (".a[title]{color:red}", "outlook-web", ""),
        ("p:not(.a){color:red}", "yahoo-web", ""),
        (".a{color:red!important}", "orange-web", None),
        ("body{color:red}", "gmail-web", ""),
        ("body{color:red}", "apple-mail-ios", "body{color:red}"),
    ],
)
def test_sheets(css: str, reader: str, left: str | None) -> None:
    found = sheet(css, reader)
    assert found if left is None else found == left


def test_a_sheet_that_gmail_finds_too_long_is_thrown_away_as_a_whole() -> None:
    long = ".a{color:red}" + ".b{color:blue}" * (SHEET_BYTES // 14 + 1)
    assert sheet(long, "gmail-web") == ""
    assert ".a" in sheet(long, "apple-mail-ios")
    half = ".c{color:red}" * (SHEET_BYTES // 13 - 10)
    head = f"<style>{half}</style><style>{half}</style><style>.d{{color:red}}</style><style>{half}</style>"
    assert shown("a", "gmail-web", head=head).count("<style") == 3


@pytest.mark.parametrize(
    ("css", "reader", "tag", "left"),
    [
        ("padding:8px", "outlook-classic", "p", ""),
        ("padding:8px", "outlook-classic", "td", "padding:8px"),
        ("max-width:9px;color:red", "outlook-classic", "div", "color:red"),
        ("border-radius:8px", "outlook-classic", "td", ""),
        ("border-top-left-radius:8px", "orange-web", "p", ""),
        ("background:#fff url(a.png)", "outlook-classic", "td", ""),
        ("background:#fff", "outlook-classic", "td", "background:#fff"),
        ("background-color:#fff", "orange-web", "p", ""),
        ("background-color:white", "orange-web", "p", "background-color:white"),
        ("background:#fff", "orange-web", "p", "background:#fff"),
        ("display:inline-block", "outlook-classic", "a", ""),
        ("display:none", "outlook-classic", "p", "display:none"),
        ("mso-hide:all", "outlook-classic", "p", "display:none !important"),
        ("mso-padding-alt:10px 20px", "outlook-classic", "td", "padding:10px 20px"),
        ("color:rgba(0,0,0,.5)", "orange-web", "p", ""),
        ("width:calc(100% - 1px)", "yahoo-web", "p", ""),
        ("width:2rem", "orange-web", "p", ""),
        ("object-fit:cover", "yahoo-web", "p", ""),
        ("hyphens:auto", "gmail-web", "p", ""),
        ("margin:0 auto", "outlook-classic", "p", ""),
        ("color:red!important", "orange-web", "p", ""),
        ("color:red !important", "orange-web", "p", "color:red !important"),
        ("color:red /* ink */", "orange-web", "p", ""),
        ("font-family:serif;made-up:1", "outlook-classic", "p", "font-family:serif;made-up:1"),
    ],
)
def test_style_attributes(css: str, reader: str, tag: str, left: str) -> None:
    assert style(css, reader, tag) == left


@pytest.mark.parametrize(
    ("body", "reader", "left"),
    [
        ("<ruby>漢<rt>かん</rt></ruby> x", "gmail-web", "漢かん x"),
        ("<code>x</code>", "orange-web", "x"),
        ("<code>x</code>", "gmail-web", "<code>x</code>"),
        ("<svg><text>x</text></svg> y", "gmail-web", " y"),
        ('<p dir="rtl">x</p>', "gmx-web", "<p>x</p>"),
        ('<ol reversed><li>x</li></ol>', "gmail-web", "<ol><li>x</li></ol>"),
        ('<a href="#end">x</a>', "gmail-ios", '<a href="#-">x</a>'),
        ('<a href="#end">x</a>', "gmail-android", '<a href="#end">x</a>'),
        ('<a href="https://a.example/#end">x</a>', "gmail-ios", '<a href="https://a.example/#end">x</a>'),
        ('<img src="a.webp" alt="x">', "outlook-classic", '<img alt="x">'),
        ('<img src="a.webp" alt="x">', "gmail-web", '<img src="a.webp" alt="x">'),
        ('<img src="data:image/png;base64,AA" alt="x">', "gmail-web", '<img alt="x">'),
        ('<p hidden>x</p>', "gmail-web", "<p>x</p>"),
        ("<!--[if mso]><b>x</b><![endif]-->", "outlook-classic", "<b>x</b>"),
    ],
)  # fmt: skip
def test_elements_and_attributes(body: str, reader: str, left: str) -> None:
    page = html.document_fromstring(shown(body, reader))
    found = page.find("body")
    assert found is not None
    inside = html.tostring(found, encoding="unicode")
    assert re.sub(r"</?(?:body|div)[^>]*>", "", inside).strip() == left.strip()


def test_gmail_cuts_a_long_email_off_and_says_so_nobody_else_does() -> None:
    words = "".join(f"<p>word{number} {'x' * 90}</p>" for number in range(1200))
    cut, whole = shown(words, "gmail-web"), shown(words, "apple-mail-ios")
    assert SHOWN_BYTES - 3_000 < len(cut) < SHOWN_BYTES + 200
    assert "Message clipped" in cut
    assert "word1199" in whole
    assert "Message clipped" not in whole


def test_what_is_cut_off_is_counted_in_the_email_as_it_travels() -> None:
    page = "<html><body>" + "".join(f"<p>word{number} {'x' * 90}</p>" for number in range(900)) + "</body></html>"
    marked = page.replace("<p>", '<p data-mark="a place that nobody is sent">')
    assert len(page) < SHOWN_BYTES < len(marked)
    assert "word899" in as_shown_by(marked, mail_readers()["gmail-web"], original=page)
    longer = page.replace("x" * 90, "x" * 110)
    cut = as_shown_by(marked.replace("x" * 90, "x" * 110), mail_readers()["gmail-web"], original=longer)
    assert as_shown_by(longer, mail_readers()["gmail-web"]).count("<p>word") == cut.count("<p data-mark")


def test_the_dark_of_each_kind() -> None:
    assert INVERSION in shown("a", "gmail-ios", is_dark=True)
    assert INVERSION not in shown("a", "gmail-ios")
    assert INVERSION not in shown("a", "gmail-web", is_dark=True)
    assert "data-ogsc" in shown("a", "outlook-web", is_dark=True)
    assert "data-ogsc" not in shown("a", "outlook-web")
    assert shown("a", "apple-mail-ios", is_dark=True) == shown("a", "apple-mail-ios")


def test_losses_say_how_often_and_where() -> None:
    page = '<html><body><div id="one"><p><bdi>a</bdi> <bdi>b</bdi></p></div><p id="two"><bdi>c</bdi></p></body></html>'
    [loss] = losses(page, mail_readers()["gmail-web"])
    assert (loss.feature, loss.count, loss.places) == ("html-bdi", 3, ("one", "two"))
    assert losses(page, mail_readers()["apple-mail-ios"]) == []


def test_what_is_unknown_stays() -> None:
    body = '<ruby>a<rt>b</rt></ruby><p style="border-radius:3px">c</p>'
    assert body in shown(body, "free-web")


@pytest.mark.parametrize(
    ("selector", "features"),
    [
        (".a", {"css-selector-class"}),
        ("td.a b", {"css-selector-type", "css-selector-class", "css-selector-descendant"}),
        (".a>.b", {"css-selector-class", "css-selector-child"}),
        (".a + #b ~ *", {"css-selector-class", "css-selector-id", "css-selector-adjacent-sibling",
                         "css-selector-general-sibling", "css-selector-universal"}),
        (".a.b", {"css-selector-class", "css-selector-chaining"}),
        ("a[href='x > y']", {"css-selector-type", "css-selector-attribute", "css-selector-attribute-equal"}),
        ("a:hover::before", {"css-selector-type", "css-pseudo-class-hover", "css-pseudo-element-before"}),
        (":root", {"html-body", "css-pseudo-class-root"}),
    ],
)  # fmt: skip
def test_what_a_selector_needs(selector: str, features: set[str]) -> None:
    assert set(features_of_selector(selector)) == features


@pytest.mark.parametrize(
    ("declaration", "features"),
    [
        ("padding-left: 1px", {"css-padding", "css-padding-off-cells"}),
        ("margin: -1px auto", {"css-margin", "css-margin-auto", "css-margin-negative"}),
        ("color: rgb(1 2 3 / 50%)", {"css-rgb-spaced", "css-rgb-alpha"}),
        ("background: url('a(1).png')", {"css-background", "css-background-image", "css-background-picture"}),
        ("font-family: 'min(1px)', serif", {"css-font"}),
        ("display: flex", {"css-display", "css-display-any", "css-display-flex"}),
        ("color: var(--ink)", {"css-variables"}),
    ],
)
def test_what_a_declaration_needs(declaration: str, features: set[str]) -> None:
    [read] = read_declarations(declaration)
    assert {one for one in features_of_declaration(read, "p") if one} - {"css-"} == features


def test_selectors_are_divided_at_commas_that_divide() -> None:
    assert split_selectors("a:is(b, c), d[e='f,g'] , h") == ["a:is(b, c)", "d[e='f,g']", "h"]
