"""The commands that a configuration names, whatever they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from newsletter_cli.base.trust import COMMAND_KEY
from newsletter_cli.config.settings import Config


def configured_commands(config: Config) -> dict[str, tuple[str, ...]]:
    """Key (`list.sql.url_command`) → words of each command that is set. A key is one by its name."""
    return dict(_commands(config, ""))


def _commands(table: object, prefix: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not is_dataclass(table):
        return
    for field in fields(table):
        value = getattr(table, field.name)
        if field.name.endswith(COMMAND_KEY) and value:
            yield prefix + field.name, value
        yield from _commands(value, f"{prefix}{field.name}.")
