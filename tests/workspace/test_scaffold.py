# ruff: noqa: E501 - a case stands on a line of its own
"""New workspaces and issues: written once, never over another's work, whatever the newsletter is called."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import AlreadyExists, StorageError, UsageError
from newsletter_cli.config import parse_config
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.workspace import scaffold
from newsletter_cli.workspace.files import write_new
from newsletter_cli.workspace.folder import IGNORED_PEOPLE, Workspace, open_workspace
from newsletter_cli.workspace.read import read_issue
from newsletter_cli.workspace.scaffold import config_text, create_issue, create_workspace
from tests.examples import examples
from tests.failures import nth, refuse
from tests.workspaces import CONFIG, ROOT, make_workspace, tree, write

PEOPLE = "".join(f"{line}\n" for line in IGNORED_PEOPLE)

DATE = datetime(2026, 6, 11, 13, tzinfo=ZoneInfo("Europe/Paris"))
HOSTILE = ['a: "b" #1 \\ {x}', "$name $sections $$", "'quoted'", "# heading", "- [ ] x", "{{ jinja }} {% if %}", "a\tb\nc", "<b>&amp;", "été 数据 🎉",
           "\x7f\x01", "--> <!--", "]]>", "%YAML", "null", "@at", "`tick`", "| > ? !", "x\u2028\u0085y"]  # fmt: skip


def created(root: Path, name: str = "Tidings", language: str = "en") -> Workspace:
    return create_workspace(root, name=name, language=language, sections=default_sections(language))


class TestWorkspace:
    def test_what_it_holds(self, tmp_path: Path) -> None:
        workspace = created(tmp_path / "a" / "b")
        assert sorted(path.name for path in workspace.root.iterdir()) == [
            ".gitattributes", ".gitignore", "newsletter.schema.json", "newsletter.toml", "sections", "state", "templates",
        ]  # fmt: skip
        assert workspace.issue_numbers() == []
        assert {"state/", "build/", ".nl-*.tmp"} <= set((workspace.root / ".gitignore").read_text().split())
        json.loads((workspace.root / "newsletter.schema.json").read_text(encoding="utf-8"))
        if os.name == "posix":
            assert (workspace.root / "state").stat().st_mode & 0o777 == 0o700

    @pytest.mark.parametrize("language", ["fr", "fr-CA", "en", "de", "ar"])
    def test_the_configuration_is_in_the_newsletters_language(self, tmp_path: Path, language: str) -> None:
        config = created(tmp_path, language=language).config
        assert config.newsletter.language == language
        assert config.sections == default_sections(language)
        text = (tmp_path / "newsletter.toml").read_text(encoding="utf-8")
        assert ("Les rubriques" in text) == language.startswith("fr")
        # What is commented out is valid, too, once its mark is taken off.
        parse_config(re.sub(r"(?m)^# (\w+ = |\[)", r"\1", text))

    @pytest.mark.parametrize("name", HOSTILE)
    def test_any_name_comes_back(self, tmp_path: Path, name: str) -> None:
        assert created(tmp_path, name=name).config.newsletter.name == name

    @examples(25)
    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
    def test_really_any_name(self, name: str) -> None:
        assert (
            parse_config(config_text(name=name, language="fr", sections=default_sections("fr"))).newsletter.name == name
        )

    @pytest.mark.parametrize(("name", "language"), [(" ", "en"), ("x", "klingon!"), ("x", "EN")])
    def test_a_name_or_language_that_cannot_be_makes_nothing(self, tmp_path: Path, name: str, language: str) -> None:
        with pytest.raises(UsageError):
            created(tmp_path / "ws", name=name, language=language)
        assert not (tmp_path / "ws").exists()

    def test_a_workspace_is_never_written_over(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        before = tree(tmp_path)
        with pytest.raises(AlreadyExists):
            created(tmp_path)
        assert tree(tmp_path) == before

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("build/\n", f"build/\n{PEOPLE}.nl-*.tmp\n"),
            ("*.pyc", f"*.pyc\n{PEOPLE}build/\n.nl-*.tmp\n"),
            (f".nl-*.tmp\nbuild/\n{PEOPLE}", f".nl-*.tmp\nbuild/\n{PEOPLE}"),
        ],
    )
    def test_a_gitignore_that_is_there_is_added_to(self, tmp_path: Path, before: str, after: str) -> None:
        write(tmp_path / ".gitignore", before)
        created(tmp_path)
        assert (tmp_path / ".gitignore").read_text() == after

    def test_an_interrupted_run_can_be_repeated(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object, **options: object) -> None:
            raise StorageError("full")

        with monkeypatch.context() as patch:
            patch.setattr(scaffold, "write_schema", refuse)
            with pytest.raises(StorageError):
                created(tmp_path)
        created(tmp_path)


class TestIssue:
    def new(self, workspace: Workspace, number: int = 2, carried_from: int | None = 1) -> scaffold.Scaffolded:
        return create_issue(workspace, number, date=DATE, carried_from=carried_from)

    @pytest.mark.parametrize("language", ["fr", "en", "de"])
    def test_a_file_for_each_section_with_guidance_that_no_reader_sees(self, tmp_path: Path, language: str) -> None:
        workspace = created(tmp_path, language=language)
        self.new(workspace, 1, None)
        folder = workspace.issue_folder(1)
        texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
        assert {
            "_issue.md",
            "agenda.md",
            "retour-atelier.md",
            "zoom-projet.md",
            "portrait.md",
            "jobs.md",
            "lectures.md",
        } <= set(texts)
        assert "bon-a-savoir.md" not in texts
        assert all("<!-- nl:" in text and "$" not in text for text in texts.values())
        assert ("rubrique" in texts["portrait.md"]) == (language == "fr")
        build = assemble_issue(workspace, 1).folder
        guidance = [
            line.strip()
            for text in texts.values()
            for line in text.splitlines()
            if len(line) > 50 and not line.startswith(("#", " "))
        ]
        assert guidance
        for path in build.iterdir():
            shown = path.read_text(encoding="utf-8")
            assert "nl:" not in shown
            assert not [line for line in guidance if line in shown or line[:40] in shown]

    @pytest.mark.parametrize("title", HOSTILE)
    def test_any_title_is_read_back_and_guidance_stays_inside(self, tmp_path: Path, title: str) -> None:
        quoted = json.dumps(title, ensure_ascii=False).replace("\x7f", "\\u007f")
        workspace = make_workspace(
            tmp_path,
            f'[newsletter]\nname = "x"\nlanguage = "en"\ntitle = {quoted.replace("{", "(").replace("}", ")")}\n'
            f'[[sections]]\nslug = "news"\ntitle = {quoted}\n[post]\nslug = {quoted.replace("{", "(").replace("}", ")")}\n',
            issues={},
        )
        self.new(workspace, 1, None)
        read = read_issue(workspace, 1)
        wanted = " ".join(part for part in title.replace("{", "(").replace("}", ")").split(" ") if part)
        assert " ".join(read.issue.title.split()) == " ".join(wanted.split())
        assert " ".join(read.issue.slug.split()) == " ".join(wanted.split())
        assert read.findings == ()
        folder = assemble_issue(workspace, 1).folder
        assert "readers never" not in (folder / "post.md").read_text(encoding="utf-8")
        from newsletter_cli.check.texts.readiness import has_content

        assert not has_content(read.issue.sections[0])

    def test_nothing_is_written_over(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        mine = write(workspace.root / "sections" / "002" / "news.md", "Mine.\n")
        first = self.new(workspace)
        assert "sections/002/news.md" in first.kept
        assert mine.read_text() == "Mine.\n"
        before = tree(workspace.root)
        second = self.new(workspace)
        assert second.written == ()
        assert set(second.kept) == set(first.written) | set(first.kept)
        assert tree(workspace.root) == before

    def test_standing_sections_are_carried_over_byte_for_byte_with_their_images(self, tmp_path: Path) -> None:
        about = "---\r\nauthor: Ada\r\n---\r\nWe are ![us](images/us%20all.png) and ![map](map.png).\r\n"
        workspace = make_workspace(tmp_path, issues={1: {"about.md": about, "news.md": "![](images/old.png)"}})
        first = workspace.issue_folder(1)
        for name in ("images/us all.png", "map.png", "images/old.png"):
            write(first / name, name.encode())
        made = self.new(workspace)
        second = workspace.issue_folder(2)
        assert (second / "about.md").read_bytes() == about.encode()
        assert (second / "images/us all.png").read_bytes() == b"images/us all.png"
        assert (second / "map.png").is_file()
        assert not (second / "images/old.png").exists()
        assert made.carried == ("about",)

    def test_without_an_earlier_one_a_standing_section_is_begun(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        made = self.new(workspace, 1, None)
        assert made.carried == ()
        assert "sections/001/about.md" in made.written

    def test_when_the_disk_refuses_half_way_nothing_is_left(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        workspace = make_workspace(tmp_path, issues={})
        write(workspace.root / "sections" / "001" / "news.md", "Mine.\n")
        before = tree(tmp_path)
        for failure in (StorageError("full"), KeyboardInterrupt()):
            written: list[Path] = []

            def fail_at_third(
                path: Path,
                content: str | bytes,
                *,
                name: str,
                failure: BaseException = failure,
                written: list[Path] = written,
            ) -> None:
                written.append(path)
                if len(written) == 3:
                    raise failure
                write_new(path, content, name=name)

            monkeypatch.setattr(scaffold, "write_new", fail_at_third)
            with pytest.raises(type(failure)):
                self.new(workspace, 1, None)
            assert tree(tmp_path) == before

    @pytest.mark.parametrize(
        ("owner", "step", "count"),
        [(Path, "mkdir", 2), (Path, "mkdir", 3), (os, "fsync", 1), (os, "fsync", 3), (Path, "rename", 1)],
    )
    def test_when_it_fails_no_folder_counts_as_an_issue(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, step: str, count: int
    ) -> None:
        about = "![us](images/deep/us.png)\n"
        workspace = make_workspace(tmp_path, issues={1: {"about.md": about, "images/deep/us.png": "x"}})
        before = tree(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, nth(getattr(owner, step), count, refuse))
            with pytest.raises(StorageError):
                self.new(workspace)
        assert tree(tmp_path) == before
        assert workspace.issue_numbers() == [1]
        assert self.new(workspace).kept == ()


class TestSkeletons:
    def new(self, workspace: Workspace) -> dict[str, str]:
        create_issue(workspace, 1, date=DATE, carried_from=None)
        return {path.stem: path.read_text(encoding="utf-8") for path in workspace.issue_folder(1).iterdir()}

    def test_a_workspaces_own_wins(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        write(tmp_path / "templates/skeletons/en/agenda.md", "Mine, $title of $number, for 5 $ or $unknown\n")
        assert self.new(workspace)["agenda"] == "Mine, Coming up of 1, for 5 $ or $unknown\n"

    def test_one_for_any_language(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        write(tmp_path / "templates/skeletons/agenda.md", "Any language\n")
        assert self.new(workspace)["agenda"] == "Any language\n"

    def test_a_section_unknown_to_nl_gets_the_general_one(self, tmp_path: Path) -> None:
        texts = self.new(make_workspace(tmp_path, issues={}))
        assert "status: draft" in texts["news"]
        assert "News" in texts["news"]

    def test_a_general_one_of_ones_own_is_for_sections_only(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        write(tmp_path / "templates/skeletons/en/_section.md", "Write here: $title\n")
        texts = self.new(workspace)
        assert texts["news"] == "Write here: News\n"
        assert texts["_issue"].startswith("---\ntitle: ")

    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("slug", ["participer", "appel-a-idees"])
    def test_what_is_carried_over_names_no_issue(self, language: str, slug: str) -> None:
        assert "$number" not in (ROOT / f"templates/skeletons/{language}/{slug}.md").read_text(encoding="utf-8")

    def test_a_language_without_skeletons_gets_english(self, tmp_path: Path) -> None:
        texts = self.new(make_workspace(tmp_path, CONFIG.replace('"en"', '"de"'), issues={}))
        assert "Issue 1" in texts["agenda"] or "issue 1" in texts["agenda"]

    def test_a_workspace_found_again_is_the_same(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        self.new(workspace)
        assert open_workspace(tmp_path).issue_numbers() == [1]
