"""Every key of `newsletter.toml` has its effect: a row for each, in `effects/`."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from newsletter_cli.config import send_settings, settings
from tests.cli.effects import composing_keys, list_keys, sending_keys
from tests.cli.effects.scenario import Stages
from tests.cli.effects.setting import Setting, watch_setting

SETTINGS: list[Setting] = [*composing_keys.SETTINGS, *list_keys.SETTINGS, *sending_keys.SETTINGS]


# Keys whose effect no row shows yet, most of them for a mail server to see: this may only become shorter.
WITHOUT_A_ROW = {
    "list.columns.subscribed",
    "list.unused_columns",
    "preview.editor",
    "send.bounces",
    "send.list_id",
    "send.retry_deferred_minutes",
    "send.pace.name",
    "send.pace.connections",
    *(f"send.dkim.{name}" for name in ("selector", "domain", "key_file", "key_env", "key_command")),
    *(f"personal.{name}" for name in ("greeting", "subject", "preheader", "fields.name", "fields.fallback")),
    *(f"send.smtp.{name}" for name in ("user", "auth", "password_env", "password_command", "password_keyring")),
    *(f"send.smtp.{name}" for name in ("starttls", "ca_file", "hello", "pipelining", "connections")),
    *(f"send.smtp.{name}" for name in ("messages_per_connection", "timeout_seconds", "final_timeout_seconds")),
}


def keys(table: Any = settings.Config, above: str = "") -> Iterator[str]:
    """Every key there is, by its path."""
    hints = typing.get_type_hints(table, {**vars(settings), **vars(send_settings)})
    for field in dataclasses.fields(table):
        path = f"{above}.{field.name}".lstrip(".")
        below = [
            one for one in (hints[field.name], *typing.get_args(hints[field.name])) if dataclasses.is_dataclass(one)
        ]
        yield from keys(below[0], path) if below else [path]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


def test_each_key_has_a_row_and_each_row_a_key() -> None:
    rows = {one.key for one in SETTINGS}
    assert rows | WITHOUT_A_ROW == set(keys())
    assert not rows & WITHOUT_A_ROW


@pytest.mark.parametrize("setting", [pytest.param(one, id=one.key) for one in SETTINGS])
def test_a_key_has_its_effect(stages: Stages, setting: Setting) -> None:
    watch_setting(stages, setting)
