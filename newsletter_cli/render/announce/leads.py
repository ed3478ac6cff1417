"""What a section is about, in one line: its first sentence or its bold opening; else what its parts are called."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import html
from msgspec import Struct

from newsletter_cli.markdown.fragment import text_of

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WRAPPERS = ("div", "section", "article", "aside", "details")
# A bold opening of fewer words is a word in bold.
LEAST_BOLD = 3
# What is longer is no line any more.
MOST_LEAD = 280
SENTENCE_END = re.compile(r"[.!?…]+(?:\s?[»”’\")\]]+)?(?=\s|$)")
# After them a dot ends no sentence.
SHORT = frozenset(
    (
        "m", "mm", "mme", "mmes", "mlle", "dr", "pr", "me", "st", "ste", "cf", "ex", "env", "art", "p", "pp", "n", "no",
        "vol", "éd", "etc", "mr", "mrs", "ms", "prof", "vs", "e.g", "i.e", "fig", "approx",
    )
)  # fmt: skip
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
NOTE = re.compile(r"\[\d+\]")


class Lead(Struct, frozen=True, kw_only=True):
    """`sentence`: what it opens with; `topics`: what its parts, or the entries of its list, are called."""

    sentence: str = ""
    topics: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The one line."""
        if self.sentence:
            return self.sentence
        line = ""
        for topic in self.topics:
            longer = f"{line} · {topic}" if line else topic
            if len(longer) > MOST_LEAD:
                return f"{line}…" if line else ""
            line = longer
        return line


def find_lead(body: html.HtmlElement) -> Lead:
    """What the section opens with. Pictures, code and tables say nothing in one line."""
    topics = _headings(body)
    for block in _blocks(body):
        if block.tag in HEADINGS:
            break
        if block.tag in ("ul", "ol"):
            return Lead(topics=topics or tuple(filter(None, map(_entry, block.iterchildren("li")))))
        sentence = _sentence(block)
        if sentence:
            return Lead(sentence=sentence if len(sentence) <= MOST_LEAD else "", topics=topics)
    return Lead(topics=topics)


def _blocks(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for child in tree.iterchildren("*"):
        if child.tag in WRAPPERS:
            yield from _blocks(child)
        elif child.tag in ("p", "ul", "ol", "blockquote", *HEADINGS):
            yield child


def _headings(body: html.HtmlElement) -> tuple[str, ...]:
    """Those of the highest level; none of an interview, whose headings are questions."""
    found = [one for one in body.iter(*HEADINGS) if _words(one)]
    top = min((str(one.tag) for one in found), default="")
    titles = [_words(one) for one in found if one.tag == top]
    questions = sum(title.endswith("?") for title in titles)
    return () if questions * 2 > len(titles) else tuple(titles)


def _sentence(block: html.HtmlElement) -> str:
    bold = next(iter(block), None)
    if bold is not None and bold.tag in ("strong", "b") and not (block.text or "").strip():
        opening = _words(bold).rstrip(" \u00a0\u202f:")
        if len(opening.split()) >= LEAST_BOLD:
            return opening
    return first_sentence(_words(block))


def _entry(entry: html.HtmlElement) -> str:
    """What an entry of a list is about: its link, else its bold words, else its first sentence; no bare address."""
    for tags in (("a",), ("strong", "b")):
        for one in entry.iter(*tags):
            words = _words(one)
            if words and not ADDRESS.search(words):
                return words.rstrip(" \u00a0\u202f:")
    own = copy.deepcopy(entry)
    for below in list(own.iter("ul", "ol")):
        below.drop_tree()
    sentence = first_sentence(" ".join(ADDRESS.sub(" ", _words(own)).split(" "))).strip(" \u00a0\u202f:()")
    return sentence if len(sentence) <= MOST_LEAD else ""


def first_sentence(text: str) -> str:
    """The text up to where its first sentence ends."""
    for found in SENTENCE_END.finditer(text):
        word = re.split(r"[\s(«“’']", text[: found.start()])[-1]
        is_short = found[0].startswith(".") and (word.casefold() in SHORT or (len(word) == 1 and word.isupper()))
        if not is_short and not text[found.end() :].lstrip()[:1].islower():
            return text[: found.end()]
    return text


def _words(tree: html.HtmlElement) -> str:
    """The words on one line, without pictures and the numbers of footnotes."""
    if tree.find(".//sup") is not None:
        tree = copy.deepcopy(tree)
        tree.tail = None
        for mark in [one for one in tree.iter("sup") if NOTE.fullmatch(one.text_content().strip())]:
            mark.drop_tree()
    return text_of(tree)
