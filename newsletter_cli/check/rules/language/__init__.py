"""Rules that read French and English."""

from newsletter_cli.check.rules.interface import ManuscriptRule
from newsletter_cli.check.rules.language import (
    capital_accent,
    date_impossible,
    date_past,
    date_range_backwards,
    leftover_name,
    leftover_number,
    typography,
    weekday_wrong,
)

RULES: tuple[ManuscriptRule, ...] = (
    capital_accent,
    date_impossible,
    date_past,
    date_range_backwards,
    leftover_name,
    leftover_number,
    typography,
    weekday_wrong,
)
