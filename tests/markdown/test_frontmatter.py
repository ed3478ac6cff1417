from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.markdown.frontmatter import (
    Document,
    Header,
    dump_header,
    parse_header,
    split_header,
)
from newsletter_cli.model import Level, Status
from tests.examples import examples

PARIS = timezone(timedelta(hours=1))


def header_of(text: str) -> Header:
    return parse_header(split_header(text), file="post.md")


def values_of(text: str) -> dict[str, Any]:
    return header_of(text).values


class TestSplit:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "---\na: 1\n---\n\nBody \n\n",
                Document(header="a: 1\n", body="\nBody \n\n", header_line=2, body_line=4, style="yaml"),
            ),
            (
                "---\r\na: 1\r\n---\r\nBody\r\n",
                Document(header="a: 1\r\n", body="Body\r\n", header_line=2, body_line=4, style="yaml"),
            ),
            (
                "---\ra: 1\r---\rBody\r",
                Document(header="a: 1\r", body="Body\r", header_line=2, body_line=4, style="yaml"),
            ),
            (
                "\ufeff\n \t\n---  \na: 1\n---\t\n  Body",
                Document(header="a: 1\n", body="  Body", header_line=4, body_line=6, style="yaml"),
            ),
            (
                "---\na: 1\n...\n---\nBody",
                Document(header="a: 1\n", body="---\nBody", header_line=2, body_line=4, style="yaml"),
            ),
            ("---\na: 1\n---", Document(header="a: 1\n", body="", header_line=2, body_line=4, style="yaml")),
            ("---\n---\nBody", Document(header="", body="Body", header_line=2, body_line=3, style="yaml")),
            ("---\n\n---\nBody", Document(header="\n", body="Body", header_line=2, body_line=4, style="yaml")),
            (
                "---\n# note\na: 1\n---\n",
                Document(header="# note\na: 1\n", body="", header_line=2, body_line=5, style="yaml"),
            ),
            ("---\n\na: 1\n---\n", Document(header="\na: 1\n", body="", header_line=2, body_line=5, style="yaml")),
            (
                "---\na: |\n  ---\n---\nBody",
                Document(header="a: |\n  ---\n", body="Body", header_line=2, body_line=5, style="yaml"),
            ),
            (
                "+++\na = 1\n+++\n\nBody",
                Document(header="a = 1\n", body="\nBody", header_line=2, body_line=4, style="toml"),
            ),
            (
                "Title: A\nDate: B\n\n\nBody",
                Document(header="Title: A\nDate: B\n", body="\nBody", header_line=1, body_line=4, style="pelican"),
            ),
            ("\n\nSlug: a\n", Document(header="Slug: a\n", body="", header_line=3, body_line=5, style="pelican")),
            (
                "Title: A\n    goes on\n\nB",
                Document(header="Title: A\n    goes on\n", body="B", header_line=1, body_line=4, style="pelican"),
            ),
        ],
    )
    def test_a_header_is_cut_off_and_nothing_else(self, text: str, expected: Document) -> None:
        assert split_header(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n \n",
            "Body",
            "---\n",
            "---\n\nProse after a rule.\n\n---\n\nMore.\n",
            "---\nProse after a rule.\n\nMore: prose.\n\n---\n",
            "---\n\n# Heading\n\nNote: prose.\n\n---\n",
            "----\na: 1\n----\n",
            " ---\na: 1\n---\n",
            "+++\nProse.\n",
            "Note: this is prose.\n\nBody",
            "Note: this is prose.\nWarning: so is this.\n\nBody",
            "Title: A\nand prose.\n\nBody",
            "https://example.org/title:\ntitle://x\n\nBody",
            "12:30 title: x\n\nBody",
            "text\n---\na: 1\n---\n",
        ],
    )
    def test_prose_is_no_header(self, text: str) -> None:
        assert split_header(text) == Document(header=None, body=text)

    def test_a_byte_order_mark_is_no_part_of_the_body(self) -> None:
        assert split_header("\ufeff# A\n") == Document(header=None, body="# A\n")

    def test_only_the_wanted_styles_are_headers(self) -> None:
        assert split_header("Title: prose\n\nBody", styles=["yaml"]).style is None

    @pytest.mark.parametrize(
        ("text", "line"), [("---\ntitle: A\n\nBody\n", 1), ("\n\n---\ntitle: A", 3), ("+++\na = 1\n\nBody", 1)]
    )
    def test_a_header_never_closed_is_an_error_with_its_line(self, text: str, line: int) -> None:
        with pytest.raises(FrontMatterError) as caught:
            split_header(text, file="post.md")
        assert (caught.value.file, caught.value.line) == ("post.md", line)
        assert caught.value.hint

    @examples(25)
    @given(
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.one_of(
            st.text(), st.lists(st.sampled_from(["---\n", "...", "\r", "\n", " ", "a: b", "+++", "é"])).map("".join)
        ),
    )
    def test_the_body_is_kept_to_the_byte(self, newline: str, body: str) -> None:
        head = f"---{newline}title: A{newline}---{newline}"
        if newline == "\r" and body.startswith("\n"):
            body = "x" + body
        document = split_header(head + body)
        assert (document.header, document.body) == (f"title: A{newline}", body)


