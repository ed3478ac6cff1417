"""What is kept for this user from run to run gives the renditions that finding it out anew gives."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.flows import kept
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.flows.sending.message import MessageContent, build_content
from newsletter_cli.render import email
from newsletter_cli.render.inline import inline_css
from newsletter_cli.render.kept import Calendars, Kept
from newsletter_cli.render.known_css import KnownCss
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.workspace.folder import Workspace
from tests.workspaces import CONFIG, make_workspace, tree, write

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
    another_run()
    return tmp_path / "cache" / "rendering"


@pytest.fixture(autouse=True)
def pages_are_inlined_anew(the_same_page_is_inlined_once: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "inline_css", the_same_page_is_inlined_once)


def another_run() -> None:
    """What this one has found out is in files alone."""
    kept._kept_css.cache_clear()
    kept._kept_calendars.cache_clear()
    kept._kept_code.cache_clear()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path / "ws")


def build(workspace: Workspace) -> dict[str, bytes]:
    another_run()
    return tree(assemble_issue(workspace, 1).folder)


def test_another_run_takes_what_one_has_kept_unless_others_may_write_it(workspace: Workspace, cache: Path) -> None:
    news = workspace.root / "sections" / "001" / "news.md"
    write(news, f"{news.read_text()}\n```python\ndef tea(): return 4\n```\n")
    built = build(workspace)
    files = sorted(cache.iterdir())
    assert [path.name.partition("-")[0] for path in files if path.suffix == ".json"] == ["code", "css"]
    assert [path.suffix for path in files].count(".ics") == 1
    before = tree(cache)
    assert build(workspace) == built
    assert tree(cache) == before
    # What it takes is seen by a word that was put there.
    for path in files:
        content = path.read_bytes().replace(b'"color","', b'"color","lime').replace(b"SUMMARY:", b"SUMMARY:Big ")
        path.write_bytes(content.replace(b'"ck"', b'""'))
    changed = build(workspace)
    assert b"lime" in changed["email.html"]
    assert b">def</span>" in built["email.html"]
    assert b">def</span>" not in changed["email.html"]
    assert b"SUMMARY:Big Tea" in changed["agenda.ics"]
    if os.name == "posix":
        for path in files:
            path.chmod(0o666)
        assert build(workspace) == built


def test_a_message_takes_what_an_assembly_has_kept_and_is_the_same_without(tmp_path: Path, cache: Path) -> None:
    workspace = make_workspace(tmp_path / "ws", f'{CONFIG}\n[sender]\naddress = "tidings@example.org"\n')
    code = "\n```python\ndef tea(): return 4\n```\n"
    news = workspace.root / "sections" / "001" / "news.md"
    write(news, news.read_text() + code)

    def message() -> MessageContent:
        another_run()
        return build_content(workspace, 1, now=datetime(2026, 3, 2, tzinfo=UTC))

    anew = message()
    before = tree(cache)
    again = message()
    assert tree(cache) == before
    assert (again.template.dump(), again.seen.hash) == (anew.template.dump(), anew.seen.hash)
    build(workspace)
    after_assembly = message()
    assert (after_assembly.template.dump(), after_assembly.seen.hash) == (anew.template.dump(), anew.seen.hash)
    for path in cache.glob("css-*.json"):
        path.write_bytes(path.read_bytes().replace(b'"color","', b'"color","lime'))
    assert message().seen.hash != anew.seen.hash


def test_a_change_of_the_agenda_is_in_the_calendar(workspace: Workspace, cache: Path) -> None:
    build(workspace)
    path = workspace.root / "sections" / "001" / "agenda.md"
    for old, new in (("Tea", "Coffee"), ("16:00", "17:30"), ("  - title", "  - place: Here\n    title")):
        write(path, path.read_text().replace(old, new))
        fresh = build_calendar_anew(workspace)
        assert build(workspace)["agenda.ics"] == fresh
    assert len(list(cache.glob("*.ics"))) == 4


def build_calendar_anew(workspace: Workspace) -> bytes:
    rendered = render_renditions(*compose_sources(read_sources(workspace, 1), kept=Kept(calendars=Calendars())))
    found = rendered["agenda.ics"]
    assert isinstance(found, bytes)
    return found


@given(styles=st.lists(DECLARATIONS, min_size=1, max_size=3), sheet=DECLARATIONS)
def test_a_page_is_the_same_whatever_is_known(
    tmp_path_factory: pytest.TempPathFactory, styles: list[str], sheet: str
) -> None:
    path = tmp_path_factory.mktemp("css") / "kept.json"
    css = f".a p {{ {sheet} }} p {{ {styles[0]} }}"
    for style in [*styles, *styles]:
        page = PAGE.format(style=style.replace('"', "&quot;"))
        known = kept.KeptCss(path)
        assert inline_css(page, css, known) == inline_css(page, css, KnownCss())
        known.keep()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"rules": {}, "styles": {"top:0": [["top"]]}}', b"[]"])
def test_what_is_no_such_file_is_written_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    known = kept.KeptCss(path)
    assert 'style="left:0;top:0"' in inline_css(PAGE.format(style="top: 0"), "p { left: 0 }", known)
    known.keep()
    assert kept.KeptCss(path).styles == known.styles != {}


def test_a_calendar_cut_short_is_written_anew(workspace: Workspace, cache: Path) -> None:
    built, (path,) = build(workspace), cache.glob("*.ics")
    whole = path.read_bytes()
    for part in (b"", whole[:200]):
        path.write_bytes(part)
        assert build(workspace) == built
        assert path.read_bytes() == whole


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
