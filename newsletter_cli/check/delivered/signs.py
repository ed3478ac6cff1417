"""What became of letters and other signs of a text, told by the piece as it was and as it is."""

from __future__ import annotations

import html
import quopri
import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

NO_BREAK = "\u00a0\u202f\u2007\u2009\u2011\u2060\ufeff\u00ad"
AS_BLANKS = str.maketrans(dict.fromkeys(NO_BREAK, " ") | {"\u2011": "-", "\u00ad": "", "\u2060": "", "\ufeff": ""})
WITHOUT_BLANKS = str.maketrans(dict.fromkeys(NO_BREAK + " ", ""))
TYPEWRITER = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "•": "*"}
)
QUOTED = re.compile(r"=[0-9A-F]{2}|=$")
SOFT_BREAK = re.compile(r"=(?: |$)")
BROKEN_WORD = re.compile(r"(?<=\S)= (?=\S)")
WRONG_READINGS = ("cp1252", "latin-1", "mac-roman", "cp850", "iso8859-15")
MISSING = re.compile(r"[?\ufffd]")
LONGEST_BLOCK = 4000

NO_BREAK_LOST, NO_BREAK_ADDED, TYPOGRAPHY, BROKEN, ACCENTS, EMOJI, QUOTED_BROKEN, DOTS, FROM = (
    "no-break-space-lost", "no-break-space-added", "typography-changed", "characters-broken", "accents-lost",
    "emoji-lost",
    "quoted-printable-broken", "dots-changed", "from-escaped",
)  # fmt: skip
CHANGED = "text-changed"


def kind_of_change(was: str, now: str) -> str:
    """What happened to a piece of text that is another now."""
    for kind, is_so in _KINDS:
        if is_so(was, now):
            return kind
    return CHANGED


def kinds_within(was: str, now: str) -> Iterator[tuple[str, str, str]]:
    """The same for a long piece, in which several things may have happened: kind, as it was, as it is."""
    kind = kind_of_change(was, now)
    if kind != CHANGED or len(was) + len(now) > LONGEST_BLOCK:
        yield kind, was, now
        return
    found: dict[str, tuple[str, str]] = {}
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            found.setdefault(_kind_of_signs(was[a:b], now[c:d]), (was, now))
    if CHANGED in found:
        yield CHANGED, was, now
        return
    for one, (before, after) in found.items():
        yield one, before, after


def _kind_of_signs(was: str, now: str) -> str:
    if was and all(sign in NO_BREAK for sign in was) and not now.strip(" "):
        return NO_BREAK_LOST
    if was and was.translate(TYPEWRITER).replace(" ", "") == now.replace(" ", ""):
        return TYPOGRAPHY
    if was and all(is_emoji(sign) for sign in was) and not now.strip("? "):
        return EMOJI
    return CHANGED


def repaired(word: str) -> str:
    """What a word was, whose letters (UTF-8) were taken for those of another character set; else as it is."""
    if word.isascii():
        return word
    octets = bytearray()
    for sign in word:
        try:
            octets += sign.encode("cp1252")
        except UnicodeEncodeError:
            # Browsers read the five octets that it has no letter for as they are.
            if ord(sign) > 0xFF:
                return word
            octets.append(ord(sign))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return word


def is_emoji(sign: str) -> bool:
    """Whether it is a picture among letters, or only changes one."""
    return ord(sign) > 0xFFFF or unicodedata.category(sign) == "So" or sign in "\u200d\ufe0f\u20e3"


def _is_no_break(was: str, now: str) -> bool:
    return any(sign in NO_BREAK for sign in was) and (
        was.translate(AS_BLANKS).split() == now.translate(AS_BLANKS).split()
        or was.translate(WITHOUT_BLANKS) == now.translate(WITHOUT_BLANKS)
    )


def _is_typography(was: str, now: str) -> bool:
    return was.translate(TYPEWRITER).translate(WITHOUT_BLANKS) == now.translate(TYPEWRITER).translate(WITHOUT_BLANKS)


def _is_quoted(was: str, now: str) -> bool:
    if BROKEN_WORD.sub("", now) == was:
        return True
    if not QUOTED.search(now):
        return False
    whole = SOFT_BREAK.sub("", now)
    plain = quopri.decodestring(whole.encode("utf-8", "replace")).decode("utf-8", "replace")
    return _closed(plain) == _closed(was) or (not QUOTED.search(was) and len(QUOTED.findall(now)) > 1)


def _is_broken(was: str, now: str) -> bool:
    if html.unescape(now) == was and now != was:
        return True
    if was.isascii():
        return "\ufffd" in now and MISSING.sub("", now) == was
    for charset in WRONG_READINGS:
        misread = was.encode("utf-8", "replace").decode(charset, "replace")
        if _closed(misread) == _closed(now):
            return True
    kept = "".join(sign for sign in was if sign.isascii() and sign != "?")
    if now and kept == now:
        return True
    return bool(MISSING.search(now)) and not _is_emoji(was, now) and MISSING.sub("", _ascii(now)) == kept


def _is_accents(was: str, now: str) -> bool:
    return was != now and _bare(was) == _bare(now) and _bare(was) != was


def _is_emoji(was: str, now: str) -> bool:
    without = "".join(sign for sign in was if not is_emoji(sign))
    return without != was and _closed(without) == _closed(MISSING.sub("", now) if "?" not in without else now)


def _is_dots(was: str, now: str) -> bool:
    return (was.startswith(".") != now.startswith(".") and was.lstrip(".") == now.lstrip(".")) or (
        was != now and was.startswith(".") and was.lstrip(".") == now.lstrip(".")
    )


def _is_from(was: str, now: str) -> bool:
    return now == f">{was}" and was.startswith("From")


_KINDS = (
    (FROM, _is_from),
    (DOTS, _is_dots),
    (NO_BREAK_LOST, _is_no_break),
    (QUOTED_BROKEN, _is_quoted),
    (TYPOGRAPHY, _is_typography),
    (EMOJI, _is_emoji),
    (BROKEN, _is_broken),
    (ACCENTS, _is_accents),
)


def _closed(text: str) -> str:
    return "".join(text.translate(WITHOUT_BLANKS).split())


def _ascii(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() or sign == "\ufffd")


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign)).replace("œ", "oe").replace("Œ", "OE")
