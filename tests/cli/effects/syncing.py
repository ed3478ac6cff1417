"""What the options of `nl sync` do, and the keys of `[endpoint]`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.web.reach import Lookup
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.syncing.position import Position, note_position
from newsletter_cli.flows.syncing.sync import sync
from newsletter_cli.model.feedback import FeedbackKind
from newsletter_cli.workspace.folder import open_workspace
from tests.cli.effects.around import Around, Page
from tests.cli.effects.scenario import Effect
from tests.cli.effects.setting import Setting
from tests.cli.effects.stages import plain, ready, sent
from tests.flows.sending.newsletter import ADDRESSES, CONFIG
from tests.flows.syncing.stage import Stage
from tests.flows.syncing.stub import told


def endpoint(tell: Callable[[Stage], object]) -> Callable[[Path], Around]:
    """An endpoint, of which the workspace knows; `tell` says what happened there."""

    @contextlib.contextmanager
    def around(folder: Path) -> Iterator[Mapping[str, str]]:
        stage = Stage.around(folder / "workspace")
        with stage.stub.serving():
            stage.configure()
            tell(stage)
            yield {}

    return around


def clicked(stage: Stage) -> None:
    stage.click(ADDRESSES[0])


def fetched_before(stage: Stage) -> None:
    clicked(stage)
    sync(open_workspace(stage.newsletter.root))


def complained_all(stage: Stage) -> None:
    for number, one in enumerate(ADDRESSES):
        stage.stub.tell(told(FeedbackKind.COMPLAINT, reference=number, key=stage.key, token=stage.token(one)))


@contextlib.contextmanager
def out_of_reach(folder: Path) -> Iterator[Mapping[str, str]]:
    """An endpoint on another machine, which cannot be found."""
    text = CONFIG + '[endpoint]\nurl = "https://leave.example.org"\n'
    (folder / "workspace" / "newsletter.toml").write_text(text, "utf-8")
    with mock.patch("newsletter_cli.base.web.reach.Internet.look_up", return_value=Lookup()):
        yield {}


def fetched_just_now(root: Path) -> None:
    """Ready to go; everybody who left was known a moment ago."""
    ready(root)
    with open_state(open_workspace(root)) as store, store.transaction():
        note_position(store, Position(log="x", after=0, wishes_at=timestamp(datetime.now(UTC))))


EFFECTS: dict[str, list[Effect]] = {
    "sync --key": [Effect(of="sync", option="--key", stage=sent, around=endpoint(clicked), shows="nl-key-1.")],
    "sync --output": [
        Effect(of="sync --key", option="--output endpoint.key", stage=plain, shows="Key written: endpoint.key"),
        Effect(of="sync", option="--output endpoint.key", stage=plain, refused="--output goes with --key"),
    ],
    "sync --rotate": [Effect(of="sync --key", option="--rotate", stage=plain, shows="the key has changed")],
    "sync --all": [
        Effect(
            of="sync", option="--all", stage=sent, around=endpoint(fetched_before),
            shows="1 entry of the endpoint’s log", hides="0 entries of the endpoint’s log",
        ),
        Effect(of="sync --key", option="--all", stage=plain, refused="--all does nothing with --key"),
    ],
    "sync --anyway": [
        Effect(
            of="sync", option="--anyway", stage=sent, around=endpoint(complained_all),
            shows="3 people were taken off the list", hides="none of them was",
        )
    ],
    "sync --trust": [
        Effect(
            of="sync", option="--trust", stage=sent, around=out_of_reach, shows="the endpoint does not answer",
            hides="nl trust",
        )
    ],
}  # fmt: skip

AWAY: dict[str, Any] = {"endpoint.url": "http://127.0.0.1:{port}"}
SETTINGS = [
    Setting(
        sets={"endpoint.ca_file": "authority.pem"},
        beside={"endpoint.url": "https://go.example.org"},
        of="trust",
        stage=ready,
        shows="ca_file=authority.pem",
    ),
    Setting(
        sets={"endpoint.timeout_seconds": 1},
        beside={**AWAY, "endpoint.timeout_seconds": 30},
        of="sync",
        stage=sent,
        around=Page(200, seconds=2.0),
        shows="it did not answer in time",
    ),
    Setting(
        sets={"send.max_unsubscribe_age": "0m"},
        beside=AWAY,
        of="send 1 --dry-run",
        stage=fetched_just_now,
        around=Page(503),
        refused="who has left by the endpoint is known up to",
    ),
]
