from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from msgspec.structs import replace

from newsletter_cli.flows.reporting import FORMATS, View
from newsletter_cli.flows.reporting.excerpt import cells, excerpt
from newsletter_cli.model import Edit, Finding, Level, Rule

AGENDA, JOBS = "sections/002/agenda.md", "sections/002/jobs.md"
# Brought by `npm ci` in tests/flows/sarif.
SARIF = Path(__file__).parent / "sarif/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"


@dataclass(frozen=True)
class Checked:
    findings: tuple[Finding, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=lambda: {AGENDA: "Coming up", JOBS: "Jobs"})
    links: dict[str, Any] = field(default_factory=dict)
    language: dict[str, Any] = field(default_factory=dict)
    number: int = 2
    rules_silenced: int = 0


def finding(
    line: int | None = 1,
    column: int | None = None,
    length: int | None = None,
    *,
    file: str = AGENDA,
    rule: str = "a-rule",
    level: Level = Level.WARNING,
    message: str = "Something is wrong.",
    suggestion: str | None = None,
    edits: tuple[Edit, ...] = (),
) -> Finding:
    return Finding(
        file=file,
        rule=rule,
        level=level,
        message=message,
        line=line,
        column=column,
        suggestion=suggestion,
        length=length,
        edits=edits,
    )


def output(checked: Checked, view: View | None = None, name: str = "text") -> str:
    lines = FORMATS[name](checked, view or View())
    return "".join("".join(text for text, _style in line) + "\n" for line in lines)


class TestLanguage:
    def test_words_that_are_not_shown_one_by_one_are_named(self) -> None:
        words = ["imporant", "hakathon", "lunddi", "tempète", "maréees", "fichié", "aménés"]
        found = tuple(replace(finding(line, rule="misspelt"), subject=word) for line, word in enumerate(words, 1))
        assert "… and tempète, maréees, fichié, aménés (nl check --all shows where)" in output(Checked(findings=found))


