"""`nl words add`, `remove`, `list`: the newsletter's own words, from outside."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newsletter_cli.check.language.harper import Harper
from tests.check.language.fake import fake_program
from tests.inside import Done, call
from tests.workspaces import git, make_workspace, write

CONFIG = '[newsletter]\nname = "Dunes"\nlanguage = "fr"\n\n[[sections]]\nslug = "news"\ntitle = "Nouvelles"\n'
ISSUE = "---\ntitle: Dunes\n---\nBonjour.\n"
NEWS = "---\nauthor: Zoé\n---\nUn *hakathon*, un autre hakathon et un mot imporant.\n"


def nl(root: Path, *arguments: str, typed: str | None = None) -> Done:
    return call("words", *arguments, cwd=root, typed=typed)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "ws", CONFIG, {1: {"_issue.md": ISSUE, "news.md": NEWS}}).root


def test_words_are_added_and_taken_out(root: Path) -> None:
    done = nl(root, "add", "Kermorvant", "data scientist", "Avouac")
    assert (done.status, done.out) == (0, "Added to words.txt: Kermorvant, data scientist, Avouac\n")
    assert (root / "words.txt").read_text("utf-8") == "Avouac\ndata scientist\nKermorvant\n"
    assert "has these words already" in nl(root, "add", "Avouac").out
    assert "Taken out of words.txt: Avouac" in nl(root, "remove", "Avouac", "Nobody").out
    assert "has none of these words" in nl(root, "remove", "Avouac").out
    assert json.loads(nl(root, "add", "Zoé", "--json").out) == {"file": "words.txt", "added": ["Zoé"]}
    assert json.loads(nl(root, "remove", "Zoé", "--json").out) == {"file": "words.txt", "removed": ["Zoé"]}


def test_what_is_wrong_with_the_file_is_told_with_its_line(root: Path) -> None:
    (root / "words.txt").write_bytes(b"Ada\nZo\xe9\n")
    done = nl(root, "add", "Avouac")
    assert done.status == 1
    assert "words.txt:2: this is not UTF-8 text" in done.err
    assert nl(root, "add", "#tag").status == 2


def test_two_people_add_words_and_git_keeps_both(tmp_path: Path) -> None:
    assert call("init", "ws", "--name", "Dunes", cwd=tmp_path).status == 0
    root = tmp_path / "ws"
    git(root, "init", "-q", "-b", "main")
    nl(root, "add", "milieu")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "checkout", "-q", "-b", "other")
    nl(root, "add", "Avouac", "Zoé")
    git(root, "commit", "-q", "-a", "-m", "two")
    git(root, "checkout", "-q", "main")
    nl(root, "add", "Bengio", "Yoshua")
    git(root, "commit", "-q", "-a", "-m", "three")
    git(root, "merge", "-q", "-m", "both", "other")
    assert set((root / "words.txt").read_text("utf-8").split()) == {"milieu", "Avouac", "Zoé", "Bengio", "Yoshua"}


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
class TestList:
    @pytest.fixture(autouse=True)
    def readers(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake_program(tmp_path / "bin", "")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    def test_the_most_frequent_first_with_a_place(self, root: Path) -> None:
        done = nl(root, "list")
        assert done.status == 0, done.err
        assert "2 words that no dictionary has" in done.out
        assert done.out.index("hakathon") < done.out.index("imporant")
        assert "sections/001/news.md:4:5" in done.out
        assert nl(root, "list", "1").out == done.out
        found = json.loads(nl(root, "list", "--json").out)
        assert [(one["word"], one["count"], one["issues"]) for one in found] == [
            ("hakathon", 2, [1]),
            ("imporant", 1, [1]),
        ]
        assert (found[0]["file"], found[0]["line"], found[0]["column"]) == ("sections/001/news.md", 4, 5)

    def test_of_each_it_is_asked_whether_it_is_right(self, root: Path) -> None:
        done = nl(root, "list", "--add", typed="a\n\n")
        assert done.status == 0, done.err
        assert "1 word was added to words.txt." in done.out
        assert (root / "words.txt").read_text("utf-8") == "hakathon\n"
        assert "imporant" in nl(root, "list").out
        assert "hakathon" not in nl(root, "list").out
        assert "0 words were added" in nl(root, "list", "--add", typed="q\n").out

    def test_who_tells_no_unknown_words_is_not_asked(
        self, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark = tmp_path / "asked"
        program = tmp_path / "harper-cli"
        program.write_text(f"#!/bin/sh\ntouch {mark}\n", "utf-8")
        program.chmod(0o755)
        monkeypatch.setattr(
            "newsletter_cli.check.language.harper.find_harper", lambda language: Harper(str(program), language)
        )
        write(root / "newsletter.toml", CONFIG.replace('"fr"', '"en"'))
        write(root / "sections/001/news.md", "---\nauthor: Ada\n---\nOn Thursday we read the hakathon of the town.\n")
        assert nl(root, "list").status == 0
        assert not mark.exists()
        call("check", "1", "--offline", cwd=root, env={"NL_NO_LANGUAGE": None})
        assert mark.exists()

    def test_nobody_to_ask(self, root: Path) -> None:
        assert "nobody is there to answer" in nl(root, "list", "--add").err
        assert nl(root, "list", "--add", "--json", typed="").status == 2

    def test_an_issue_that_cannot_be_read_is_told_and_the_others_are_listed(self, root: Path) -> None:
        broken = root / "sections/002"
        broken.mkdir()
        (broken / "_issue.md").write_text("---\ntitle: [\n---\n")
        done = nl(root, "list")
        assert "sections/002/_issue.md" in done.err
        assert "hakathon" in done.out
