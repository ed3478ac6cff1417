"""The commands of a workspace's configuration, the servers it sends secrets to, and which this user has trusted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from newsletter_cli.base.trust import Trustable, TrustStore
from newsletter_cli.config.commands import configured_commands
from newsletter_cli.flows.secret_uses import configured_uses
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace


class Trust(Struct, frozen=True, kw_only=True):
    """A command that a workspace names, or where it sends a secret, and whether this user has trusted it."""

    workspace: str
    key: str
    command: tuple[str, ...]
    is_trusted: bool

    @property
    def _trustable(self) -> Trustable:
        return Trustable(workspace=Path(self.workspace), key=self.key, words=self.command)

    @property
    def is_command(self) -> bool:
        """Whether it runs something; else it sends a secret somewhere, or is a folder."""
        return self._trustable.is_command

    @property
    def is_folder(self) -> bool:
        """Whether pages are written there, outside the repository of the workspace."""
        return self._trustable.is_folder

    @property
    def line(self) -> str:
        """A command as one would type it, or which secret goes where."""
        return self._trustable.line

    def as_dict(self) -> dict[str, Any]:
        """The command for scripts."""
        shown = asdict(self)
        return {"workspace": self.workspace, "key": self.key, "command": list(self.command)} | {
            "trusted": shown["is_trusted"]
        }


def read_trustables(workspace: Workspace) -> list[Trust]:
    """All commands and servers of the configuration. Raises `NotTrusted` where what is kept cannot be believed."""
    store = TrustStore()
    return [
        Trust(workspace=str(one.workspace), key=one.key, command=one.words, is_trusted=store.holds(one))
        for one in _configured(workspace)
    ]


def trusted() -> list[Trust]:
    """All that this user has trusted, in whatever workspace. Raises `NotTrusted`."""
    return [
        Trust(
            workspace=str(one.get("workspace")),
            key=str(one.get("key")),
            command=tuple(map(str, command)) if isinstance(command := one.get("command"), list) else (),
            is_trusted=True,
        )
        for one in TrustStore().read()
    ]


def trust_these(workspace: Workspace, commands: Iterable[Trust]) -> None:
    """Trust what was shown, and nothing that changed since. Raises `NotTrusted`, `StorageError`."""
    store = TrustStore()
    with storage_errors(str(store.path)):
        store.add([Trustable(workspace=workspace.root, key=one.key, words=one.command) for one in commands])


def revoke_workspace(folder: Path) -> int:
    """Trust nothing of that workspace any more; how many commands that were. Raises `NotTrusted`, `StorageError`."""
    store = TrustStore()
    with storage_errors(str(store.path)):
        return store.revoke(folder)


def _configured(workspace: Workspace) -> list[Trustable]:
    return [
        Trustable(workspace=workspace.root, key=key, words=words)
        for key, words in (
            *configured_commands(workspace.config).items(),
            *((use.key, use.words) for use in configured_uses(workspace)),
        )
    ]
