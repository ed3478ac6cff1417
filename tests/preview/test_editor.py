"""Links that open the editor's program."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.config import parse_config
from newsletter_cli.preview.editor import PATTERNS, editor_link

CONFIG = '[newsletter]\nname = "Tidings"\n[preview]\neditor = "{editor}"\n'


@pytest.mark.parametrize(
    ("path", "link"),
    [
        (PurePosixPath("/home/ada/a.md"), "vscode://file/home/ada/a.md:7:3"),
        (PurePosixPath("/home/Zoé/Mes lettres/à lire #1 & 2?.md"),
         "vscode://file/home/Zo%C3%A9/Mes%20lettres/%C3%A0%20lire%20%231%20%26%202%3F.md:7:3"),
        (PureWindowsPath(r"C:\Users\Zoé\Mes lettres\a.md"), "vscode://file/C:/Users/Zo%C3%A9/Mes%20lettres/a.md:7:3"),
        (PureWindowsPath(r"\\server\share\a.md"), "vscode://file//server/share/a.md:7:3"),
    ],
)  # fmt: skip
def test_paths_of_every_system(path: PurePosixPath | PureWindowsPath, link: str) -> None:
    assert editor_link("vscode", path, 7, 3) == link


def test_each_known_program_is_given_file_and_line() -> None:
    for name in PATTERNS:
        link = editor_link(name, PurePosixPath("/w/a b.md"), 12)
        assert link is not None
        assert "/w/a%20b.md" in link
        assert "12" in link
        assert parse_config(CONFIG.format(editor=name)).preview.editor == name


def test_no_program_no_link() -> None:
    assert editor_link("none", PurePosixPath("/w/a.md"), 1) is None


def test_without_a_line_the_file_opens_at_its_beginning() -> None:
    assert editor_link("zed", PurePosixPath("/w/a.md")) == "zed://file/w/a.md:1:1"


def test_a_pattern_of_ones_own() -> None:
    pattern = "txmt://open?url=file://{file}&line={line}&column={column}"
    assert parse_config(CONFIG.format(editor=pattern)).preview.editor == pattern
    link = editor_link(pattern, PurePosixPath("/w/{line}&x.md"), 4)
    assert link == "txmt://open?url=file:///w/%7Bline%7D%26x.md&line=4&column=1"


@given(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=40), st.integers(1, 10**6))
def test_any_name_comes_back(name: str, line: int) -> None:
    path = PurePosixPath("/w") / "x".join(name.encode("utf-8", "replace").decode().split("/"))
    link = editor_link("idea", path, line)
    assert link is not None
    assert link.isascii()
    query = urlsplit(link).query
    assert unquote(query.split("&")[0].removeprefix("file=")) == str(path)
    assert parse_qs(query)["line"] == [str(line)]


@pytest.mark.parametrize(
    "editor",
    ["", "emacs", "vscode://file/", "javascript:alert('{file}')", "data:text/html,{file}", "https://example.org/{file}",
     "Txmt://{file}", "x://a b {file}", "ms-msdt:/id%20X{file}", "search-ms:query={file}", "shell:{file}"],
)  # fmt: skip
def test_what_is_no_program_is_refused(editor: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_config(CONFIG.format(editor=editor))
    assert refused.value.line == 4
    assert "preview.editor" in refused.value.message
    assert "vscode" in (refused.value.hint or "")
