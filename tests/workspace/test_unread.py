"""Files beside the sections: those that nobody reads, and copies that nobody meant to publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ContentError
from newsletter_cli.model import Level
from newsletter_cli.workspace.read import read_issue
from tests.workspaces import make_workspace


def unread(folder: Path, *names: str) -> dict[str, Level]:
    files = {"_issue.md": "---\ntitle: x\n---\n", "news.md": "News.\n", **dict.fromkeys(names, "A text.\n")}
    found = read_issue(make_workspace(folder, issues={1: files}), 1).findings
    return {one.file.rpartition("/")[2]: one.level for one in found if one.rule == "file-unread"}


@pytest.mark.parametrize(
    "name",
    ["agenda.md.txt", "agenda.txt", "agenda.docx", "Agenda.odt", "agenda.markdown", "agenda", "agenda (1).docx"],
)
def test_a_section_in_another_form_is_named(name: str, tmp_path: Path) -> None:
    assert unread(tmp_path, name) == {name: Level.WARNING}


def test_other_texts_are_a_note_and_what_is_kept_aside_is_none(tmp_path: Path) -> None:
    assert unread(tmp_path, "minutes.docx") == {"minutes.docx": Level.INFO}
    assert unread(tmp_path / "b", "_notes.txt", ".agenda.txt", "~$agenda.docx", "images/agenda.txt", "plan.png") == {}


def test_it_is_said_what_to_call_it(tmp_path: Path) -> None:
    files = {"_issue.md": "---\ntitle: x\n---\n", "news.md": "News.\n", "agenda.md.txt": "x"}
    (finding,) = read_issue(make_workspace(tmp_path, issues={1: files}), 1).findings
    assert finding.suggestion == "rename it agenda.md"


@pytest.mark.parametrize(
    "name",
    ["news - Copie.md", "news (1).md", "news - copy (2).md", "Copie de news.md", "news_old.md", "news copie.md"],
)
def test_a_copy_is_not_published(name: str, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"looks like a copy of news\.md: readers would get both"):
        unread(tmp_path, name)


def test_a_copy_without_what_it_was_copied_from(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"looks like a copy of agenda\.md, which is not there") as caught:
        unread(tmp_path, "agenda (1).md")
    assert "rename it agenda.md" in (caught.value.hint or "")


def test_sections_of_their_own_are_read(tmp_path: Path) -> None:
    assert unread(tmp_path, "news-2.md", "party (2).md", "copy-of-truth.md", "photocopie.md") == {}
