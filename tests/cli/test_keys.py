"""Every key of `newsletter.toml` has its effect: a row for each, in `effects/`."""

from __future__ import annotations

import json
import os
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from newsletter_cli.base.tables import is_table, options_of
from newsletter_cli.config import chat_settings, list_settings, send_settings, settings, site_settings
from tests.cli.effects import (
    announcing,
    archiving,
    bounces,
    composing_keys,
    list_keys,
    mailbox_keys,
    proofs,
    publishing,
    reminding,
    sending_keys,
    server_keys,
    service_keys,
    syncing,
)
from tests.cli.effects.scenario import Stages
from tests.cli.effects.setting import Setting, watch_setting
from tests.cli.effects.stages import slips
from tests.cli.test_preview import started

SETTINGS: list[Setting] = [
    setting
    for module in (
        announcing,
        archiving,
        bounces,
        composing_keys,
        list_keys,
        mailbox_keys,
        proofs,
        publishing,
        reminding,
        sending_keys,
        server_keys,
        service_keys,
        syncing,
    )
    for setting in module.SETTINGS
]


# What a page shows that is served until it is ended has a test of its own, below.
SERVED = {"preview.editor"}


def keys(table: Any = settings.Config, above: str = "") -> Iterator[str]:
    """Every key there is, by its path."""
    hints = typing.get_type_hints(
        table,
        {**vars(settings), **vars(chat_settings), **vars(list_settings), **vars(send_settings), **vars(site_settings)},
    )
    for name in options_of(table):
        path = f"{above}.{name}".lstrip(".")
        below = [one for one in (hints[name], *typing.get_args(hints[name])) if is_table(one)]
        yield from keys(below[0], path) if below else [path]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


def test_each_key_has_a_row_and_each_row_a_key() -> None:
    rows = {one.key for one in SETTINGS}
    assert rows | SERVED == set(keys())


# A server of the tests wants a login without TLS, which aiosmtpd finds unwise.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("setting", [pytest.param(one, id=one.key) for one in SETTINGS])
def test_a_key_has_its_effect(stages: Stages, setting: Setting) -> None:
    watch_setting(stages, setting)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_program_that_a_finding_opens_in(stages: Stages) -> None:
    root = stages.fresh(slips)
    for setting, opened_with in (("", "vscode://"), ('\n[preview]\neditor = "zed"\n', "zed://")):
        with (root / "newsletter.toml").open("a", encoding="utf-8") as file:
            file.write(setting)
        with started(root, "1", "--offline") as preview:
            findings = json.loads(preview.get("state"))["findings"]
        assert findings
        assert all(one["editor"].startswith(opened_with) for one in findings)
