"""The inline text of one block: links, images, notes, hard breaks, collapsed white space."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml import etree

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.captions import TITLED

_SOURCES = {
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "source": "src",
    "embed": "src",
    "object": "data",
}
# Marks of our own inside a line of text; the same characters are taken out of the source before.
BREAK, _MARK, _JOINT = "\x00", "\x01", "\x02"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SPACE = re.compile("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# A reference goes behind the word that goes on after its link (« projet<a>s</a> »), except in scripts
# without spaces, where that word would be the rest of the sentence.
_MARKED = re.compile(f"{_MARK}([^{_MARK}]*){_MARK}")
_WORD_GOES_ON = Pattern("((?:(?![\u2e80-\U0003ffff])\\w)+)")
LONGEST_ADDRESS = 120  # characters before a mark that are looked at
# What a link's words end in that are an address, or the beginning of one, and how an address goes on.
_ADDRESS_END = re.compile(r"(?:://[^\s\x01]*|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/[^\s\x01]*)?|@[\w.-]+)\Z", re.IGNORECASE)
_ADDRESS_GOES_ON = Pattern(f"[^\\s{_MARK}<>()«»“”]*[\\w/]")
_STRUCK = frozenset({"del", "s", "strike"})
_JOINT_INSIDE_WORD = re.compile(f"{_JOINT}(?=\\w)")
_NOTE = Pattern(r"\s*\[?(\d+)(?::\d+)?\]?\s*")
_BRACKETED_NOTE = re.compile(r"\s*\[(\d+)(?::\d+)?\]\s*")
_BACK = Pattern("[\\s\u21a9\u21b5\u2191\u2934\ufe0e\ufe0f^0-9:\\[\\]-]*")


class References:
    """The numbered links of one issue: one number per URL, given in the order of the text."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._used: dict[str, int] = {}

    def mark(self, url: str) -> str:
        """What stands behind the link's text: `[3]`. The same URL always has the same number."""
        number = self._numbers.setdefault(url, len(self._numbers) + 1)
        self._used[url] = number
        return f"[{number}]"

    def take(self) -> list[tuple[int, str]]:
        """Number and URL of each link used since the last call, by number: a section's own list."""
        used = sorted((number, url) for url, number in self._used.items())
        self._used = {}
        return used


class InlineLinks(References):
    """For a short text without a list of references: the URL itself, in brackets."""

    def mark(self, url: str) -> str:
        """`(https://…)`."""
        return f"({url})"


