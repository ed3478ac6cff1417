"""The commands of a workspace's configuration, and which of them this user has trusted."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from newsletter_cli.config.commands import configured_commands
from newsletter_cli.trust import ConfiguredCommand, TrustStore
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTrust:
    """A command that a workspace names, and whether this user has trusted it."""

    workspace: str
    key: str
    command: tuple[str, ...]
    is_trusted: bool

    @property
    def line(self) -> str:
        """As one would type it."""
        return shlex.join(self.command)

    def as_dict(self) -> dict[str, Any]:
        """The command for scripts."""
        shown = asdict(self)
        return {"workspace": self.workspace, "key": self.key, "command": list(self.command)} | {
            "trusted": shown["is_trusted"]
        }


def read_commands(workspace: Workspace) -> list[CommandTrust]:
    """Every command of the configuration. Raises `NotTrusted` where what is trusted cannot be read safely."""
    store = TrustStore()
    return [
        CommandTrust(workspace=str(one.workspace), key=one.key, command=one.words, is_trusted=store.holds(one))
        for one in _configured(workspace)
    ]


def trusted() -> list[CommandTrust]:
    """All that this user has trusted, in whatever workspace. Raises `NotTrusted`."""
    return [
        CommandTrust(
            workspace=str(one.get("workspace")),
            key=str(one.get("key")),
            command=tuple(map(str, command)) if isinstance(command := one.get("command"), list) else (),
            is_trusted=True,
        )
        for one in TrustStore().read()
    ]


def trust_commands(workspace: Workspace, commands: Iterable[CommandTrust]) -> None:
    """Trust what was shown, and nothing that changed since. Raises `NotTrusted`, `StorageError`."""
    store = TrustStore()
    with storage_errors(str(store.path)):
        store.add([ConfiguredCommand(workspace=workspace.root, key=one.key, words=one.command) for one in commands])


def revoke_workspace(folder: Path) -> int:
    """Trust nothing of that workspace any more; how many commands that were. Raises `NotTrusted`, `StorageError`."""
    store = TrustStore()
    with storage_errors(str(store.path)):
        return store.revoke(folder)


def _configured(workspace: Workspace) -> list[ConfiguredCommand]:
    return [
        ConfiguredCommand(workspace=workspace.root, key=key, words=words)
        for key, words in configured_commands(workspace.config).items()
    ]
