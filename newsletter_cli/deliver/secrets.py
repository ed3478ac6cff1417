"""The secrets a send needs: the password of the mail server."""

from __future__ import annotations

import threading
from collections.abc import Callable

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment, read_from_keyring
from newsletter_cli.base.trust import PermittedCommand


class Secret:
    """A password or an OAuth token, read when it is first needed and once, whichever thread needs it: a password
    manager may ask a person.
    """

    def __init__(self, read: Callable[[], str]):
        self._read = read
        self._lock = threading.Lock()
        self._value: str | None = None
        self._accepted: set[str] = set()

    def __call__(self) -> str:
        """The secret. Raises `TransportError`."""
        with self._lock:
            if self._value is None:
                self._value = self._read()
            return self._value

    def worked(self, accepted: str) -> None:
        """The server took it."""
        with self._lock:
            self._accepted.add(accepted)

    def renew(self, refused: str) -> bool:
        """Whether there is another one by now than this one, which worked and is refused: tokens expire.

        Raises `TransportError`.
        """
        with self._lock:
            if refused not in self._accepted:
                return False
            if self._value == refused:
                self._value = self._read()
            return self._value != refused


def read_send_secret(
    what: str,
    *,
    variable: str,
    command: PermittedCommand | None = None,
    keyring_service: str | None = None,
    user: str | None = None,
    user_key: str = "send.smtp.user",
) -> str:
    """The secret called `what` in errors: from `command` if there is one, else from the keyring if a service is
    named, else from the environment `variable`.

    Raises `TransportError`, which shows neither the secret nor what the command printed.
    """
    if command is not None:
        return read_from_command(what, command, TransportError)
    if keyring_service is None:
        return read_from_environment(what, variable, TransportError)
    if not user:
        raise TransportError(
            _("{what}: the keyring is asked for a user’s password, and no user is named").format(what=what),
            hint=_("set {key} in newsletter.toml").format(key=user_key),
        )
    return read_from_keyring(what, keyring_service, user, TransportError)
