"""Themes and words: a workspace's own win, what is wrong is named with its file, nothing outside is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.workspace.templates import read_theme
from newsletter_cli.workspace.wording import read_words
from tests.workspaces import make_workspace, write


def theme_file(root: Path, theme: str, name: str, text: str) -> None:
    write(root / "templates" / "themes" / theme / name, text)


class TestThemes:
    @pytest.mark.parametrize("name", ["default", "dsfr"])
    def test_the_shipped_ones_are_whole(self, tmp_path: Path, name: str) -> None:
        theme = read_theme(make_workspace(tmp_path), name)
        assert {"email.mjml.j2", "content.css", "head.css"} <= set(theme.files)
        assert {"shape", "colors", "dark", "fonts"} <= set(theme.settings)
        assert theme.column_width > 400

    def test_a_file_of_ones_own_wins_and_the_others_stay(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        shipped = read_theme(workspace, "default")
        theme_file(tmp_path, "default", "footer.mjml.j2", "mine")
        theme = read_theme(workspace, "default")
        assert theme.files["footer.mjml.j2"] == "mine"
        assert theme.places["footer.mjml.j2"] == "templates/themes/default/footer.mjml.j2"
        assert theme.files["email.mjml.j2"] == shipped.files["email.mjml.j2"]

    def test_extending_merges_table_by_table(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        theme_file(tmp_path, "mine", "theme.toml", 'extends = "dsfr"\n[colors]\naction = "#123456"\n')
        theme, base = read_theme(workspace, "mine"), read_theme(workspace, "dsfr")
        assert theme.settings["colors"] == {**base.settings["colors"], "action": "#123456"}
        assert theme.settings["dark"] == base.settings["dark"]
        assert theme.name == "mine"

    @pytest.mark.parametrize("chain", [["a"], ["a", "b"], ["a", "b", "c"]])
    def test_a_circle_is_an_error(self, tmp_path: Path, chain: list[str]) -> None:
        for name, base in zip(chain, [*chain[1:], chain[0]], strict=True):
            theme_file(tmp_path, name, "theme.toml", f'extends = "{base}"\n')
        with pytest.raises(ConfigError, match="extends itself") as caught:
            read_theme(make_workspace(tmp_path), "a")
        assert caught.value.file == f"templates/themes/{chain[-1]}/theme.toml"

    def test_a_long_chain_is_none(self, tmp_path: Path) -> None:
        for number in range(20):
            theme_file(
                tmp_path, f"t{number}", "theme.toml", f'extends = "{"default" if number == 19 else f"t{number + 1}"}"\n'
            )
        assert read_theme(make_workspace(tmp_path), "t0").settings["shape"]

    def test_a_theme_that_is_nowhere(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "defalt")
        assert (caught.value.file, caught.value.hint) == ("newsletter.toml", "did you mean “default”?")
        theme_file(tmp_path, "mine", "theme.toml", 'extends = "zzz"\n')
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert caught.value.file == "templates/themes/mine/theme.toml"
        assert "default, dsfr, mine" in (caught.value.hint or "")

    @pytest.mark.parametrize(
        "name",
        [
            "../themes/default",
            "default/",
            "./default",
            "..",
            ".",
            "",
            "default/..",
            "/etc",
            "a\\b",
            "default\0",
            ".hidden",
            "~",
        ],
    )
    def test_a_theme_is_a_name_never_a_path(self, tmp_path: Path, name: str) -> None:
        theme_file(tmp_path, ".hidden", "theme.toml", "")
        write(tmp_path / "etc" / "theme.toml", "")
        with pytest.raises(ConfigError, match="there is no theme"):
            read_theme(make_workspace(tmp_path), name)
        theme_file(tmp_path, "mine", "theme.toml", f"extends = '{name}'\n".replace("\0", ""))
        if "\0" not in name:
            with pytest.raises(ConfigError, match="there is no theme"):
                read_theme(make_workspace(tmp_path), "mine")

    @pytest.mark.parametrize(
        "text",
        [
            "extends = 3",
            "extends = ['a']",
            "extends = 'default'\nshape = 3",
            "colors = 'red'",
            "[shape\n",
            "x = " + "9" * 5000,
        ],
    )
    def test_wrong_settings_are_named_with_their_file(self, tmp_path: Path, text: str) -> None:
        theme_file(tmp_path, "mine", "theme.toml", text)
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert caught.value.file == "templates/themes/mine/theme.toml"

    @pytest.mark.parametrize(
        ("line", "key", "hint"),
        [
            ("[colours]", "colours", "did you mean “colors”?"),
            ("[colors]\nacton = '#123456'", "colors.acton", "did you mean “action”?"),
            ("[dark]\nzzz = '#123456'", "dark.zzz", "the keys here are: page, sheet"),
            ("[colors]\naction = 'red'", "colors.action", "did you mean “#ff0000”?"),
            ("[colors]\naction = 'crimson tide'", "colors.action", "#rrggbb"),
            ("[colors]\naction = 'rgb(11, 92, 102)'", "colors.action", "did you mean “#0b5c66”?"),
            ("[colors]\naction = '#12345'", "colors.action", "#rrggbb"),
            ("[colors]\naction = '#123456;x'", "colors.action", "#123456"),
            ("[dark]\npage = 3", "dark.page", "#rrggbb"),
            ("[shape]\nwidth = 'wide'", "shape.width", "pixels"),
            ("[shape]\nwidth = 660", "shape.width", "did you mean “660px”?"),
            ("[shape]\nwidth = '9000px'", "shape.width must lie between 320px and 960px", "telephones"),
            ("[shape]\nwidth = '0'", "shape.width must lie between 320px and 960px", "telephones"),
            ("[shape]\ngutter = '400px'", "shape.gutter must lie between 0px and 96px", ""),
            ("[shape]\nradius = '2em'", "shape.radius", "pixels"),
            ("[fonts]\nbody = 'a\"b'", "fonts.body", "quotes"),
            ("[fonts]\nbody = 'a; color: red'", "fonts.body", "quotes"),
            ("[fonts]\nbody = '</style>'", "fonts.body", "quotes"),
            ("[fonts]\nbody = ''", "fonts.body", "quotes"),
        ],
    )
    @pytest.mark.parametrize("base", ["default", "dsfr"])
    def test_settings_are_read_strictly(self, tmp_path: Path, base: str, line: str, key: str, hint: str) -> None:
        theme_file(tmp_path, "mine", "theme.toml", f'extends = "{base}"\n\n{line}\n')
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert caught.value.place == f"templates/themes/mine/theme.toml:{3 + line.count(chr(10))}"
        assert key in caught.value.message
        assert hint in (caught.value.hint or "")

    def test_the_themes_between_are_read_strictly_too(self, tmp_path: Path) -> None:
        theme_file(tmp_path, "mine", "theme.toml", 'extends = "house"\n')
        theme_file(tmp_path, "house", "theme.toml", 'extends = "default"\n[fonts]\nbodi = "Arial"\n')
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert caught.value.place == "templates/themes/house/theme.toml:3"

    def test_extends_misspelt(self, tmp_path: Path) -> None:
        theme_file(tmp_path, "mine", "theme.toml", 'extend = "default"\n')
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert (caught.value.line, caught.value.hint) == (1, "did you mean “extends”?")

    def test_a_theme_on_its_own_has_settings_of_its_own(self, tmp_path: Path) -> None:
        theme_file(tmp_path, "mine", "theme.toml", 'mood = "sunny"\n[colours]\nsky = "blue"\n')
        theme_file(tmp_path, "mine", "email.mjml.j2", "<mjml></mjml>")
        assert read_theme(make_workspace(tmp_path), "mine").settings["colours"] == {"sky": "blue"}

    def test_a_template_that_is_no_text(self, tmp_path: Path) -> None:
        write(tmp_path / "templates/themes/mine/a.css", b"/* \xff */")
        with pytest.raises(ConfigError) as caught:
            read_theme(make_workspace(tmp_path), "mine")
        assert caught.value.place == "templates/themes/mine/a.css:1"

    def test_other_files_in_a_theme_are_left_alone(self, tmp_path: Path) -> None:
        theme_file(tmp_path, "mine", "theme.toml", "")
        theme_file(tmp_path, "mine", "README.md", "x")
        write(tmp_path / "templates/themes/mine/sub/a.css", "x")
        assert read_theme(make_workspace(tmp_path), "mine").files == {}


class TestWords:
    @pytest.mark.parametrize(
        ("language", "contents"),
        [("fr", "fr"), ("fr-CA", "fr"), ("en-GB", "en"), ("de-AT", "de"), ("nl", "en"), ("zh-Hant-TW", "en")],
    )
    def test_the_nearest_language(self, tmp_path: Path, language: str, contents: str) -> None:
        workspace = make_workspace(tmp_path)
        assert read_words(workspace, language) == read_words(workspace, contents)

    def test_a_workspaces_own_win(self, tmp_path: Path) -> None:
        from tests.workspaces import ROOT

        text = (ROOT / "templates/words/en.toml").read_text(encoding="utf-8")
        first = next(line for line in text.splitlines() if line.startswith("place = "))
        write(tmp_path / "templates/words/de.toml", text.replace(first, 'place = "Ort"'))
        assert read_words(make_workspace(tmp_path), "de-AT").place == "Ort"
