"""Markdown that did not take, within a line: links and pictures that readers see as they were typed.

Each kind is found where the parser left its marks as text: references and notes in `not_taken_references.py`, marks of
lines in `not_taken_lines.py`, blocks that are others than they look in `not_taken_blocks.py`, tables in
`not_taken_tables.py`, stars and backticks in `marks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey
from newsletter_cli.model import Finding, Level

# Further than this nobody's address reaches; without an end a text of brackets alone would take for ever.
FAR = 600
# Up to the `)` that closes the first, in one line; pairs of parentheses may stand within.
IN_PARENTHESES = Pattern(rf"(?P<target>[^()\n]{{0,{FAR}}}(?:\([^()\n]{{0,{FAR}}}\)[^()\n]{{0,{FAR}}}){{0,4}})\)")
FIRST_WORD = Pattern(r"[ \t]*(?P<word>\S{1,600})")
FILE = (
    r"\.(?:png|jpe?g|gif|svg|webp|avif|heic|tiff?|bmp|pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|zip|ics|html?|q?md|txt"
    r"|mp[34])"
)
ADDRESS = Pattern(
    r"(?:https?:|mailto:|tel:|sms:|ftps?:|file:|data:|javascript:|vbscript:|www\.|\.{0,2}/|#\w)|[^\s/]+/\S|[^\s@]+@[^\s@]+\.\w"
    rf"|.*{FILE}(?:[?#]\S*)?\Z",
    re.IGNORECASE,
)
FILE_END = Pattern(rf".*{FILE}(?:[?#]\S*)?", re.IGNORECASE)
SCHEME = Pattern(r"(?:https?://|mailto:|www\.)", re.IGNORECASE)
REFUSED = Pattern(r"(?:file|javascript|vbscript|data):", re.IGNORECASE)
DIGITS = Pattern(r"(?P<scheme>tel:|sms:)[ \u00a0\u202f]*(?P<number>\+?[\d().\- \u00a0\u202f]+)", re.IGNORECASE)
MAILBOX = Pattern(r"(?P<scheme>mailto:)[ \u00a0\u202f]+(?P<mailbox>[^\s@]+@[^\s@]+)", re.IGNORECASE)
TITLE = Pattern(r"""[ \t]+(?:"[^"]*"|'[^']*')[ \t]*\Z""")
CURLY_TITLE = Pattern(r"(?P<address>\S+)[ \t]+[“”„«][ \u00a0\u202f]?(?P<title>[^“”„«»\"]+?)[ \u00a0\u202f]?[”“»]")
# The size that pads write behind a picture's address is mark-up of theirs.
SIZE = Pattern(r"[ \t]=\d*%?x\d*%?[ \t]*\Z")
SWAPPED = Pattern(r"\((?P<words>[^()\[\]\n]{1,200})\)\[(?P<address>(?:https?://|mailto:|www\.)[^\[\]\s]{1,600})\]")
BARE_PICTURE = Pattern(
    r"(?<!\\)!\((?P<address>[^()\[\]\s]{1,600}\.(?:png|jpe?g|gif|svg|webp|avif|heic))\)", re.IGNORECASE
)
ESCAPED = Pattern(r"\\\[(?P<words>[^\[\]\\\n]{1,200})\\?\]\\?\((?P<address>(?:https?://|mailto:)[^()\s]{1,600})\)")


class _Broken(Struct, frozen=True, kw_only=True):
    """What keeps a link from being one, how to put it right, and what to write between the parentheses instead."""

    message: str
    hint: str
    target: str | None = None