class TestValues:
    def test_values_are_plain_and_times_keep_their_offset(self) -> None:
        assert values_of(
            '---\ntitle: "Newsletter #1 !"\ndate: 2023-03-28T13:00:00+01:00\nday: 2023-03-28\n'
            "images: \n    - /img/a.png\nempty:\nnested: {a: [1, é]}\n---\n"
        ) == {
            "title": "Newsletter #1 !",
            "date": datetime(2023, 3, 28, 13, tzinfo=PARIS),
            "day": date(2023, 3, 28),
            "images": ["/img/a.png"],
            "empty": None,
            "nested": {"a": [1, "é"]},
        }

    def test_the_offset_survives(self) -> None:
        assert values_of("---\nd: 2023-03-28T13:00:00+01:00\n---\n")["d"].utcoffset() == timedelta(hours=1)

    def test_no_header_has_no_values(self) -> None:
        assert header_of("Body") == Header(file="post.md")
        assert values_of("---\n---\n") == {}
        assert values_of("---\n# only a comment\n---\n") == {}

    def test_what_only_looks_like_a_date_or_number_stays_text(self) -> None:
        assert values_of("---\na: 2023-02-30\nb: 0x_\n---\n") == {"a": "2023-02-30", "b": "0x_"}

    def test_keys_are_text_as_typed(self) -> None:
        assert list(values_of("---\non: 1\n2023: 2\nyes: 3\n~: 4\nm: {no: 1}\n---\n")) == [
            "on",
            "2023",
            "yes",
            "~",
            "m",
        ]

    def test_merged_keys_keep_their_own_values(self) -> None:
        values = values_of("---\nbase: &b {x: 1}\n<<: *b\ny: 2\n---\n")
        assert values["x"] == 1
        assert values["y"] == 2
        assert values["base"] == {"x": 1}

    def test_toml(self) -> None:
        assert values_of('+++\r\ntitle = "A"\r\ndate = 2023-05-02T09:00:00Z\r\n[params]\r\nx = [1]\r\n+++\r\n') == {
            "title": "A",
            "date": datetime(2023, 5, 2, 9, tzinfo=UTC),
            "params": {"x": [1]},
        }

    def test_pelican_keys_are_lower_case_and_values_text(self) -> None:
        assert values_of("Title: A: b\nNumber: 500\nSummary: one\n    two\nEmpty:\n\nBody") == {
            "title": "A: b",
            "number": "500",
            "summary": "one two",
            "empty": "",
        }

    def test_scalars_as_they_were_typed(self) -> None:
        text = "---\ntitle: 12:30\nslug: 007\nsummary: No\nempty:\nquoted: '1'\nlist: [a]\nx: 1.10\n---\n"
        assert header_of(text).typed == {
            ("title",): "12:30",
            ("slug",): "007",
            ("summary",): "No",
            ("quoted",): "1",
            ("list", 0): "a",
            ("x",): "1.10",
        }
        assert header_of('+++\na = "x"\nb = [1]\n+++\n').typed == {("a",): "x", ("b", 0): "1"}


