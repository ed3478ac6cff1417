"""Addresses that stand bare in a text: which links they are, and how a long one is shown."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from lxml import html

from newsletter_cli.base.pattern import Pattern

# About what a line of a phone holds at the text's size.
LONGEST = 40  # characters
LEAST = 6
CUT = "…"
# A letter as it is typed or escaped; `%C3%A9` is one.
LETTER = Pattern(r"%[C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f])+|%[0-9A-Fa-f]{2}|.", re.DOTALL)
ESCAPES = Pattern(r"(?:%[89A-Fa-f][0-9A-Fa-f])+", signs=("%",))
# What makes one sign of two: the joiner of emoji, and what says how one is drawn.
JOINED = "\u200d\ufe0e\ufe0f"
# Where the end of an address can be cut so that it reads.
JOINT = Pattern(r"[-_.+,;=&~](?=[^-_.+,;=&~]*\Z)")


def is_bare(link: html.HtmlElement) -> bool:
    """Whether the link's text is its address."""
    text = "".join(link.itertext()).strip()
    return bool(text) and not any(map(str.isspace, text)) and ("://" in text or "@" in text or text.startswith("www."))


def short_address(address: str) -> str:
    """A bare address as the e-mail shows it: whole where it is short, else `host/…/end`.

    Escapes of letters are shown as the letters. The host is never cut, for it says who is at the other end; nor is an
    escape (`%20`), nor a letter and its accent. What a page is asked (`?…`) goes first, then the folders from the left,
    then the end of the name.
    """
    if len(address) <= LONGEST or not _is_web(address):
        return address
    before, mark, after = address.partition("://")
    bare, hash_sign, fragment = (after if mark else before).partition("#")
    bare, question_mark, query = bare.partition("?")
    host, slash, path = bare.partition("/")
    # Who is logged in is nobody's host.
    host = host.rpartition("@")[2]
    path = ESCAPES.sub(_readable, slash + path)
    rest = path + question_mark + query + hash_sign + fragment
    folders = [one for one in path.split("/") if one]
    asked = f"?{CUT}" if query else f"#{CUT}" if fragment else ""
    tries = [host + rest.removesuffix("/"), host + path.rstrip("/") + asked]
    tries += [f"{host}/{CUT}/{'/'.join(folders[at:])}{asked}" for at in range(1, len(folders))]
    fitting = next((one for one in tries if len(one) <= LONGEST), None)
    if fitting is not None:
        return fitting
    if not folders:
        return f"{host}{f'/{CUT}' if rest.strip('/') else ''}"
    start = f"{host}/{CUT}/" if len(folders) > 1 else f"{host}/"
    return start + _cut(folders[-1], max(LONGEST - len(start) - 1, 8))


def _readable(escapes: re.Match[str]) -> str:
    """Letters for a row of escapes that stand for letters: `Biblioth%C3%A8que`."""
    letters = unquote(escapes[0], errors="replace")
    return letters if letters.isalpha() else escapes[0]


def _is_web(address: str) -> bool:
    return address[:8].lower().startswith(("http://", "https://", "www.")) or "/" in address.partition("@")[0]


def _cut(name: str, length: int) -> str:
    """The beginning of the name, up to a hyphen or the like where one is near, and the sign that it goes on."""
    if len(name) <= length:
        return name
    kept = ""
    for letter in _letters(name):
        if len(kept) + len(letter) > length:
            break
        kept += letter
    joint = JOINT.search(kept)
    if joint is not None and joint.start() >= LEAST and not JOINT.match(name[len(kept)]):
        kept = kept[: joint.start()]
    return kept + CUT


def _letters(name: str) -> list[str]:
    """The letters of a name, each with its accents."""
    letters: list[str] = []
    for found in LETTER.finditer(name):
        if letters and (unicodedata.combining(found[0][0]) or found[0] in JOINED or letters[-1][-1] == "\u200d"):
            letters[-1] += found[0]
        else:
            letters.append(found[0])
    return letters
