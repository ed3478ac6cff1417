"""The patterns by which days are found. They look at folded text: small letters without accents."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.dates.names import MONTHS, WEEKDAYS, numbers_of

# Blanks, line ends, marks of emphasis: what may stand between the parts of a date.
GAP = r"[\s\ufffc]{1,8}"
YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?![\w/:-]|[.,]\d| ?[€%])"
# No word, number or address goes on into the day.
EDGE = r"(?<![\w/.,:#+=€$'’–-])"
ISO = r"(?P<year>(?:1[6-9]|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?![\w-])"
NUMERIC = r"(?P<day>\d{1,2})(?P<sign>[/.])(?P<number>\d{1,2})(?P=sign)(?P<year>(?:1[6-9]|20)\d\d)(?![\w/-]|\.\d)"
# A fraction or a version, but behind a weekday; and even there “mardi 1/2 journée”.
BARE_NUMERIC = (
    r"(?P<day>\d{1,2})/(?P<number>\d{1,2})(?:/(?P<short>\d\d))?(?![\w/-]|[.,:]\d)"
    r"(?![\s\ufffc]+(?:journee|finale|heure|tarif|pension|de finale|des |du ))"
)
# Between the weekdays of a row that stand together before its days.
JOINED = rf"(?:(?:{GAP})?[-–—/&,](?:{GAP})?|{GAP}(?:au|a|et|ou|to|through|and|or){GAP})"


class Grammar(Struct, frozen=True, kw_only=True):
    """How a language writes days.

    `days`: a day with its month (`second`: the last of a row that its month stands before); `numeric` and
    `bare_numeric`: in figures, the latter behind a weekday only. All that ends in `_before` is looked for right
    before a day; `weekdays_before` right before a weekday: “Mon–Wed, 15–17 June”. `head_before` is a day that waits
    for its month, with the joint behind it. `joint` is all that may stand between two days of one mention.
    `row_before` announces bare days of a row, `span_before` the first of two.
    """

    days: tuple[Pattern, ...]
    numeric: tuple[Pattern, ...]
    bare_numeric: Pattern | None
    weekday_before: Pattern
    any_weekday_before: Pattern
    weekdays_before: Pattern
    head_before: Pattern
    joint: Pattern
    row_before: Pattern
    span_before: Pattern
    behind: Pattern
    ahead: Pattern
    weekdays: dict[str, int]
    months: dict[str, int]
    has_capitals: bool


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of `fr` or `en`."""
    return _french() if language == "fr" else _english()


def _alternatives(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


def _french() -> Grammar:
    weekdays, months = numbers_of(WEEKDAYS["fr"]), numbers_of(MONTHS["fr"])
    long = "|".join(name for name in weekdays if name.endswith(("di", "che")))
    short = "|".join(name for name in weekdays if not name.endswith(("di", "che")))
    tail = rf"(?!\w),?{GAP}(?:le{GAP})?\Z"
    joint = (
        rf"(?P<range>{GAP}(?:au|a|jusqu['’]au){GAP})"
        rf"|(?P<list>,?{GAP}(?:et|ou|&){GAP}(?:(?:le|au){GAP})?|,{GAP}(?:le{GAP})?)"
    )
    return Grammar(
        days=(
            Pattern(
                rf"(?P<day>\d{{1,2}})(?:er|ᵉʳ)?{GAP}(?P<month>{_alternatives(months)})(?![\w-]|['’]\w)\.?"
                rf"(?:{GAP}(?:de{GAP})?{YEAR})?"
            ),
        ),
        numeric=(Pattern(ISO), Pattern(NUMERIC)),
        bare_numeric=Pattern(BARE_NUMERIC),
        weekday_before=Pattern(rf"(?<![\w-])(?P<weekday>(?:{long})|(?:{short})\.){tail}"),
        any_weekday_before=Pattern(rf"(?<![\w-])(?P<weekday>(?:{long}|{short})\.?){tail}"),
        weekdays_before=Pattern(rf"(?<![\w-])(?:{long}|{short})s?\.?{JOINED}\Z"),
        head_before=Pattern(rf"{EDGE}(?P<day>\d{{1,2}})(?:er|ᵉʳ)?(?:{joint})\Z"),
        joint=Pattern(rf"{joint}|(?P<dash>{GAP}[-–—]{GAP}|[-–—])"),
        row_before=Pattern(rf"\bles{GAP}\Z"),
        span_before=Pattern(rf"\bentre{GAP}(?:le{GAP})?\Z"),
        behind=Pattern(rf"{GAP}(?:derniere?s?|passee?s?)\b"),
        ahead=Pattern(rf"{GAP}prochaine?s?\b"),
        weekdays=weekdays,
        months=months,
        has_capitals=False,
    )


def _english() -> Grammar:
    weekdays, months = numbers_of(WEEKDAYS["en"]), numbers_of(MONTHS["en"])
    month = rf"(?P<month>{_alternatives(months)})(?![\w-]|['’]\w)\.?"
    ordinal = r"(?P<ordinal>st|nd|rd|th)?(?![\w%:/]|[.,]\d)"
    weekday = rf"(?<![\w-])(?P<weekday>(?:{_alternatives(weekdays)})\.?)(?!\w),?{GAP}(?:the{GAP})?\Z"
    joint = (
        rf"(?P<range>{GAP}(?:to|through|until|till){GAP}(?:the{GAP})?)"
        rf"|(?P<list>,?{GAP}(?:and|or|&){GAP}(?:the{GAP})?|,{GAP})"
    )
    return Grammar(
        days=(
            Pattern(rf"(?P<day>\d{{1,2}})(?:{ordinal}){GAP}(?:of{GAP})?{month}(?:,?{GAP}{YEAR})?"),
            Pattern(
                rf"(?<!\w){month}{GAP}(?P<day>\d{{1,2}}){ordinal}"
                rf"(?:(?P<to>[-–—]|{GAP}(?:to|through){GAP})(?P<second>\d{{1,2}})(?:st|nd|rd|th)?(?![\w%:/-]))?(?:,?{GAP}{YEAR})?"
            ),
        ),
        numeric=(Pattern(ISO), Pattern(NUMERIC)),
        bare_numeric=None,
        weekday_before=Pattern(weekday),
        any_weekday_before=Pattern(weekday),
        weekdays_before=Pattern(rf"(?<![\w-])(?:{_alternatives(weekdays)})\.?{JOINED}\Z"),
        head_before=Pattern(rf"{EDGE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{joint})\Z"),
        joint=Pattern(rf"{joint}|(?P<dash>{GAP}[-–—]{GAP}|[-–—])"),
        row_before=Pattern(rf"\bthe{GAP}\Z"),
        span_before=Pattern(rf"\bbetween{GAP}(?:the{GAP})?\Z"),
        # In English these stand before; looked for behind too, they are never there.
        behind=Pattern(rf"\b(?:last|past){GAP}\Z"),
        ahead=Pattern(rf"\bnext{GAP}\Z"),
        weekdays=weekdays,
        months=months,
        has_capitals=True,
    )