class TestRepair:
    @pytest.mark.parametrize(
        ("header", "values", "lines"),
        [
            ("title: X\n date: y\n", {"title": "X", "date": "y"}, [3]),
            ('title: "X"\n date: y\nslug: z\n', {"title": "X", "date": "y", "slug": "z"}, [3]),
            (" title: X\ndate: y\n", {"title": "X", "date": "y"}, [2]),
            ("images:\n    - a\n date: y\n", {"images": ["a"], "date": "y"}, [4]),
            ("title: X\n images:\n  - a\nslug: z\n", {"title": "X", "images": ["a"], "slug": "z"}, [3]),
            ("summary: |\n    text\n date: y\n", {"summary": "text\n", "date": "y"}, [4]),
            ("title: X\n date: y\n slug: z\n", {"title": "X", "date": "y", "slug": "z"}, [3, 4]),
        ],
    )
    def test_an_indented_key_is_read_and_reported(self, header: str, values: dict[str, str], lines: list[int]) -> None:
        parsed = header_of(f"---\n{header}---\n")
        assert parsed.values == values
        assert [finding.line for finding in parsed.findings] == lines
        assert {(f.rule, f.level, f.file) for f in parsed.findings} == {
            ("front-matter-indented-key", Level.WARNING, "post.md")
        }
        assert parsed.lines[list(values)[-1],] >= lines[0]

    @pytest.mark.parametrize("header", ["params:\n  a: 1\n", "title: X\nmap:\n  date: y\n", "a: |\n  b: c\n  d: e\n"])
    def test_valid_nesting_is_left_alone(self, header: str) -> None:
        assert header_of(f"---\n{header}---\n").findings == ()

    @pytest.mark.parametrize("header", ["params:\n    a: 1\n  b: 2\n", "params:\n  title: Foo: bar\n"])
    def test_what_could_mean_something_else_is_not_guessed(self, header: str) -> None:
        with pytest.raises(FrontMatterError):
            parse_header(split_header(f"---\n{header}---\n"), file="post.md")


