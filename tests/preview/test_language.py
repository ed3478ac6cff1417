"""Language in the preview: read behind the rendering, shown at its words, accepted into its file and taken back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import AlreadyExists, ContentError
from newsletter_cli.flows.accepting import accept, take_back
from newsletter_cli.model import Edit
from newsletter_cli.preview.language import LanguageRounds
from newsletter_cli.preview.sighting import sighting
from newsletter_cli.preview.snapshot import Reading, Snapshot, take_snapshot
from newsletter_cli.workspace.folder import Workspace
from tests.preview.asking import Asking, opened
from tests.preview.reading import Reader, read_text
from tests.preview.watched import wait_until_watched
from tests.waiting import wait_until
from tests.workspaces import write

NEWS = "sections/002/news.md"
HEAD = "---\nauthor: Grace\nstatus: ready\n---\n"
FAULTY = f"{HEAD}A *hakathon* with [a hakathon](https://example.org/hakathon) by Kermorvant.\n"


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def asking(workspace: Workspace, reader: Reader) -> Iterator[Asking]:
    write(workspace.root / NEWS, FAULTY)
    with opened(workspace, read_language=reader) as asking:
        wait_until_watched(workspace.root)
        yield asking


def state_of(asking: Asking) -> Any:
    return asking.ask("state?issue=2").json()


def words_found(asking: Asking) -> list[Any]:
    return [one for one in state_of(asking)["findings"] if one["rule"] == "misspelt"]


def read_whole(asking: Asking) -> list[Any]:
    wait_until(lambda: state_of(asking)["is_read"])
    return words_found(asking)


def save(asking: Asking, text: str) -> None:
    version = state_of(asking)["version"]
    write(asking.preview.workspace.root / NEWS, text)
    wait_until(lambda: state_of(asking)["version"] > version)


class TestReading:
    def test_nobody_waits_for_it_and_what_it_finds_comes_with_its_proposals(
        self, asking: Asking, reader: Reader
    ) -> None:
        first, second, third, name = read_whole(asking)
        assert [first["line"], first["column"], first["proposals"]] == [5, 4, ["hackathon", "marathon"]]
        assert first["words"] == {"text": "hakathon", "before": "a", "behind": "withahakathonbykermorvant"}
        assert (second["words"]["before"], second["own_word"]) == ("ahakathonwitha", "hakathon")
        assert third["name"] != second["name"]
        assert name["proposals"] == []
        assert state_of(asking)["undo"] is None

    def test_without_a_reader_nothing_changes(self, workspace: Workspace) -> None:
        write(workspace.root / NEWS, FAULTY)
        with opened(workspace) as asking:
            assert words_found(asking) == []
            assert state_of(asking)["is_read"] is False

    def test_a_save_meanwhile_begins_it_anew_and_no_place_is_ever_that_of_another_text(
        self, asking: Asking, reader: Reader
    ) -> None:
        read_whole(asking)
        reader.may_go.clear()
        save(asking, FAULTY.replace("A *", "Lately, a *"))
        wait_until(lambda: reader.begun == 2)
        shown = [(one["column"], one["words"]["text"]) for one in words_found(asking)]
        assert shown[0] == (12, "hakathon"), "what stands behind the change has moved with it"
        save(asking, HEAD + "Nothing of it is left.\n")
        wait_until(lambda: reader.given_up == 1)
        assert words_found(asking) == []
        reader.may_go.set()
        assert read_whole(asking) == []
        assert reader.most_at_once == 1

    def test_the_same_texts_are_read_once(self, asking: Asking, reader: Reader) -> None:
        read_whole(asking)
        version = state_of(asking)["version"]
        write(asking.preview.workspace.root / NEWS, FAULTY)
        wait_until(lambda: state_of(asking)["version"] > version)
        assert reader.begun == 1
        assert state_of(asking)["is_read"]

    def test_a_reader_that_fails_ends_nothing(self, workspace: Workspace) -> None:
        unexpected: list[BaseException] = []
        told: list[Reading] = []

        def faulty(snapshot: Snapshot, is_over: Any) -> Reading:
            if not unexpected:
                raise RuntimeError
            return Reading(texts={})

        rounds = LanguageRounds(
            lambda number, reading: told.append(reading),
            read=faulty,
            on_unexpected=unexpected.append,
            pause_seconds=0.01,
        )
        rounds.start()
        taken = take_snapshot(workspace.root, "/files/", 2, Snapshot(number=2, workspace=workspace))
        rounds.ask(taken)
        wait_until(lambda: unexpected)
        write(workspace.root / "words.txt", "a word more is another question\n")
        rounds.ask(taken)
        wait_until(lambda: told)
        rounds.stop()


class TestAccepting:
    def test_one_is_put_into_its_file_and_taken_back(self, asking: Asking) -> None:
        path = asking.preview.workspace.root / NEWS
        second = read_whole(asking)[1]
        answer = asking.post("accept", {"issue": 2, "finding": second["name"], "proposal": 0})
        assert (answer.status, answer.json()["undo"]) == (200, "hakathon → hackathon")
        assert path.read_text("utf-8") == FAULTY.replace("[a hakathon]", "[a hackathon]")
        wait_until(lambda: len(words_found(asking)) == 3)
        assert asking.post("undo", {"issue": 2}).json() == {
            "done": True, "message": "Undone: hakathon → hackathon", "undo": None,
        }  # fmt: skip
        assert path.read_text("utf-8") == FAULTY
        assert asking.post("undo", {"issue": 2}).status == 409

    def test_what_no_longer_stands_there_is_left_alone_and_told(self, asking: Asking) -> None:
        path = asking.preview.workspace.root / NEWS
        first = read_whole(asking)[0]
        changed = FAULTY.replace("A *hakathon*", "One *hakathon*")
        path.write_text(changed, encoding="utf-8")
        answer = asking.post("accept", {"issue": 2, "finding": first["name"], "proposal": 0})
        assert answer.status == 409
        assert "any more" in answer.json()["message"] or "has changed" in answer.json()["message"]
        assert path.read_text("utf-8") == changed

    def test_a_change_in_between_keeps_the_way_back_from_overwriting_it(self, asking: Asking) -> None:
        path = asking.preview.workspace.root / NEWS
        first = read_whole(asking)[0]
        assert asking.post("accept", {"issue": 2, "finding": first["name"], "proposal": 1}).status == 200
        later = path.read_text("utf-8").replace("Kermorvant", "Mrs Kermorvant")
        path.write_text(later, encoding="utf-8")
        assert asking.post("undo", {"issue": 2}).status == 409
        assert path.read_text("utf-8") == later

    @pytest.mark.parametrize(
        ("wish", "status"),
        [
            ({"issue": 2, "finding": "0" * 16, "proposal": 0}, 409),
            ({"issue": 2, "finding": "", "proposal": 0}, 409),
            ({"issue": 2, "proposal": -1}, 409),
            ({"issue": 9, "finding": "x", "proposal": 0}, 404),
            ({"finding": "x"}, 400),
            ([1], 400),
            ("accept", 400),
            ({"issue": "two"}, 400),
            ({"issue": 2, "finding": "x", "proposal": {}}, 400),
        ],
    )
    def test_what_was_never_proposed_changes_nothing(self, asking: Asking, wish: Any, status: int) -> None:
        assert asking.post("accept", wish).status == status
        assert (asking.preview.workspace.root / NEWS).read_text("utf-8") == FAULTY

    def test_a_proposal_beyond_those_there_are(self, asking: Asking) -> None:
        first, *_others, name = read_whole(asking)
        for index in (2, 7, -1):
            assert asking.post("accept", {"issue": 2, "finding": first["name"], "proposal": index}).status == 409
        assert asking.post("accept", {"issue": 2, "finding": name["name"], "proposal": 0}).status == 409

    def test_a_word_is_made_the_newsletters_own_and_taken_back(self, asking: Asking) -> None:
        name = read_whole(asking)[-1]
        assert asking.post("words", {"issue": 2, "finding": name["name"]}).status == 200
        assert (asking.preview.workspace.root / "words.txt").read_text("utf-8") == "Kermorvant\n"
        wait_until(lambda: [one["own_word"] for one in words_found(asking)] == ["hakathon"] * 3)
        assert asking.post("undo", {"issue": 2}).status == 200
        wait_until(lambda: len(words_found(asking)) == 4)


class TestFiles:
    EDIT = Edit(file=NEWS, line=5, column=4, old="hakathon", new="hackathon")

    def test_line_ends_and_marks_of_a_file_stay(self, workspace: Workspace) -> None:
        text = "\ufeff" + FAULTY.replace("\n", "\r\n")
        path = workspace.root / NEWS
        path.write_bytes(text.encode())
        accepted = accept(workspace, 2, self.EDIT)
        assert path.read_bytes().decode() == text.replace("A *hakathon*", "A *hackathon*")
        take_back(workspace, accepted)
        assert path.read_bytes().decode() == text

    def test_an_edit_over_line_ends_is_taken_back_whole(self, workspace: Workspace) -> None:
        path = workspace.root / NEWS
        text = f"{HEAD}One du\ndu two.\nThree.\n"
        write(path, text)
        accepted = accept(workspace, 2, Edit(file=NEWS, line=5, column=5, old="du\ndu", new="du"))
        assert path.read_text("utf-8") == f"{HEAD}One du two.\nThree.\n"
        take_back(workspace, accepted)
        assert path.read_text("utf-8") == text

    def test_what_is_taken_out_can_be_put_back(self, workspace: Workspace) -> None:
        path = workspace.root / NEWS
        write(path, f"{HEAD}the the end")
        accepted = accept(workspace, 2, Edit(file=NEWS, line=5, column=4, old=" the", new=""))
        assert path.read_text("utf-8") == f"{HEAD}the end"
        take_back(workspace, accepted)
        assert path.read_text("utf-8") == f"{HEAD}the the end"

    @pytest.mark.parametrize(
        "file",
        ["newsletter.toml", "sections/001/news.md", "../outside.md", "sections/002/../001/news.md", "words.txt",
         "sections/002/chart.png", "list.csv", "/etc/hostname.md"],
    )  # fmt: skip
    def test_only_files_of_the_issue_are_written(self, workspace: Workspace, file: str) -> None:
        before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}
        with pytest.raises(ContentError):
            accept(workspace, 2, Edit(file=file, line=1, column=1, old="", new="x"))
        assert {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()} == before

    @pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
    def test_no_link_leads_out_of_the_issue(self, workspace: Workspace, tmp_path: Path) -> None:
        outside = tmp_path / "outside.md"
        outside.write_text(FAULTY, encoding="utf-8")
        for target in (outside, workspace.root / "sections/001/news.md"):
            path = workspace.root / NEWS
            path.unlink()
            path.symlink_to(target)
            with pytest.raises(ContentError):
                accept(workspace, 2, self.EDIT)
        assert outside.read_text("utf-8") == FAULTY

    def test_a_stale_edit_changes_nothing(self, workspace: Workspace) -> None:
        with pytest.raises(AlreadyExists, match="any more"):
            accept(workspace, 2, self.EDIT)


class TestSighting:
    def test_what_no_reader_sees_is_not_among_the_letters_around(self) -> None:
        text = (
            "---\ntitle: x\n---\n\nA note[^one] on **the** [far hakathon](https://a.example/b_(c)), <b>then</b>\n"
            "[a hakathon][ref] <!-- not this --> and more{.mark}.\n\nAnother paragraph.\n"
        )
        near, far = read_text("a.md", text, set())
        assert sighting(near, {"a.md": text}) == {
            "text": "hakathon", "before": "anoteonthefar", "behind": "thenahakathonandmore",
        }  # fmt: skip
        assert sighting(far, {"a.md": text}) == {
            "text": "hakathon", "before": "anoteonthefarhakathonthena"[-40:], "behind": "andmore",
        }  # fmt: skip

    def test_without_a_place_there_is_none(self) -> None:
        (found,) = read_text("a.md", "a hakathon", set())
        assert sighting(found, {}) is None
        assert sighting(found, {"a.md": ""}) is None
