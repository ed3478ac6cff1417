"""`words.txt`: read as editors write it, written so that Git merges it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import ConfigError, ContentError, UsageError
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.own_words import add_own_words, read_own_words, remove_own_words
from tests.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def write_words(workspace: Workspace, text: str | bytes) -> Path:
    path = workspace.root / "words.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_without_a_file_there_are_no_words(workspace: Workspace) -> None:
    assert read_own_words(workspace) == ()
    assert remove_own_words(workspace, ["Ada"]) == ()
    assert not (workspace.root / "words.txt").exists()


def test_one_a_line_comments_blanks_and_windows_left_out(workspace: Workspace) -> None:
    write_words(workspace, "\ufeff# Our people\r\nAda \r\n\r\n  data   scientist\r\n#tag\r\nC#\r\n")
    assert read_own_words(workspace) == ("Ada", "data scientist", "C#")


def test_words_are_added_once_and_sorted(workspace: Workspace) -> None:
    assert add_own_words(workspace, ["zébu", "Étalab", "zébu", "  data  scientist "]) == (
        "zébu",
        "Étalab",
        "data scientist",
    )
    assert add_own_words(workspace, ["élan", "zébu"]) == ("élan",)
    assert (workspace.root / "words.txt").read_bytes() == "data scientist\nélan\nÉtalab\nzébu\n".encode()


def test_comments_and_line_ends_stay(workspace: Workspace) -> None:
    path = write_words(workspace, "# People\r\nZoé\r\nAda\r\n\r\n# Terms\r\nonboarding\r\n")
    add_own_words(workspace, ["devops"])
    assert path.read_bytes() == "# People\r\nAda\r\nZoé\r\n\r\n# Terms\r\ndevops\r\nonboarding\r\n".encode()
    assert remove_own_words(workspace, ["Ada", "Nobody", "# Terms"]) == ("Ada",)
    assert path.read_bytes() == "# People\r\nZoé\r\n\r\n# Terms\r\ndevops\r\nonboarding\r\n".encode()


def test_what_is_there_already_changes_nothing(workspace: Workspace) -> None:
    path = write_words(workspace, "b\na\n")
    assert add_own_words(workspace, ["a"]) == ()
    assert path.read_bytes() == b"b\na\n"


@pytest.mark.parametrize("word", ["", "  ", "12", "#tag", "x" * 101, "…"])
def test_what_is_no_word_is_refused_and_nothing_written(workspace: Workspace, word: str) -> None:
    with pytest.raises(UsageError):
        add_own_words(workspace, ["Ada", word])
    assert not (workspace.root / "words.txt").exists()


def test_another_encoding_is_told_with_its_line(workspace: Workspace) -> None:
    write_words(workspace, b"Ada\nZo\xe9\n")
    with pytest.raises(ContentError) as told:
        read_own_words(workspace)
    assert (told.value.file, told.value.line) == ("words.txt", 2)


def test_a_conflict_is_told_with_its_line(workspace: Workspace) -> None:
    write_words(workspace, "Ada\n<<<<<<< HEAD\nZoé\n=======\nZoe\n>>>>>>> other\n")
    with pytest.raises(ContentError) as told:
        add_own_words(workspace, ["Inès"])
    assert (told.value.file, told.value.line) == ("words.txt", 2)


def test_a_link_that_leads_out_is_neither_read_nor_written(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("secret\n")
    (workspace.root / "words.txt").symlink_to(outside)
    with pytest.raises(ConfigError):
        read_own_words(workspace)
    with pytest.raises(ConfigError):
        add_own_words(workspace, ["Ada"])
    assert outside.read_text() == "secret\n"
    outside.unlink()


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=8).filter(
    lambda word: any(sign.isalpha() for sign in word) and not word.startswith("#") and word.split() == [word]
)


@given(before=st.lists(WORDS, max_size=6), new=st.lists(WORDS, min_size=1, max_size=6))
def test_what_was_written_is_read(before: list[str], new: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = make_workspace(tmp_path_factory.mktemp("words"))
    write_words(workspace, "".join(f"{word}\n" for word in before))
    added = add_own_words(workspace, new)
    assert set(read_own_words(workspace)) == {*before, *new}
    assert set(added) == {*new} - {*before}
    assert remove_own_words(workspace, new) != ()
    assert set(read_own_words(workspace)) == {*before} - {*new}