class TestText:
    def test_a_finding_says_where_what_and_how_to_fix_it(self) -> None:
        one = finding(
            2, 9, 4, level=Level.ERROR, message="The 12th is a Friday.", suggestion="Write Friday.",
            rule="weekday-wrong", edits=(Edit(file=AGENDA, line=2, column=9, old="Thur", new="Fri"),),
        )  # fmt: skip
        text = output(Checked((one,), {AGENDA: "---\nWe meet Thur the 12th.\n"}))
        assert text == (
            "Coming up – 1 error\n"
            "\n"
            "  error  The 12th is a Friday.\n"
            "    sections/002/agenda.md:2:9  weekday-wrong\n"
            "      We meet Thur the 12th.\n"
            "              ^^^^\n"
            "    → Write Friday.\n"
            "    ✓ nl check --fix does it\n"
            "\n"
            "1 error; 1 can be fixed with nl check --fix\n"
            "An issue with errors cannot be sent.\n"
        )

    def test_sections_come_in_their_order_then_other_files(self) -> None:
        findings = (finding(file="newsletter.toml"), finding(file=JOBS), finding(), finding(file=JOBS))
        text = output(Checked(findings))
        heads = [line for line in text.splitlines() if " – " in line]
        assert heads == ["Coming up – 1 warning", "Jobs – 2 warnings", "newsletter.toml – 1 warning"]

    def test_nothing_found(self) -> None:
        assert output(Checked()) == "Issue 2: not a fault found. Well done.\n"
        assert output(Checked(), View(since="main")) == "Issue 2: no new fault since main.\n"

    def test_the_summary_counts(self) -> None:
        edits = (Edit(file=AGENDA, line=1, column=1, old="a", new="b"),)
        levels = [Level.ERROR] * 2 + [Level.WARNING] * 5 + [Level.INFO] * 3
        findings = [finding(level=level, rule=f"r{n}", edits=edits if n < 4 else ()) for n, level in enumerate(levels)]
        text = output(Checked(tuple(findings), rules_silenced=2), View(command="nl check 1"))
        assert "\n2 errors, 5 warnings, 3 notes; 4 can be fixed with nl check 1 --fix (2 silenced)\n" in text

    @pytest.mark.parametrize(("count", "places", "note"), [(5, 5, False), (6, 3, True), (17, 3, True)])
    def test_many_of_a_kind_are_folded(self, count: int, places: int, note: bool) -> None:
        findings = tuple(finding(line) for line in range(1, count + 1))
        text = output(Checked((*findings, finding(1, rule="another"), finding(1, file=JOBS))))
        assert text.count(f"{AGENDA}:") == places + 1
        assert (f"… and {count - 3} more of the same (nl check --all shows them)" in text) == note
        assert f"{count + 2} warnings" in text
        assert output(Checked(findings), View(shows_all=True)).count(f"{AGENDA}:") == count

    def test_what_would_fill_three_screens_is_told_by_kind_errors_first(self) -> None:
        many = tuple(finding(line, rule="typo", level=Level.INFO) for line in range(1, 600))
        others = tuple(finding(1, rule=f"rule-{n}", file=file) for n in range(20) for file in (AGENDA, JOBS))
        errors = tuple(finding(n, rule="broken", level=Level.ERROR, file=JOBS) for n in range(1, 9))
        checked = Checked((*many, *others, *errors))
        text = output(checked)
        assert text.count("\n") <= 100
        assert text.index("broken") < text.index("rule-0") < text.index("typo")
        assert "… and 598 more of the same (nl check --all shows them)" in text
        assert {f"rule-{n}" in text for n in range(20)} == {True}
        assert "8 errors, 40 warnings, 599 notes" in text
        assert output(checked, View(shows_all=True)).count("  typo\n") == 599

    @pytest.mark.parametrize("others", [1, 40])
    def test_all_notes_on_typography_are_one_whatever_the_size(self, others: int) -> None:
        notes = tuple(
            finding(line, rule="typography", level=Level.INFO, file=file) for file in (AGENDA, JOBS) for line in (1, 2)
        )
        checked = Checked((*notes, *(finding(1, rule=f"rule-{n}") for n in range(others))))
        text = output(checked)
        assert (
            "  note  typography: 4 lines are not set as books are; the e-mail is corrected in any case\n"
            f"    {AGENDA}:1, {AGENDA}:2, …  typography\n"
            "    ✓ nl check --fix corrects the sources, too; nl check --all shows each line\n"
        ) in text
        assert text.count("typography") == 2
        assert "Jobs" not in text
        assert f"{others} warning{'s' * (others > 1)}, 4 notes\n" in text
        assert output(checked, View(shows_all=True)).count("  typography\n") == 4
        assert len(json.loads(output(checked, name="json"))["findings"]) == 4 + others

    def test_typography_that_the_settings_make_a_warning_and_a_single_note_are_told_in_full(self) -> None:
        for level, count in ((Level.WARNING, 2), (Level.INFO, 1)):
            notes = tuple(finding(line, rule="typography", level=level) for line in range(1, count + 1))
            assert output(Checked(notes)).count("Something is wrong.") == count

    def test_long_sentences_are_wrapped_on_a_terminal_only(self) -> None:
        words = "word " * 40
        one = Checked((finding(message=words.strip(), suggestion=words.strip()),))
        assert max(map(len, output(one, View(width=60, is_wrapped=True)).splitlines())) <= 60
        assert max(map(len, output(one, View(width=60)).splitlines())) > 200

    def test_the_fault_is_marked_by_style_or_by_carets(self) -> None:
        one = Checked((finding(1, 3, 2),), {AGENDA: "abcdef"})
        pieces = [piece for line in FORMATS["text"](one, View(has_styles=True)) for piece in line]
        assert ("cd", "fault-warning") in pieces
        assert "^" not in "".join(text for text, _style in pieces)

    @pytest.mark.parametrize("one", [finding(None), finding(99), finding(1, 99), finding(0), finding(1, 1, 0)])
    def test_places_that_are_not_there(self, one: Finding) -> None:
        assert "Something is wrong." in output(Checked((one,), {AGENDA: "abc"}))
        assert "Something is wrong." in output(Checked((one,), {AGENDA: ""}))
        assert "Something is wrong." in output(Checked((one,)))

    def test_a_byte_order_mark_does_not_count(self) -> None:
        assert "      abc\n       ^\n" in output(Checked((finding(1, 2, 1),), {AGENDA: "\ufeffabc\n"}))


