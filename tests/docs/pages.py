"""The pages of the documentation and what they show: blocks of code, the commands among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of code on a page, by the page's path below the root."""

    page: str
    line: int
    kind: str
    text: str

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Of a console: each command as it is typed, and what is shown below it."""
        return re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", self.text, flags=re.MULTILINE)


def pages() -> list[str]:
    """Every page, the changelog left out: it is about other versions, too."""
    return [*TOP, *(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").rglob("*.md")))]


def blocks(*kinds: str) -> Iterator[Block]:
    """Those of these kinds, page by page."""
    for page in pages():
        text = (ROOT / page).read_text("utf-8")
        for found in FENCE.finditer(text):
            if found["kind"] in kinds:
                line = text.count("\n", 0, found.start()) + 1
                body = re.sub(rf"^{found['indent']}", "", found["text"], flags=re.MULTILINE)
                yield Block(page=page, line=line, kind=found["kind"], text=body)
