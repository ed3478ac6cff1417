"""The views of an issue, as documents."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from newsletter_cli.preview.restyle import disarm, drop_images, lead_files, settle_scheme, strip_styles
from newsletter_cli.preview.views import VIEWS, Views, is_remote
from newsletter_cli.render.post import render_post
from tests.check.renditions import renditions_of
from tests.growth import grows_with_the_text
from tests.rendering import compose, make_issue, make_section

SAND = make_section(
    "Du sable.\n\n![Une carte](https://images.example/carte.png)\n\nVoir [le relevé](https://sable.example/r).\n",
    slug="sable",
    title="Le sable",
    first_line=6,
)
WIND = make_section("Du vent.\n\n- un\n- deux\n", slug="vent", title="Le vent", first_line=4)


@pytest.fixture(scope="module")
def views() -> Views:
    issue = make_issue(SAND, WIND, editorial="Bonjour.\n")
    return Views(
        renditions_of(issue=issue),
        post=render_post(compose(issue)),
        message="Subject: x\n\n<b>&",
        files={"https://gazette.example/lettres/7/a.png": "/t/files/7/a.png"},
    )


def page_of(document: str) -> html.HtmlElement:
    return html.document_fromstring(document)


def page(body: str, head: str = "") -> html.HtmlElement:
    return html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")


def first(root: html.HtmlElement, path: str) -> html.HtmlElement:
    found = root.find(path)
    assert found is not None
    return found


def written(root: html.HtmlElement) -> str:
    return etree.tostring(root, method="html", encoding="unicode")


class TestAllViews:
    @pytest.mark.parametrize("name", VIEWS)
    def test_each_is_a_whole_document(self, views: Views, name: str) -> None:
        document = views.build(name)
        assert document.lower().startswith("<!doctype html>")
        assert "<script" not in document

    def test_an_unknown_one_is_refused(self, views: Views) -> None:
        with pytest.raises(KeyError):
            views.build("../email")

    def test_building_one_leaves_the_others_as_they_are(self, views: Views) -> None:
        before = views.build("email")
        for name in VIEWS:
            views.build(name)
        assert views.build("email") == before

    def test_sources_are_shown_as_they_are(self, views: Views) -> None:
        assert "&lt;b&gt;&amp;" in views.build("source")
        assert "## 1. Le sable" in page_of(views.build("post-source")).text_content()

    def test_the_post_is_rendered(self, views: Views) -> None:
        post = page_of(views.build("post"))
        assert [one.text_content() for one in post.iter("h1", "h2")] == ["La gazette n° 7", "1. Le sable", "2. Le vent"]

    def test_addresses_in_the_text_are_links_without_what_ends_the_sentence(self, views: Views) -> None:
        links = [one.get("href") for one in page_of(views.build("text")).iter("a")]
        assert "https://sable.example/r" in links


class TestPlaces:
    def test_blocks_say_where_they_were_written(self, views: Views) -> None:
        marked = {one.get("data-nl"): one.text_content() for one in page_of(views.build("email")).iter("p", "li")}
        assert marked["sections/007/sable.md:6"] == "Du sable."
        assert marked["sections/007/vent.md:7"] == "deux"
        assert marked["sections/007/_issue.md:5"] == "Bonjour."

    def test_headings_of_sections_are_places_too(self, views: Views) -> None:
        headings = {one.text_content().strip(): one.get("data-nl") for one in page_of(views.build("email")).iter("h2")}
        found = next(place for said, place in headings.items() if said.endswith("Le vent") and place)
        assert found.startswith("sections/007/vent.md:")

    @pytest.mark.parametrize("name", ["email", "dark", "inverted", "images-off", "style-stripped"])
    def test_a_finding_s_anchor_is_in_every_view_of_the_email(self, views: Views, name: str) -> None:
        anchor = views.anchor_of("sections/007/vent.md", 7)
        assert [one.text_content() for one in page_of(views.build(name)).xpath(f"//*[@id='{anchor}']")] == ["deux"]

    def test_a_line_between_blocks_is_led_to_the_one_before(self, views: Views) -> None:
        file = "sections/007/vent.md"
        assert views.anchor_of(file, 99) == views.anchor_of(file, 7)
        assert views.anchor_of(file, None) is not None
        assert views.anchor_of("newsletter.toml", 3) is None

    def test_ids_are_unique(self, views: Views) -> None:
        ids = page_of(views.build("email")).xpath("//@id")
        assert len(ids) == len(set(ids))

    def test_the_outline_leads_there(self, views: Views) -> None:
        link = next(one for one in views.outline if one.text == "le relevé")
        assert link.anchor == views.anchor_of("sections/007/sable.md", 10)


class TestScheme:
    CSS = "@media (prefers-color-scheme: dark){a{color:red}} @media(prefers-color-scheme:light){a{color:blue}}"

    @pytest.mark.parametrize(("is_dark", "holds"), [(True, "red"), (False, "blue")])
    def test_one_of_the_two_holds_for_everybody(self, is_dark: bool, holds: str) -> None:
        root = page("", f'<meta name="color-scheme" content="light dark"><style>{self.CSS}</style>')
        settle_scheme(root, is_dark=is_dark)
        css = root.findtext(".//style") or ""
        assert "prefers-color-scheme" not in css
        assert re.search(rf"\(min-width:0\)\s*{{a{{color:{holds}", css)
        assert first(root, ".//meta").get("content") == ("dark" if is_dark else "light")

    def test_who_knows_no_dark_stays_light(self) -> None:
        root = page('<p style="color-scheme: light">', "<style>:root{color-scheme:light}</style>")
        settle_scheme(root, is_dark=True)
        assert "dark" not in written(root)

    def test_the_theme_s_dark_is_in_the_dark_view_only(self, views: Views) -> None:
        assert "(min-width:0)" in views.build("dark")
        assert "(min-width:0)" not in views.build("email")


class TestImages:
    def test_off_they_are_their_words(self, views: Views) -> None:
        found = page_of(views.build("images-off")).xpath("//img")
        assert [one.get("alt") for one in found] == ["Une carte"]
        assert [one.get("src") for one in found] == [None]

    def test_those_of_others_are_off_until_wanted(self, views: Views) -> None:
        assert "https://images.example/carte.png" not in views.build("email")
        assert "https://images.example/carte.png" in views.build("email", has_remote=True)
        assert "https://images.example/carte.png" in views.build("post", has_remote=True)

    def test_the_issue_s_own_are_led_to_the_preview(self) -> None:
        root = page('<img src="a.png" srcset="b.png 2x"><td background="a.png" style="background:url(a.png)">')
        lead_files(root, {"a.png": "/t/files/1/a.png"})
        assert written(root).count("/t/files/1/a.png") == 3
        assert "b.png" not in written(root)

    def test_backgrounds_are_pictures_too(self) -> None:
        root = page('<table background="http://x.example/a"><tr><td style="background:#fff url(\'//x.example/b\')">')
        first(root, "head").append(html.fragment_fromstring("<style>p{background:url(https://x.example/c)}</style>"))
        drop_images(root, is_remote)
        assert "x.example" not in written(root)
        assert "background:#fff none" in written(root)

    def test_decoration_leaves_no_box(self) -> None:
        root = page('<img src="https://x.example/line.png" alt="">')
        drop_images(root, is_remote)
        assert first(root, ".//img").get("style") == "display:none"

    @pytest.mark.parametrize(
        "address", ["https://x.example/a", "HTTP://x.example", "//x.example/a", "cid:1", "ftp://x"]
    )
    def test_remote(self, address: str) -> None:
        assert is_remote(address)

    @pytest.mark.parametrize("address", ["/t/files/1/a.png", "a.png", "", "data:image/png;base64,AA"])
    def test_not_remote(self, address: str) -> None:
        assert not is_remote(address)

    @pytest.mark.parametrize("address", ["http://[x", "//[x", "https://[::1"])
    def test_an_address_that_is_none_is_a_box(self, address: str) -> None:
        root = page(f'<img src="{address}" alt="A map"><div style="background:url({address})">x</div>')
        drop_images(root, is_remote)
        assert address not in written(root)

    def test_blanks_in_a_style_take_no_time(self) -> None:
        def drop(blanks: str) -> None:
            drop_images(page(f'<p style="background:url({blanks}">x</p>'), is_remote)

        assert grows_with_the_text(drop, lambda size: " " * size, 1000)


class TestStyleStripped:
    def test_sheets_go_and_attributes_stay(self) -> None:
        root = page(
            '<p style="color:red">x</p>', '<style>p{}</style><link rel="stylesheet" href="x.css"><title>t</title>'
        )
        strip_styles(root)
        assert "<style" not in written(root)
        assert "<link" not in written(root)
        assert "color:red" in written(root)
        assert root.findtext(".//title") == "t"

    def test_nothing_of_the_theme_s_sheets_is_left(self, views: Views) -> None:
        sheets = page_of(views.build("style-stripped")).xpath("//style/text()")
        assert not any("mj-column" in one for one in sheets)


class TestHarmless:
    HOSTILE = (
        '<script>alert(1)</script>kept<iframe src="https://x.example"></iframe><p onclick="go()">p</p>'
        '<form action="https://x.example"><b>inside</b></form><object data="x"></object>'
        '<a href="javascript:alert(1)">a</a><a href=" DATA:text/html,x">b</a>'
        '<meta http-equiv="Refresh" content="0;url=https://x.example"><base href="https://x.example/">'
    )

    def test_nothing_runs_loads_or_leads_away_by_itself(self) -> None:
        root = page(self.HOSTILE, "<style>@import url(https://x.example/a.css);p{color:red}</style>")
        disarm(root)
        text = written(root).lower()
        for gone in (
            "script",
            "iframe",
            "onclick",
            "form",
            "object",
            "refresh",
            "base",
            "import",
            "x.example",
            "data:",
        ):
            assert gone not in text, gone
        for kept in ("kept", "inside", "color:red"):
            assert kept in text

    def test_links_ask_for_a_window_that_the_frame_does_not_give(self) -> None:
        root = page('<a href="https://x.example">x</a><a href="#here">y</a>')
        disarm(root)
        away, within = root.iter("a")
        assert (away.get("target"), away.get("rel")) == ("_blank", "noopener noreferrer")
        assert within.get("target") is None

    @given(st.text())
    def test_any_text_comes_through_the_text_view(self, text: str) -> None:
        from newsletter_cli.preview.documents import text_page

        shown = "".join(one for one in text if one.isprintable() or one == "\n").replace("\r", "")
        document = text_page(shown, language="fr")
        assert "<script" not in document
        assert first(page_of(document), ".//pre").text_content().lstrip("\n") == shown.lstrip("\n")