@rule(
    "link-raw",
    Level.WARNING,
    _("A link or a picture did not take"),
    why="""
        Readers see the brackets and the address instead of a link or a picture: a blank stands in the address, a
        parenthesis is not closed, brackets and parentheses have changed places, the title stands in curly quotes.
        `--fix` puts an address with a blank between angle brackets, takes blanks out of a telephone number and behind
        `mailto:`, and closes a parenthesis; where the words that follow may belong to the sentence it is yours to fix.
        A note where the brackets are escaped. A blank *before* the address is `link-spaced`.
    """,
    bad="`[The tide tables](files/tide tables.pdf)`",
    good="`[The tide tables](<files/tide tables.pdf>)`",
    is_fixable=True,
)
def link_raw(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each `](` that is left as text before what can only be an address (CommonMark 0.31, 6.3)."""
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind in ("html", "code"):
                continue
            if "](" in block.text:
                yield from _broken_links(survey, block)
            if "!(" in block.prose:
                yield from _bare_pictures(survey, block)
            if ")[" in block.text:
                yield from _swapped_links(survey, block)


def _broken_links(survey: Survey, block: Block) -> Iterator[Finding]:
    taken = 0
    middle = block.prose.find("](")
    while middle >= 0:
        start, end, broken = _broken_link(block, middle)
        if broken is not None and start >= taken:
            first = middle + 2
            yield link_raw.at(
                survey.place_in(block, start, end),
                broken.message,
                suggestion=broken.hint,
                edits=() if broken.target is None else survey.edits_in(block, first, end, broken.target),
            )
            taken = end
        middle = block.prose.find("](", max(middle + 2, taken if broken else 0))
    for found in ESCAPED.finditer(block.text) if "\\[" in block.text else ():
        if block.prose[found.start("words")] != NOT_PROSE:
            yield link_raw.at(
                survey.place_in(block, *found.span()),
                _("“{words}” is no link: its brackets are escaped").format(words=shorten(found["words"])),
                suggestion=_("take the backslashes away, unless readers are to see brackets"),
                level=Level.INFO,
            )


def _broken_link(block: Block, middle: int) -> tuple[int, int, _Broken | None]:
    """Where the link whose `](` stands at `middle` begins, where what is wrong in it ends, and what that is."""
    text = block.text
    opening = block.prose.rfind("[", max(0, middle - FAR), middle)
    is_image = opening > 0 and text[opening - 1] == "!"
    start = max(0, middle if opening < 0 else opening - is_image)
    words = shorten(text[opening + 1 : middle] if opening >= 0 else text[max(0, middle - 20) : middle], 40)
    first = middle + 2
    closed = IN_PARENTHESES.match(text, first)
    if closed is None:
        return _unclosed_link(text, start, first, words)
    target = closed["target"]
    titled = TITLE.search(target)
    address = target[: titled.start()] if titled else target
    title = titled[0] if titled else ""
    # A file of one's own machine is `link-file-missing`.
    is_told = address[:5].lower() == "file:" and not is_image and " " not in address
    if is_told or SIZE.search(target) or not (ADDRESS.match(address.strip()) or (is_image and address.strip())):
        return start, closed.end("target"), None
    return start, closed.end("target"), _faulty_target(words, address.strip(), title.rstrip(), is_known=opening >= 0)


def _faulty_target(words: str, address: str, title: str, *, is_known: bool) -> _Broken:
    curly = CURLY_TITLE.fullmatch(address)
    if curly:
        return _Broken(
            message=_("“{words}” is no link: the title behind its address stands in curly quotes").format(words=words),
            hint=_('write straight ones: [words](address "title")'),
            target=f'{curly["address"]} "{curly["title"]}"',
        )
    if any(sign.isspace() for sign in address):
        new = _without_blank(address)
        return _Broken(
            message=_("“{words}” is no link: a blank stands in its address").format(words=words),
            hint=_("close the parenthesis behind the address: [words](https://…)")
            if new is None
            else _("write {target}").format(target=f"({shorten(new, 60)})"),
            target=None if new is None else new + title,
        )
    if REFUSED.match(address):
        return _Broken(
            message=_("“{words}” is no link: addresses that begin with {scheme} are not shown as links").format(
                words=words, scheme=address.partition(":")[0] + ":"
            ),
            hint=_("link to what readers can open: an address on the web, or a file of the issue"),
        )
    if not is_known:
        return _Broken(
            message=_("“{words}” is no link: its first bracket is missing").format(words=words),
            hint=_("write [words](address)"),
        )
    return _Broken(
        message=_("“{words}” is no link: readers see its brackets and the address").format(words=words),
        hint=_("write [words](address), without brackets or another link among the words"),
    )


def _without_blank(address: str) -> str | None:
    """The same address as Markdown understands it; `None` where what follows the blank may be the sentence."""
    if number := DIGITS.fullmatch(address):
        return number["scheme"] + re.sub(r"[\s().-]", "", number["number"])
    if mailbox := MAILBOX.fullmatch(address):
        return mailbox["scheme"] + mailbox["mailbox"]
    parts = address.split()
    is_one = FILE_END.fullmatch(address) or (len(parts) == 2 and not SCHEME.match(parts[1]))
    is_plain = not re.search(r"[<>\n\r]", address) and not any(SCHEME.match(part) for part in parts[1:])
    return f"<{address}>" if is_one and is_plain else None


def _unclosed_link(text: str, start: int, first: int, words: str) -> tuple[int, int, _Broken | None]:
    found = FIRST_WORD.match(text, first)
    if found is None or not ADDRESS.match(found["word"]):
        return start, first, None
    word, end = found["word"], found.end()
    if text[end : end + 1] == "\n" and ")" in text[end : end + FAR].partition(" ")[0]:
        return (
            start,
            end,
            _Broken(
                message=_("“{words}” is no link: its address goes over two lines").format(words=words),
                hint=_("put the address on one line"),
            ),
        )
    is_missing_one = word.count("(") == word.count(")") and "(" in word
    fixed = f"{word})" if is_missing_one and word.endswith(")") else None
    return (
        start,
        end,
        _Broken(
            message=_("“{words}” is no link: the parenthesis before its address is never closed").format(words=words),
            hint=_("close the parenthesis behind the address: [words](https://…)"),
            target=text[first : found.start("word")] + fixed if fixed else None,
        ),
    )


def _bare_pictures(survey: Survey, block: Block) -> Iterator[Finding]:
    for found in BARE_PICTURE.finditer(block.text):
        if block.prose[found.start()] == "!":
            yield link_raw.at(
                survey.place_in(block, *found.span()),
                _("“{typed}” is no picture: its square brackets are missing").format(typed=shorten(found[0], 40)),
                suggestion=_("write ![what it shows]({address})").format(address=shorten(found["address"], 60)),
            )


def _swapped_links(survey: Survey, block: Block) -> Iterator[Finding]:
    for found in SWAPPED.finditer(block.text):
        if block.prose[found.start()] != "(" or block.prose[found.start("address") - 1] != "[":
            continue
        fixed = f"[{found['words']}]({found['address']})"
        yield link_raw.at(
            survey.place_in(block, *found.span()),
            _("“{words}” is no link: brackets and parentheses have changed places").format(
                words=shorten(found["words"])
            ),
            suggestion=_("write {target}").format(target=shorten(fixed, 60)),
            edits=survey.edits_in(block, *found.span(), fixed),
        )
