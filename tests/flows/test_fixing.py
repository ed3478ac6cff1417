from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.base.errors import AlreadyExists
from newsletter_cli.flows.fixing import MAX_PASSES, apply_edits, fix, write_fixed
from newsletter_cli.flows.reporting.diff import diff_lines, fixed_lines
from newsletter_cli.model import Edit, Finding, Level
from newsletter_cli.workspace.files import read_text

Check = Callable[[Mapping[str, str]], tuple[Finding, ...]]


def finding(*edits: Edit, rule: str = "some-rule") -> Finding:
    first = edits[0]
    return Finding(
        file=first.file, rule=rule, level=Level.WARNING, message="!", line=first.line, column=first.column, edits=edits
    )


def edit(line: int, column: int, old: str, new: str, file: str = "a.md") -> Edit:
    return Edit(file=file, line=line, column=column, old=old, new=new)


def applied(text: str, *findings: Finding) -> str:
    return apply_edits(findings, {"a.md": text})[0]["a.md"]


class TestApplying:
    def test_at_its_place(self) -> None:
        assert applied("one\ntwo two\n", finding(edit(2, 5, "two", "three"))) == "one\ntwo three\n"

    def test_insertion_and_deletion_at_the_ends(self) -> None:
        ends = finding(edit(1, 1, "", "<"), edit(2, 4, "", ">"))
        assert applied("one\ntwo", ends) == "<one\ntwo>"
        assert applied("one\ntwo\n", finding(edit(3, 1, "", "more"))) == "one\ntwo\nmore"
        assert applied("one\ntwo\n", finding(edit(1, 1, "one\ntwo\n", ""))) == ""
        assert applied("", finding(edit(1, 1, "", "x"))) == "x"

    def test_over_line_ends(self) -> None:
        assert applied("one\r\ntwo\r\n", finding(edit(1, 3, "e\r\nt", "e t"))) == "one two\r\n"

    @pytest.mark.parametrize(
        "stale",
        [
            edit(1, 1, "two", "x"),
            edit(1, 5, "", "x"),
            edit(1, 9, "", "x"),
            edit(9, 1, "", "x"),
            edit(0, 1, "one", "x"),
            edit(1, 0, "one", "x"),
            edit(1, 1, "one", "one"),
            edit(1, 1, "one", "x", file="unknown.md"),
        ],
    )
    def test_what_does_not_fit_changes_nothing(self, stale: Edit) -> None:
        assert applied("one\ntwo", finding(stale)) == "one\ntwo"
        assert apply_edits([finding(stale)], {"a.md": "one\ntwo"})[1] == []

    def test_a_finding_is_fixed_whole_or_not_at_all(self) -> None:
        half = finding(edit(1, 1, "one", "1"), edit(2, 1, "gone", ""))
        assert applied("one\ntwo", half) == "one\ntwo"
        assert applied("one\ntwo", half, finding(edit(1, 1, "one", "ONE"))) == "ONE\ntwo"

    def test_over_several_files(self) -> None:
        both = finding(edit(1, 1, "a", "A"), edit(1, 1, "b", "B", file="b.md"))
        assert apply_edits([both], {"a.md": "a", "b.md": "b"})[0] == {"a.md": "A", "b.md": "B"}

    def test_of_two_that_overlap_the_first_one_wins(self) -> None:
        first, second = finding(edit(1, 1, "one two", "1 2")), finding(edit(1, 5, "two three", "2 3"))
        texts, done = apply_edits([first, second], {"a.md": "one two three"})
        assert (texts["a.md"], done) == ("1 2 three", [first])

    def test_one_around_many_waits_for_them(self) -> None:
        small = [finding(edit(1, column, "x", "y")) for column in (2, 5, 8)]
        around = finding(edit(1, 1, "-x--x--x-", ""))
        assert applied("-x--x--x-", *small, around) == "-y--y--y-"

    def test_two_insertions_at_one_place_have_no_order(self) -> None:
        assert applied("x", finding(edit(1, 1, "", "a")), finding(edit(1, 1, "", "b"))) == "ax"

    def test_neighbours_do_not_overlap(self) -> None:
        pair = (finding(edit(1, 4, "two", "2")), finding(edit(1, 1, "one", "1")))
        assert applied("onetwo", *pair) == "12"

    def test_lines_are_counted_behind_a_byte_order_mark_which_stays(self) -> None:
        assert applied("\ufeffone\ntwo", finding(edit(1, 1, "one", "1"))) == "\ufeff1\ntwo"

    @pytest.mark.parametrize(("newline", "text"), [("\r\n", "a\r\nb\r\n"), ("\r", "a\rb\r"), ("\n", "a\nb\n")])
    def test_new_line_ends_are_those_of_the_file(self, newline: str, text: str) -> None:
        assert applied(text, finding(edit(2, 1, "b", "b\n- c"))) == text.replace("b", f"b{newline}- c")

    def test_only_these_end_a_line(self) -> None:
        assert applied("a\u2028b\x0cc\nd", finding(edit(2, 1, "d", "D"))) == "a\u2028b\x0cc\nD"


