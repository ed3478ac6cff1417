"""What CSS was read as is kept for this user, and gives the page that reading it anew gives."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.flows import kept_css
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.render.inline import inline_css
from newsletter_cli.render.known_css import KnownCss
from newsletter_cli.workspace.folder import Workspace
from tests.workspaces import make_workspace, tree

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")
PAGE = '<html><body><div class="a" style="{style}"><p style="{style}">x</p></div></body></html>'
DECLARATIONS = st.lists(
    st.sampled_from(
        (
            "color:red",
            "COLOR : #ABC",
            "margin:0 0 1px !important",
            "font-family:'A B',\"é\"",
            "width:calc(1px + 2%)",
            "mso-line-height-rule:exactly",
            "background:url(x;y.png)",
            "color",
            "-x:y",
            "/* c */top:0",
            ";",
            "}",
        )
    ),
    max_size=4,
).map(";".join)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NL_CACHE_DIR", str(tmp_path / "cache"))
    kept_css._kept.cache_clear()
    return tmp_path / "cache" / "css"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "ws")


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read from now on, which another run of the program begins with."""
    kept_css._kept.cache_clear()
    read: list[str] = []
    known = KnownCss._known

    def noting(self, texts, text, *rest):  # type: ignore[no-untyped-def]
        if text not in texts:
            read.append(text)
        return known(self, texts, text, *rest)

    monkeypatch.setattr(KnownCss, "_known", noting)
    return read


def test_a_second_run_reads_no_css(workspace: Workspace, cache: Path, request: pytest.FixtureRequest) -> None:
    built = tree(assemble_issue(workspace, 1).folder)
    kept = tree(cache)
    assert len(kept) == 1
    read = request.getfixturevalue("unread")
    assert tree(assemble_issue(workspace, 1).folder) == built
    assert read == []
    assert tree(cache) == kept
    # The check that this test watches something.
    (cache / next(iter(kept))).unlink()
    kept_css._kept.cache_clear()
    assert tree(assemble_issue(workspace, 1).folder) == built
    assert read
    assert tree(cache) == kept


@given(styles=st.lists(DECLARATIONS, min_size=1, max_size=3), sheet=DECLARATIONS)
def test_a_page_is_the_same_whatever_is_known(
    tmp_path_factory: pytest.TempPathFactory, styles: list[str], sheet: str
) -> None:
    path = tmp_path_factory.mktemp("css") / "kept.json"
    css = f".a p {{ {sheet} }} p {{ {styles[0]} }}"
    for style in [*styles, *styles]:
        page = PAGE.format(style=style.replace('"', "&quot;"))
        known = kept_css.KeptCss(path)
        assert inline_css(page, css, known) == inline_css(page, css, KnownCss())
        known.keep()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"rules": {}, "styles": {"top:0": [["top"]]}}', b"[]"])
def test_what_is_no_such_file_is_written_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    known = kept_css.KeptCss(path)
    assert 'style="left:0;top:0"' in inline_css(PAGE.format(style="top: 0"), "p { left: 0 }", known)
    known.keep()
    assert kept_css.KeptCss(path).styles == known.styles != {}


@posix
def test_a_file_that_others_may_write_is_not_read(workspace: Workspace, cache: Path) -> None:
    built, (name,) = tree(assemble_issue(workspace, 1).folder), tree(cache)
    path = cache / name
    path.write_bytes(re.sub(rb'"color","[^"]*"', b'"color","lime"', path.read_bytes()))
    kept_css._kept.cache_clear()
    assert tree(assemble_issue(workspace, 1).folder) != built, "its own words are taken"
    path.chmod(0o666)
    kept_css._kept.cache_clear()
    assert tree(assemble_issue(workspace, 1).folder) == built


def test_none_is_kept_within_the_workspace(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NL_CACHE_DIR", str(workspace.root / "cache"))
    assemble_issue(workspace, 1)
    assert not (workspace.root / "cache").exists()


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter_cli.render.known_css.MOST_STYLES", 4)
    known = KnownCss()
    pages = [inline_css(PAGE.format(style=f"top:{number}px"), "p { color: red }", known) for number in range(9)]
    assert len(known.styles) <= 4
    assert inline_css(PAGE.format(style="top:0px"), "p { color: red }", known) == pages[0]
