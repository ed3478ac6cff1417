"""Rules on the pictures of the e-mail, and on what is taken out on the way."""

from __future__ import annotations

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.subjects.manuscript import Asset
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Level
from tests.check.renditions import found, mutated, places, renditions_of, right
from tests.rendering import make_section

THEME = "templates/themes/default/email.mjml.j2"
SECTION = "sections/007/images.md"


def of(text: str, **assets: Asset) -> Renditions:
    files = {f"{name}.png": asset for name, asset in assets.items()}
    return renditions_of(make_section(text, slug="images", first_line=3), assets=files)


class TestImageAltAttribute:
    def test_an_image_of_the_theme(self) -> None:
        changed = mutated("</body>", '<img src="https://a.example/logo.png" width="20"></body>')
        assert places(changed, "image-alt-attribute") == [THEME]

    @pytest.mark.parametrize(
        "text", ["![](https://a.example/a.png)", "<img src=https://a.example/a.png>", "![a](https://a.example/a.png)"]
    )
    def test_nl_gives_each_its_own(self, text: str) -> None:
        assert not found(renditions_of(text), "image-alt-attribute")


class TestImageLinkAlt:
    LINKED = (
        '<a href="https://b.example/"><img src="https://a.example/logo.png" alt="{alt}" width="20">{text}</a></body>'
    )

    @pytest.mark.parametrize("alt", ["", "  "])
    def test_nothing_to_click_on(self, alt: str) -> None:
        changed = mutated("</body>", self.LINKED.format(alt=alt, text=""))
        assert places(changed, "image-link-alt") == [THEME]

    @pytest.mark.parametrize(("alt", "text"), [("Le site", ""), ("", " Le site")], ids=["named", "text beside"])
    def test_something_to_click_on(self, alt: str, text: str) -> None:
        assert not found(mutated("</body>", self.LINKED.format(alt=alt, text=text)), "image-link-alt")

    def test_no_link(self) -> None:
        changed = mutated("</body>", self.LINKED.format(alt="", text="").replace(' href="https://b.example/"', ""))
        assert not found(changed, "image-link-alt")

    def test_an_editors_is_reported_where_it_was_typed(self) -> None:
        assert not found(renditions_of("[![](https://a.example/a.png)](https://b.example/)"), "image-link-alt")


class TestImageDimensions:
    def test_a_picture_of_unknown_size_in_a_line(self) -> None:
        [finding] = found(of("Un mot.\n\nVoir ![le plan](https://a.example/plan.png) ici."), "image-dimensions")
        assert (finding.place, finding.level) == (f"{SECTION}:5:6", Level.INFO)

    @pytest.mark.parametrize("width", ["50%", "auto", "12.5", "0"])
    def test_a_width_that_is_none(self, width: str) -> None:
        changed = mutated("</body>", f'<img src="https://a.example/logo.png" alt="" width="{width}"></body>')
        assert [(one.file, one.level) for one in found(changed, "image-dimensions")] == [(THEME, Level.WARNING)]

    def test_a_height_that_is_none(self) -> None:
        changed = mutated("<img ", '<img height="50%" ')
        assert len(found(changed, "image-dimensions")) == changed.email.count("<img")

    @pytest.mark.parametrize(
        "text",
        [
            "![seule](https://a.example/a.png)",
            '<img src="https://a.example/a.png" alt="a" width="45%">',
            'Voir <img src="https://a.example/a.png" alt="a" width="20"> ici.',
            "Voir ![connue](connue.png) ici.",
        ],
        ids=["alone", "per cent, made pixels by nl", "said", "known"],
    )
    def test_a_whole_number(self, text: str) -> None:
        assert not found(of(text, connue=Asset(size_bytes=900, width=20, height=20)), "image-dimensions")


class TestImageOversized:
    def test_a_photograph_as_it_came_from_the_camera(self) -> None:
        [finding] = found(
            of("Un mot.\n\n![la plage](plage.png)", plage=Asset(size_bytes=3_000_000, width=4000, height=3000)),
            "image-oversized",
        )
        assert (finding.place, finding.level) == (f"{SECTION}:5:1", Level.WARNING)
        assert "1208 px" in (finding.suggestion or "")

    def test_a_light_one_is_only_mentioned(self) -> None:
        [finding] = found(
            of("![la plage](plage.png)", plage=Asset(size_bytes=90_000, width=4000, height=3000)), "image-oversized"
        )
        assert finding.level is Level.INFO

    @pytest.mark.parametrize(
        "asset",
        [
            Asset(size_bytes=900_000, width=1208, height=800),
            Asset(size_bytes=900_000, width=300, height=200),
            Asset(size_bytes=900_000),
        ],
        ids=["twice", "small", "unknown"],
    )
    def test_no_more_than_twice(self, asset: Asset) -> None:
        assert not found(of("![la plage](plage.png)", plage=asset), "image-oversized")

    def test_shown_twice_the_larger_counts(self) -> None:
        text = '<img src="plage.png" alt="a" width="100">\n\n![la plage](plage.png)'
        assert not found(of(text, plage=Asset(size_bytes=900_000, width=1200, height=800)), "image-oversized")


