"""`nl help`: the pages of the documentation, on a terminal and through a pipe."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from newsletter_cli.check.catalogue import ALL_RULES
from newsletter_cli.cli.app import COMMANDS
from newsletter_cli.console.reading import COMMENT, named_links
from newsletter_cli.flows.documentation import all_topics, read_topic, topics
from tests.inside import at_keyboard, call
from tests.workspaces import ROOT
from tests.workspaces import run as run_process

KINDS = ("tutorial", "guides", "reference", "explanation")
PAGES = [path for kind in KINDS for path in sorted((ROOT / "docs" / kind).glob("*.md"))]
FRENCH = [path for kind in KINDS for path in sorted((ROOT / "docs" / "fr" / kind).rglob("*.md"))]


def test_the_list_names_every_page() -> None:
    assert set(topics()) == {path.stem for path in PAGES}


def test_what_can_be_asked_for() -> None:
    known = set(all_topics())
    assert set(COMMANDS) - known == set()
    assert {one.slug for one in ALL_RULES} - known == set()
    assert {"list import", "list suppression export", "rules/links"} <= known


def test_without_a_topic_the_pages_are_listed(tmp_path: Path) -> None:
    done = call("help", cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines[: len(topics())]] == list(topics())
    assert "nl help sending" in lines[-1]


def test_in_french_the_list_says_which_pages_are_english(tmp_path: Path) -> None:
    lines = call("help", cwd=tmp_path, env={"NL_LANG": "fr"}).out.splitlines()[: len(topics())]
    french = {path.stem for path in FRENCH}
    assert {line.split()[0] for line in lines if not line.endswith(" (en anglais)")} == french & set(topics())


def test_a_french_page_has_the_path_of_the_english_one() -> None:
    for path in FRENCH:
        assert (ROOT / "docs" / path.relative_to(ROOT / "docs" / "fr")).is_file(), path


def test_whoever_reads_french_gets_the_french_page(tmp_path: Path) -> None:
    for path in FRENCH:
        name = re.sub(r"^\w+/|\.md$", "", path.relative_to(ROOT / "docs" / "fr").as_posix())
        page = COMMENT.sub("", path.read_text("utf-8"))
        assert call("help", name, cwd=tmp_path, env={"NL_LANG": "fr"}).out == page
        assert call("help", name, cwd=tmp_path).out != path.read_text("utf-8")


def test_a_pipe_gets_the_page_itself(tmp_path: Path) -> None:
    assert call("help", "sending", cwd=tmp_path).out == (ROOT / "docs" / "guides" / "sending.md").read_text("utf-8")


def test_every_page_is_shown(tmp_path: Path) -> None:
    for page in PAGES:
        done = call("help", page.stem, cwd=tmp_path)
        assert (done.status, done.err, done.out[:200]) == (0, "", page.read_text("utf-8")[:200])


@pytest.mark.parametrize(
    ("typed", "first", "within"),
    [
        ("new", "## nl new", "nl new 2 --date"),
        ("nl new", "## nl new", "nl new 2 --date"),
        ("list import", "### nl list import", "transaction"),
        ("link-bare", "### link-bare", "Screen readers"),
        ("docs/guides/themes.md", "# Themes", "dsfr"),
        ("Sending", "# Sending an issue", "nl send"),
        ("rules/links", "# Rules on links", "link-broken"),
    ],
)
def test_a_command_or_a_rule_has_its_part_of_a_page(tmp_path: Path, typed: str, first: str, within: str) -> None:
    done = call("help", *typed.split(), cwd=tmp_path)
    assert done.out.startswith(f"{first}\n")
    assert within in done.out


def test_a_part_ends_where_the_next_begins() -> None:
    assert read_topic("new").count("\n## ") == 0
    assert "nl import" not in read_topic("link-bare")


def test_the_nearest_topic_is_named(tmp_path: Path) -> None:
    done = call("help", "sendng", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert done.err == "error: there is no page “sendng”\n  → did you mean “sending”?\n"
    assert "nl help" in call("help", "xyzzyxyzzy", cwd=tmp_path).err


def test_a_topic_leads_to_no_other_file(tmp_path: Path) -> None:
    for typed in ("../README", "/etc/passwd", "rules/../../README"):
        assert call("help", typed, cwd=tmp_path).status == 2


def test_on_a_terminal_the_page_is_drawn(tmp_path: Path) -> None:
    status, shown = at_keyboard(tmp_path, "help", "import", typed="", PAGER="")
    assert status == 0
    assert "# Import" not in shown
    assert "Import" in shown


def test_links_to_pages_name_what_to_type() -> None:
    text = "See [sending](sending.md#a), [the rules](../rules.md), ![a picture](images/x.png), [us](https://x.example)"
    assert named_links(text) == (
        "See sending (`nl help sending`), the rules (`nl help rules`), *a picture*, [us](https://x.example)"
    )
    text = "[a](../guides/sending.md#x), [b](../../reference/rules/text.md), [c](../links.md), [d](../fr/guides/git.md)"
    assert re.findall("nl help ([a-z/-]+)", named_links(text)) == ["sending", "rules/text", "links", "git"]
    assert named_links("`[a](b.md)` [in](#here) [cases](../../tests/x.md)") == "`[a](b.md)` in cases"


@pytest.mark.parametrize(
    ("typed", "proposed"), [("nl help send", "sending"), ("nl help link-ba", "link-bare"), ("nl che", "check")]
)
def test_a_shell_completes(tmp_path: Path, typed: str, proposed: str) -> None:
    asked = {"_NL_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert proposed in call(cwd=tmp_path, env=asked).out.split()


def test_no_skeleton_names_a_file_that_only_a_clone_has() -> None:
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file() and path.suffix in {".toml", ".md", ".j2"}:
            assert "docs/" not in path.read_text("utf-8"), os.fspath(path)


HEADINGS = {
    "en": ["Write:", "Check:", "Send:", "After the send:", "Options:"],
    "fr": ["Rédiger\u00a0:", "Vérifier\u00a0:", "Envoyer\u00a0:", "Après l’envoi\u00a0:", "Options\u00a0:"],
}


@pytest.mark.parametrize("language", HEADINGS)
def test_the_commands_stand_in_four_groups(tmp_path: Path, language: str) -> None:
    done = run_process("--help", cwd=tmp_path, env={"NL_LANG": language})
    lines = done.stdout.splitlines()
    assert [line for line in lines if line in HEADINGS[language]] == HEADINGS[language]
    first, last = (lines.index(HEADINGS[language][place]) for place in (0, -1))
    named = [line.split()[0] for line in lines[first:last] if line.startswith("  ") and line[2] != " "]
    assert named == list(COMMANDS)


def test_help_is_painted_for_whoever_looks_on(tmp_path: Path) -> None:
    for arguments in (["--help"], ["list", "--help"], ["new", "--help"]):
        painted = at_keyboard(tmp_path, *arguments, typed="")[1]
        assert "\x1b[1m" in painted
        plain = at_keyboard(tmp_path, *arguments, typed="", NO_COLOR="1")[1]
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain
        assert call(*arguments, cwd=tmp_path).out.split() == plain.split()
