"""What the words of a finding are recognised by in a rendering: themselves, and the letters around them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from newsletter_cli.markdown.frontmatter.split import BOM
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Finding

# As many letters on either side tell one place from another of the same word.
AROUND = 40
# What stands in the source and not in the rendering: where a link leads, tags, comments, attributes, notes.
UNSEEN = re.compile(
    r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\]\[[^\]\n]*\]|<!--.*?-->|<[^<>\n]*>|\{[^{}\n]*\}|\[\^[^\]\n]*\]",
    re.DOTALL,
)
# Lines that no paragraph goes beyond; the second kind is the fence of a header.
ENDS = ("", "---")
NO_LETTER = re.compile(r"[\W_]+")


def sighting(finding: Finding, texts: Mapping[str, str]) -> dict[str, Any] | None:
    """The words of a finding, and the letters and digits before and behind them in their paragraph; `None` without a
    place.
    """
    text = texts.get(finding.file)
    if text is None or finding.line is None or finding.column is None or not finding.length:
        return None
    lines = split_lines(text.removeprefix(BOM))
    if finding.line > len(lines):
        return None
    index = finding.line - 1
    first = next((at + 1 for at in range(index - 1, -1, -1) if lines[at].strip() in ENDS), 0)
    last = next((at for at in range(index + 1, len(lines)) if lines[at].strip() in ENDS), len(lines))
    start, end = finding.column - 1, finding.column - 1 + finding.length
    before, behind = (
        "".join(lines[first:index]) + lines[index][:start],
        lines[index][end:] + "".join(lines[index + 1 : last]),
    )
    return {
        "text": lines[index][start:end],
        "before": _letters(before)[-AROUND:],
        "behind": _letters(behind)[:AROUND],
    }


def _letters(text: str) -> str:
    return NO_LETTER.sub("", UNSEEN.sub(" ", text)).lower()
