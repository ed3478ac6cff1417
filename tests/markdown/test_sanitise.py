from __future__ import annotations

import pytest
from lxml import html

from newsletter_cli.markdown.sanitise import sanitise_html


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<script>alert(1)",
        "<style>p { display: none }</style>",
        "<template>caché</template>",
        "<title>caché</title>",
        "<svg><script>alert(1)</script><text>dessin</text></svg>",
        "<math><mi>x</mi></math>",
        "<!-- secret -->",
        "<!-- secret",
        "<select><option>un<option>deux</select>",
    ],
)
def test_what_is_no_prose_goes_with_its_content(markup: str) -> None:
    assert sanitise_html(markup) == ""


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ('<b onclick="x()">gras</b>', "<b>gras</b>"),
        ('<p style="display:none" class="x" id="y">a</p>', "<p>a</p>"),
        ('<td style="text-align:right;color:red">', ""),
        ("<form action=/x><label>Nom</label><input name=q value=v><button>Aller</button></form>", "NomAller"),
        ("<font color=red>rouge</font>", "rouge"),
        ("<textarea>&lt;b&gt;</textarea>", "&lt;b&gt;"),
        ("<inconnu>a</inconnu><nl:b>c</nl:b>", "ac"),
        ("<b>a<i>b</b>c", "<b>a<i>b</i></b><i>c</i>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("a<br/>b<hr/>", "a<br>b<hr>"),
        ("<p>a</b></div>", "<p>a</p>"),
        ("<noscript><img src='https://a.example/i.png' alt='Carte'></noscript>",
         '<img src="https://a.example/i.png" alt="Carte">'),
        ('<a target="_blank" rel="x" href="https://a.example">a</a>', '<a href="https://a.example">a</a>'),
    ],
)  # fmt: skip
def test_prose_stays_and_its_dress_goes(markup: str, clean: str) -> None:
    assert sanitise_html(markup) == clean


def test_the_text_of_an_iframe_is_never_markup() -> None:
    assert sanitise_html('<iframe src="/v"><img src=x onerror=y()></iframe>a') == '<iframe src="/v"></iframe>a'


def test_tags_nested_too_deep_go_and_their_text_stays() -> None:
    clean = sanitise_html("<b>" * 5_000 + "fond<br>" + "</b>" * 5_000 + "<i>plat</i>")
    assert clean == "<b>" * 60 + "fond<br>" + "</b>" * 60 + "<i>plat</i>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_run_something_go(address: str) -> None:
    assert "href" not in sanitise_html(f'<a href="{address}">texte</a>')
    assert "src" not in sanitise_html(f'<img src="{address}" alt="texte">')


@pytest.mark.parametrize(
    "address",
    ["https://a.example/?b=1&amp;c=2", "mailto:a@b.example", "tel:+33123456789", "/page", "#ici", "webcal://a"],
)
def test_addresses_a_reader_can_follow_stay(address: str) -> None:
    assert f'href="{address}"' in sanitise_html(f'<a href="{address}">texte</a>')


@pytest.mark.parametrize("control", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\x7f", "\uffff"])
@pytest.mark.parametrize("form", ["{}", "&#{};", "<img alt='a{}b' src=x>", "<img alt='a&#{};b' src=x>"])
def test_control_characters_go_however_they_are_written(control: str, form: str) -> None:
    written = form.format(ord(control) if "#" in form else control)
    clean = sanitise_html(f"avant {written} après")
    assert control not in clean
    html.fragment_fromstring(f"<p>{clean}</p>")


def test_alignment_of_cells_stays() -> None:
    table = "<table><tr><td style='text-align:right;position:fixed'>1</td></tr></table>"
    assert sanitise_html(table) == '<table><tbody><tr><td style="text-align:right">1</td></tr></tbody></table>'


def test_cleaning_twice_changes_nothing() -> None:
    markup = "<div><p>a<table><td>b</div><a href=x>c<a href=y>d<li>e<h1>f<h2>g"
    assert sanitise_html(sanitise_html(markup)) == sanitise_html(markup)
