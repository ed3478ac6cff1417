"""The commands that a configuration names, whatever they are for."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.tables import Table, options_of
from newsletter_cli.base.trust import COMMAND_KEY
from newsletter_cli.config.settings import Config


def configured_commands(config: Config) -> dict[str, tuple[str, ...]]:
    """Key (`list.sql.url_command`) → words of each command that is set. A key is one by its name."""
    return dict(_commands(config, ""))


def _commands(table: object, prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(table, Table):
        return
    for name in options_of(table):
        value = getattr(table, name)
        if name.endswith(COMMAND_KEY) and value:
            yield prefix + name, value
        yield from _commands(value, f"{prefix}{name}.")
