"""Prose → the days it mentions."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.dates.grammar import Grammar, grammar_of
from newsletter_cli.markdown.dates.mention import Day, Leaning, Mention, turns_year
from newsletter_cli.markdown.dates.names import FOLDED

DIGIT = re.compile(r"\d")
# How far to look before a day for its weekday, or for a day that waits for the same month.
REACH = 40
# Weekday, joint and day, seven times.
LONGEST_ROW = 7
TIGHT = Pattern(r"(?<![\w/.,:#+=€$'’–-])(?P<day>\d{1,2})(?:er|st|nd|rd|th)?(?P<sign>[-–/])\Z")
NO_EDGE = frozenset("/.,:#+=€$'’–-")


@lru_cache(maxsize=1024)
def find_dates(text: str, language: str) -> tuple[Mention, ...]:
    """The days that a French or English text mentions, in order; none in another language.

    `language` is a BCP 47 tag. U+FFFC, line ends and non-breaking spaces may stand between the parts of a date.
    Offsets are those of `text`. Days that do not exist are found, too: 31 April.
    """
    primary = language.lower().partition("-")[0]
    if primary not in ("fr", "en") or not DIGIT.search(text):
        return ()
    return tuple(_Finder(text=text, folded=fold(text), grammar=grammar_of(primary)).mentions())


def fold(text: str) -> str:
    """The text in small letters without accents, as long as it was."""
    plain = text.translate(FOLDED)
    small = plain.lower()
    return (
        small if len(small) == len(plain) else "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain)
    )


class _Finder(Struct, frozen=True, kw_only=True):
    text: str
    folded: str
    grammar: Grammar

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        for single in self._single():
            if found and single.start < found[-1].end:
                continue
            one = self._with_heads(single, found[-1].end if found else 0)
            merged = self._merged(found[-1], one) if found else None
            if merged is not None:
                found[-1] = merged
            else:
                found.append(one)
        return [self._finished(one) for one in found]

    def _single(self) -> list[Mention]:
        """Days with their month, and rows of two that share one word: `14-17 juin`, `June 14–17`."""
        found = []
        patterns = [(one, False) for one in (*self.grammar.days, *self.grammar.numeric)]
        if self.grammar.bare_numeric is not None:
            patterns.append((self.grammar.bare_numeric, True))
        for pattern, needs_weekday in patterns:
            for match in pattern.finditer(self.folded):
                one = self._read(match, needs_weekday=needs_weekday)
                if one is not None:
                    found.append(one)
        # The longest of those that begin together.
        return sorted(found, key=lambda one: (one.start, -one.end))

    def _read(self, match: re.Match[str], *, needs_weekday: bool) -> Mention | None:
        groups = match.groupdict()
        if self.grammar.has_capitals and groups.get("month") and not self.text[match.start("month")].isupper():
            return None
        day, month, year = self._numbers(groups)
        start, first = match.start(), None
        before = self.folded[start - 1] if start else " "
        if before in NO_EDGE and groups.get("month"):
            first = TIGHT.search(self.folded, max(0, start - 6), start)
            start = first.start() if first else start
        is_within = before.isalnum() or before == "_" or (before in NO_EDGE and first is None)
        weekday = self._weekday(start, is_figures="number" in groups)
        if month == 0 or is_within or (needs_weekday and weekday is None):
            return None
        own = Day(start=match.start(), end=match.end(), day=day, month=month, year=year)
        if first is not None:
            # A slash lists, a dash spans.
            head = self._with_weekday(
                Day(start=start, end=first.end("day"), day=int(first["day"]), month=month, year=year), weekday
            )
            return Mention(start=head.start, end=own.end, days=(head, own), is_range=first["sign"] != "/")
        own = self._with_weekday(own, weekday)
        if groups.get("second"):
            last = Day(start=match.start("second"), end=match.end(), day=int(groups["second"]), month=month, year=year)
            return Mention(start=own.start, end=own.end, days=(own, last), is_range=True)
        # “In March 30 people”.
        is_sure = not self.grammar.has_capitals or bool(weekday or year or groups.get("ordinal") or "number" in groups)
        return Mention(start=own.start, end=own.end, days=(own,), is_sure=is_sure)

    def _numbers(self, groups: dict[str, str | None]) -> tuple[int, int, int | None]:
        day = int(groups["day"] or 0)
        year = groups.get("year") or (f"20{groups['short']}" if groups.get("short") else None)
        if groups.get("month"):
            return day, self.grammar.months[groups["month"] or ""] + 1, int(year) if year else None
        month = int(groups["number"] or 0)
        if self.grammar.has_capitals and groups.get("sign"):
            # Americans write the month first, the British the day.
            if day <= 12 and month <= 12 and day != month:
                return day, 0, None
            day, month = (day, month) if month <= 12 else (month, day)
        return day, month, int(year) if year else None

    def _weekday(self, start: int, *, is_figures: bool = False) -> re.Match[str] | None:
        grammar = self.grammar
        pattern = grammar.any_weekday_before if is_figures else grammar.weekday_before
        found = pattern.search(self.folded, max(0, start - REACH), start)
        if found and grammar.has_capitals and not self.text[found.start()].isupper():
            return None
        if found and self._before(grammar.weekdays_before, found.start()):
            # Of “lundi et mardi 15 et 16 juin” the last does not belong to the first day.
            return None
        return found

    def _with_weekday(self, day: Day, found: re.Match[str] | None) -> Day:
        if found is None:
            return day
        return replace(
            day,
            start=found.start(),
            weekday=self.grammar.weekdays[found["weekday"].rstrip(".")],
        )

    def _with_heads(self, one: Mention, left: int) -> Mention:
        """With the days before it that wait for its month: `lundi 3 et mardi 4 avril`, `du 14 au 17 juin`."""
        heads: list[tuple[Day, bool]] = []
        start, month = one.start, one.days[0].month
        while len(heads) < LONGEST_ROW:
            found = self.grammar.head_before.search(self.folded, max(left, start - REACH), start)
            if found is None:
                break
            day = Day(
                start=found.start("day"),
                end=found.end("day"),
                day=int(found["day"]),
                month=month,
                year=one.days[0].year,
            )
            day = self._with_weekday(day, self._weekday(day.start))
            heads.insert(0, (day, found["range"] is not None))
            start = day.start
        is_announced = self._before(self.grammar.row_before, start) or self._before(self.grammar.span_before, start)
        while heads and not (is_announced or heads[0][1] or heads[0][0].weekday is not None):
            # “page 3 et 4 avril”: a number of something else.
            heads.pop(0)
        if not heads:
            return one
        days = (*(day for day, _range in heads), *one.days)
        is_range = len(days) == 2 and (heads[0][1] or self._before(self.grammar.span_before, start))
        return replace(one, start=days[0].start, days=days, is_range=is_range or one.is_range, is_sure=True)

    def _merged(self, one: Mention, following: Mention) -> Mention | None:
        """Two mentions as one, where only a joint stands between them."""
        joint = self.grammar.joint.fullmatch(self.folded, one.end, following.start)
        if joint is None or one.is_range or following.is_range:
            return None
        is_span = self._before(self.grammar.span_before, one.start)
        is_range = (joint["list"] is None or is_span) and len(one.days) == len(following.days) == 1
        if not is_range and joint["list"] is None:
            return None
        return Mention(
            start=one.start,
            end=following.end,
            days=one.days + following.days,
            is_range=is_range,
            is_sure=joint["dash"] is None,
        )

    def _finished(self, one: Mention) -> Mention:
        """With the year that stands behind a row given to its first day, and what the words around say."""
        last = one.days[-1]
        days = one.days
        if one.is_range and last.year is not None:
            days = tuple(
                replace(day, year=last.year - turns_year(day, last)) if day.year is None else day for day in days
            )
        return replace(one, days=days, leaning=self._leaning(one))

    def _leaning(self, one: Mention) -> Leaning:
        grammar = self.grammar
        for pattern, leaning in ((grammar.behind, "behind"), (grammar.ahead, "ahead")):
            is_there = self._before(pattern, one.start) if grammar.has_capitals else pattern.match(self.folded, one.end)
            if is_there:
                return leaning  # type: ignore[return-value]
        return "either"

    def _before(self, pattern: Pattern, end: int) -> bool:
        return pattern.search(self.folded, max(0, end - REACH), end) is not None