def checks(*rules: Check) -> Check:
    return lambda texts: tuple(found for rule in rules for found in rule(texts))


def replacing(old: str, new: str, base: str) -> Check:
    """A rule `OLD-NEW`, of one finding per place."""

    def check(texts: Mapping[str, str]) -> Iterator[Finding]:
        for number, line in enumerate(texts.get("a.md", base).splitlines(), 1):
            at = line.find(old)
            while at >= 0:
                yield finding(edit(number, at + 1, old, new), rule=f"{old}-{new}")
                at = line.find(old, at + 1)

    return lambda texts: tuple(check(texts))


class TestFixing:
    def test_again_and_again_until_nothing_is_left(self) -> None:
        base = "aaaaa\n"
        fixed = fix(replacing("aa", "a", base), {"a.md": base})
        assert fixed.texts == {"a.md": "a\n"}
        assert fixed.rules_fixed == {"aa-a": 4}

    def test_what_one_rule_leaves_another_may_find(self) -> None:
        base = "x y\n"
        fixed = fix(checks(replacing("x", "y", base), replacing("y", "z", base)), {"a.md": base})
        assert fixed.texts == {"a.md": "z z\n"}
        assert fixed.rules_fixed == {"x-y": 1, "y-z": 2}

    def test_nothing_to_fix(self) -> None:
        plain = Finding(file="a.md", rule="plain", level=Level.ERROR, message="!")
        fixed = fix(lambda _texts: (plain,), {"a.md": "x", "b.md": "y"})
        assert (fixed.texts, fixed.findings_fixed) == ({}, ())

    def test_only_what_changed_is_handed_on(self) -> None:
        seen = []

        def check(texts: Mapping[str, str]) -> tuple[Finding, ...]:
            seen.append(dict(texts))
            return replacing("x", "y", "x")(texts)

        assert fix(check, {"a.md": "x", "b.md": "x"}).texts == {"a.md": "y"}
        assert seen == [{}, {"a.md": "y"}]

    def test_rules_that_undo_each_other_leave_the_text_alone_and_the_others_do_their_work(self) -> None:
        base = "x q\n"
        quarrel = checks(replacing("x", "y", base), replacing("y", "x", base), replacing("q", "p", base))
        fixed = fix(quarrel, {"a.md": base})
        assert fixed.texts == {"a.md": "x p\n"}
        assert fixed.rules_fixed == {"q-p": 1}

    def test_nothing_is_fixed_so_that_it_cannot_be_read_any_more(self) -> None:
        base = "x q\n"

        def check(texts: Mapping[str, str]) -> tuple[Finding, ...]:
            if "y" in texts.get("a.md", base):
                return (Finding(file="a.md", rule="content-unusable", level=Level.ERROR, message="!"),)
            return checks(replacing("x", "y", base), replacing("q", "p", base))(texts)

        fixed = fix(checks(check), {"a.md": base})
        assert fixed.texts == {}
        assert fixed.findings_fixed == ()

    def test_a_rule_that_never_ends_is_left_out(self) -> None:
        calls = []

        def check(texts: Mapping[str, str]) -> tuple[Finding, ...]:
            calls.append(1)
            return (finding(edit(1, 1, "", "x"), rule="endless"),)

        assert fix(check, {"a.md": ""}).texts == {}
        assert len(calls) <= 2 * MAX_PASSES


letters = st.text(alphabet="ab \n", min_size=1, max_size=4)


@settings(deadline=None)
@given(
    st.text(alphabet="abc \r\n\ufeff", max_size=60),
    st.lists(st.tuples(letters.filter(str.strip), letters), max_size=4),
)
def test_a_second_time_changes_nothing_and_only_edited_places_have_changed(
    base: str, pairs: list[tuple[str, str]]
) -> None:
    def check_of(text: str) -> Check:
        return checks(*(replacing(old, new, text) for old, new in pairs))

    once = fix(check_of(base), {"a.md": base})
    result = once.texts.get("a.md", base)
    again = fix(check_of(result), {"a.md": result})
    assert again.texts == {}
    assert result.startswith("\ufeff") == base.startswith("\ufeff")
    # `c` is in no edit: each stays, and what is not in a text is in no result.
    assert result.count("c") == base.count("c")
    if not once.findings_fixed:
        assert result == base


@settings(deadline=None)
@given(st.data())
def test_edits_at_random_places_change_these_places_only(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="xyé👍 \r\n", max_size=40))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    starts = [0, *(place + 1 for place, sign in enumerate(text) if ends_line(text, place, sign))]
    findings, expected, position = [], "", 0
    for start, end in spans:
        line = max(index for index, begin in enumerate(starts) if begin <= start)
        findings.append(finding(edit(line + 1, start - starts[line] + 1, text[start:end], "NEW")))
        expected += text[position:start] + "NEW"
        position = end
    shuffled = data.draw(st.permutations(findings))
    result, done = apply_edits(shuffled, {"a.md": text})
    assert result == {"a.md": expected + text[position:]}
    assert len(done) == len(findings)


