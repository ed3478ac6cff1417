"""What `newsletter.toml` may do with what is this user's: what they have trusted, in that folder, word for word.

A workspace may come from anybody: a clone, a branch to be looked at. A command that its configuration names is run, and
a secret of this user goes to a server that it names, only once somebody on this machine has read it and said yes. That
is kept outside every workspace.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from newsletter_cli.base.errors import NotTrusted
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.lock import FileLock
from newsletter_cli.base.user_folders import CONFIG_VARIABLE, config_folder, is_outside, is_own, make_private

STORE = "trust.json"
ONCE_VARIABLE = "NL_TRUST"
YES = frozenset({"1", "true", "yes", "on"})
COMMAND_KEY = "_command"
# Neither runs anything nor sends a secret: files are written there, outside the repository of the workspace.
FOLDER_KEY = "site.folder"


class Trustable(Struct, frozen=True, kw_only=True):
    """What the configuration of a workspace names under a key, and this user trusts or not, word for word: a command
    line; a secret, where it goes, and what else decides who learns what; or a folder that is written to.
    """

    workspace: Path
    key: str
    words: tuple[str, ...]

    @property
    def is_command(self) -> bool:
        """A key is that of a command by its name."""
        return self.key.endswith(COMMAND_KEY)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder that is written to."""
        return self.key == FOLDER_KEY

    @property
    def line(self) -> str:
        """A command as one would type it; `NL_GRIST_KEY → https://grist.example.org`."""
        if self.is_folder:
            return self.words[-1]
        return shlex.join(self.words) if self.is_command else " → ".join(self.words)

    def record(self) -> dict[str, object]:
        """What is trusted: the words, and the content of the workspace's own files among them, such as a script."""
        return {
            "workspace": os.path.realpath(self.workspace),
            "key": self.key,
            "command": list(self.words),
            "files": own_files(self.workspace, self.words),
        }


def own_files(workspace: Path, words: Sequence[str]) -> Mapping[str, str]:
    """The files of the workspace among the words of a command, each with the hash of what it holds."""
    root = Path(os.path.realpath(workspace))
    found = {}
    for word in words:
        # `--script=get.py` names one, too.
        for name in {word, word.partition("=")[2]} - {""}:
            with contextlib.suppress(OSError, ValueError):
                path = Path(os.path.realpath(root / name))
                if path.is_relative_to(root) and path.is_file():
                    with path.open("rb") as file:
                        found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


class PermittedCommand(Struct, frozen=True, kw_only=True):
    """A command line that may run, in its workspace's folder. Only the guards of this module make one."""

    words: tuple[str, ...]
    folder: Path


class CommandGuard(Protocol):
    """Who decides whether a command of the configuration runs."""

    def permit(self, key: str, words: Sequence[str]) -> PermittedCommand:
        """Raises `NotTrusted`."""
        ...

    def permit_secret(self, workspace: Path, key: str, words: Sequence[str]) -> None:
        """May a secret go where the configuration says? Raises `NotTrusted`."""
        ...


class NeverRuns:
    """For whoever only looks: no command runs, not even a trusted one. A secret goes where it was trusted to go."""

    def permit(self, key: str, words: Sequence[str]) -> PermittedCommand:
        """Raises `NotTrusted`, always."""
        raise NotTrusted(
            _("{key} names a command, and commands that only look run none").format(key=key),
            file="newsletter.toml",
            hint=_(
                "nl list stats opens the list, nl send --dry-run tries a send, once the command is trusted: nl trust"
            ),
        )

    def permit_secret(self, workspace: Path, key: str, words: Sequence[str]) -> None:
        """What is in the store, and nothing for one run. Raises `NotTrusted`."""
        wanted = Trustable(workspace=workspace, key=key, words=tuple(words))
        if not TrustStore().holds(wanted):
            raise _not_trusted(wanted)


class TrustedRuns:
    """What this user has trusted runs; `is_trusted_once`: everything, this time. `ask`: somebody who can be asked."""

    def __init__(
        self, workspace: Path, *, is_trusted_once: bool = False, ask: Callable[[Trustable], bool] | None = None
    ):
        self._workspace, self._ask = workspace, ask
        self._is_trusted_once = is_trusted_once or os.environ.get(ONCE_VARIABLE, "").strip().lower() in YES
        self._permitted: set[tuple[str, tuple[str, ...]]] = set()

    def permit(self, key: str, words: Sequence[str]) -> PermittedCommand:
        """Whether it is trusted, else whether somebody trusts it now. Raises `NotTrusted`."""
        self._permit(Trustable(workspace=self._workspace, key=key, words=tuple(words)))
        return PermittedCommand(words=tuple(words), folder=self._workspace)

    def permit_secret(self, workspace: Path, key: str, words: Sequence[str]) -> None:
        """The same for a secret. Raises `NotTrusted`."""
        self._permit(Trustable(workspace=workspace, key=key, words=tuple(words)))

    def _permit(self, wanted: Trustable) -> None:
        if (wanted.key, wanted.words) not in self._permitted and not self._is_trusted_once:
            store = TrustStore()
            if not store.holds(wanted):
                if self._ask is None or not self._ask(wanted):
                    raise _not_trusted(wanted)
                store.add([wanted])
        self._permitted.add((wanted.key, wanted.words))


