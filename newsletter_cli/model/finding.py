"""A fault found in the content: a value, never an exception. And the rule that finds it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

# More of them nobody reads.
MOST_PROPOSALS = 3


class Level(StrEnum):
    """How grave a finding is; only an `error` stops a send."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(Struct, frozen=True, kw_only=True):
    """Somewhere in the workspace.

    `file` is relative to the workspace, with forward slashes; `line` and `column` count from 1, columns in
    characters; `length` is how many characters the fault takes up on its first line. `None`: not known, or the
    whole file.
    """

    file: str
    line: int | None = None
    column: int | None = None
    length: int | None = None


class Edit(Struct, frozen=True, kw_only=True):
    """At `line` and `column` (from 1) of `file`, `old` becomes `new`.

    Applied only where `old` still stands there: a stale edit changes nothing. `old` may reach over line ends.
    """

    file: str
    line: int
    column: int
    old: str
    new: str


class Finding(Struct, frozen=True, kw_only=True):
    """One fault, where it stands and what to do about it.

    `file`, `line`, `column` and `length` are those of a `Place`. `rule` is a stable slug with an entry in the docs.
    `edits` fix it, all or none. `subject` is what the finding is about where that is no text of the file (an
    address): with it the finding is recognised when lines have moved. `proposals` are ways to fix it that a person
    has to choose from, the likeliest first; `--fix` makes none of them.
    """

    file: str
    rule: str
    level: Level
    message: str
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None
    length: int | None = None
    edits: tuple[Edit, ...] = ()
    subject: str | None = None
    proposals: tuple[Edit, ...] = ()

    @property
    def is_fixable(self) -> bool:
        """Whether `nl check --fix` fixes it."""
        return bool(self.edits)

    @property
    def place(self) -> str:
        """`file:line:column`, as far as each is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def as_dict(self) -> dict[str, Any]:
        """The finding as the contract's JSON object."""
        keys = ("file", "line", "column", "rule", "level", "message", "suggestion")
        values = asdict(self)
        found = {key: values[key] for key in keys} | {"fixable": self.is_fixable}
        return found | ({"proposals": [asdict(one) for one in self.proposals]} if self.proposals else {})


class Rule(Struct, frozen=True, kw_only=True):
    """What is looked for. `slug` is stable; `title` names the fault in a few words; `level` is the usual one.

    `why`, `bad` and `good` are for the docs, in Markdown: what the fault does to readers and when nothing is said, an
    example of it, and one that is right. Pages in `docs/reference/rules/` are written from them.
    """

    slug: str
    level: Level
    title: str
    is_fixable: bool = False
    why: str = ""
    bad: str = ""
    good: str = ""

    def at(
        self,
        place: Place,
        message: str,
        *,
        suggestion: str | None = None,
        level: Level | None = None,
        edits: Sequence[Edit] = (),
        subject: str | None = None,
        proposals: Sequence[Edit] = (),
    ) -> Finding:
        """A finding of this rule."""
        return Finding(
            file=place.file,
            rule=self.slug,
            level=level or self.level,
            message=message,
            line=place.line,
            column=place.column,
            suggestion=suggestion,
            length=place.length,
            edits=tuple(edits),
            subject=subject,
            proposals=tuple(proposals),
        )
