"""The dates that stand in French or English prose: “jeudi 30 mars”, “June 14–17”."""

from newsletter_cli.markdown.dates.find import find_dates, fold
from newsletter_cli.markdown.dates.hours import HourRange, find_backward_hours
from newsletter_cli.markdown.dates.mention import Day, Leaning, Mention, possible_years
from newsletter_cli.markdown.dates.names import day_words, weekday_name

__all__ = [
    "Day",
    "HourRange",
    "Leaning",
    "Mention",
    "day_words",
    "find_backward_hours",
    "find_dates",
    "fold",
    "possible_years",
    "weekday_name",
]
