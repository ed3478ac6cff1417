"""How many characters a reader sees: extended grapheme clusters (Unicode, UAX 29), counted never too low.

Where Python's own tables do not say what belongs together (signs that some scripts put before a letter), two are
counted for one: a text that fits by this count fits by the right one.
"""

from __future__ import annotations

import unicodedata

JOINER = "\u200d"
# Spacing marks that stand for themselves all the same (GraphemeBreakProperty, exceptions of SpacingMark).
ALONE = frozenset(
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083\u1087\u1088\u1089\u108a"
    "\u108b\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d\U00011720\U00011721"
)
# Pictures that join to one by U+200D; those that no system joins are left out.
JOINED_PICTURES = (
    (0x1F300, 0x1F3FA), (0x1F400, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F90C, 0x1F9FF), (0x1FA70, 0x1FAFF),
)  # fmt: skip
JOINED_SIGNS = frozenset("♀♂⚕⚖✈❤⚧☠⬛⛓↔↕➡⚔")
LEAD, VOWEL, TRAIL, WHOLE, WHOLE_OPEN = "L", "V", "T", "LVT", "LV"
HANGUL = (
    (0x1100, 0x115F, LEAD), (0xA960, 0xA97C, LEAD), (0x1160, 0x11A7, VOWEL), (0xD7B0, 0xD7C6, VOWEL),
    (0x11A8, 0x11FF, TRAIL), (0xD7CB, 0xD7FB, TRAIL),
)  # fmt: skip
AFTER = {LEAD: (LEAD, VOWEL, WHOLE, WHOLE_OPEN), VOWEL: (VOWEL, TRAIL), WHOLE_OPEN: (VOWEL, TRAIL), WHOLE: (TRAIL,),
         TRAIL: (TRAIL,)}  # fmt: skip


def count_clusters(text: str) -> int:
    """The number of extended grapheme clusters, or a little more."""
    if text.isascii():
        return len(text)
    count, flags = 0, 0
    before, picture = "", False
    for sign in text:
        is_flag = 0x1F1E6 <= ord(sign) <= 0x1F1FF
        flags = flags + 1 if is_flag else 0
        if not before or not _is_joined(before, sign, after_picture=picture, is_second_flag=is_flag and flags % 2 == 0):
            count += 1
        if not _is_extending(sign):
            picture = _is_picture(sign)
        elif before == JOINER:
            picture = False
        before = sign
    return count


def _is_joined(before: str, sign: str, *, after_picture: bool, is_second_flag: bool) -> bool:
    if _is_control(before) or _is_control(sign):
        return False
    if _is_extending(sign) or is_second_flag:
        return True
    if unicodedata.category(sign) == "Mc" and sign not in ALONE:
        return True
    if before == JOINER:
        return after_picture and _is_picture(sign)
    return _hangul(sign) in AFTER.get(_hangul(before), ())


def _is_extending(sign: str) -> bool:
    code = ord(sign)
    return (
        unicodedata.category(sign) in ("Mn", "Me")
        or sign in "\u200c\u200d\uff9e\uff9f"
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Cn") and not _is_extending(sign)


def _is_picture(sign: str) -> bool:
    return sign in JOINED_SIGNS or any(first <= ord(sign) <= last for first, last in JOINED_PICTURES)


def _hangul(sign: str) -> str:
    code = ord(sign)
    if 0xAC00 <= code <= 0xD7A3:
        return WHOLE if (code - 0xAC00) % 28 else WHOLE_OPEN
    return next((kind for first, last, kind in HANGUL if first <= code <= last), "")
