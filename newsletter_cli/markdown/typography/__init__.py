"""How French and English are set: spaces that do not break, guillemets, apostrophes. Text in, corrections out."""

from newsletter_cli.markdown.typography.capitals import correct_capitals
from newsletter_cli.markdown.typography.correct import correct, correct_text
from newsletter_cli.markdown.typography.correction import Correction, TypographyRules, apply_corrections
from newsletter_cli.markdown.typography.guess import (
    has_other_words,
    has_small_words,
    is_known_language,
    is_other_language,
    language_of,
)

__all__ = [
    "Correction",
    "TypographyRules",
    "apply_corrections",
    "correct",
    "correct_capitals",
    "correct_text",
    "has_other_words",
    "has_small_words",
    "is_known_language",
    "is_other_language",
    "language_of",
]