class InlineText:
    """Gathers inline content, event by event, until its block ends.

    The patterns set an image's `alt` and a footnote's number in the newsletter's language; `image_word` stands for
    an image without `alt`.
    """

    def __init__(self, references: References, *, image_pattern: str, image_word: str, note_pattern: str):
        self.inline: list[str] = []
        self.opened: list[int] = []  # where in `inline` each open link or superscript began
        self.references = references
        self.image_pattern, self.image_word, self.note_pattern = image_pattern, image_word, note_pattern

    def add(self, text: str, *, is_code: bool = False) -> None:
        """Text of the source; in code its line ends count."""
        text = _CONTROL.sub("", text)
        self.inline.append(_LINE_END.sub(BREAK, text) if is_code else text)

    def add_own(self, text: str) -> None:
        """Text that is not of the source: a break, a bullet."""
        self.inline.append(text)

    def start(self, tag: str, element: etree._Element) -> None:
        """An inline element begins."""
        if tag == "br":
            self.inline.append(BREAK)
        elif tag in {"a", "sup"}:
            self.opened.append(len(self.inline))
        elif tag == "img":
            self._image(element)
        elif tag == "q":
            self.inline.append('"')
        elif tag in _STRUCK:
            self.inline.append("~~")

    def end(self, tag: str, element: etree._Element) -> None:
        """An inline element ends."""
        if tag == "a":
            self._link(element)
        elif tag == "sup":
            self._superscript()
        elif tag == "q":
            self.inline.append('"')
        elif tag in _STRUCK:
            self.inline.append("~~")
        elif tag in _SOURCES and (url := _url(element.get(_SOURCES[tag]))):
            self._mark(self.references.mark(url))

    def _mark(self, mark: str) -> None:
        self.inline.append(f"{_MARK} {mark}{_MARK}")

    def _image(self, element: etree._Element) -> None:
        alt = _SPACE.sub(" ", _CONTROL.sub("", element.get("alt") or "")).strip(" ")
        url = _url(element.get("src"))
        if alt:
            self.inline.append(" " + self.image_pattern.format(alt=alt))
        elif url:
            self.inline.append(f" [{self.image_word}]")
        if url:
            self.inline.append(f" {self.references.mark(url)}")
        self.inline.append(_JOINT)
        title = _SPACE.sub(" ", _CONTROL.sub("", element.get("title") or "")).strip(" ")
        if title and element.get("class") == TITLED:
            self.inline += [BREAK, title, BREAK]

    def _link(self, element: etree._Element) -> None:
        begun = self.opened.pop()
        url = _url(element.get("href"))
        if url.lower().startswith("mailto:"):
            # A subject is for the program that writes the mail; nobody types it.
            url = url.partition("?")[0]
        text = "".join(self.inline[begun:])
        shown = _SPACE.sub(" ", text).strip(" ")
        if url.startswith("#"):  # a place in the page: nothing to go to in a text
            if url.startswith("#fn") and (note := _NOTE.fullmatch(text)):
                self._replace(begun, f"{_MARK} {self.note_pattern.format(number=note[1])}{_MARK}")
            elif "fnref" in url and _BACK.fullmatch(text):
                self._replace(begun, "")
        elif url and _is_same(shown, url):
            if not url.startswith("mailto:"):  # written with its scheme, an address can be clicked everywhere
                self._replace(begun, text.replace(shown, url))
        elif url:
            mark = self.references.mark(url)
            if not shown.endswith(f" {mark}{_JOINT}"):  # an image that links to itself is told once
                self._mark(mark)
            if text[-1:].isspace():
                self.inline.append(" ")

    def _superscript(self) -> None:
        begun = self.opened.pop()
        text = "".join(self.inline[begun:])
        if note := _BRACKETED_NOTE.fullmatch(text):  # « [1] » alone would be taken for the first link
            self._replace(begun, f"{_MARK} {self.note_pattern.format(number=note[1])}{_MARK}")
            return
        # « 10<sup>6</sup> » must not become 106; « 1<sup>er</sup> » reads well as it is.
        before = self.inline[begun - 1][-1:] if 0 < begun <= len(self.inline) else ""
        if before.isalnum() and text.strip().isdigit():
            self.inline.insert(begun, "^")

    def _replace(self, begun: int, text: str) -> None:
        self.inline[begun:] = [text]

    def take(self) -> list[str]:
        """The text gathered, white space collapsed, in the parts that hard breaks separate."""
        text = "".join(self.inline)
        self.inline.clear()
        if _MARK in text:
            text = _with_marks_behind_words(text)
        if _JOINT in text:
            text = _JOINT_INSIDE_WORD.sub(" ", text).replace(_JOINT, "")
        parts = [part.strip(" ") for part in _SPACE.sub(" ", text).split(BREAK)]
        kept = [part for position, part in enumerate(parts) if part or (position and parts[position - 1])]
        return kept[:-1] if kept and not kept[-1] else kept

    def take_code(self) -> list[str]:
        """The text gathered, line by line, as it stands; nothing for white space alone."""
        text = "".join(self.inline).replace(_MARK, "").replace(_JOINT, "")
        self.inline.clear()
        lines = [line.expandtabs(4).rstrip(" ") for line in text.split(BREAK)]
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            del lines[0]
        return lines


def _with_marks_behind_words(text: str) -> str:
    """Each mark behind the word, or the address, that goes on after its link: `example.org/plan [1]`."""
    parts = []
    position = 0
    for found in _MARKED.finditer(text):
        is_address = _ADDRESS_END.search(text, max(0, found.start() - LONGEST_ADDRESS), found.start()) is not None
        following = text[found.end() : found.end() + 1]
        goes_on = is_address or following.isalnum() or following == "_"
        rest = (_ADDRESS_GOES_ON if is_address else _WORD_GOES_ON).match(text, found.end()) if goes_on else None
        after = rest.end() if rest else found.end()
        parts += [text[position : found.start()], text[found.end() : after], found[1]]
        position = after
    return "".join([*parts, text[position:]])


def _url(value: str | None) -> str:
    # As browsers do: tabs and line ends inside an address are nothing.
    return re.sub("[\t\n\r\x00-\x1f]", "", value or "").strip()


def _is_same(shown: str, url: str) -> bool:
    """True when the text of a link is its address, so that one of the two is enough."""
    if not shown or " " in url:
        return False
    # “…/wiki/Été” leads to `…/wiki/%C3%89t%C3%A9`.
    addresses = {url, unquote(url)}
    addresses |= {re.sub(r"^(?:https?://|mailto:)", "", one) for one in addresses}
    return shown in addresses or f"{shown}/" in addresses
