"""What a key of `newsletter.toml` changes, seen from outside: the same command, with the key and without it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from newsletter_cli.base.values import replace
from tests.cli.effects.scenario import Effect, Seen, Stage, Stages, Surroundings, nothing_around, see


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a key does to a command, run from outside the workspace with `-C`.

    `sets` are the key and its value, `beside` those that stand there with it or without it; a number in a key's path
    counts the tables of one name. `first` is run before, after the change; `then` afterwards; `typed` is answered at
    the keyboard. `shows` is seen only with it, `hides` only without it; `refused` is said only with it, and the command
    fails.
    """

    sets: Mapping[str, Any]
    of: str
    stage: Stage
    shows: str = ""
    hides: str = ""
    refused: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)
    first: str = ""
    then: str = ""
    typed: str | None = None
    env: Mapping[str, str | None] = field(default_factory=dict)
    around: Surroundings = nothing_around

    @property
    def key(self) -> str:
        """The key that the row is about, without numbers."""
        (path,) = self.sets
        return ".".join(part for part in path.split(".") if not part.isdigit())


def watch_setting(stages: Stages, setting: Setting) -> None:
    """Fails where the key makes no difference, or not the one it is there for."""
    given = _see(stages, setting, is_given=True)
    bare = repr(replace(setting, sets={}, shows="", hides="", refused=""))
    without = stages.once(bare, lambda: _see(stages, setting, is_given=False))
    assert setting.shows or setting.hides or setting.refused, "a row says what the key shows, hides, or refuses"
    for text in filter(None, (setting.shows, setting.refused)):
        assert text in given.whole, given.whole
        assert text not in without.whole, without.whole
    if setting.hides:
        assert setting.hides in without.whole, without.whole
        assert setting.hides not in given.whole, given.whole
    if setting.refused:
        assert given.status != 0


def _see(stages: Stages, setting: Setting, *, is_given: bool) -> Seen:
    effect = Effect(
        option="",
        of=setting.of,
        stage=setting.stage,
        env=setting.env,
        around=setting.around,
        then=setting.then,
        typed=setting.typed,
        is_elsewhere=True,
    )
    changes = {**setting.beside, **(setting.sets if is_given else {})}

    def configure(root: Path, surroundings: Mapping[str, str]) -> None:
        path = root / "newsletter.toml"
        document = tomlkit.parse(path.read_text("utf-8"))
        for key, value in changes.items():
            _set(document, key.split("."), _filled(value, surroundings))
        path.write_text(tomlkit.dumps(document), "utf-8")

    return see(stages, effect, is_given=False, prepare=configure, first=shlex.split(setting.first))


def _set(table: Any, path: list[str], value: Any) -> None:
    *above, name = path
    for part in above:
        table = table[int(part)] if part.isdigit() else table.setdefault(part, {})
    table[name] = value


def _filled(value: Any, surroundings: Mapping[str, str]) -> Any:
    """`{port}` and the like, by what is around."""
    if isinstance(value, list):
        return [_filled(one, surroundings) for one in value]
    if isinstance(value, str):
        for name, known in surroundings.items():
            value = value.replace(f"{{{name}}}", known)
    return value
