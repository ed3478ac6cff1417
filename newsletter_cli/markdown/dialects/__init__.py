"""Marks of pads and of other programs (HedgeDoc, Docs, Pandoc, Quarto, MkDocs, GitHub) that e-mail and text understand.

The post keeps them as they were typed: whether the site understands them, `check/rules/dialect_marks.py` asks.
"""

from newsletter_cli.markdown.dialects.blocks import add_block_rules, alert_of
from newsletter_cli.markdown.dialects.inline import add_inline_rules
from newsletter_cli.markdown.dialects.marks import (
    ALERT,
    BUTTON_CLASS,
    LABEL,
    MARK,
    QUOTE_DETAIL,
    TITLE,
    callout_label,
    readable_details,
)

__all__ = [
    "ALERT",
    "BUTTON_CLASS",
    "LABEL",
    "MARK",
    "QUOTE_DETAIL",
    "TITLE",
    "add_block_rules",
    "add_inline_rules",
    "alert_of",
    "callout_label",
    "readable_details",
]
