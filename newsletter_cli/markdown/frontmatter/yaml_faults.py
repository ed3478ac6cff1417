"""What keeps a YAML header from being read, in an editor's words, with the line put right where that is certain."""

from __future__ import annotations

import re
from typing import Any

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern

# As much of a tag as is shown.
MAX_TAG = 60
# Line breaks to YAML 1.1, invisible characters to everybody else.
HIDDEN_BREAK = Pattern(r"[\x85\u2028\u2029]")
INDENTED_KEY = Pattern(r"""(?P<indent> +)(?P<key>[^\W\d][\w-]*|"[^"]+"|'[^']+')[ ]*:(?: |$)""")
KEY_VALUE = Pattern(r"(?P<lead>[ ]*(?:- +)*)(?P<key>[^\s:#][^:#]*):[ ]+(?P<value>.*\S)")
OPEN_QUOTE = Pattern(r"""(?P<lead>[ ]*(?:- +)*)(?P<key>[\w.-]+):[ ]+(?P<value>"(?:[^"\\]|\\.)*|'[^']*)""", re.DOTALL)
# Of a word processor, which curls the second of a pair.
CLOSING_QUOTES = "\u201d\u2019\u00bb"
TOML_LINE = Pattern(r"(?P<key>[\w-]+)[ \t]*=[ \t]*(?P<value>.*\S)")
OPENS_LIST = Pattern(r"[^\"'#]*:[ ]+\[[^\]]*")
# What begins a value and means something to YAML.
TELLING = "@`%*&!{[|>,]}?-"


class HeaderFault(ValueError):
    """Why a header cannot be read. `line` counts from 0 in the header; `fixed` is that line put right, if known.

    `is_whole`: the fault is the header's as a whole, and nothing more can be told of its lines.
    """

    def __init__(
        self, message: str, line: int, hint: str | None = None, *, fixed: str | None = None, is_whole: bool = False
    ):
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint
        self.fixed = fixed
        self.is_whole = is_whole


def explain_yaml_error(error: Any, text: str) -> HeaderFault:
    """PyYAML's error in an editor's words, at the line where the slip is."""
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None)
    if context_mark and ("unexpected end of stream" in problem or "could not find expected ':'" in problem):
        mark = context_mark
    index = mark.index if mark else 0
    line = text.count("\n", 0, index)
    lines = text.split("\n")
    if (quote := _open_quote(lines, line)) is not None:
        return _unclosed_quote(lines[quote], quote)
    if hidden := HIDDEN_BREAK.search(lines[line]):
        return HeaderFault(
            _("the line holds an invisible line break, U+{code:04X}").format(code=ord(hidden[0])),
            line,
            _("delete the character; retyping the line is the surest way"),
            fixed=HIDDEN_BREAK.sub(" ", lines[line]),
        )
    if re.match(r" *\t", lines[line]):
        return HeaderFault(
            _("the line is indented with a tab"),
            line,
            _("indent with spaces"),
            fixed=re.sub(r"^[ \t]+", lambda blanks: blanks[0].expandtabs(2), lines[line]),
        )
    if "',' or ']'" in problem or "',' or '}'" in problem:
        for above in range(line, -1, -1):
            if OPENS_LIST.fullmatch(lines[above]):
                return HeaderFault(
                    _("a list is opened by `[` and never closed"), above, _("close it: ]"), fixed=f"{lines[above]}]"
                )
    return _of_line(problem, lines, line)


def _of_line(problem: str, lines: list[str], number: int) -> HeaderFault:
    """What is wrong with the line, and what to do."""
    line = lines[number]
    if tag := re.search(r"constructor for the tag '([^']+)'", problem):
        return explain_tag(tag[1], line, number)
    pair = KEY_VALUE.match(line)
    if pair and (found := _of_pair(problem, pair, number)):
        return found
    if INDENTED_KEY.match(line):
        return HeaderFault(
            _("the line is indented, and belongs to nothing above it"),
            number,
            _("remove the blanks at the start of the line"),
        )
    if found := explain_toml_line(line, number):
        return found
    if not pair and not re.match(r"\s*(?:- |[^:]+:\s*$)", line):
        return HeaderFault(
            _("the line is not `key: value`"),
            number,
            _("write a key, a colon and a blank before the value; the header ends with a line `---`"),
        )
    return HeaderFault(
        _("the line does not go with those above it: its indentation, a quote or a bracket is not right"),
        number,
        _("one `key: value` a line; quotes around a value settle most doubts"),
    )


