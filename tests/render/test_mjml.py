from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markupsafe import escape

from newsletter_cli.base.errors import RenderError
from newsletter_cli.render.mjml import Slots, convert_mjml, escape_attribute
from tests.examples import examples

SOURCE = """<mjml lang="fr" dir="ltr"><mj-head><mj-title>{title}</mj-title></mj-head><mj-body><mj-section><mj-column>
<mj-image src="{href}" alt="{attribute}" title="{attribute}" href="{href}" />
<mj-text><p class="text">{text}</p><a href="{href}" title="{attribute}">{text}</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""

TRAPS = [
    *("\u00a0", "\u202f", "\u00ad", "\u200b", "\u200d", "\ufe0f", "\u0301", "\u2028", "\U0001d5ee", "👩🏽‍💻", "❤️"),
    *(
        '"',
        "'",
        "\\",
        "\\\\",
        "\\n",
        "\n",
        "\t",
        "\\u{a0}",
        "\\u{1F600}",
        "&",
        "&amp;",
        "&#10;",
        "<",
        ">",
        "]]>",
        "<!--",
    ),
    *(
        "{{ v }}",
        "{% x %}",
        "__UNSUB__",
        "{0}",
        "$1",
        "\\1",
        "é",
        "عربي",
        "日本語",
        "nl-slot-",
        "<b>",
        "</mj-text>",
        "%20",
    ),
]
# What no HTML parser hands through is left out: control characters, and a carriage return.
TEXT = st.one_of(
    st.lists(st.one_of(st.sampled_from(TRAPS), st.text("ab é", max_size=3)), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=20),
)


def parse(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def collapsed(text: str | None) -> str:
    return " ".join((text or "").replace("\t", " ").replace("\n", " ").split(" "))


@examples(30)
@given(TEXT, TEXT)
@example('dit "x"', "prix\u00a0: 3\u202f€ \\u{a0} \\")
@example("a\nb\\nc", "e\u0301 \u200b\u00ad")
def test_any_text_survives_in_text_and_attributes(value: str, other: str) -> None:
    address = "https://a.example/?q=" + other.replace("\n", "").replace("\t", "").strip()
    page = convert_mjml(
        SOURCE.format(
            title=escape_attribute(value),
            attribute=escape_attribute(value),
            href=escape_attribute(address),
            text=escape(other),
        ),
        file="essai.mjml",
    )
    root = parse(page)
    (image,) = root.iter("img")
    assert (image.get("alt"), image.get("title")) == (value, value)
    assert [link.get("href") for link in root.iter("a")] == [address, address]
    assert collapsed(root.findtext(".//title")).strip(" ") == collapsed(value).strip(" ")
    assert [link.get("title") for link in root.iter("a")][-1] == value
    shown = [element.text for element in root.iter("p")] + [link.text for link in root.iter("a")][-1:]
    assert [collapsed(text).strip(" ") for text in shown] == [collapsed(other).strip(" ")] * 2


def test_control_characters_are_left_out() -> None:
    trap = "a\x00\x07\x1b\x7f\x85\x9f\ufffeb"
    page = convert_mjml(SOURCE.format(title=trap, attribute=escape_attribute(trap), href="x", text=trap), file="x")
    root = parse(page)
    assert [image.get("alt") for image in root.iter("img")] == ["ab"]
    assert root.findtext(".//p") == "ab"


def test_a_value_that_is_absent_is_empty() -> None:
    assert escape_attribute(None) == ""
    assert escape_attribute(7) == "7"


@pytest.mark.parametrize("source", ["<mjml><mj-body><p></mj-body></mjml>", "", "<mjml>", "a < b", "<mjml></mjml"])
def test_what_mrml_refuses_names_the_template(source: str) -> None:
    with pytest.raises(RenderError) as caught:
        convert_mjml(source, file="templates/themes/x/email.mjml.j2")
    assert caught.value.file == "templates/themes/x/email.mjml.j2"
    assert caught.value.hint


def test_no_font_is_linked() -> None:
    page = convert_mjml(SOURCE.format(title="", attribute="", href="", text="a"), file="x")
    assert "fonts.googleapis" not in page
    assert "<link" not in page


def test_slots_come_back_whole_and_in_place() -> None:
    slots = Slots("graine")
    contents = ["<p>un \\1 \\g<0> $1 \\u{a0}</p>", "", "<p>deux</p>" * 1000, *map(str, range(10))]
    page = "|".join(f"({slots.hold(content)})" for content in contents)
    assert slots.fill(page) == "|".join(f"({content})" for content in contents)


def test_content_cannot_name_a_slot() -> None:
    other = Slots("autre")
    name = str(other.hold("secret"))
    slots = Slots(f"un texte qui cite {name}")
    mine = slots.hold("le mien")
    assert slots.fill(f"{name} {mine}") == f"{name} le mien"


def test_a_slot_within_a_slots_content_is_left_alone() -> None:
    slots = Slots("graine")
    first = slots.hold("un")
    second = slots.hold(f"[{first}]")
    assert slots.fill(str(second)) == f"[{first}]"


def test_the_same_text_makes_the_same_page() -> None:
    assert Slots("graine").hold("x") == Slots("graine").hold("y")
    assert Slots("graine").hold("x") != Slots("grain").hold("x")