class TestExcerpt:
    @pytest.mark.parametrize(
        ("line", "column", "length", "shown", "carets"),
        [
            ("one two three", 5, 3, "one two three", "    ^^^"),
            ("one two three", 5, None, "one two three", "    ^^^"),
            ("one two three\r\n", 14, 0, "one two three", "             ^"),
            ("one", 2, 99, "one", " ^^"),
            ("   indented", 4, 2, "indented", "^^"),
            ("   indented", 1, 3, "   indented", "^^^"),
            ("a\tb\tc", 3, 1, "a   b   c", "    ^"),
            ("a\tb", 2, 1, "a   b", " ^^^"),
            ("日本 x", 4, 1, "日本 x", "     ^"),
            ("日本 x", 2, 1, "日本 x", "  ^^"),
            ("👍 x", 3, 1, "👍 x", "   ^"),
            ("e\u0301te\u0301 x", 7, 1, "e\u0301te\u0301 x", "    ^"),
            ("a\u200bb", 2, 1, "a<U+200B>b", " ^^^^^^^^"),
            ("a\u202eb", 3, 1, "a<U+202E>b", "         ^"),
            ("a\x1b[31mb", 7, 1, "a<U+001B>[31mb", "             ^"),
            ("a\u00a0b", 3, 1, "a\u00a0b", "  ^"),
        ],
    )
    def test_the_underline_is_in_its_place(
        self, line: str, column: int, length: int | None, shown: str, carets: str
    ) -> None:
        part = excerpt(line, column, length, 80)
        assert part.before + part.fault + part.after == shown
        assert part.carets == carets

    def test_without_a_column_there_is_nothing_to_underline(self) -> None:
        part = excerpt("  the line \n", None, None, 80)
        assert (part.before, part.fault, part.after, part.has_fault) == ("the line", "", "", False)

    def test_long_lines_are_cut_around_the_fault(self) -> None:
        line = "left " * 50 + "FAULT" + " right" * 50
        part = excerpt(line, 251, 5, 60)
        assert part.fault == "FAULT"
        assert part.before.startswith("…")
        assert part.before.endswith("left ")
        assert part.after.startswith(" right")
        assert part.after.endswith("…")
        assert cells(part.before + part.fault + part.after) <= 60

    def test_a_fault_at_the_end_shows_what_stands_before_it(self) -> None:
        part = excerpt("left " * 50 + "FAULT", 251, 5, 60)
        assert cells(part.before) == 55
        assert (part.fault, part.after) == ("FAULT", "")

    def test_a_fault_too_long_for_the_line_shows_its_beginning(self) -> None:
        part = excerpt("left " + "x" * 200, 6, 200, 40)
        assert part.fault.startswith("xxxx")
        assert part.fault.endswith("…")
        assert cells(part.before + part.fault + part.after) <= 40

    def test_no_letter_is_parted_from_its_accents_nor_an_emoji_from_its_parts(self) -> None:
        family = "👨\u200d👩\u200d👧"
        for width in range(20, 60):
            part = excerpt("e\u0301" * 50 + "FAULT" + family * 50, 101, 5, width)
            assert re.fullmatch(r"…(e\u0301)*", part.before)
            assert re.fullmatch(f"({family})*…", part.after)

    @given(
        st.text(alphabet="ab \t\u0301日👍\u200d\u200b\x1b\u00a0é", max_size=120),
        st.integers(1, 130),
        st.integers(0, 40) | st.none(),
        st.integers(20, 60),
    )
    @example("日" * 60, 31, 10, 21)
    def test_it_never_is_wider_than_its_room(self, line: str, column: int, length: int | None, width: int) -> None:
        part = excerpt(line, column, length, width)
        whole = part.before + part.fault + part.after
        # A cluster's parts are one emoji or several, as the terminal likes: no more than a cell or two.
        assert sum(map(cells, (part.before, part.fault, part.after))) <= width + 2
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u202e]", whole)


def test_json_is_the_contract() -> None:
    one = finding(
        2,
        9,
        4,
        suggestion="So.",
        edits=(Edit(file=AGENDA, line=2, column=9, old="a", new="b"),),
        message="x\u2028\x9b\x1b",
    )
    text = output(Checked((one,), links={"ok": 3}), name="json")
    assert json.loads(text) == {
        "issue": 2,
        "findings": [
            {
                "file": AGENDA,
                "line": 2,
                "column": 9,
                "rule": "a-rule",
                "level": "warning",
                "message": "x\u2028\x9b\x1b",
                "suggestion": "So.",
                "fixable": True,
            }
        ],
        "links": {"ok": 3},
        "language": {},
    }
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