def explain_toml_line(line: str, number: int) -> HeaderFault | None:
    """`key = value`, as it stands between `+++`; `None` for anything else."""
    found = TOML_LINE.fullmatch(line)
    if found is None:
        return None
    fixed = f"{found['key']}: {found['value']}"
    return HeaderFault(
        _("a key is followed by a colon here, not by “=”"),
        number,
        _("write: {example}").format(example=fixed),
        fixed=fixed,
    )


def explain_tag(tag: str, line: str, number: int) -> HeaderFault:
    """A tag that no header may have; one of a single “!” begins a text."""
    pair = KEY_VALUE.match(line)
    is_text = pair is not None and re.match(r"!(?!!)", pair["value"])
    return HeaderFault(
        _("the tag “{tag}” is not allowed in a header").format(tag=tag.replace("tag:yaml.org,2002:", "!!")[:MAX_TAG]),
        number,
        _put_quotes(_quoted(pair)) if pair and is_text else _("write the value itself"),
        fixed=_in_quotes(pair) if pair and is_text else None,
    )


def _of_pair(problem: str, pair: re.Match[str], number: int) -> HeaderFault | None:
    """What is wrong with the value of a line `key: value`."""
    key, value = pair["key"].strip(), pair["value"]
    if "mapping values are not allowed" in problem and re.search(r":(\s|$)", value) and value[0] not in "\"'":
        message = _("the value of “{key}” holds a colon followed by a space").format(key=key)
        return HeaderFault(message, number, _put_quotes(_quoted(pair)), fixed=_in_quotes(pair))
    if value[0] == '"' and "\\" in value and '"' not in value[1:].removesuffix('"'):
        message = _("the value of “{key}” holds a backslash, which means something between double quotes").format(
            key=key
        )
        inner = value.strip('"')
        return HeaderFault(message, number, _put_quotes(_quoted(pair, inner)), fixed=_in_quotes(pair, inner))
    if value[0] in TELLING:
        message = _("the value of “{key}” begins with a character that has a meaning of its own").format(key=key)
        return HeaderFault(message, number, _put_quotes(_quoted(pair)), fixed=_in_quotes(pair))
    if value[0] in "\"'":
        inner = value.strip(value[0]) if value.endswith(value[0]) else value
        return HeaderFault(
            _("something follows the closing quote"),
            number,
            _("put the whole value between one pair of quotes: {example}").format(example=_quoted(pair, inner)),
            fixed=_in_quotes(pair, inner),
        )
    return None


def _put_quotes(example: str) -> str:
    return _("put quotes around the value: {example}").format(example=example)


def quote_value(value: str) -> str:
    """The text as YAML reads it between double quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted(pair: re.Match[str], value: str | None = None) -> str:
    return f"{pair['key'].strip()}: {quote_value(pair['value'] if value is None else value)}"


def _in_quotes(pair: re.Match[str], value: str | None = None) -> str:
    return pair["lead"] + _quoted(pair, value)


def _unclosed_quote(line: str, number: int) -> HeaderFault:
    message = _("a quote is opened and never closed")
    found = OPEN_QUOTE.fullmatch(line)
    if found is None:
        return HeaderFault(message, number, _("close the quote, or remove it"))
    inner = found["value"][1:].rstrip().rstrip(CLOSING_QUOTES).rstrip("\u00a0\u202f")
    return HeaderFault(
        message,
        number,
        _("close the quote, or remove it: {example}").format(example=_quoted(found, inner)),
        fixed=_in_quotes(found, inner),
    )


def _open_quote(lines: list[str], fault_line: int) -> int | None:
    """The line whose quote swallowed all up to the fault."""
    for line in range(min(fault_line, len(lines) - 1), -1, -1):
        if OPEN_QUOTE.fullmatch(lines[line]):
            return line
        if line != fault_line and re.search("[\"']", lines[line]):
            return None
    return None
