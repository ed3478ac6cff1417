"""Who left between the freeze and the moment a send goes on."""

from __future__ import annotations

from pathlib import Path

from tests.flows.sending.newsletter import Editor, Newsletter

PEOPLE = "email;status\nada@example.org;confirmed\nben@example.org;confirmed\ncleo@example.org;confirmed\n"


def test_by_the_list_itself(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    newsletter.list(PEOPLE.replace("ben@example.org;confirmed", "ben@example.org;unsubscribed"))
    editor = Editor()
    assert newsletter.send(editor=editor).exit_status == 0
    assert newsletter.written_to() == ["ada@example.org", "cleo@example.org"]
    assert "1 person has left the list since" in editor.questions[0].notes
    assert newsletter.report().numbers.is_complete


def test_a_list_that_cannot_be_read_holds_nothing_up(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    (tmp_path / "list.csv").unlink()
    editor = Editor()
    assert newsletter.send(editor=editor).exit_status == 0
    assert any("cannot be read now" in note for note in editor.questions[0].notes)
    assert len(newsletter.messages()) == 3


def test_another_list_is_told_and_changes_nothing(tmp_path: Path) -> None:
    newsletter = Newsletter(tmp_path, people=PEOPLE)
    newsletter.send(limit=1)
    (tmp_path / "other.csv").write_text("email\nzoe@example.org\n", encoding="utf-8")
    editor = Editor()
    newsletter.send(list_file=str(tmp_path / "other.csv"), editor=editor)
    assert any("were chosen from list.csv" in note for note in editor.questions[0].notes)
    assert "zoe@example.org" not in newsletter.written_to()