class TestGithub:
    def test_a_command_per_finding_and_a_summary(self) -> None:
        findings = (
            finding(2, 9, 4, level=Level.ERROR, suggestion="So."),
            finding(3),
            finding(None, level=Level.INFO, file="newsletter.toml"),
        )
        assert output(Checked(findings), View(file_prefix="the letters"), name="github").splitlines() == [
            f"::error file=the letters/{AGENDA},line=2,col=9,endColumn=13,title=nl (a-rule)::Something is wrong. → So.",
            f"::warning file=the letters/{AGENDA},line=3,title=nl (a-rule)::Something is wrong.",
            "::notice file=the letters/newsletter.toml,title=nl (a-rule)::Something is wrong.",
            "1 error, 1 warning, 1 note",
        ]

    def test_nothing_gets_out_of_its_command(self) -> None:
        odd = finding(1, file="a,b:c%.md", message="50 %\r\n::error::forged: a, b")
        assert output(Checked((odd,)), name="github").splitlines()[0] == (
            "::warning file=a%2Cb%3Ac%25.md,line=1,title=nl (a-rule)::Something"[:-9]
            + "50 %25%0D%0A::error::forged: a, b"
        )


class TestSarif:
    def log(self, *findings: Finding, sources: Mapping[str, str] | None = None) -> dict[str, Any]:
        rules = (
            Rule(slug="z-rule", level=Level.ERROR, title="The last one"),
            Rule(slug="a-rule", level=Level.WARNING, title="Something", is_fixable=True),
        )
        view = View(file_prefix="été", rules=rules)
        log: dict[str, Any] = json.loads(output(Checked(findings, sources or {}), view, name="sarif"))
        return log

    def test_rules_results_and_fixes(self) -> None:
        edits = (
            Edit(file=AGENDA, line=2, column=9, old="Thur\nsday", new="Fri"),
            Edit(file=AGENDA, line=5, column=1, old="x\r\n", new=""),
            Edit(file=JOBS, line=1, column=3, old="", new="y"),
        )
        log = self.log(finding(2, 9, 4, suggestion="So.", edits=edits), finding(None, rule="front", level=Level.INFO))
        (run,) = log["runs"]
        assert log["version"] == "2.1.0"
        assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["a-rule", "front", "z-rule"]
        assert "nl: ignore a-rule" in run["tool"]["driver"]["rules"][0]["help"]["text"]
        first, second = run["results"]
        assert (first["ruleIndex"], first["level"], first["message"]["text"]) == (
            0, "warning", "Something is wrong. → So.",
        )  # fmt: skip
        location = first["locations"][0]["physicalLocation"]
        assert location["artifactLocation"]["uri"] == f"%C3%A9t%C3%A9/{AGENDA}"
        assert location["region"] == {"startLine": 2, "startColumn": 9, "endColumn": 13}
        agenda, jobs = first["fixes"][0]["artifactChanges"]
        assert [one["deletedRegion"] for one in agenda["replacements"]] == [
            {"startLine": 2, "startColumn": 9, "endLine": 3, "endColumn": 5},
            {"startLine": 5, "startColumn": 1, "endLine": 6, "endColumn": 1},
        ]
        assert jobs["replacements"][0]["deletedRegion"] == {
            "startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 3,
        }  # fmt: skip
        assert (second["ruleIndex"], second["level"]) == (1, "note")
        assert "region" not in second["locations"][0]["physicalLocation"]
        assert run["columnKind"] == "unicodeCodePoints"

    def test_a_finding_keeps_its_fingerprint_when_lines_move_and_no_two_share_one(self) -> None:
        def prints(text: str, *lines: int) -> list[str]:
            log = self.log(*(finding(line) for line in lines), sources={AGENDA: text})
            return [one["partialFingerprints"]["findingText/v1"] for one in log["runs"][0]["results"]]

        before = prints("a\nb\nb\n", 1, 2, 3)
        assert len(set(before)) == 3
        assert prints("new\n\nb\na\nb\n", 4, 3, 5) == before

    @pytest.mark.needs("sarif")
    def test_the_official_schema(self) -> None:
        edits = (
            Edit(file=AGENDA, line=1, column=1, old="a\n", new="b"),
            Edit(file=AGENDA, line=3, column=2, old="", new="c"),
        )
        findings = (finding(1, 1, 1, edits=edits), finding(None), finding(1, 5, 0), finding(3, level=Level.INFO))
        validator = Draft4Validator(json.loads(SARIF.read_text("utf-8")))
        for log in (self.log(), self.log(*findings, sources={AGENDA: "a\nb\nc\n"})):
            assert list(validator.iter_errors(log)) == []
        assert not validator.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


