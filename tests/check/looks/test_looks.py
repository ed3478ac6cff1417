"""The small cascade: CSS read, looks computed, contrast measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.check.looks import Cascade, Look, contrast_of, inverted, look_at, written
from newsletter_cli.check.looks.colour import parse_colour
from newsletter_cli.check.looks.css import read_css, read_declarations
from tests.check.renditions import right
from tests.rendering import THEMES, theme_of


def looks(css: str, body: str) -> Cascade:
    return look_at(html.document_fromstring(f"<html><head><style>{css}</style></head><body>{body}</body></html>"))


def light(css: str, body: str) -> Look:
    """The look of the first text of the body."""
    return looks(css, body).texts[0].light


class TestReadingCss:
    def test_rules_and_their_conditions(self) -> None:
        rules = read_css(
            "/* { */ a { color: red; } @media (x) { b, i { margin: 0 !important } } @font-face { src: url(a;b) } p{}"
        )
        assert [(rule.selector, rule.media, len(rule.declarations)) for rule in rules] == [
            ("a", (), 1),
            ("b, i", ("(x)",), 1),
            ("p", (), 0),
        ]
        assert rules[1].declarations[0].is_important

    def test_strings_and_addresses_hold_anything(self) -> None:
        [one, other] = read_declarations('background: url(data:a;b{c}); content: "; } \\" {"')
        assert (one.value, other.value) == ("url(data:a;b{c})", '"; } \\" {"')

    @given(st.text(max_size=200))
    def test_whatever_stands_there_is_read(self, css: str) -> None:
        read_css(css)
        read_declarations(css)

    @given(st.text(alphabet="{}();:'\"@ma/* ", max_size=60))
    def test_broken_css_is_read_to_its_end(self, css: str) -> None:
        looks(css.replace("<", ""), "<p>a</p>")


class TestCascade:
    @pytest.mark.parametrize(
        ("css", "body", "ink"),
        [
            ("p { color: #111 }", "<p>a</p>", "#111111"),
            ("p { color: #111 } .b { color: #222 } p { color: #333 }", '<p class="b">a</p>', "#222222"),
            (".a .b { color: #111 } .b { color: #222 }", '<div class="a"><p class="b">a</p></div>', "#111111"),
            ("p { color: #111 }", '<p style="color:#222">a</p>', "#222222"),
            ("p { color: #111 !important }", '<p style="color:#222">a</p>', "#111111"),
            ("p { color: #111 !important }", '<p style="color:#222 !important">a</p>', "#222222"),
            ("div > p { color: #111 } b { color: inherit }", "<div><p><b>a</b></p></div>", "#111111"),
            ("p:hover { color: #111 } p::before { color: #222 } p:zz { color: #333 }", "<p>a</p>", "#000000"),
            ("p { color: rgb(17, 34, 51) }", "<p>a</p>", "#112233"),
            ("p { color: rgb(0 0 0 / 50%) }", "<p>a</p>", "#808080"),
            ("p { color: hsl(240, 100%, 50%) }", "<p>a</p>", "#0000ff"),
            ("p { color: hsl(.5turn 100% 50%) }", "<p>a</p>", "#00ffff"),
            ("p { color: hwb(120 0% 0%) }", "<p>a</p>", "#00ff00"),
            ("p { color: hwb(120 30% 90%) }", "<p>a</p>", "#404040"),
            ("p { color: rgb(1e2 none 0) }", "<p>a</p>", "#640000"),
            ("p { color: Crimson }", "<p>a</p>", "#dc143c"),
            ("", '<p style="/* ours */ color: /* a */ #111 /* b */">a</p>', "#111111"),
            ("p { co/**/lor: #333; color: #444 }", "<p>a</p>", "#444444"),
            ("p { x: [;color:#222;]; color: #111; {color:#333;} }", "<p>a</p>", "#111111"),
            ("@media(min-width:480px) { p { color: #111 } }", "<p>a</p>", "#111111"),
            ("@media\nscreen\n{ p { color: #111 } }", "<p>a</p>", "#111111"),
            ("p { color: #111; @media print { color: #222 } }", "<p>a</p>", "#111111"),
            ("@media print { p { color: #111 } }", "<p>a</p>", "#000000"),
            ("@media only screen and (min-width:480px) { p { color: #111 } }", "<p>a</p>", "#111111"),
            ("@media (max-width:599px) { p { color: #111 } }", "<p>a</p>", "#000000"),
            ("", '<a href="#">a</a>', "#0000ee"),
            ("", "<a>a</a>", "#000000"),
        ],
    )
    def test_ink(self, css: str, body: str, ink: str) -> None:
        colour = light(css, body).ink
        assert colour is not None
        assert written(colour) == ink

    @pytest.mark.parametrize("css", ["p { color: var(--x) }", "p { color: lch(1 2 3) }"])
    def test_what_cannot_be_told_is_unknown(self, css: str) -> None:
        assert light(css, "<p>a</p>").ink is None

    def test_a_picture_behind_the_text_is_unknown_until_a_ground_covers_it(self) -> None:
        css = "div { background: #fff url(a.png) } p { background-color: #eee }"
        assert light(css, "<div>a</div>").paper is None
        assert light(css, "<div><p>a</p></div>").paper is not None

    @pytest.mark.parametrize(
        ("css", "size_px"),
        [
            ("font-size: 1.5em", 30),
            ("font-size: 12pt", 16),
            ("font-size: 80%", 16),
            ("font: bold 18px/1.2 A, B", 18),
            ("font-size: calc(1px)", 20),
        ],
    )
    def test_sizes(self, css: str, size_px: float) -> None:
        assert light(f"div {{ font-size: 20px }} p {{ {css} }}", "<div><p>a</p></div>").size_px == size_px

    @pytest.mark.parametrize(
        ("css", "ratio"),
        [
            ("line-height: 1.6", 1.6),
            ("line-height: 30px", 1.5),
            ("font: 20px/1.4 A", 1.4),
            ("font: 20px A", None),
            ("line-height: normal", None),
        ],
    )
    def test_line_heights(self, css: str, ratio: float | None) -> None:
        assert light(f"p {{ font-size: 20px; {css} }}", "<p>a</p>").line_ratio == ratio

    @pytest.mark.parametrize("css", ["display:none", "visibility: hidden", "opacity: 0", "max-height:0px"])
    def test_hidden_texts_are_not_shown(self, css: str) -> None:
        assert [shown.text for shown in looks("", f'<div style="{css}">a<p>b</p></div><p>c</p>').texts] == ["c"]

    def test_an_underline_goes_down_to_what_flows_with_the_text(self) -> None:
        shown = looks("i { display: inline-block }", "<u>a<b>b</b><i>c</i></u>").texts
        assert [(one.text, one.light.is_underlined) for one in shown] == [("a", True), ("b", True), ("c", False)]

    def test_the_dark(self) -> None:
        css = ":root { color-scheme: light dark } @media (prefers-color-scheme: dark) { p { color: #eee } }"
        [shown] = looks(css, "<p>a</p>").texts
        assert shown.light.ink != shown.dark.ink
        assert written(shown.dark.paper or (1, 1, 1)) == "#121212"
        [shown] = looks(css.partition("}")[2], "<p>a</p>").texts
        assert written(shown.dark.paper or (0, 0, 0)) == "#ffffff"


class TestContrast:
    def test_black_on_white(self) -> None:
        assert round(contrast_of((0, 0, 0), (1, 1, 1)), 2) == 21

    @given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
    def test_it_has_no_direction_and_bounds(self, one: int, other: int) -> None:
        pair = [parse_colour(f"#{value:06x}") for value in (one, other)]
        assert pair[0] is not None
        assert pair[1] is not None
        ratio = contrast_of(pair[0][0], pair[1][0])
        assert 1 <= ratio <= 21.01
        assert ratio == contrast_of(pair[1][0], pair[0][0])
        assert all(0 <= part <= 1 for part in inverted(pair[0][0]))

    @given(st.integers(0, 0xFFFFFF))
    def test_a_colour_is_written_as_it_is_read(self, value: int) -> None:
        parsed = parse_colour(f"#{value:06x}")
        assert parsed is not None
        assert written(parsed[0]) == f"#{value:06x}"


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_a_theme_are_found_where_it_puts_them(theme: str) -> None:
    """The cascade sees exactly the theme's inks, in the light and in the dark; none of a browser's own."""
    # What is marked, and the parts of code, have colours of their own.
    own = ("ck", "cs", "cc", "cn", "cf")
    shown = [
        one for one in right(theme).looks.texts if one.element.tag != "mark" and one.element.get("class") not in own
    ]
    for look, colours in (("light", theme_of(theme).settings["colors"]), ("dark", theme_of(theme).settings["dark"])):
        inks = {written(getattr(one, look).ink) for one in shown}
        papers = {written(getattr(one, look).paper) for one in shown}
        assert inks == {colours[name] for name in ("text", "muted", "action", "on_action", "on_badge")}
        assert papers == {colours[name] for name in ("page", "sheet", "tint", "action", "badge")}
