"""Three texts → one: what either side wrote is in the result, or between marks."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.conflicts import find_conflicts
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.pads.body import trimmed
from newsletter_cli.pads.merge import Merged, merge_body
from tests.examples import examples

NAMES = ("here, in agenda.md (nl pull)", "in the pad (nl pull)")
# What Markdown is made of, repeated lines and all; those of conflicts among them.
COMMON = ["", "Come along.", "- a tea", "- a walk", "```", "=======", "---", "> quoted", "# Title", "    code", "fin  "]


def merge(own: str, base: str | None, pad: str, newline: str = "\n") -> Merged:
    return merge_body(own, base, pad, newline=newline, names=NAMES)


@st.composite
def edited(draw: st.DrawFn, lines: list[str], whose: str) -> list[str]:
    """The lines, some taken out, others put in: words of one's own, or what stands in many texts."""
    result: list[str] = []
    for number, line in enumerate([*lines, None]):
        for extra in range(draw(st.integers(0, 2)) if draw(st.booleans()) else 0):
            result.append(draw(st.sampled_from([f"{whose} {number}.{extra}", *COMMON])))
        if line is not None and draw(st.integers(0, 4)):
            result.append(line)
    return result


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[str, str, str]:
    base = draw(st.lists(st.one_of(st.sampled_from(COMMON), st.integers(0, 9).map("line {}".format)), max_size=12))
    ours, theirs = draw(edited(base, "local")), draw(edited(base, "pad"))
    texts = ["".join(f"{line}\n" for line in lines) for lines in (ours, base, theirs)]
    return texts[0], trimmed(texts[1]), trimmed(texts[2])


def words_of(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in split_lines(text) if line.strip()]


class TestWhatEitherSideWrote:
    @given(three_texts(), st.booleans())
    @examples(300)
    def test_stands_in_the_result_or_between_marks(self, texts: tuple[str, str, str], has_base: bool) -> None:
        own, base, pad = texts
        if not pad:
            return
        known = base if has_base else None
        merged = merge(own, known, pad)
        found = Counter(words_of(merged.text))
        for side in (own, pad):
            written = Counter(words_of(side)) - Counter(words_of(base) if has_base else [])
            assert written - found == Counter()
        # What both sides kept is there, too; of two lines that are alike, each side may have taken out another.
        once = {line for line in words_of(base) if words_of(base).count(line) == 1}
        kept = set(words_of(own)) & set(words_of(pad)) & (once if has_base else set(words_of(own)))
        assert kept <= set(words_of(merged.text))
        marks = list(find_conflicts(split_lines(merged.text), is_markdown=True))
        assert len(marks) == merged.conflicts
        assert (merged.result == "conflict") == bool(marks)
        assert not any(mark.is_in_code for mark in marks)
        assert (merged.result == "unchanged") == (merged.text == own)

    @given(three_texts())
    @examples(100)
    def test_pulling_again_changes_nothing(self, texts: tuple[str, str, str]) -> None:
        own, base, pad = texts
        if pad:
            once = merge(own, base, pad).text
            assert merge(once, pad, pad) == Merged(text=once, result="unchanged")

    @given(three_texts(), st.sampled_from(["\n", "\r\n", "\r"]))
    @examples(100)
    def test_one_side_alone_is_taken_as_it_is(self, texts: tuple[str, str, str], newline: str) -> None:
        own, base, pad = (text.replace("\n", newline) for text in texts)
        pad, base = pad.replace(newline, "\n"), base.replace(newline, "\n")
        assert merge(own, base, base, newline).text == own
        if pad:
            mine = base.replace("\n", newline)
            merged = merge(mine, base, pad, newline)
            assert trimmed(merged.text.replace(newline, "\n")) == pad
            assert merged.result == ("unchanged" if pad == base else "updated")

    @given(three_texts())
    @examples(100)
    def test_the_line_ends_of_windows_change_nothing_of_it(self, texts: tuple[str, str, str]) -> None:
        own, base, pad = texts
        if pad:
            plain, windows = merge(own, base, pad), merge(own.replace("\n", "\r\n"), base, pad, "\r\n")
            assert windows.text == plain.text.replace("\n", "\r\n")
            assert windows.result == plain.result


