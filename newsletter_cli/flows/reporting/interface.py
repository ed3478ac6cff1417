"""What a format is given, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from newsletter_cli.model import Finding, Rule

# A line of output: pieces of text, each with the name of a style that `console.py` knows ("" for none).
Line = tuple[tuple[str, str], ...]


class CheckResult(Protocol):
    """The result of a check."""

    @property
    def number(self) -> int:
        """The issue's."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, by section, file, line and column."""

    @property
    def links(self) -> dict[str, Any]:
        """What became of the links, for scripts."""

    @property
    def language(self) -> dict[str, Any]:
        """Who read the texts, and the words that nobody knew, for scripts."""

    @property
    def sources(self) -> Mapping[str, str]:
        """File → its whole text."""

    @property
    def titles(self) -> Mapping[str, str]:
        """File → its section's title, in canonical order."""

    @property
    def rules_silenced(self) -> int:
        """How many findings were silenced."""


class View(Struct, frozen=True, kw_only=True):
    """How a report is to look.

    `width` is that of the terminal, in columns. `has_styles`: bold, underline and colours show. `is_wrapped`: long
    sentences are set in lines of that width (a pipe gets them whole). `shows_all`: nothing is folded. `command` is
    what was typed, as far as it belongs into advice. `since` is the revision compared with. `file_prefix` leads from
    the top of the Git repository to the workspace, for the formats that others read there. `rules` are all there are.
    """

    width: int = 80
    has_styles: bool = False
    is_wrapped: bool = False
    shows_all: bool = False
    command: str = "nl check"
    since: str | None = None
    file_prefix: str = ""
    rules: Sequence[Rule] = ()

    def file_in_repository(self, file: str) -> str:
        """The file as the repository knows it."""
        return f"{self.file_prefix}/{file}" if self.file_prefix else file


class Format(Protocol):
    """One way to show a result."""

    def __call__(self, checked: CheckResult, view: View, /) -> Iterator[Line]:
        """The whole output."""


def plain(text: str) -> Line:
    """A line without styles."""
    return ((text, ""),)
