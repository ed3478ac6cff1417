"""Where the header of a file ends and its body begins, to the byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from msgspec import Struct

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.lines import split_lines

Style = Literal["yaml", "toml", "pelican"]

STYLES: tuple[Style, ...] = ("yaml", "toml", "pelican")
BOM = "\ufeff"
YAML_OPENING = re.compile(r"---[ \t]*[\r\n]*")
YAML_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*[\r\n]*")
TOML_FENCE = Pattern(r"\+\+\+[ \t]*[\r\n]*")
KEY_LINE = re.compile(r"""[ \t]*(?:"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|[^\W\d][\w .+/-]*?)[ \t]*:(?:[ \t\r\n]|$)""")
# As Python-Markdown's `meta` extension reads them (Pelican uses it), but never an address (`https://…`).
PELICAN_KEY = Pattern(r"(?P<key>[A-Za-z][\w-]*):(?!//)[ \t]*(?P<value>[^\r\n]*)")
PELICAN_CONTINUATION = Pattern(r"(?: {4}|\t)[ \t]*\S")
# Without one of these a block of `Word: text` lines is prose ("Note: …").
PELICAN_TELLING_KEYS = frozenset({"title", "date", "slug"})


class Document(Struct, frozen=True, kw_only=True):
    """A file cut in two.

    `header` is the text between the fences (the key lines of a Pelican header), `None` when there is
    none; `body` is all that follows, unchanged. `header_line` and `body_line` are the lines of the
    file, from 1, on which they begin.
    """

    header: str | None
    body: str
    header_line: int = 1
    body_line: int = 1
    style: Style | None = None


def split_header(text: str, *, file: str | None = None, styles: Collection[Style] = STYLES) -> Document:
    """Cut `text` into header and body; only headers of the `styles` named are headers.

    A byte order mark and blank lines may stand before the header. The body begins right after the line
    end of the closing fence (of a Pelican header: of the blank line that ends it). A `---` that opens
    no header is a thematic break and belongs to the body. Raises `FrontMatterError`, with its line,
    when a header is opened and never closed.
    """
    text = text.removeprefix(BOM)
    lines = split_lines(text)
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Document(header=None, body=text)
    if "yaml" in styles and YAML_OPENING.fullmatch(lines[first]):
        return _split_yaml(text, lines, first, file)
    if "toml" in styles and TOML_FENCE.fullmatch(lines[first]):
        return _split_toml(text, lines, first, file)
    return _split_pelican(text, lines, first) if "pelican" in styles else Document(header=None, body=text)


def _split_yaml(text: str, lines: Sequence[str], opening: int, file: str | None) -> Document:
    closing = _find(YAML_CLOSING, lines, opening + 1)
    if closing is not None and _is_header(lines[opening + 1 : closing]):
        return _between(lines, opening, closing, "yaml")
    # Pandoc's rule: a line of dashes followed by a blank line is a rule, not a header.
    after = [line for line in lines[opening + 1 : opening + 2] if KEY_LINE.match(line)]
    if closing is None and after:
        raise unclosed_header("---", opening, file)
    return Document(header=None, body=text)


def _is_header(lines: Sequence[str]) -> bool:
    """Whether the lines between two fences are meant as a header, be it a broken one."""
    telling = [line for line in lines if line.strip() and not line.startswith("#")]
    if not telling:
        # Only comments: `# Welcome` between two rules is a heading, after a blank line at least.
        return not any(line.strip() for line in lines) or bool(lines[0].strip())
    if KEY_LINE.match(telling[0]):
        return bool(lines[0].strip()) or telling[0] == next(line for line in lines if line.strip())
    # A list or a sentence set close between the fences is a header gone wrong; prose has blank lines.
    return all(line.strip() for line in lines)


def _split_toml(text: str, lines: Sequence[str], opening: int, file: str | None) -> Document:
    closing = _find(TOML_FENCE, lines, opening + 1)
    if closing is not None:
        return _between(lines, opening, closing, "toml")
    if re.match(r"[\w.\"'-]+[ \t]*=|\[", "".join(lines[opening + 1 : opening + 2])):
        raise unclosed_header("+++", opening, file)
    return Document(header=None, body=text)


def _split_pelican(text: str, lines: Sequence[str], first: int) -> Document:
    keys: set[str] = set()
    end = first
    while end < len(lines) and lines[end].strip():
        key = PELICAN_KEY.match(lines[end])
        if key:
            keys.add(key["key"].lower())
        elif not keys or not PELICAN_CONTINUATION.match(lines[end]):
            return Document(header=None, body=text)
        end += 1
    if not keys & PELICAN_TELLING_KEYS:
        return Document(header=None, body=text)
    # The blank line is the fence.
    return Document(
        header="".join(lines[first:end]),
        body="".join(lines[end + 1 :]),
        header_line=first + 1,
        body_line=end + 2,
        style="pelican",
    )


def _find(fence: Pattern | re.Pattern[str], lines: Sequence[str], start: int) -> int | None:
    return next((index for index in range(start, len(lines)) if fence.fullmatch(lines[index])), None)


def _between(lines: Sequence[str], opening: int, closing: int, style: Style) -> Document:
    header = "".join(lines[opening + 1 : closing])
    return Document(
        header=header, body="".join(lines[closing + 1 :]), header_line=opening + 2, body_line=closing + 2, style=style
    )


def unclosed_header(fence: str, opening: int, file: str | None) -> FrontMatterError:
    """A header that is opened on the line `opening` (from 0) and never closed."""
    return FrontMatterError(
        _("the header opened by `{fence}` is never closed").format(fence=fence),
        file=file,
        line=opening + 1,
        hint=_("put a line `{fence}` after the header's last line").format(fence=fence),
    )