def _not_trusted(wanted: Trustable) -> NotTrusted:
    if wanted.is_folder:
        message = _("{key} names a folder outside this repository that you have not trusted: {command}").format(
            key=wanted.key, command=wanted.line
        )
        return NotTrusted(message, file="newsletter.toml", hint=_("read it, then trust it on this machine: nl trust"))
    message = (
        _("{key} names a command that you have not trusted: {command}").format(key=wanted.key, command=wanted.line)
        if wanted.is_command
        else _("{key}: you have not trusted where a secret of yours would go: {command}").format(
            key=wanted.key, command=wanted.line
        )
    )
    return NotTrusted(message, file="newsletter.toml", hint=_("read it, then trust it on this machine: nl trust"))


class TrustStore:
    """What this user has trusted, in a file of their own that nobody else may write."""

    def __init__(self) -> None:
        self.path = config_folder() / STORE

    def holds(self, command: Trustable) -> bool:
        """Whether it was trusted as it stands. Raises `NotTrusted` where what is kept could be anybody's."""
        return command.record() in self.read(command.workspace)

    def read(self, workspace: Path | None = None) -> list[dict[str, object]]:
        """All that is trusted; `workspace`: the one that asks, in which the file must not lie. Raises `NotTrusted`."""
        self._refuse_unsafe(workspace)
        try:
            with self.path.open("rb") as file:
                is_private = is_own(os.fstat(file.fileno()))
                data = json.load(file)
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError):
            raise NotTrusted(
                _("what you have trusted cannot be read"),
                file=str(self.path),
                hint=_("remove that file, then trust the commands again: nl trust"),
            ) from None
        if not is_private:
            raise NotTrusted(
                _("somebody else could have written what you have trusted"),
                file=str(self.path),
                hint=_("remove that file, then trust the commands again: nl trust"),
            )
        trusted = data.get("trusted") if isinstance(data, dict) else None
        return [one for one in trusted if isinstance(one, dict)] if isinstance(trusted, list) else []

    def add(self, commands: Sequence[Trustable]) -> None:
        """Trust these from now on, in place of what their keys said before. Raises `NotTrusted`, `OSError`."""
        if not commands:
            return
        records = [command.record() for command in commands]
        replaced = {(one["workspace"], one["key"]) for one in records}
        self._change(
            commands[0].workspace,
            lambda known: [*(one for one in known if (one.get("workspace"), one.get("key")) not in replaced), *records],
        )

    def revoke(self, workspace: Path) -> int:
        """Trust nothing of that workspace any more; how many commands that were. Raises `NotTrusted`, `OSError`."""
        place = os.path.realpath(workspace)
        count = sum(one.get("workspace") == place for one in self.read())
        if count:
            self._change(None, lambda known: [one for one in known if one.get("workspace") != place])
        return count

    def _change(
        self,
        workspace: Path | None,
        change: Callable[[list[dict[str, object]]], list[dict[str, object]]],
    ) -> None:
        self._refuse_unsafe(workspace)
        if not make_private(self.path.parent):
            raise NotTrusted(
                _("there is no private folder to keep in what you trust: {folder}").format(folder=self.path.parent),
                hint=_("make it yours alone, or name another one in {variable}").format(variable=CONFIG_VARIABLE),
            )
        with FileLock(self.path.with_suffix(".lock")):
            text = json.dumps({"trusted": change(self.read(workspace))}, ensure_ascii=False, indent=2) + "\n"
            sweep(self.path.parent, is_alone=True, of=self.path.name)
            write_file(self.path, text.encode("utf-8", "surrogateescape"), mode=PRIVATE_FILE)

    def _refuse_unsafe(self, workspace: Path | None) -> None:
        if not self.path.is_absolute() or (workspace is not None and not is_outside(self.path, workspace)):
            raise NotTrusted(
                _("what you trust would be kept in the workspace itself, where anybody may write: {file}").format(
                    file=self.path
                ),
                hint=_("name another folder in {variable}, with its whole path").format(variable=CONFIG_VARIABLE),
            )