class TestFaults:
    @pytest.mark.parametrize(
        ("header", "line", "words", "hint"),
        [
            ("slug: a\ntitle: Foo: bar\n", 3, "“title” holds a colon", 'title: "Foo: bar"'),
            ('title: Say "a": b\n', 2, "colon", 'title: "Say \\"a\\": b"'),
            ("events:\n  - title: Foo: bar\n", 3, "“title” holds a colon", 'title: "Foo: bar"'),
            ("a: 1\n\tb: 2\n", 3, "tab", "spaces"),
            ("a:\n\t- b\n", 3, "tab", "spaces"),
            ("- a\n- b\n", 2, "key: value", "title:"),
            ("only a sentence\n", 2, "key: value", "title:"),
            ("title: A\nonly a sentence\nb: 2\n", 3, "key: value", "---"),
            ("title: A\nslug: a\ntitle: B\n", 4, "“title” stands twice", "one"),
            ("map:\n  a: 1\n  a: 2\n", 4, "“a” stands twice", "one"),
            ('a: "b\nc: d\n', 2, "never closed", "quote"),
            ("a: 'it's'\n", 2, "closing quote", "quotes"),
            ("a: @b\n", 2, "“a” begins with", 'a: "@b"'),
            ("a: *b*\n", 2, "“a” begins with", 'a: "*b*"'),
            ("a: {{ b }}\n", 2, "“a” begins with", 'a: "{{ b }}"'),
            ("a: [Draft] b\n", 2, "“a” begins with", "[Draft] b"),
            ("a: 1\nb: !!python/object/apply:os.system [x]\n", 3, "!!python/object/apply:os.system", "value"),
            ("a: é\u2028é\nb: 2\n", 2, "U+2028", "elete"),
            ("é: \u2028\nb: 1\nc: d: e\n", 4, "“c” holds a colon", "quotes"),
            ("a: 1\nb: x\x0by\n", 3, "U+000B", "elete"),
            ("a: &a [*a]\n", 2, "contains itself", ""),
            ("a: " + "[" * 5000 + "]" * 5000 + "\n", 2, "deeply", ""),
            ("x:\n" + "- " * 3000 + "a\n", 3, "deeply", ""),
        ],
    )
    def test_a_fault_is_told_with_its_line_and_what_to_do(self, header: str, line: int, words: str, hint: str) -> None:
        with pytest.raises(FrontMatterError) as caught:
            parse_header(split_header(f"---\n{header}---\nBody\n"), file="post.md")
        assert (caught.value.file, caught.value.line) == ("post.md", line)
        assert words in caught.value.message
        assert hint in (caught.value.hint or "")

    def test_lines_count_from_the_top_of_the_file_whatever_its_line_ends(self) -> None:
        with pytest.raises(FrontMatterError) as caught:
            parse_header(split_header("\ufeff\r\n\r\n---\r\na: 1\r\nb: c: d\r\n---\r\n"), file="post.md")
        assert caught.value.line == 5

    def test_a_bomb_of_aliases_is_refused_and_honest_aliases_are_not(self) -> None:
        bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
            for before, name in zip("abcdef", "bcdefg", strict=True)
        )
        with pytest.raises(FrontMatterError, match="aliases"):
            parse_header(split_header(f"---\n{bomb}---\n"), file="post.md")
        assert values_of("---\na: &a [1, 2]\nb: *a\n---\n") == {"a": [1, 2], "b": [1, 2]}

    @pytest.mark.parametrize(
        ("header", "line"), [('a = "1"\nb = mars\n', 3), ('a = "1"\na = "2"\n', 3), ("a = [1\n", 2)]
    )
    def test_toml_faults_have_their_line(self, header: str, line: int) -> None:
        with pytest.raises(FrontMatterError) as caught:
            parse_header(split_header(f"+++\n{header}+++\n"), file="post.md")
        assert caught.value.line == line

    def test_a_pelican_key_that_stands_twice(self) -> None:
        with pytest.raises(FrontMatterError, match="stands twice") as caught:
            parse_header(split_header("Title: A\nDate: B\ntitle: C\n\n"), file="post.md")
        assert caught.value.line == 3

    @examples(25)
    @given(
        st.lists(
            st.sampled_from(
                [
                    "a: b\n",
                    " a: b\n",
                    "- ",
                    "x",
                    ": ",
                    "'",
                    '"',
                    "\n",
                    "\t",
                    "  ",
                    "[",
                    "{",
                    "&a ",
                    "*a",
                    "!!int ",
                    "| \n",
                    "2023-02-30",
                    "\u2028",
                    "\x85",
                    "é",
                    "\x00",
                    "#",
                    "<<: ",
                    "? ",
                    "%",
                    "@",
                    "...",
                    "12:30",
                    "\r",
                    "~",
                ]
            ),
            max_size=12,
        ).map("".join)
    )
    def test_any_header_gives_values_or_an_error_with_a_line_inside_it(self, header: str) -> None:
        document = Document(header=header, body="", header_line=2, body_line=3, style="yaml")
        try:
            parsed = parse_header(document, file="post.md")
        except FrontMatterError as error:
            line = error.line or 0
        else:
            line = 2
            assert {path[0] for path in (*parsed.typed, *parsed.lines)} <= {*parsed.values, "<<"}
        assert 2 <= line <= 2 + header.count("\n") + header.count("\r") + 1


