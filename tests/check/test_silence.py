from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.check.silence import Silenced, silence
from newsletter_cli.model import Finding, Level

FILE = "sections/001/agenda.md"
KNOWN = ("image-alt-missing", "link-bare", "section-draft", "heading-bold")


def found(line: int | None, rule: str = "link-bare", *, file: str = FILE, level: Level = Level.WARNING) -> Finding:
    return Finding(file=file, rule=rule, level=level, message="!", line=line)


def hush(text: str, *findings: Finding, ignored: tuple[str, ...] = (), file: str = FILE, config: str = "") -> Silenced:
    return silence(findings, {"newsletter.toml": config, file: text}, ignored, KNOWN)


def left(text: str, *rules: str, file: str = FILE) -> list[tuple[int | None, str]]:
    """Which findings stay, when each of the rules has one on each line of the text."""
    lines = range(1, text.count("\n") + 2)
    findings = [found(line, rule, file=file) for line in lines for rule in rules]
    return [(one.line, one.rule) for one in hush(text, *findings, file=file).findings]


def lines_left(text: str, rule: str = "link-bare", *, file: str = FILE) -> list[int | None]:
    return [line for line, slug in left(text, rule, file=file) if slug == rule]


def lines_silenced(text: str, rule: str = "link-bare", *, file: str = FILE) -> list[int]:
    stays = lines_left(text, rule, file=file)
    return [line for line in range(1, text.count("\n") + 2) if line not in stays]


class TestOnTheLineAbove:
    @pytest.mark.parametrize(
        ("text", "silenced"),
        [
            ("<!-- nl: ignore link-bare -->\nhere\nthere", [2]),
            ("<!--nl:ignore link-bare-->\nhere\nthere", [2]),
            ("<!-- nl:   ignore\n  link-bare\n-->\nhere\nthere", [4]),
            ("before <!-- nl: ignore link-bare -->\nhere\nthere", [2]),
            ("<!-- nl: ignore link-bare -->\n\n  \nhere\nthere", [4]),
            ("<!-- nl: ignore link-bare --> here\nthere", [1]),
            ("<!-- nl: ignore link-bare, heading-bold -->\nhere", [2]),
            ("<!-- nl: ignore heading-bold link-bare -->\nhere", [2]),
            ("<!-- nl: ignore heading-bold -->\n<!-- nl: ignore link-bare -->\n\nhere\nthere", [4]),
            ("<!-- nl: ignore link-bare -->\n<!-- nl: ignore heading-bold -->\nhere", [3]),
            ("<!-- nl: ignore link-bare -->\r\nhere\r\nthere", [2]),
            ("- one\n<!-- nl: ignore link-bare -->\n- two", [3]),
            ("\ufeff<!-- nl: ignore link-bare -->\nhere", [2]),
            ("---\ntitle: x\n---\n<!-- nl: ignore link-bare -->\nhere\nthere", [5]),
            ("here\n<!-- nl: ignore link-bare -->", [2]),
        ],
    )
    def test_it_counts_for_what_comes_next(self, text: str, silenced: list[int]) -> None:
        assert lines_silenced(text) == silenced

    @pytest.mark.parametrize(
        "text",
        [
            "<!-- nl: ignore heading-bold -->\nhere",
            "<!-- ignore link-bare -->\nhere",
            "<!-- nl: ignored link-bare -->\nhere",
            "```\n<!-- nl: ignore link-bare -->\n```\nhere",
            "    <!-- nl: ignore link-bare -->\n\nhere",
            "`<!-- nl: ignore link-bare -->`\nhere",
            "<!-- an example: <!-- nl: ignore link-bare -->\nhere",
            "# nl: ignore link-bare\nhere",
            "nl: ignore link-bare\nhere",
            "<!-- nl: ignore link-bare\nhere",
        ],
    )
    def test_what_is_no_directive_silences_nothing(self, text: str) -> None:
        assert lines_silenced(text) == []

    def test_an_error_can_be_silenced_too(self) -> None:
        assert hush("<!-- nl: ignore link-bare -->\nhere", found(2, level=Level.ERROR)) == Silenced((), 1)

    def test_another_file_is_not_concerned(self) -> None:
        other = found(2, file="sections/001/jobs.md")
        assert hush("<!-- nl: ignore link-bare -->\nhere", other).findings == (other,)

    def test_a_finding_on_the_whole_file_has_no_line_above(self) -> None:
        whole = found(None)
        assert hush("<!-- nl: ignore link-bare -->\nhere", whole).findings == (whole,)

    def test_the_order_stays(self) -> None:
        findings = [found(9), found(2), found(5), found(1, "heading-bold")]
        text = "<!-- nl: ignore link-bare -->\nhere"
        assert hush(text, *findings).findings == (findings[0], *findings[2:])


class TestInAHeader:
    @pytest.mark.parametrize(
        ("text", "silenced"),
        [
            ("---\n# nl: ignore link-bare\ntitle: x\nauthor: y\n---\nhere", [3]),
            ("---\ntitle: x # nl: ignore link-bare\nauthor: y\n---\nhere", [2]),
            ("---\ntitle: l'agenda # nl: ignore link-bare\nauthor: y\n---\n", [2]),
            ("---\n# nl: ignore heading-bold\n# nl: ignore link-bare\n\ntitle: x\n---\n", [5]),
            ("---\nevents:\n  # nl: ignore link-bare\n  - title: x\n---\n", [4]),
            ("+++\n# nl: ignore link-bare\ntitle = 'x'\n+++\nhere", [3]),
            ('---\ntitle: "a # nl: ignore link-bare"\n---\n', []),
            ("---\ntitle: 'it''s # nl: ignore link-bare'\n---\n", []),
            ("---\ntitle: x#nl: ignore link-bare\n---\n", []),
            ("---\ntitle: x\n---\n# nl: ignore link-bare\nhere", []),
        ],
    )
    def test_comments_of_yaml_and_toml(self, text: str, silenced: list[int]) -> None:
        assert lines_silenced(text) == silenced

    def test_in_a_file_that_is_all_toml(self) -> None:
        text = '# nl: ignore link-bare\nname = "x"\n'
        assert lines_silenced(text, file="newsletter.toml") == [2]


