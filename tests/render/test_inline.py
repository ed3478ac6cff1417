from __future__ import annotations

import re
import socket
import subprocess
import sys
from typing import NoReturn

import pytest

from newsletter_cli.render.inline import inline_css
from tests.rendering import email_of, make_issue

PAGE = """<!doctype html>
<html lang="fr" dir="ltr"><head><title>Été &amp; sable</title>
<style type="text/css">
@media (prefers-color-scheme: dark) { .a > b { color: #fff !important; } }
[data-ogsc] .a { color: red !important; }
@font-face { font-family: X; src: url(https://f.example/x.woff); }
@supports (display: grid) { .a { display: grid; } }
</style>
<!--[if mso]><style type="text/css">td{font-family:"Arial"}</style><xml><o:P>96</o:P></xml><![endif]-->
</head><body><!--[if mso | IE]><table role="presentation"><tr><td style="width:600px;" ><![endif]-->
<div class="a" style="padding:0"><p>a&nbsp;b</p><img src="i.png" width="45" alt=""></div>
<!--[if !mso]><!--><p class="a">c</p><!--<![endif]-->
<!--[if mso | IE]></td></tr></table><![endif]--></body></html>"""
CSS = ".a { color: #123456 } p { margin: 0 0 16px } .a p { margin: 0 } .absent { color: red } img { max-width: 100% }"
CONDITIONAL = re.compile(r"<!--\[if mso.*?<!\[endif\]-->|<!--\[if !mso\]><!-->|<!--<!\[endif\]-->", re.DOTALL)
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


def forbidden(*arguments: object, **options: object) -> NoReturn:
    raise AssertionError("rendering reached for the network")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)


def test_the_guard_guards() -> None:
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("sable.example", 80))


def test_declarations_go_into_style_attributes() -> None:
    result = inline_css(PAGE, CSS)
    assert re.search(r'<div class="a" style="[^"]*color:\s*#123456[^"]*"', result)
    assert re.search(r'<div class="a" style="[^"]*padding:\s*0', result), "what stood there stays"
    assert re.search(r'<p style="margin:\s*0"', result), "the more special rule wins"
    assert re.search(r'<img [^>]*style="max-width:\s*100%"', result)
    assert 'width="45"' in result
    assert "absent" not in result


def test_conditional_comments_and_style_elements_stay_byte_for_byte() -> None:
    result = inline_css(PAGE, CSS)
    assert CONDITIONAL.findall(result) == CONDITIONAL.findall(PAGE) != []
    assert STYLE.findall(result) == STYLE.findall(PAGE)
    assert "data-premailer" not in result


def test_important_stays_important() -> None:
    assert "color:red !important" in inline_css(PAGE, "p { color: red !important }")


def test_doctype_language_and_text_stay() -> None:
    result = inline_css(PAGE, CSS)
    assert result.startswith("<!DOCTYPE html>")
    assert '<html lang="fr" dir="ltr">' in result
    assert "<title>Été &amp; sable</title>" in result
    assert "a\u00a0b" in result or "a&nbsp;b" in result or "a&#160;b" in result


def test_stylesheets_and_images_elsewhere_are_not_fetched() -> None:
    page = PAGE.replace("</head>", '<link rel="stylesheet" href="https://s.example/x.css"></head>')
    result = inline_css(page, '@import url("https://s.example/y.css"); p { background: url(https://s.example/z.png) }')
    assert "y.css" not in result
    assert '<p style="background:url(https://s.example/z.png)"' in result


def test_a_whole_issue_is_rendered_without_the_network() -> None:
    source = '<link rel="stylesheet" href="https://s.example/x.css"><style>@import url(https://s.example/y.css)</style>'
    assert "sable" in email_of(make_issue(f"{source}\n\nsable ![](https://s.example/i.png)"))


# Every import asks the audit hook first: whatever stands under the name then, any thread could have taken.
WATCHED = """
import sys
seen = []
def look(event, _arguments):
    if event == "import" and "requests" in sys.modules:
        seen.append(sys.modules["requests"])
sys.addaudithook(look)
from newsletter_cli.render.inline import inline_css
assert "color:red" in inline_css("<html><body><p>x</p></body></html>", "p { color: red }")
assert not seen, seen
assert "requests" not in sys.modules
assert "cssutils._fetch" not in sys.modules
assert "urllib.request" not in sys.modules
import urllib.request
assert urllib.request.urlopen
import requests
assert requests.Session
"""


def test_nobody_else_is_given_what_stands_for_requests() -> None:
    subprocess.run([sys.executable, "-c", WATCHED], check=True)