class TestImagesHeavy:
    def test_all_together(self) -> None:
        renditions = of(
            "![a](a.png)\n\n![b](b.png)",
            a=Asset(size_bytes=300_000, width=600, height=400),
            b=Asset(size_bytes=500_001, width=600, height=400),
        )
        [finding] = found(renditions, "images-heavy")
        assert finding.place == f"{SECTION}:5:1"
        assert (finding.suggestion or "").index("b.png") < (finding.suggestion or "").index("a.png")

    @pytest.mark.parametrize(
        ("text", "asset"),
        [
            ("![a](a.png)", Asset(size_bytes=800_000, width=600, height=400)),
            ("![a](a.png) et ![encore](a.png)", Asset(size_bytes=500_000, width=600, height=400)),
            ("Un mot, aucune image.", Asset(size_bytes=5_000_000, width=600, height=400)),
        ],
        ids=["just enough", "the same twice", "not shown"],
    )
    def test_light_enough(self, text: str, asset: Asset) -> None:
        assert not found(of(text, a=asset), "images-heavy")

    def test_weights_are_told_in_french(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsletter_cli.check.rules.email_images._", lambda text: text.replace("kB", "ko"))
        [finding] = found(of("![a](a.png)", a=Asset(size_bytes=900_000, width=600, height=400)), "images-heavy")
        assert "a.png (900 ko)" in (finding.suggestion or "")

    def test_the_cover_is_led_back_to_the_header(self) -> None:
        before = right()
        address = "https://images.example/dune.jpg"
        heavy = replace(before, images={address: Asset(size_bytes=900_000, width=600, height=400)})
        assert places(heavy, "images-heavy")[0].startswith("sections/007/_issue.md")


class TestMessageTooLarge:
    TEXT = "\n\n".join(f"![photo {n}](p{n}.png)" for n in range(8))

    def test_eight_photographs(self) -> None:
        photographs = {f"p{n}": Asset(size_bytes=2_000_000, width=4000, height=3000) for n in range(8)}
        renditions = of(self.TEXT, **photographs)
        assert not found(renditions, "message-too-large")
        [finding] = found(replace(renditions, is_embedding=True), "message-too-large")
        assert finding.level is Level.ERROR
        assert finding.file == SECTION
        assert "22 MB" in finding.message

    def test_smaller_ones(self) -> None:
        photographs = {f"p{n}": Asset(size_bytes=1_000_000, width=4000, height=3000) for n in range(8)}
        renditions = replace(of(self.TEXT, **photographs), is_embedding=True)
        assert not found(renditions, "message-too-large")


class TestVanished:
    @pytest.mark.parametrize("address", ["file:///C:/logo.png", "cid:logo@a.example", "blob:https://a.example/1"])
    def test_a_picture_from_nowhere(self, address: str) -> None:
        section = make_section(f'Un mot.\n\n<img src="{address}" alt="a">', slug="images", first_line=3)
        [finding] = found(renditions_of(section), "image-vanished")
        assert (finding.file, finding.line) == (SECTION, 5)

    def test_one_written_into_the_text_has_a_rule_of_its_own(self) -> None:
        assert not found(renditions_of("![un point](data:image/png;base64,iVBORw0KGgo=)"), "image-vanished")

    @pytest.mark.parametrize("address", ["ftps2://a.example/", "slack://channel?id=1", "notes:12"])
    def test_a_link_of_a_strange_kind(self, address: str) -> None:
        section = make_section(f"Un mot.\n\nVoir [ceci]({address}).", slug="images", first_line=3)
        [finding] = found(renditions_of(section), "link-vanished")
        assert (finding.file, finding.line) == (SECTION, 5)
        assert address in finding.message

    @pytest.mark.parametrize(
        "text",
        [
            "[a](https://a.example/é?x=1&y=2#z)",
            "[a](mailto:a@gazette.example) <b@gazette.example>",
            "[a](/page) [b](page.md) [c](#d)",
            "[a]() et <a>b</a>",
            "`[a](slack://x)` et ![b](image.png)",
            "[a](tel:+33123456789) [b](matrix:r/dunes:gazette.example)",
        ],
    )
    def test_kept_or_never_there(self, text: str) -> None:
        renditions = renditions_of(text)
        assert not found(renditions, "link-vanished")
        assert not found(renditions, "image-vanished")


class TestImageDarkDrawing:
    LOGO = Asset(size_bytes=2_000, width=200, height=60, is_dark_drawing=True)

    def test_the_themes_lay_something_light_under_it(self) -> None:
        made = renditions_of(
            make_section("![logo](logo.png)\n\n- ![logo](logo.png)", slug="images"), assets={"logo.png": self.LOGO}
        )
        assert made.email.count("background:#fff;color:#1c2529") == 2
        assert not found(made, "image-dark-drawing")

    def test_a_theme_that_does_not(self) -> None:
        made = renditions_of(make_section("![logo](logo.png)", slug="images"), assets={"logo.png": self.LOGO})
        bare = replace(made, email=made.email.replace("background:#fff;color:#1c2529", ""))
        [finding] = found(bare, "image-dark-drawing")
        assert "logo.png" in finding.message

    def test_other_pictures(self) -> None:
        assert not found(of("![a](logo.png)", logo=Asset(size_bytes=2_000, width=200, height=60)), "image-dark-drawing")
