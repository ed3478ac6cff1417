"""What Git leaves where two people changed the same lines is an error in every file that is read; and what two people
do every month merges by itself.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Tally
from newsletter_cli.base.conflicts import find_conflicts
from newsletter_cli.base.errors import ConfigError, ContentError, ListFaulty
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.new import start_issue
from newsletter_cli.flows.status import read_status
from newsletter_cli.workspace.folder import open_workspace
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.scaffold import create_workspace
from newsletter_cli.workspace.templates import read_theme
from newsletter_cli.workspace.wording import read_words
from tests.workspaces import CONFIG, ISSUE, make_workspace, write

MARKS = "<<<<<<< HEAD\nLa marée.\n=======\nLes marées.\n>>>>>>> 4f2a91c\n"

PULLED = "<<<<<<< here (nl pull)\nLa marée.\n=======\nLes marées.\n>>>>>>> in the pad (nl pull)\n"


def lines_of(text: str, *, is_markdown: bool = True) -> list[tuple[int, bool]]:
    found = find_conflicts(text.splitlines(keepends=True), is_markdown=is_markdown)
    return [(one.line, one.is_in_code) for one in found]


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (MARKS, 1),
            (f"Un texte.\n\n{MARKS}", 3),
            (MARKS.replace("\n", "\r\n"), 1),
            ("<<<<<<< A\na\n||||||| base\nb\n=======\nc\n>>>>>>> B\n", 1),
            ("<<<<<<< A\na\n", 1),
            ("a\n=======\nb\n>>>>>>> 4f2a91c\n", 4),
            ("<<<<<<< A\n```\na\n=======\n```\n>>>>>>> B\n", 1),
        ],
    )
    def test_are_found(self, text: str, line: int) -> None:
        assert lines_of(text) == [(line, False)]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (PULLED, 1),
            # Neither an example, nor settled while one of its outer marks is left.
            (f"```\n{PULLED}```\n", 2),
            ("a\n" + PULLED.splitlines(keepends=True)[-1], 2),
            ("```\n" + PULLED.splitlines(keepends=True)[0] + "a\n```\n", 2),
        ],
    )
    def test_those_of_nl_pull_are_found_wherever_they_stand(self, text: str, line: int) -> None:
        assert lines_of(text) == [(line, False)]

    def test_each_of_several(self) -> None:
        assert lines_of(MARKS + "\nEncore.\n" + MARKS) == [(1, False), (8, False)]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (f"```\n{MARKS}```\n", 2),
            (f"```text\n\n{MARKS}\n```\n", 3),
            (f"~~~ diff\n{MARKS}~~~\n", 2),
            (f"```git merge``` dit :\n\n```\n{MARKS}```\n", 4),
            (f"1. ```sh\n   git merge\n   ```\n\n```\n{MARKS}```\n", 6),
            (f"10. D’abord :\n\n    ```sh\n    git merge\n    ```\n\n```\n{MARKS}```\n", 8),
            ("```\n<<<<<<< HEAD\n```\n", 2),
            ("```\n=======\nb\n>>>>>>> main\n```\n", 4),
        ],
    )
    def test_an_example_in_code(self, text: str, line: int) -> None:
        assert lines_of(text) == [(line, True)]

    def test_one_that_goes_from_one_block_of_code_to_the_next_is_no_example(self) -> None:
        assert lines_of("```\n<<<<<<< A\na\n```\n\n```\n=======\nb\n>>>>>>> B\n```\n") == [(2, False)]

    @pytest.mark.parametrize(
        "text",
        [
            "Titre\n=======\n\nTexte.\n",
            "> > cité\n>>>>>>> sept fois\n",
            "<<<<<<<\n",
            " <<<<<<< HEAD\n",
            "| a |\n|||||||\n",
            "a <<<<<<< b\n",
        ],
    )
    def test_what_looks_like_them(self, text: str) -> None:
        assert lines_of(text) == []


class TestEveryFile:
    @pytest.mark.parametrize("name", ["agenda.md", "_issue.md"])
    def test_of_an_issue(self, tmp_path: Path, name: str) -> None:
        text = f"---\ntitle: A\nstatus: ready\n---\n\n{MARKS}\nFin.\n{MARKS}"
        workspace = make_workspace(tmp_path, CONFIG, {1: {**ISSUE, name: text}})
        with pytest.raises(ContentError) as caught:
            read_issue(workspace, 1)
        assert [(one.file, one.line) for one in (caught.value, *caught.value.also)] == [
            (f"sections/001/{name}", 6),
            (f"sections/001/{name}", 13),
        ]
        with pytest.raises(ContentError):
            read_status(workspace, 1)

    def test_in_a_header(self, tmp_path: Path) -> None:
        text = "---\n<<<<<<< A\nauthor: Ana\n=======\nauthor: Zoé\n>>>>>>> B\n---\nx\n"
        workspace = make_workspace(tmp_path, CONFIG, {1: {**ISSUE, "agenda.md": text}})
        with pytest.raises(ContentError, match="Git left") as caught:
            read_issue(workspace, 1)
        assert caught.value.line == 2

    def test_an_example_in_code_is_a_warning(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, CONFIG, {1: {**ISSUE, "agenda.md": f"```\n{MARKS}```\n"}})
        assert [(one.rule, one.line) for one in read_issue(workspace, 1).findings] == [("conflict-in-code", 2)]

    def test_of_the_configuration_the_theme_and_the_words(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, CONFIG, {1: dict(ISSUE)})
        write(tmp_path / "templates" / "themes" / "default" / "footer.mjml.j2", MARKS)
        write(tmp_path / "templates" / "words" / "en.toml", f'at = "at"\n{MARKS}')
        with pytest.raises(ConfigError, match=r"footer\.mjml\.j2:1"):
            read_theme(workspace, "default")
        with pytest.raises(ConfigError, match=r"words/en\.toml:2"):
            read_words(workspace, "en")
        write(tmp_path / "newsletter.toml", f"{CONFIG}\n{MARKS}")
        with pytest.raises(ConfigError, match="Git left"):
            open_workspace(tmp_path)

    def test_of_a_list(self, tmp_path: Path) -> None:
        path = tmp_path / "list.csv"
        path.write_text(
            "email,name\na@example.org,A\n<<<<<<< HEAD\nb@example.org,B\n=======\nc@example.org,C\n>>>>>>> main\n"
        )
        with pytest.raises(ListFaulty) as caught:
            list(CsvSource(path=path, name="list.csv").read(Tally()))
        assert caught.value.line == 3


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )  # fmt: skip


class TestMerging:
    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_what_two_editors_do_every_month(self, tmp_path: Path, language: str) -> None:
        """One signs every section and fills in the issue's header, another marks them ready and sets their titles."""
        workspace = create_workspace(tmp_path, name="L", language=language, sections=default_sections(language))
        start_issue(workspace, number="1", date="2026-12-15", source=None)
        folder = tmp_path / "sections" / "001"
        git(tmp_path, "init", "-q", "-b", "main")
        git(tmp_path, "add", "-A")
        assert git(tmp_path, "commit", "-qm", "begun").returncode == 0
        git(tmp_path, "checkout", "-qb", "other")
        self._change(folder, {"status: draft": "status: ready", "events:\n": "events:\n  - title: A\n    start: 2026-12-20\n",  # noqa: E501
                              "jobs:\n": "jobs:\n  - title: B\n", "date: 2026": "date: 2027",
                              'subject: ""': 'subject: "S"', "slug: n": "slug: m"})  # fmt: skip
        git(tmp_path, "commit", "-qam", "ready")
        git(tmp_path, "checkout", "-q", "main")
        self._change(folder, {"author:\n": "author: Ana\n", 'preheader: ""': 'preheader: "P"',
                              'summary: ""': 'summary: "S"', 'title: "': 'title: "Un '})  # fmt: skip
        git(tmp_path, "commit", "-qam", "signed")
        merged = git(tmp_path, "merge", "-q", "--no-edit", "other")
        assert merged.returncode == 0, merged.stdout
        text = (folder / "agenda.md").read_text(encoding="utf-8")
        assert "author: Ana" in text
        assert "status: ready" in text

    def _change(self, folder: Path, changes: dict[str, str]) -> None:
        for path in folder.glob("*.md"):
            text = path.read_text(encoding="utf-8")
            for old, new in changes.items():
                # In the header only, and not in its comments.
                text = text.replace(f"\n{old}", f"\n{new}", 1)
            path.write_text(text, encoding="utf-8")
