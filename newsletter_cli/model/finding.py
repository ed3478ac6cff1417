"""A fault found in the content: a value, never an exception."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How grave a finding is; only an `error` stops a send."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, where it stands and what to do about it.

    `file` is relative to the workspace, with forward slashes; `line` and `column` count from 1
    (`None`: the fault concerns the whole file). `rule` is a stable slug with a page in the docs.
    """

    file: str
    rule: str
    level: Level
    message: str
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None
    fixable: bool = False

    @property
    def place(self) -> str:
        """`file:line:column`, as far as each is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def as_dict(self) -> dict[str, Any]:
        """The finding as the contract's JSON object."""
        keys = ("file", "line", "column", "rule", "level", "message", "suggestion", "fixable")
        values = asdict(self)
        return {key: values[key] for key in keys}