class TestLines:
    def test_of_keys_items_and_their_keys(self) -> None:
        text = "\n---\ntitle: A\nevents:\n  - title: é\n    start: x\n  -\n    title: b\nlast: \u2028\nend: 1\n---\n"
        assert header_of(text).lines == {
            ("title",): 3,
            ("events",): 4,
            ("events", 0): 5,
            ("events", 0, "title"): 5,
            ("events", 0, "start"): 6,
            ("events", 1): 8,
            ("events", 1, "title"): 8,
            ("last",): 9,
            ("end",): 10,
        }

    def test_of_toml_and_pelican(self) -> None:
        text = '+++\ntitle = "A"\n[[events]]\nx = 1\n[[events]]\nx = 2\n+++\n'
        lines = header_of(text).lines
        assert lines["title",] == 2
        assert lines["events", 1] == 5
        assert lines["events", 1, "x"] == 6
        assert header_of("\nTitle: A\nDate: B\n\n").lines == {("title",): 2, ("date",): 3}


plain_text = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "---",
                "a: b",
                ": ",
                "- ",
                "#",
                "'",
                '"',
                "\\",
                "\n",
                "\r",
                "\t",
                " ",
                "\x85",
                "\u2028",
                "\u2029",
                "\ufeff",
                "\x00",
                "\u00a0",
                "\u202f",
                "\u200b",
                "𝗟",
                "🚀",
                "ع",
                "é",
                "e\u0301",
                "|",
                ">",
                "{{ x }}",
                "no",
                "12:30",
                "...",
                "\x7f",
            ]
        ),
        max_size=10,
    ).map("".join),
)
scalars = st.one_of(
    plain_text,
    st.none(),
    st.booleans(),
    st.integers(),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.just(UTC), st.just(PARIS))),
    st.sampled_from(["007", "2023-03-28", "1.10", "true", "null", "~", "", "=", "<<", "0o7", "1e3", "12:30:00"]),
)
any_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(plain_text, inner, max_size=3)),
    max_leaves=6,
)


class TestDump:
    def test_as_an_editor_would_write_it(self) -> None:
        assert dump_header(
            {
                "title": "Newsletter #1 !",
                "slug": "newsletter1",
                "date": datetime(2023, 3, 28, 13, tzinfo=PARIS),
                "day": date(2023, 3, 28),
                "summary": None,
                "images": ("/img/à.png",),
                "number": "007",
                "text": "deux\nlignes\n",
                "status": Status.DRAFT,
                "extra": MappingProxyType({"a": ["b"]}),
                "long": "mot " * 60 + "fin",
            }
        ) == (
            'title: "Newsletter #1 !"\nslug: newsletter1\ndate: 2023-03-28T13:00:00+01:00\nday: 2023-03-28\nsummary:\n'
            'images:\n  - /img/à.png\nnumber: "007"\ntext: |\n  deux\n  lignes\nstatus: draft\nextra:\n  a:\n    - b\n'
            f"long: {'mot ' * 60}fin\n"
        )

    def test_nothing_is_nothing(self) -> None:
        assert dump_header({}) == ""

    def test_a_value_used_twice_is_written_twice(self) -> None:
        shared = ["x"]
        assert dump_header({"a": shared, "b": shared}) == "a:\n  - x\nb:\n  - x\n"

    @pytest.mark.parametrize("key", ["\u00a0- 0", "\u200btitle", "\u202f"])
    def test_a_key_that_begins_with_a_strange_blank(self, key: str) -> None:
        document = split_header(f"---\n{dump_header({key: None})}---\n")
        parsed = parse_header(document, file="post.md")
        assert (parsed.values, parsed.findings) == ({key: None}, ())

    @examples(40)
    @given(st.dictionaries(plain_text, any_values, max_size=4))
    def test_what_is_written_is_read_back(self, values: dict[str, Any]) -> None:
        values = {"title": "A", **values}
        text = f"---\n{dump_header(values)}---\nBody"
        document = split_header(text)
        assert document.body == "Body"
        parsed = parse_header(document, file="post.md")
        assert parsed.values == values
        assert list(parsed.values) == list(values)
        assert parsed.findings == ()
        assert _offsets(parsed.values) == _offsets(values)


def _offsets(value: Any) -> Any:
    """Equality of datetimes forgives another offset: compare those as well."""
    if isinstance(value, dict):
        return [_offsets(item) for item in value.values()]
    if isinstance(value, list):
        return [_offsets(item) for item in value]
    return value.utcoffset() if isinstance(value, datetime) else type(value)
