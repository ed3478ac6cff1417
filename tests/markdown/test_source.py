from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.markdown import source
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.source import UnclosedComment, remove_nl_comments
from tests.examples import examples

HOSTILE = [
    *("<!-- nl: x -->", "<!--nl:", "<!-- nl: a\n\nb -->", "<!-- ", "-->", "<!---->", "<!-->", "<!-- o <!-- nl: x -->"),
    *(
        "`",
        "``",
        "```\n",
        "~~~\n",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "- ",
        "> ",
        "1. ",
        "# ",
        "===\n",
        "---\n",
    ),
    *(
        "|",
        "\\|",
        "\\",
        "<div>",
        "</div>\n",
        "<a href='",
        "<b>",
        "[a]: http://x ",
        "[^1]: ",
        ": ",
        "\x0b",
        "\x85",
        "\u2028",
    ),
    *("word", "é", "\u00a0", "\u200b", "\ufeff", "\x00", "𝗟", "ع"),
]
hostile_text = st.lists(st.sampled_from(HOSTILE), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("text", "expected", "lines"),
    [
        pytest.param("a\n<!-- nl: x -->\nb", "a\nb", (0, 2), id="alone on its line"),
        pytest.param("<!--nl:x-->\r\nb", "b", (1,), id="no blank, CRLF"),
        pytest.param("a\r<!--\n nl: x\r\r-->\rb\r", "a\rb\r", (0, 5), id="several lines"),
        pytest.param("a\n  <!-- nl: x --> \t\n\nb\n", "a\n\nb\n", (0, 2, 3), id="blanks around it go with it"),
        pytest.param("a\n<!-- nl: x -->", "a\n", (0,), id="on the last line"),
        pytest.param("<!-- nl: x -->", "", (), id="nothing else"),
        pytest.param("a <!-- nl: x --> b\n", "a  b\n", (0,), id="inline, goes alone"),
        pytest.param("a <!-- nl: x\ny --> b\nc\n", "a  b\nc\n", (0, 2), id="inline over two lines"),
        pytest.param("a <!-- nl: x\n\ny --> b\nc\n", "a  b\nc\n", (0, 3), id="inline over a blank line"),
        pytest.param("- <!-- nl: x -->\n- b\n", "- \n- b\n", (0, 1), id="in a list item, goes alone"),
        pytest.param("<!-- nl: x --> <!-- nl: y -->\nb\n", "b\n", (1,), id="two on a line that is theirs"),
        pytest.param("<!-- nl: x --> b <!-- nl: y -->\n", " b \n", (0,), id="two on a line that is not"),
        pytest.param("## T <!-- nl: x -->\n", "## T \n", (0,), id="in a heading"),
        pytest.param("<div>\n<!-- nl: x -->\n</div>\n", "<div>\n</div>\n", (0, 2), id="in raw HTML"),
        pytest.param("| a ` | ` <!-- nl: c|d --> |\n|--|--|\n", "| a ` | `  |\n|--|--|\n", (0, 1), id="cells"),
        pytest.param(
            "| ` | <!-- nl: x --> ` |\n|--|--|\n", "| ` |  ` |\n|--|--|\n", (0, 1), id="no code span over cells"
        ),
        pytest.param("<https://x.example/`> <!-- nl: x --> `\n", "<https://x.example/`>  `\n", (0,), id="autolink"),
        pytest.param('<a title="`"> <!-- nl: x --> `\n', '<a title="`">  `\n', (0,), id="tag"),
        pytest.param("\\` <!-- nl: x --> `\n", "\\`  `\n", (0,), id="escaped backtick"),
        pytest.param("`` <!-- nl: x --> `\n", "``  `\n", (0,), id="runs of two lengths are no code span"),
        pytest.param("` a\n\n<!-- nl: x -->\n`\n", "` a\n\n`\n", (0, 1, 3), id="a code span ends with its block"),
        pytest.param("a <!-- b\n\n<!-- nl: x -->\nc\n", "a <!-- b\n\nc\n", (0, 1, 3), id="no comment in a paragraph"),
        pytest.param("`a\n<!-- nl: x` -->\nb`\n", "`a\nb`\n", (0, 2), id="its line ends a code span's paragraph"),
        pytest.param("T\n<!-- nl: x -->\n: d\n", "T\n: d\n", (0, 2), id="between lines of one paragraph"),
    ],
)
def test_a_comment_for_editors_goes(text: str, expected: str, lines: tuple[int, ...]) -> None:
    published = remove_nl_comments(text)
    assert published.text == expected
    assert published.lines == lines


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a <!-- note --> b\n<!-- c -->\n", id="other comments"),
        pytest.param("```\n<!-- nl: x -->\n```\n", id="fence"),
        pytest.param("~~~\n<!-- nl: x -->\n", id="fence open to the end"),
        pytest.param("- a\n\n  ```\n  <!-- nl: x -->\n  ```\n", id="fence in a list"),
        pytest.param("> ```\n> <!-- nl: x -->\n> ```\n", id="fence in a quote"),
        pytest.param("````\n```\n<!-- nl: x -->\n```\n````\n", id="fence in a fence"),
        pytest.param("a\n\n    <!-- nl: x -->\n", id="indented code"),
        pytest.param("`<!-- nl: x -->`\n", id="code span"),
        pytest.param("`` ` <!-- nl: x --> ``\n", id="code span of two backticks"),
        pytest.param("| `<!-- nl: x -->` | b |\n|--|--|\n", id="code span in a cell"),
        pytest.param("`Term <!-- nl: x -->`\n: definition\n", id="code span in a term"),
        pytest.param("<!-- outer <!-- nl: x -->\n", id="part of another comment"),
        pytest.param("<!--\n## t\n\n<!-- nl: x -->\n", id="part of another comment of several lines"),
        pytest.param("<div>\n<!-- a\n\n<!-- nl: x -->\n", id="part of a comment in raw HTML, as browsers read it"),
        pytest.param("\\<!-- nl: x -->\n", id="escaped"),
        pytest.param("<!-- nlx: y --> <!-- n l: -->\n", id="other words"),
    ],
)
def test_what_is_no_comment_for_editors_stays(text: str) -> None:
    published = remove_nl_comments(text)
    assert published.text == text
    assert published.lines == tuple(range(len(split_lines(text))))


