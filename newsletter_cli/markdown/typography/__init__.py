"""How French and English are set: spaces that do not break, guillemets, apostrophes. Text in, corrections out."""

from newsletter_cli.markdown.typography.capitals import correct_capitals
from newsletter_cli.markdown.typography.correct import correct, correct_text
from newsletter_cli.markdown.typography.correction import Correction, TypographyRules, apply_corrections
from newsletter_cli.markdown.typography.guess import is_other_language

__all__ = [
    "Correction",
    "TypographyRules",
    "apply_corrections",
    "correct",
    "correct_capitals",
    "correct_text",
    "is_other_language",
]
