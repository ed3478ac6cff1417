"""Headers that are none, for their fences are not `---`: they would be printed to readers, and `draft` would count as
ready.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from msgspec import Struct

from newsletter_cli.base.errors import FrontMatterError
from newsletter_cli.base.i18n import _
from newsletter_cli.markdown.frontmatter.slips import BLANK, HIDDEN
from newsletter_cli.markdown.frontmatter.split import BOM, TOML_FENCE, YAML_CLOSING, YAML_OPENING, unclosed_header
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Edit
from newsletter_cli.model.field_names import field_named, is_telling

DASHES = "\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\uff0d"
# Dashes that no Markdown knows, or too few of them.
ODD_FENCE = re.compile(rf"[-{DASHES}]*[{DASHES}][-{DASHES}]*|--")
# To Markdown a rule, a line below a heading, the beginning of code.
MARKDOWN_FENCE = re.compile(
    r"-{4,}|- ?- ?-|-{3}[ ]*ya?ml|\*{3,}|_{3,}|={3,}|`{3,}[ ]*\w*|~{3,}[ ]*\w*|\+{2,}|<!--|-->|\.{3}|…"
)
UNSEEN = re.compile(f"[{HIDDEN}]")
ODD_BLANK = re.compile(f"[{BLANK}\t]")
KEY = re.compile(r"(?P<key>[^\W\d][\w -]{0,30}?)[ ]*[:\uff1a](?!//)")
# What may stand below a key besides others: the entries of a list, lines that are indented, comments.
BELOW_KEY = re.compile(r"[ ]+\S|- |#")
JSON_HEADER = re.compile(r"\s*\{\s*\"(?P<key>[\w-]+)\"\s*:")
MOST_LINES = 200


class _Block(Struct, frozen=True, kw_only=True):
    """The lines that look like a header. `end` is the first that is none of it, from 0; `is_tight`: every colon stands
    right behind its key.
    """

    end: int
    closing: str | None
    keys: tuple[str, ...]
    is_tight: bool

    @property
    def telling(self) -> set[str]:
        return {field_named(key, (*_SURE, key)) or key for key in self.keys if is_telling(key)}


# Those that make a header of a block that Markdown could read in another way.
_SURE = ("status", "author", "title", "subject", "preheader")


def find_fence_faults(text: str, *, file: str) -> tuple[FrontMatterError, ...]:
    """What is wrong with the fences of a header, at its line and with the edits that put it right; usually nothing."""
    lines = split_lines(text.removeprefix(BOM))
    first = next((index for index, line in enumerate(lines) if _shown(line)), None)
    if first is None:
        return ()
    if JSON_HEADER.match("".join(lines[first : first + 2])):
        return _json(lines, first, file)
    opening = lines[first]
    if YAML_OPENING.fullmatch(opening):
        return _within_yaml(lines, first, file)
    if TOML_FENCE.fullmatch(opening):
        return _yaml_in_toml(lines, first, file)
    return _badly_fenced(lines, first, file)


def _badly_fenced(lines: Sequence[str], first: int, file: str) -> tuple[FrontMatterError, ...]:
    """No fence at all, or one that is not `---`."""
    shown = _shown(lines[first])
    is_odd = bool(ODD_FENCE.fullmatch(shown)) or (shown == "---" and not YAML_OPENING.fullmatch(lines[first]))
    is_fence = is_odd or bool(MARKDOWN_FENCE.fullmatch(shown))
    block = _block(lines, first + is_fence)
    telling = block.telling
    is_sure = "status" in telling or len(telling) > 1
    if is_odd:
        is_header = bool(telling)
    elif is_fence:
        # What is set as code may well be an example of a header, a comment the notes of an editor.
        is_sure = is_sure and (shown[0] not in "`~<" or "status" in telling)
        is_header = is_sure and (block.closing is not None or "status" in telling)
    else:
        is_header = _is_bare_header(lines, first, block)
    if not is_header:
        return ()
    closing = block.closing if block.closing is not None and not YAML_CLOSING.fullmatch(block.closing) else None
    edits = [_replaced(lines, first, file)] if is_fence else [_inserted(lines, first, file)]
    if closing is not None:
        edits.append(_replaced(lines, block.end, file))
    elif block.closing is None:
        edits.append(_inserted(lines, block.end, file))
    if not is_fence:
        message = _("the header is not opened by a line `---`: readers would see it as text")
    elif shown == "---":
        message = _("a blank or an invisible sign stands beside the `---` that opens the header")
    else:
        message = _("the header is opened by “{line}”, not by `---`: readers would see it as text").format(line=shown)
    hint = _("write a line of three hyphens, `---`, before the header and another one after it")
    return (_fault(message, first, file, hint, edits),)


def _is_bare_header(lines: Sequence[str], first: int, block: _Block) -> bool:
    """Lines `key: value` at the top of a file, without a fence: typed as keys are, in small letters."""
    if not block.keys or not KEY.match(lines[first]):
        return False
    is_typed_as_keys = block.is_tight and all(key == key.lower() for key in block.keys)
    is_closed = block.closing is not None and block.end > first
    fields = block.telling
    return is_typed_as_keys and ("status" in fields or len(fields) > 1 or (bool(fields) and is_closed))


def _within_yaml(lines: Sequence[str], first: int, file: str) -> tuple[FrontMatterError, ...]:
    """`---` opens it: is it closed by `---`, and does no second one follow?"""
    block = _block(lines, first + 1)
    closing = block.closing
    if not block.telling:
        return ()
    if closing is None:
        return _never_closed(lines, first, block, file)
    if not YAML_CLOSING.fullmatch(closing):
        message = _("the header is closed by “{line}”, not by `---`").format(line=_shown(closing) or "---")
        hint = _("write a line of three hyphens: ---")
        return (_fault(message, block.end, file, hint, [_replaced(lines, block.end, file)]),)
    after = next((index for index in range(block.end + 1, len(lines)) if _shown(lines[index])), None)
    if after is None or not _is_second(lines, after):
        return ()
    message = _("a second header follows the first: readers would see it as text")
    return (_fault(message, after, file, _("keep one header, with the lines of both"), []),)


def _is_second(lines: Sequence[str], opening: int) -> bool:
    if not (YAML_OPENING.fullmatch(lines[opening]) or ODD_FENCE.fullmatch(_shown(lines[opening]))):
        return False
    block = _block(lines, opening + 1)
    return block.closing is not None and bool(block.telling)


def _never_closed(lines: Sequence[str], first: int, block: _Block, file: str) -> tuple[FrontMatterError, ...]:
    is_ended = block.end == len(lines) or not lines[block.end].strip()
    if not is_ended or any(YAML_CLOSING.fullmatch(line) for line in lines[first + 1 :]):
        # What else stands in it is told when it is read.
        return ()
    error = unclosed_header("---", first, file)
    error.edits = (_inserted(lines, block.end, file),)
    return (error,)


def _yaml_in_toml(lines: Sequence[str], first: int, file: str) -> tuple[FrontMatterError, ...]:
    block = _block(lines, first + 1)
    inner = [line for line in lines[first + 1 : block.end] if line.strip() and not line.startswith("#")]
    closing = block.closing
    if closing is None or not block.telling or any(re.match(r"[\w.\"'-]+[ \t]*=|\[", line) for line in inner):
        return ()
    message = _("`+++` opens a header in TOML, and the lines below it are YAML")
    edits = [_replaced(lines, first, file), _replaced(lines, block.end, file)]
    return (_fault(message, first, file, _("write --- in place of +++, above and below"), edits),)


def _json(lines: Sequence[str], first: int, file: str) -> tuple[FrontMatterError, ...]:
    text = "".join(lines[first:])
    found = JSON_HEADER.match(text)
    try:
        values, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        values, end = None, 0
    keys = [str(key) for key in values] if isinstance(values, dict) else [found["key"]] if found else []
    if not any(map(is_telling, keys)):
        return ()
    message = _("the header is written in JSON: readers would see it as text")
    hint = _("one `key: value` a line, between two lines `---`")
    edits = []
    if isinstance(values, dict):
        from newsletter_cli.markdown.frontmatter.dump import dump_header

        old = text[: len(text) - len(text.lstrip()) + end]
        edits = [Edit(file=file, line=first + 1, column=1, old=old, new=f"---\n{dump_header(values)}---\n")]
    return (_fault(message, first, file, hint, edits),)


def _block(lines: Sequence[str], start: int) -> _Block:
    """The lines from `start` on that could be those of a header."""
    keys: list[str] = []
    is_tight = True
    end = start
    for index in range(start, min(len(lines), start + MOST_LINES)):
        line = ODD_BLANK.sub(" ", UNSEEN.sub("", lines[index])).rstrip()
        shown = line.strip()
        if not shown:
            # The keys of a header may stand apart; prose begins behind a blank line.
            continue
        key = KEY.match(line)
        if ODD_FENCE.fullmatch(shown) or MARKDOWN_FENCE.fullmatch(shown) or shown in {"---", "..."}:
            return _Block(end=index, closing=lines[index], keys=tuple(keys), is_tight=is_tight)
        if key is None and (index > end or (not (keys and BELOW_KEY.match(line)) and not line.startswith("#"))):
            break
        if key is not None and index > end and not is_telling(key["key"]) and keys:
            break
        if key is not None:
            keys.append(key["key"])
            is_tight = is_tight and line.startswith(f"{key['key']}:")
        end = index + 1
    return _Block(end=end, closing=None, keys=tuple(keys), is_tight=is_tight)


def _shown(line: str) -> str:
    """What is to be seen of a line."""
    return ODD_BLANK.sub(" ", UNSEEN.sub("", line)).strip()


def _replaced(lines: Sequence[str], index: int, file: str) -> Edit:
    return Edit(file=file, line=index + 1, column=1, old=lines[index].rstrip("\r\n"), new="---")


def _inserted(lines: Sequence[str], index: int, file: str) -> Edit:
    """A fence before the line `index`, or behind the last."""
    if index < len(lines):
        first = lines[index]
        return Edit(file=file, line=index + 1, column=1, old=first, new=f"---\n{first}")
    last = lines[-1]
    return Edit(file=file, line=len(lines), column=1, old=last, new=last.rstrip("\r\n") + "\n---\n")


def _fault(message: str, index: int, file: str, hint: str, edits: Sequence[Edit]) -> FrontMatterError:
    error = FrontMatterError(message, file=file, line=index + 1, hint=hint)
    error.edits = tuple(edits)
    return error
