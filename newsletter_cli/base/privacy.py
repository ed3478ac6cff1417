"""Texts that may be kept or shown, without anybody's address."""

from __future__ import annotations

from newsletter_cli.base.pattern import Pattern

# How the first line of an exported suppression list begins: nothing but keyed hashes, and still about people.
SUPPRESSION_HEADER = "# nl suppression list, key "
# What looks like an address: a quoted local part may hold blanks, a domain may be an address literal in brackets.
ADDRESS = Pattern(
    r'"[^"\n]*"@[^\s<>"]+'
    r"""|[^\s<>"@:;,()\[\]]+@(?:\[[^\]\s]*\]|[^\s<>"'@:;,()\[\]]+)"""
)


# What stands in a traceback in place of an address.
ANYBODY = "–@–"


def without_addresses(text: str, mark: str = "…") -> str:
    """The text with `mark` in place of each address."""
    return ADDRESS.sub(mark, text) if "@" in text else text