def test_a_comment_that_comes_to_light_when_another_goes() -> None:
    # The first comment ends the list; without it the indented line is a paragraph of the item.
    published = remove_nl_comments("- a\n\n<!-- nl: x -->\n\n    b <!-- nl: y -->\n")
    assert published.text == "- a\n\n\n    b \n"
    assert published.lines == (0, 1, 3, 4)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<!-- nl: x", 0),
        ("a\r\nb\r\n\r\ntext <!-- nl: x\nc\n", 3),
        ("<!-- nl: a -->\nb\n<!-- nl: c -->\nd <!-- nl: e", 3),
        ("- a\n\n<!-- nl: x -->\n\n    b <!-- nl: y\n", 4),
    ],
)
def test_a_comment_never_closed_is_reported_with_its_line_in_the_source(text: str, line: int) -> None:
    with pytest.raises(UnclosedComment) as caught:
        remove_nl_comments(text)
    assert caught.value.line == line


@examples(40)
@given(hostile_text)
def test_only_comments_for_editors_are_taken_out(text: str) -> None:
    if faulty := _from_unclosed_comment(text):
        assert "nl:" in faulty
        return
    published = remove_nl_comments(text)
    assert remove_nl_comments(published.text).text == published.text
    assert len(published.lines) == len(split_lines(published.text))
    assert list(published.lines) == sorted(published.lines)
    assert all(line < len(split_lines(text)) for line in published.lines)
    # What is left is the source with pieces cut out, in order.
    remaining = iter(text)
    assert all(character in remaining for character in published.text)
    origins = [published.source_offset(offset) for offset in range(len(published.text))]
    assert origins == sorted(set(origins))
    assert "".join(text[origin] for origin in origins) == published.text
    if "nl:" not in text:
        assert published.text == text


@examples(25)
@given(st.text(alphabet="ab é\u00a0\u2028`*[]()#>-\n\r\t|", max_size=60), st.text(alphabet="ab é\n`#-", max_size=30))
def test_a_comment_line_between_paragraphs_leaves_every_other_byte(text: str, note: str) -> None:
    comment = f"<!-- nl: {note.replace('--', '')} -->\n"
    published = remove_nl_comments(comment + text)
    if "```" not in note and not published.text.startswith("<!--"):
        assert published.text == text


def _from_unclosed_comment(text: str) -> str:
    """The text from the line of a comment never closed; nothing when there is none."""
    try:
        remove_nl_comments(text)
    except UnclosedComment as error:
        return "".join(split_lines(text)[error.line :])
    return ""


@examples(200)
@given(hostile_text)
def test_blocks_are_not_read_where_they_would_not_matter(text: str) -> None:
    """The short way finds the comments that the blocks of the text would tell, or says that it does not know."""
    try:
        plain = source._plain_comments(text)
    except UnclosedComment:
        with pytest.raises(UnclosedComment):
            list(source._nl_comments(text))
    else:
        assert plain is None or plain == list(source._nl_comments(text))


def test_the_short_way_is_the_usual_one() -> None:
    text = "<!-- nl: a -->\nWords <!-- nl: b --> and `code`.\n\n<!-- more -->\n"
    assert source._plain_comments(text) is None
    assert source._plain_comments(text.replace("`", "")) == [(0, 14), (21, 35)]