class TestForAWholeFile:
    @pytest.mark.parametrize(
        "text",
        [
            "a\nb\n\n<!-- nl: ignore-file link-bare -->",
            "<!-- nl: ignore-file heading-bold, link-bare -->\na\nb",
            "---\n# nl: ignore-file link-bare\ntitle: x\n---\na\n",
        ],
    )
    def test_anywhere_in_it(self, text: str) -> None:
        assert lines_left(text) == []
        assert hush(text, found(None)) == Silenced((), 1)

    def test_not_from_within_code(self) -> None:
        assert hush("~~~\n<!-- nl: ignore-file link-bare -->\n~~~\n", found(None)).count == 0

    def test_in_the_configuration_for_all_files(self) -> None:
        findings = [found(1), found(None, file="newsletter.toml"), found(1, "heading-bold")]
        assert hush("", *findings, ignored=("link-bare",)) == Silenced((findings[2],), 2)


class TestUnknownRules:
    def test_a_slip_is_reported_with_what_was_meant(self) -> None:
        (stray,) = hush("x <!-- nl: ignore link-bear -->\nhere", ignored=()).findings
        assert (stray.rule, stray.level, stray.file) == ("ignore-unknown", Level.WARNING, FILE)
        assert (stray.line, stray.column, stray.length) == (1, 19, 9)
        assert "link-bear" in stray.message
        assert stray.suggestion is not None
        assert "link-bare" in stray.suggestion

    def test_the_place_is_that_of_the_word_in_a_header_and_in_a_comment_of_several_lines(self) -> None:
        text = "---\ntitle: x  # nl: ignore link-baer\n---\n<!-- nl: ignore\n   heading-bald -->\n"
        places = [(one.line, one.column, one.length) for one in hush(text).findings]
        assert places == [(2, 24, 9), (5, 4, 12)]

    def test_the_others_of_the_comment_count_all_the_same(self) -> None:
        text = "<!-- nl: ignore link-bear link-bare -->\nhere"
        assert [one.rule for one in hush(text, found(2)).findings] == ["ignore-unknown"]

    def test_in_the_configuration(self) -> None:
        config = '[check]\nignore = ["link-bare", "secton-draft"]\n'
        (stray,) = hush("", ignored=("link-bare", "secton-draft"), config=config).findings
        assert (stray.file, stray.line, stray.column, stray.length) == ("newsletter.toml", 2, 25, 12)
        assert stray.suggestion == "did you mean “section-draft”?"

    def test_a_comment_without_a_rule(self) -> None:
        (stray,) = hush("<!-- nl: ignore -->\nhere").findings
        assert (stray.rule, stray.line) == ("ignore-unknown", 1)

    def test_a_note_for_editors_is_no_directive(self) -> None:
        assert hush("<!-- nl: ignore this section if there is no news -->\nhere", found(2)).count == 0
        assert len(hush("<!-- nl: ignore this section if there is no news -->\nhere", found(2)).findings) == 1

    def test_it_can_be_silenced_itself(self) -> None:
        assert hush("<!-- nl: ignore gone-long-ago -->", ignored=("ignore-unknown",)) == Silenced((), 1)
        text = "<!-- nl: ignore-file ignore-unknown -->\n<!-- nl: ignore gone-long-ago -->"
        assert hush(text).findings == ()

    def test_a_directive_that_silences_nothing_is_fine(self) -> None:
        assert hush("<!-- nl: ignore link-bare -->\nhere") == Silenced((), 0)


PIECES = [
    "<!-- nl: ignore link-bare -->", "<!-- nl: ignore-file link-bear -->", "<!-- nl: ignore", "-->", "word",
    "\n", "\r\n", "\r", "\n\n", "---\n", "+++\n", "```\n", "`", "    ", "\t", "title: 'x'", '"',
    "# nl: ignore link-bare", "# nl: ignore , a-b", "é", "\u2028", "\ufeff", "👍", "> ", "- ", "<div>",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.integers(1, 8))
def test_no_text_breaks_it_and_nothing_is_lost(text: str, line: int) -> None:
    findings = [found(line), found(None, "section-draft"), found(line, "heading-bold")]
    result = hush(text, *findings)
    strays = [one for one in result.findings if one.rule == "ignore-unknown"]
    assert len(result.findings) - len(strays) + result.count >= len(findings)
    assert set(findings[1:]) <= set(result.findings)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    for stray in strays:
        assert stray.line is not None
        assert stray.column is not None
        assert 0 < stray.column <= len(lines[stray.line - 1])


def test_a_comment_above_a_block_of_code_is_for_all_its_lines() -> None:
    text = "a\n\n<!-- nl: ignore link-bare -->\n\n```text\nb\nc\n```\n\nd\n"
    assert lines_silenced(text) == [5, 6, 7, 8]
