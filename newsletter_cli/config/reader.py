"""`newsletter.toml` → `Config`, or an error that names file, line, key and the nearest right one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.plain_toml import config_error, parse_toml
from newsletter_cli.base.strict import Path, Problem, read_strictly
from newsletter_cli.base.tables import field_types, is_table, options_of
from newsletter_cli.base.values import replace
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.config.sense import check_sense
from newsletter_cli.config.settings import Config

CONFIG_FILE = "newsletter.toml"
# A key that more tables have than these (`name`, `url`) says nothing of where it belongs.
MOST_HOMES = 6
# What rooms above this one know of a configuration that can be read: whether its addresses and patterns are any.
Judge = Callable[[Config], Iterable[Problem]]


class ReadConfig(Struct, frozen=True, kw_only=True):
    """What a text says: all that is wrong with it, and the configuration without that; `None` where none is left."""

    config: Config | None
    fault: ConfigError | None


def parse_config(text: str, *, file: str = CONFIG_FILE, judge: Judge | None = None) -> Config:
    """The configuration written in `text`.

    Raises `ConfigError` for the first problem, the others in its `also`, each with the line it stands on.
    """
    read = read_config(text, file=file, judge=judge)
    if read.fault is not None or read.config is None:
        raise read.fault or ConfigError(file)
    return read.config


def read_config(text: str, *, file: str = CONFIG_FILE, judge: Judge | None = None) -> ReadConfig:
    """The same, with all that is right in `text` beside what is wrong. Raises `ConfigError` for what is no TOML."""
    data = parse_toml(text, file=file)
    config, problems = read_strictly(Config, data)
    problems = [_with_home(problem) for problem in problems]
    if problems:
        # What is right beside it is judged all the same: better all faults at once than one a run.
        config = _right_part(data, problems)
    if config is not None:
        found = [*check_sense(config), *(judge(config) if judge else ())]
        problems += found
        config = _right_part(data, problems) if found else config
    if config is not None and "sections" not in data:
        config = replace(config, sections=default_sections(config.newsletter.language))
    return ReadConfig(config=config, fault=config_error(problems, text, file=file) if problems else None)


def _with_home(problem: Problem) -> Problem:
    """The same; of a key that does not exist where it stands, but in another table, that table is proposed."""
    if not problem.path:
        return problem
    *above, key = problem.path
    table: Any = Config
    for part in above:
        table = _table_under(table, part)
    if table is None or key in options_of(table):
        return problem
    homes = [name for name, names in _tables(Config, "") if key in names]
    if not homes or len(homes) > MOST_HOMES:
        return problem
    listed = ", ".join(f"[{name}]" for name in homes)
    return replace(problem, hint=_("it belongs under {tables}").format(tables=listed))


def _table_under(table: Any, part: str | int) -> Any:
    """The table that stands under a key, be it one of a list; `None` where there is none."""
    if table is None or isinstance(part, int):
        return table
    kind = field_types(table).get(part)
    inner = [one for one in (kind, *getattr(kind, "__args__", ())) if is_table(one)]
    return inner[0] if inner else None


def _tables(table: Any, name: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Every table by its name, with its keys; `[[sections]]` and the like by that of the list."""
    if name:
        yield name, frozenset(options_of(table))
    for key in options_of(table):
        inner = _table_under(table, key)
        if inner is not None:
            yield from _tables(inner, f"{name}.{key}" if name else key)


def _right_part(data: Mapping[str, Any], problems: Sequence[Problem]) -> Config | None:
    """The configuration without the keys that are at fault; `None` where it cannot do without."""
    rest = copy.deepcopy(dict(data))
    for problem in problems:
        _take_out(rest, problem.path)
    name = rest.setdefault("newsletter", {})
    if isinstance(name, dict):
        name.setdefault("name", "?")
    config, left = read_strictly(Config, rest)
    return None if left else config


def _take_out(tables: dict[str, Any], path: Path) -> None:
    """Take the key at the end of `path` out; of a list, all of it: its other parts would change their places."""
    keys = [part for part in path if isinstance(part, str)]
    first_index = next((index for index, part in enumerate(path) if isinstance(part, int)), len(path))
    steps = keys[:first_index]
    holder: Any = tables
    for step in steps[:-1]:
        if not isinstance(holder, dict) or step not in holder:
            return
        holder = holder[step]
    if steps and isinstance(holder, dict):
        holder.pop(steps[-1], None)
