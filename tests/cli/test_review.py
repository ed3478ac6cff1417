"""`nl check --review`, with somebody at the keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import inside
from tests.check.language.fake import fake_program
from tests.cli.keyboard import step_by_step
from tests.workspaces import CONFIG, ISSUE, make_workspace

FRENCH = CONFIG.replace('"en"', '"fr"')
NEWS = (
    "---\nauthor: Grace\n---\nLe 1 mai, la 2ème barque revient au coeur\u00a0du port.\n\n"
    "Un Etat, et la barque passe sur sur la mer.\n"
)
KEYS = "q quit · ?"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    make_workspace(tmp_path, FRENCH, {1: {**ISSUE, "news.md": NEWS}})
    return tmp_path / "sections" / "001" / "news.md"


def reviewed(news: Path, *typed: str, **env: str) -> tuple[int, str]:
    """The review on a terminal that gives whole lines."""
    done = inside.call("check", "--review", cwd=news.parents[2], typed="".join(f"{line}\n" for line in typed), env=env)
    return done.status, done.out + done.err


def test_each_proposal_is_written_before_the_next_question(news: Path) -> None:
    status, shown = reviewed(news, "1", "1", "1", "1", "1", "q")
    assert status == 0
    assert news.read_text("utf-8") == (
        "---\nauthor: Grace\n---\nLe 1er mai, la 2e barque revient au cœur\u00a0du port.\n\n"
        "Un État, et la barque passe sur la mer.\n"
    )
    assert "5 changed, 0 words added, 0 silenced, 0 kept" in shown
    assert "That was the last one." in shown


def test_the_finding_stands_in_its_sentence_with_its_words_marked(news: Path) -> None:
    _status, shown = reviewed(news, "k", "k", "k", "q")
    lines = shown.splitlines()
    at = next(index for index, line in enumerate(lines) if "Un Etat, et la barque" in line)
    assert lines[at + 1].index("^^^^") == lines[at].index("Etat")
    assert lines[at + 2].split() == ["1", "État"]


def test_keep_other_words_undo_and_silence(news: Path) -> None:
    _status, shown = reviewed(news, "", "e", "deuxième", "u", "k", "i", "q")
    text = news.read_text("utf-8")
    assert text == NEWS.replace("---\nLe 1", "---\n<!-- nl: ignore language-slip -->\nLe 1")
    assert "2 are left; nl check --review goes on" in shown
    # What was silenced is silent from now on, the others are still there.
    assert "language-slip" not in inside.run("check", cwd=news.parents[2]).stdout.split("Un Etat")[0]


def test_a_file_that_somebody_saves_meanwhile_is_not_overwritten(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsletter_cli.cli import review

    keys = iter("1k1q")

    def pressed() -> object:
        for index, key in enumerate(keys):
            if index == 1:
                news.write_text(news.read_text("utf-8").replace("Un Etat", "Voici un Etat"), "utf-8")
            yield key

    monkeypatch.setattr(review, "read_keys", pressed)
    _status, shown = reviewed(news)
    assert "sections/001/news.md has been saved by somebody else meanwhile: it is read anew" in shown
    assert "Voici un Etat" in news.read_text("utf-8")
    assert "Le 1er mai" in news.read_text("utf-8")


def test_nothing_to_review_is_said(tmp_path: Path) -> None:
    make_workspace(tmp_path, FRENCH, {1: ISSUE})
    status, shown = inside.at_keyboard(tmp_path, "check", "--review", "--no-language", typed="")
    assert status == 0
    assert "nothing to review" in shown


def test_single_keys_of_a_real_terminal_and_ctrl_c_loses_nothing(news: Path) -> None:
    steps = [(KEYS, "1"), (KEYS, "e"), ("instead of", "deuxième\r"), (KEYS, "u"), (KEYS, "\x1b[C"), (KEYS, "\x03")]
    status, shown = step_by_step(news.parents[2], "check", "--review", steps=steps, env={"NO_COLOR": "1"})
    assert status == 130
    assert news.read_text("utf-8") == NEWS.replace("1 mai", "1er mai")
    assert "1 changed, 0 words added, 0 silenced, 1 kept" in shown
    assert "Traceback" not in shown


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
def test_a_word_goes_into_the_newsletters_own_and_is_not_asked_about_again(news: Path, tmp_path: Path) -> None:
    fake_program(tmp_path / "bin")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    news.write_text("---\nauthor: Grace\n---\nJ’ai rejoins un hakathon.\n\nLe hakathon et le imporant.\n", "utf-8")
    typed = ("1", "w", "u", "w", "a paste of words", "e", "important", "q")
    _status, shown = reviewed(news, *typed, PATH=path, NL_NO_LANGUAGE="")
    assert news.read_text("utf-8").endswith("J’ai rejoint un hakathon.\n\nLe hakathon et le important.\n")
    assert (news.parents[2] / "words.txt").read_text("utf-8") == "hakathon\n"
    assert "added to words.txt: hakathon" in shown
    assert "2 changed, 1 word added" in shown
