"""Options whose value may be left out: `nl report 2 --html`, `nl report 2 --html FILE`. Typer knows none of them."""

from __future__ import annotations

from typing import Any, ClassVar

from typer.core import TyperCommand

from newsletter_cli.workspace.folder import ISSUE_NUMBER


class OptionalValue(TyperCommand):
    """A command that has such options; without a value, it is given an empty one.

    What follows is no value where it begins with a dash, or is the number of an issue.
    """

    optional: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def of(cls, *names: str) -> type[OptionalValue]:
        """The command that has the options of these names."""
        return type("OptionalValue", (cls,), {"optional": frozenset(names)})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does, the values that were left out put in."""
        filled: list[str] = []
        for number, argument in enumerate(args):
            is_left_out = argument in self.optional and "--" not in args[:number] and not _is_value(args[number + 1 :])
            filled.append(f"{argument}=" if is_left_out else argument)
        return super().parse_args(ctx, filled)


def _is_value(following: list[str]) -> bool:
    return bool(following) and not following[0].startswith("-") and not ISSUE_NUMBER.fullmatch(following[0])
