from __future__ import annotations

import pytest
from lxml import html

from newsletter_cli.render.lean_styles import lean_styles


def lean(text: str) -> str:
    root = html.fragment_fromstring(text)
    lean_styles(root)
    return html.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("margin: 0px auto; color : #FFFFFF;", "margin:0 auto;color:#FFF"),
        ("background:#eef2f3;background-color:#eef2f3", "background:#eef2f3"),
        ("background:#eef2f3;background-color:#fff", "background:#eef2f3;background-color:#fff"),
        ("margin: 4px; margin: 0", "margin:0"),
        ("margin-left:4px;margin:0;margin-left:2px", "margin:0;margin-left:2px"),
        ("padding:10px 0.0px 100px", "padding:10px 0.0px 100px"),
        ("background: url(a; b)", "background: url(a; b)"),
        ("font-family: 'A,  B'", "font-family: 'A,  B'"),
        ("color: #ffffff !important", "color: #ffffff !important"),
    ],
)
def test_the_shortest_form(before: str, after: str) -> None:
    assert lean(f'<p style="{before}">a</p>') == f'<p style="{after}">a</p>'


def test_what_is_passed_on_is_not_said_again() -> None:
    before = (
        '<div style="font-family:A,B;word-break:break-word"><table><tr><td style="font-family:A, B">'
        '<code style="font-family:A,B">x</code><p style="font-family:C">y<span style="font-family:A,B">z</span></p>'
        "</td></tr></table></div>"
    )
    after = (
        '<div style="font-family:A,B;word-break:break-word"><table><tr><td>'
        '<code style="font-family:A,B">x</code><p style="font-family:C">y<span style="font-family:A,B">z</span></p>'
        "</td></tr></table></div>"
    )
    assert lean(before) == after, "but code has a font of its own, and what lies between may have changed it"


def test_attributes_say_something_too() -> None:
    before = '<td align="left" dir="ltr"><div style="text-align:left;direction:ltr">a</div></td>'
    assert lean(before) == '<td align="left" dir="ltr"><div>a</div></td>'
    centred = '<td align="center"><div style="text-align:left">a</div></td>'
    assert lean(centred) == centred
    arabic = '<div dir="rtl"><div style="direction:rtl">a</div></div>'
    assert lean(arabic) == arabic, "Outlook goes by the style"
