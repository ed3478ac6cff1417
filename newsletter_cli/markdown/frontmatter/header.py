"""The header of a file: its values, each as it was typed, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.model import Finding, Level
from newsletter_cli.model.field_names import field_named

Path = tuple[str | int, ...]
NO_LISTS: Mapping[str, tuple[str, ...]] = {}
# “auteur” is no “after”, “auto” no “author”: what is that far from a name is another word.
NEAR = 0.75


def _names(values: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, str]:
    """What each key that has another name among those `known` is called there."""
    found: dict[str, str] = {}
    for key in values:
        name = field_named(str(key), known) if key not in known else None
        if name is not None and name not in values and name not in found.values():
            found[key] = name
    return found


class Header(Struct, frozen=True, kw_only=True):
    """The front matter of one file.

    `values` are its keys and plain values, in order. Dates and times keep their offset; what only looks like a date
    stays text. Keys of a Pelican header are lower case, as Pelican reads them, and its values are text.

    `typed` has the values that are single values as they were typed, by their path (`("title",)`,
    `("events", 0, "start")`): YAML reads `title: 12:30` as 750, `slug: 007` as 7 and `title: No` as false; where text
    is meant, this is the text. Empty values are left out.

    `lines` has the line in the file of each key, of each item of a list, and of each key of an item, by the same paths.
    `findings`: what had to be fixed to read it.
    """

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    typed: Mapping[Path, str] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    first_line: int = 1

    def line(self, *path: str | int) -> int:
        """The line of what `path` leads to, or of the nearest thing above it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.first_line

    @property
    def field_lines(self) -> Mapping[str, int]:
        """The line of each key at the top level."""
        return {str(path[0]): line for path, line in self.lines.items() if len(path) == 1}

    def text(self, key: str) -> str | None:
        """The text of a key, as typed (YAML would make a number of `007`); `None` where it is empty.

        Raises `ContentError` when a list or table stands there.
        """
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, list | dict):
            items = [self.typed.get((key, index), "") for index in range(len(value))]
            meant = f'{key}: "{", ".join(items)}"' if isinstance(value, list) and all(items) else None
            hint = _("write for instance: {example}").format(example=meant) if meant else None
            raise self.fault(_("“{key}” must be a text").format(key=key), key, hint=hint)
        text = (value if isinstance(value, str) else self.typed.get((key,), str(value))).strip()
        return text or None

    def fault(self, message: str, *path: str | int, hint: str | None = None) -> ContentError:
        """An error that names the line of `path`."""
        return ContentError(message, file=self.file, line=self.line(*path), hint=hint)

    def in_words_of(self, known: tuple[str, ...], lists: Mapping[str, tuple[str, ...]] = NO_LISTS) -> Header:
        """The same, each field under the name that is `known` for it: `auteur` becomes `author`.

        `lists` has the fields of the entries of a list. A key that cannot be one of them keeps its name, as does one
        whose field stands there already.
        """
        names = _names(self.values, known)
        values: dict[str, Any] = {}
        renamed: dict[Path, Path] = {(old,): (new,) for old, new in names.items()}
        for old, value in self.values.items():
            new = names.get(old, old)
            values[new] = value
            if new in lists and isinstance(value, list):
                entries = [_names(item, lists[new]) if isinstance(item, dict) else {} for item in value]
                values[new] = [
                    {inner.get(key, key): one for key, one in item.items()} if isinstance(item, dict) else item
                    for item, inner in zip(value, entries, strict=True)
                ]
                renamed |= {
                    (old, index, key): (new, index, name)
                    for index, inner in enumerate(entries)
                    for key, name in inner.items()
                }

        def told(path: Path) -> Path:
            return renamed.get(path) or (*renamed.get(path[:1], path[:1]), *path[1:])

        return replace(
            self,
            values=values,
            typed={told(path): text for path, text in self.typed.items()},
            lines={told(path): line for path, line in self.lines.items()},
        )

    def unknown_keys(self, known: tuple[str, ...]) -> Iterator[Finding]:
        """A finding for each key that `nl` does not know."""
        for key in self.values:
            if key not in known:
                close = nearest(key, list(known), cutoff=NEAR)
                twin = field_named(key, known)
                yield Finding(
                    file=self.file,
                    rule="front-matter-unknown-key",
                    level=Level.WARNING,
                    message=_("the key “{key}” means nothing here and is left out").format(key=key)
                    if twin is None
                    else _("“{key}” says once more what “{other}” says, and is left out").format(key=key, other=twin),
                    line=self.line(key),
                    suggestion=_("keep one of the two lines")
                    if twin is not None
                    else _("did you mean “{key}”?").format(key=close)
                    if close
                    else _("the keys here are: {keys}").format(keys=", ".join(known)),
                )
