"""What is taken out of mrml's page, and what is left alone."""

from __future__ import annotations

import re

import pytest

from newsletter_cli.render.lean_frame import lean_frame
from newsletter_cli.render.mjml import convert_mjml

COLUMN = "<mj-column><mj-text align='left' css-class='nl'>a</mj-text><mj-image src='i.png' width='90px' /></mj-column>"


def page(*sections: str, direction: str = "ltr", head: str = "") -> str:
    body = "".join(f'<mj-section direction="{direction}">{section}</mj-section>' for section in sections)
    source = f'<mjml lang="fr" dir="{direction}"><mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>'
    return convert_mjml(source, file="x.mjml.j2")


def balance(text: str, tag: str) -> int:
    """Opened less closed, as Outlook reads it: what stands in its comments is there, too."""
    return len(re.findall(rf"<{tag}\b", text)) - text.count(f"</{tag}>")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_column_alone_has_no_box_of_its_own(direction: str) -> None:
    before = page(COLUMN, COLUMN, direction=direction)
    after = lean_frame(before)
    assert "mj-column-per-100" in before
    assert "mj-column-per" not in after, "neither in the body nor in the styles"
    assert len(after) < 0.7 * len(before)
    for tag in ("table", "tr", "td", "div", "tbody"):
        assert balance(after, tag) == 0
        without = re.sub(r"<!--.*?-->", "", after, flags=re.DOTALL)
        assert balance(without, tag) == 0


def test_columns_beside_each_other_stay() -> None:
    before = page(COLUMN * 2)
    after = lean_frame(before)
    assert after.count("mj-column-per-50") == before.count("mj-column-per-50") == 4
    assert after.count("display:inline-block") == 2


def test_a_column_with_a_look_of_its_own_stays() -> None:
    before = page(COLUMN.replace("<mj-column>", '<mj-column css-class="mine" vertical-align="middle">'))
    assert "mj-column-per-100 mine" in before
    assert "mj-column-per-100 mine" in lean_frame(before)


def test_the_line_in_the_list_of_mails_is_hidden_from_outlook_too() -> None:
    after = lean_frame(page(COLUMN, head="<mj-preview>Soon</mj-preview>"))
    assert re.search(r'<div aria-hidden="true" style="display:none;[^"]*mso-hide:all">Soon</div>', after)


TITLE = '<mj-text css-class="nl" padding="0"><h2>T</h2></mj-text>'
BELOW = '<mj-text css-class="nl" padding="0"><p>P</p></mj-text>'


def test_a_title_and_its_text_share_a_cell() -> None:
    after = lean_frame(page(f"<mj-column>{TITLE}{BELOW}</mj-column>"))
    assert re.search(r"<h2>T</h2>\s*<p>P</p>", after)
    spaced = BELOW.replace('padding="0"', 'padding="0 0 16px"')
    assert not re.search(r"<h2>T</h2>\s*<p>P</p>", lean_frame(page(f"<mj-column>{TITLE}{spaced}</mj-column>")))


@pytest.mark.parametrize(("direction", "start", "end"), [("ltr", "left", "right"), ("rtl", "right", "left")])
def test_a_cell_says_its_side_where_it_is_not_where_text_begins(direction: str, start: str, end: str) -> None:
    texts = "".join(f'<mj-text css-class="{side}" align="{side}">{side}</mj-text>' for side in (start, end))
    after = lean_frame(page(f"<mj-column>{texts}</mj-column>", direction=direction))
    assert f'align="{start}"' not in after
    assert f'<td align="{end}"' in after


def test_the_class_of_the_table_of_outlook_stays_where_a_style_names_it() -> None:
    named = "<mj-style>.mine-outlook { width: 500px }</mj-style>"
    whole = '<mjml><mj-head>{}</mj-head><mj-body><mj-section css-class="mine">{}</mj-section></mj-body></mjml>'
    assert 'class="mine-outlook"' not in lean_frame(convert_mjml(whole.format("", COLUMN), file="x.mjml.j2"))
    assert 'class="mine-outlook"' in lean_frame(convert_mjml(whole.format(named, COLUMN), file="x.mjml.j2"))
