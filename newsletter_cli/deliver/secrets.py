"""The secrets a send needs: the password of the mail server."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter_cli.errors import TransportError
from newsletter_cli.i18n import _
from newsletter_cli.secret import read_from_command, read_from_environment, read_from_keyring


def read_send_secret(
    what: str,
    *,
    variable: str,
    command: Sequence[str] = (),
    keyring_service: str | None = None,
    user: str | None = None,
) -> str:
    """The secret called `what` in errors: from `command` if there is one, else from the keyring if a service is
    named, else from the environment `variable`.

    Raises `TransportError`, which shows neither the secret nor what the command printed.
    """
    if command:
        return read_from_command(what, command, TransportError)
    if keyring_service is None:
        return read_from_environment(what, variable, TransportError)
    if not user:
        raise TransportError(
            _("{what}: the keyring is asked for a user’s password, and no user is named").format(what=what),
            hint=_("set send.smtp.user in newsletter.toml"),
        )
    return read_from_keyring(what, keyring_service, user, TransportError)
