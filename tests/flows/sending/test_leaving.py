"""Who left between the freeze and the moment a send goes on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
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


LEAVE = """
import sys
from datetime import UTC, datetime
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from newsletter_cli.audience.membership import unsubscribe
from newsletter_cli.audience.store import open_store
with open_store(Path(sys.argv[1])) as store:
    unsubscribe(store, [sys.argv[2]], now=datetime.now(UTC))
"""


class Leavers(Editor):
    """An editor at whose send people leave meanwhile, each by a process of its own."""

    def __init__(self, state: Path, keys: list[str]):
        super().__init__()
        self.state, self.keys = state, keys

    def show(self) -> None:
        if self.keys:
            subprocess.run([sys.executable, "-c", LEAVE, str(self.state), self.keys.pop()], check=True)


def test_each_who_leaves_during_a_send_is_heard(tmp_path: Path) -> None:
    """Also after this process has opened and closed the list besides, as every send does."""
    addresses = [f"reader{number:03}@example.org" for number in range(250)]
    newsletter = Newsletter(tmp_path, people="email\n" + "\n".join(addresses) + "\n")
    newsletter.send(limit=1)
    leaving = [addresses[-1], addresses[-2], addresses[-3]]
    editor = Leavers(newsletter.state, list(leaving))
    newsletter.send(editor=editor)
    assert editor.keys == []
    assert set(newsletter.written_to()) == set(addresses) - set(leaving)
    for name in ("list.db", "ledger.db"):
        with closing(sqlite3.connect(newsletter.state / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