def ends_line(text: str, place: int, sign: str) -> bool:
    return sign == "\n" or (sign == "\r" and text[place + 1 : place + 2] != "\n")


class TestWriting:
    @pytest.mark.parametrize(
        "before",
        [
            b"one\ntwo\n",
            b"one\r\ntwo\r\n",
            b"one\rtwo",
            b"one\ntwo\r\nthree",
            b"\xef\xbb\xbfone\ntwo\n",
            "one\nété\n".encode("utf-16"),
            b"\xfe\xff" + "one\nété\n".encode("utf-16-be"),
        ],
    )
    def test_all_else_stays_as_it_is_by_the_byte(self, tmp_path: Path, before: bytes) -> None:
        path = tmp_path / "a.md"
        path.write_bytes(before)
        text = read_text(path, name="a.md")
        changed = applied(text, finding(edit(1, 1, "one", "un…")))
        write_fixed(tmp_path, {"a.md": text}, {"a.md": changed})
        wide = before.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding = "utf-8" if not wide else "utf-16-le" if before.startswith(b"\xff") else "utf-16-be"
        assert path.read_bytes() == before.replace("one".encode(encoding), "un…".encode(encoding), 1)
        assert [other.name for other in tmp_path.iterdir()] == ["a.md"]

    def test_the_mark_stays_when_the_texts_came_without_it(self, tmp_path: Path) -> None:
        (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone")
        write_fixed(tmp_path, {"a.md": "one"}, {"a.md": "two"})
        assert (tmp_path / "a.md").read_bytes() == b"\xef\xbb\xbftwo"

    def test_a_file_that_changed_meanwhile_is_left_alone_and_so_are_the_others(self, tmp_path: Path) -> None:
        for name in ("a.md", "b.md"):
            (tmp_path / name).write_text("one\n")
        (tmp_path / "b.md").write_text("one, and more\n")
        with pytest.raises(AlreadyExists, match="changed meanwhile") as caught:
            write_fixed(tmp_path, {"a.md": "one\n", "b.md": "one\n"}, {"a.md": "1\n", "b.md": "1\n"})
        assert caught.value.file == "b.md"
        assert (tmp_path / "a.md").read_text() == "one\n"
        assert (tmp_path / "b.md").read_text() == "one, and more\n"

    @pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
    def test_links_and_modes_survive(self, tmp_path: Path) -> None:
        real = tmp_path / "elsewhere" / "real.md"
        real.parent.mkdir()
        real.write_text("one\n")
        real.chmod(0o640)
        (tmp_path / "a.md").symlink_to("elsewhere/real.md")
        write_fixed(tmp_path, {"a.md": "one\n"}, {"a.md": "two\n"})
        assert (tmp_path / "a.md").is_symlink()
        assert real.read_text() == "two\n"
        assert stat.S_IMODE(real.stat().st_mode) == 0o640


def shown(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return ["".join(text for text, _style in line) for line in diff_lines(before, after)]


class TestDiff:
    def test_it_is_a_unified_one_of_what_changed(self) -> None:
        before = {"a.md": "1\n2\n3\n4\n5\n", "b.md": "same\n"}
        assert shown(before, {"a.md": "1\n2\n3!\n4\n5\n"}) == [
            "--- a/a.md", "+++ b/a.md", "@@ -2,3 +2,3 @@", " 2", "-3", "+3!", " 4",
        ]  # fmt: skip

    def test_lines_that_change_stand_beside_each_other(self) -> None:
        assert shown({"a.md": "1\n2\n"}, {"a.md": "1!\n2!\n"})[3:] == ["-1", "+1!", "-2", "+2!"]
        assert shown({"a.md": "1\n2\n"}, {"a.md": "12\n"})[3:] == ["-1", "-2", "+12"]

    def test_what_differs_is_marked_and_named_where_it_would_not_show(self) -> None:
        before, after = "Quoi ? Ri\u200ben \u00a0.\n", "Quoi\u202f? Rien \u00a0.\n"
        pieces = [piece for line in diff_lines({"a.md": before}, {"a.md": after}) for piece in line]
        assert ("<U+202F>", "added-mark") in pieces
        assert (" ", "removed-mark") in pieces
        assert "-Quoi ? Ri<U+200B>en \u00a0." in shown({"a.md": before}, {"a.md": after})

    def test_how_much_was_fixed_by_rule(self) -> None:
        text = ["".join(text for text, _style in line) for line in fixed_lines({"a-b": 1, "c": 12}, is_dry_run=False)]
        assert text == ["13 faults fixed:", "     1 × a-b", "    12 × c"]
        assert "nothing" in next(iter(fixed_lines({}, is_dry_run=True)))[0][0]
