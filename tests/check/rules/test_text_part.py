"""The plain text says what the e-mail says."""

from __future__ import annotations

import pytest

from newsletter_cli.model import Level
from tests.check.renditions import found, mutated, places, renditions_of, retold, right
from tests.rendering import make_section

THEME = "templates/themes/default/email.mjml.j2"


class TestHeadings:
    def test_a_heading_of_the_theme_only(self) -> None:
        changed = mutated("</body>", "<h2>Nos partenaires</h2></body>")
        assert places(changed, "text-part-headings") == [THEME]

    def test_a_heading_lost(self) -> None:
        [finding] = found(retold(lambda text: text.replace("Une page de code", "")), "text-part-headings")
        assert finding.place == "sections/007/sable.md:9"

    def test_another_order(self) -> None:
        def swapped(text: str) -> str:
            first, second = text.index("Une page de code"), text.index("Une précision")
            return (
                text[:first] + "Une précision" + text[first:second].replace("Une page de code", "") + "Une page de code"
            )

        assert found(retold(swapped), "text-part-headings")

    @pytest.mark.parametrize(
        "body",
        [
            "### Un titre très long qui ne tient pas sur une ligne de soixante-seize colonnes et qu’il faut couper",
            "### Un **titre** avec [un lien](https://a.example/) et `du code`",
            "### « Été » : 3 €, ou 4 ?\n\nOui.",
            "### ![image](https://a.example/a.png)\n\nRien.",
            "### 🎉\n\nRien.",
        ],
    )
    def test_set_otherwise(self, body: str) -> None:
        assert not found(renditions_of(body), "text-part-headings")


class TestLinks:
    def test_a_link_of_the_theme_only(self) -> None:
        changed = mutated("</body>", '<a href="https://mecene.example/">Notre mécène</a></body>')
        assert places(changed, "text-part-links") == [THEME]

    def test_a_link_lost(self) -> None:
        changed = retold(lambda text: text.replace("https://sable.example/mai", ""))
        assert places(changed, "text-part-links") == ["sections/007/sable.md:17:19"]

    @pytest.mark.parametrize(
        "text",
        [
            "<dunes@gazette.example>",
            "[écrivez](mailto:dunes@gazette.example?subject=Bonjour%20%C3%A0%20tous)",
            "https://a.example/" + "long/" * 40,
            "[a](https://a.example/é à)",
            "[un](https://a.example/) [deux](https://a.example/)",
            "[vers la suite](#suite)",
        ],
    )
    def test_there_in_another_shape(self, text: str) -> None:
        assert not found(renditions_of(text), "text-part-links")


class TestMarkup:
    @pytest.mark.parametrize("tag", ["<b>", "</p>", '<img src="a.png" alt="x">', "&nbsp;", "<!--"])
    def test_a_tag_that_nobody_wrote(self, tag: str) -> None:
        [finding] = found(retold(lambda text: f"{text}{tag}\n"), "text-part-markup")
        assert tag in finding.message

    @pytest.mark.parametrize(
        "text",
        [
            "`<b>` met en gras",
            "```html\n<p class='a'>x</p>\n```",
            "1 < 2 et 3 > 2, <https://a.example/>",
            "un \\<i\\> écrit",
            "`&nbsp;` est une entité",
        ],
    )
    def test_prose_and_code(self, text: str) -> None:
        assert not found(renditions_of(text), "text-part-markup")

    def test_a_legal_line_is_plain_text(self) -> None:
        assert not found(renditions_of("a", legal=("Publié par <b>nous</b>",)), "text-part-markup")


class TestWidth:
    def test_a_line_that_could_have_been_broken(self) -> None:
        [finding] = found(retold(lambda text: text + "mot " * 30 + "\n"), "text-part-width")
        assert finding.level is Level.INFO

    @pytest.mark.parametrize(
        "line",
        ["mot " * 19, "voir https://a.example/" + "x" * 80, "x" * 120, "    code " + "x y " * 30, "a  b " * 20],
        ids=["76 columns", "an address", "one word", "code", "a table"],
    )
    def test_lines_that_stay_long(self, line: str) -> None:
        assert not found(retold(lambda text: f"{text}{line.rstrip()}\n"), "text-part-width")

    def test_a_quoted_code_line(self) -> None:
        code = "une_fonction(" + ", ".join(["argument"] * 12) + ")"
        assert not found(renditions_of(make_section(f"> ```\n> {code}\n> ```\n")), "text-part-width")
        assert not found(right(), "text-part-width")
