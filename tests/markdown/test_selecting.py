"""The index of a page finds what a browser's selectors find."""

from __future__ import annotations

import cssselect
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from newsletter_cli.markdown.selecting import PageIndex, specificity_of

PAGE = html.document_fromstring("""
    <html><body class="sheet nl"><!-- <p class="nl"> -->
    <div class=" card  wide "><h3>One</h3><div class="nl"><p>Two <a href="#">three</a></p><ul><li>four
    <ul><li class="card">five</li></ul></li></ul></div></div>
    <table class="card-wide"><tr><td class="wide\tcard"><p class="nl">six</p><h3 class="card.x">7</h3></td></tr></table>
    <p class="Nl card\u00a0wide">eight</p></body></html>
""")
PLAIN = (
    *("p", "li", ".nl", ".card", "p.nl", ".card.wide", ".nl p", ".nl li ul", "body p", ".sheet .nl a", ".none p"),
    *(".nl > p", "ul > li", ".sheet>.card", ".card > h3", "div.card div > p", "body > div > div ul > li.card", ".none"),
)
OTHERS = ("p:first-child", "[href]", "a[href]", "p, a", "p + p", "*", ".card *", "P", "", ".1", r".a\:b", "p ~ a", "p>")


@pytest.mark.parametrize("selector", PLAIN)
def test_plain_selectors_find_what_xpath_finds_in_the_order_of_the_page(selector: str) -> None:
    translated = etree.XPath(cssselect.HTMLTranslator().css_to_xpath(selector))(PAGE)
    index = PageIndex(PAGE)
    assert list(index.find(selector) or ()) == translated
    # Asked again, with what is remembered.
    assert list(index.find(selector) or ()) == translated
    assert specificity_of(selector) == cssselect.parse(selector)[0].specificity()


@pytest.mark.parametrize("selector", OTHERS)
def test_other_selectors_are_left_to_xpath(selector: str) -> None:
    assert PageIndex(PAGE).find(selector) is None
    assert specificity_of(selector) is None


COMPOUNDS = st.sampled_from(("p", "li", "ul", "div", ".nl", ".card", ".wide", "div.card", ".card.wide", "td", "h3"))


@given(
    st.lists(COMPOUNDS, min_size=1, max_size=4), st.lists(st.sampled_from((" ", " > ", ">")), min_size=3, max_size=3)
)
def test_any_chain_of_steps_finds_what_xpath_finds(compounds: list[str], joints: list[str]) -> None:
    selector = compounds[0] + "".join(a + b for a, b in zip(joints, compounds[1:], strict=False))
    translated = etree.XPath(cssselect.HTMLTranslator().css_to_xpath(selector))(PAGE)
    assert list(PageIndex(PAGE).find(selector) or ()) == translated