class TestGitlab:
    def test_an_entry_says_what_gitlab_asks_for(self) -> None:
        found = (finding(7, level=Level.ERROR, suggestion="So."), finding(None, rule="front", level=Level.INFO))
        first, second = json.loads(output(Checked(found), View(file_prefix="letters"), name="gitlab"))
        assert len(first.pop("fingerprint")) == 32
        assert first == {
            "description": "Something is wrong. → So.",
            "check_name": "a-rule",
            "severity": "major",
            "location": {"path": f"letters/{AGENDA}", "lines": {"begin": 7}},
        }
        assert (second["severity"], second["location"]["lines"]) == ("info", {"begin": 1})
        assert json.loads(output(Checked(), name="gitlab")) == []

    def test_fingerprints_stay_when_lines_move_and_differ_between_newsletters(self) -> None:
        def prints(text: str, *lines: int, prefix: str = "") -> list[str]:
            checked = Checked(tuple(map(finding, lines)), {AGENDA: text})
            return [one["fingerprint"] for one in json.loads(output(checked, View(file_prefix=prefix), name="gitlab"))]

        before = prints("a\nb\nb\n", 1, 2, 3)
        assert prints("new\n\nb\na\nb\n", 4, 3, 5) == before
        assert len({*before, *prints("a\nb\nb\n", 1, 2, 3, prefix="letters")}) == 6


class Elements(HTMLParser):
    """The names of elements, and the text between them."""

    def __init__(self, source: str):
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {"h3", "p", "table", "tr", "td", "br", "code", "b", "sub", "details", "summary", "span"}


class TestMarkdown:
    def test_what_is_wrong_is_shown_with_its_line_and_notes_are_folded(self) -> None:
        found = (
            finding(1, rule="soft", level=Level.INFO),
            finding(2, 4, 4),
            finding(2, 9, 4, level=Level.ERROR, message="Broken.", suggestion="Mend it."),
        )
        text = output(Checked(found, {AGENDA: "One.\nWe <see> you & me.\n"}), View(since="main"), name="markdown")
        assert text.startswith("<h3>Issue 2: what is new</h3>\n<p>1 error, 1 warning, 1 note")
        assert text.index("Broken.") < text.index("Something is wrong.") < text.index("<details><summary>1 note<")
        assert "<code>We &lt;see&gt;<b> you</b> &amp; me.</code><br>→ Mend it.<br>" in text
        assert f"<code>{AGENDA}:2</code>" in text

    @given(st.text() | st.sampled_from(["<script>x</script>", "| a\n\n# b", "@everybody", "</table>\n\n![](//x/y)"]))
    @example("\n\n<img src=x>\u2028\n- @all `code` [a](//b)")
    def test_nothing_that_is_quoted_is_read_as_anything_but_words(self, words: str) -> None:
        odd = finding(1, 1, message=words, suggestion=words, file=f"a{words}.md", rule=words or "x")
        text = output(Checked((odd,), {f"a{words}.md": f"{words}\nmore"}), name="markdown")
        # One block of HTML, to the end: a blank line would let Markdown begin.
        assert text.endswith("\n\n")
        assert "" not in text[:-2].split("\n")
        assert {token.type for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)} == {"html_block"}
        assert Elements(text).names <= OURS
        assert not re.search("@(?!<span></span>)", text)

    def test_however_much_is_found_it_fits(self) -> None:
        levels = [Level.WARNING, Level.ERROR, Level.INFO]
        huge = "&" * 100_000
        found = tuple(
            finding(1, 5, message=huge, suggestion=huge, file=huge, rule=huge, level=levels[n % 3])
            for n in range(3_000)
        )
        text = output(Checked(found, {huge: huge}), name="markdown")
        assert len(text.encode()) < (1 << 20)
        assert "… and 940 more" in text
        assert "warning" not in text[text.index("<table>") : text.index("</table>")]
