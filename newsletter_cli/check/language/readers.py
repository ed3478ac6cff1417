"""Which readers of languages are installed."""

from __future__ import annotations

from newsletter_cli.check.language.grammalecte import find_grammalecte
from newsletter_cli.check.language.reader import LanguageReader


def find_readers() -> tuple[LanguageReader, ...]:
    """Those that can be used here; looking for them starts no program."""
    return tuple(one for one in (find_grammalecte(),) if one is not None)