class TestAroundTheText:
    def test_guidance_stays_above_what_comes_from_the_pad(self) -> None:
        guidance = "\n<!-- nl:\nTwo to six.\n-->\n\n<!-- nl: Write below. -->\n"
        first = merge(guidance, None, "Come.\n")
        assert (first.text, first.result) == (f"{guidance}\nCome.\n", "updated")
        # The line below it is changed in the pad: the guidance is no change of ours.
        assert merge(first.text, "Come.\n", "Do come.\n").text == f"{guidance}\nDo come.\n"

    def test_guidance_that_was_pasted_into_the_pad_is_no_change(self) -> None:
        own = "\n<!-- nl: Write below. -->\n\n"
        assert merge(own, None, "<!-- nl: Write below. -->\n\nCome.\n").text == f"{own}Come.\n"

    def test_a_directive_stays_with_its_line(self) -> None:
        own = "<!-- nl: ignore link-text -->\n[here](https://example.org)\n"
        merged = merge(own, "", "First.\n")
        assert merged.result == "conflict"
        assert "<!-- nl: ignore link-text -->\n[here]" in merged.text

    @pytest.mark.parametrize("end", ["", "\n", "\n\n  \n", "\r\n"])
    def test_the_end_of_the_file_is_kept(self, end: str) -> None:
        assert merge(f"one\ntwo{end}", "one\ntwo\n", "one\n2\n").text == f"one\n2{end}"

    def test_lines_that_end_otherwise_than_the_rest_stay_so(self) -> None:
        assert merge("a\r\nb\nc\r\n", "a\nb\nc\n", "a\nb\nc\nd\n", "\r\n").text == "a\r\nb\nc\r\nd\r\n"

    def test_an_empty_section_takes_the_text_below_a_blank_line(self) -> None:
        assert merge("", None, "Come.\n").text == "\nCome.\n"

    def test_without_a_base_nothing_is_overwritten(self) -> None:
        merged = merge("Come.\nMine.\n", None, "Come.\nYours.\n")
        assert merged.text == (
            "Come.\n<<<<<<< here, in agenda.md (nl pull)\nMine.\n=======\nYours.\n>>>>>>> in the pad (nl pull)\n"
        )

    def test_what_was_only_set_otherwise_here_is_no_change(self) -> None:
        base = 'L\'eau monte : qui vient ?\n"Nous", dit Zoé...\nFin!\n'
        own = "L’eau monte\u00a0: qui vient\u202f?\n«\u00a0Nous\u00a0», dit Zoé…\nFin\u202f!\n"
        assert merge(own, base, base).text == own
        merged = merge(own, base, base.replace("Zoé", "Léa"))
        assert (merged.result, merged.text) == ("updated", own.splitlines(True)[0] + '"Nous", dit Léa...\nFin\u202f!\n')
        # Words are another matter.
        assert merge(own.replace("Zoé", "Ida"), base, base.replace("Zoé", "Léa")).conflicts == 1

    def test_a_conflict_inside_code_is_no_example(self) -> None:
        merged = merge("```\nmine\n```\n", "```\nold\n```\n", "```\nyours\n```\n")
        assert merged.conflicts == 1
        assert [one.is_in_code for one in find_conflicts(split_lines(merged.text), is_markdown=True)] == [False]


def test_no_configuration_of_git_changes_the_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text("[merge]\n\tconflictStyle = diff3\n[core]\n\tautocrlf = true\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig"))
    monkeypatch.setenv("GIT_DIR", os.fspath(tmp_path / "nowhere"))
    assert "|||||||" not in merge("a\nb\n", "a\nc\n", "a\nd\n").text
