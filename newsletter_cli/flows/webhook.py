"""The secret address of a chat: where the configuration says that it is, under this user's trust."""

from __future__ import annotations

from typing import Protocol

from newsletter_cli.base.errors import ChatError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment, read_from_keyring
from newsletter_cli.workspace.folder import SecretUse, Workspace

KEYRING_USER = "webhook"


class WebhookSettings(Protocol):
    """A table of the configuration that says where the address of a chat is."""

    @property
    def webhook_env(self) -> str | None:
        """An environment variable."""

    @property
    def webhook_command(self) -> tuple[str, ...]:
        """A command that prints it."""

    @property
    def webhook_keyring(self) -> str | None:
        """A service of the system's keyring."""


def webhook_use(table: str, settings: WebhookSettings, usual: str) -> SecretUse | None:
    """The address of a chat, where this workspace's texts are posted; `None` for the `usual` variable, which this user
    has set for it: that is their own word.
    """
    if settings.webhook_command:
        secret = "webhook_command"  # noqa: S105 - its key
    elif settings.webhook_keyring is not None:
        secret = f"{settings.webhook_keyring} ({KEYRING_USER})"
    elif settings.webhook_env not in (None, usual):
        secret = str(settings.webhook_env)
    else:
        return None
    return SecretUse(key=f"{table}.webhook", words=(secret, "chat"))


def read_webhook(workspace: Workspace, table: str, settings: WebhookSettings, usual: str) -> str:
    """What the command prints, else what the keyring has, else the environment's. Raises `ChatError`, `NotTrusted`."""
    what = _("the address of the chat")
    command = workspace.permitted(f"{table}.webhook_command", settings.webhook_command)
    workspace.permit_secret(webhook_use(table, settings, usual))
    if command is not None:
        return read_from_command(what, command, ChatError)
    if settings.webhook_keyring is not None:
        return read_from_keyring(what, settings.webhook_keyring, KEYRING_USER, ChatError)
    return read_from_environment(what, settings.webhook_env or usual, ChatError)
