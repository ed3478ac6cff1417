"""The part of the configuration that says when texts are due, and where people are reminded: table `[remind]`."""

from __future__ import annotations

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_name
from newsletter_cli.config.send_settings import VARIABLE_PATTERN


class RemindSettings(Table, frozen=True, kw_only=True):
    """Table `[remind]`: when texts are due. The address of the chat is a secret, and never stands in the file."""

    days_before: int = option(
        7, doc="So many days before the issue's date a text is due that says nothing else.", minimum=0, maximum=365
    )
    webhook_env: str = option(
        "NL_REMIND_WEBHOOK",
        doc="Environment variable that holds the address of the chat.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    webhook_command: tuple[str, ...] = option((), doc='Command that prints it: ["pass", "show", "chat"].')
    webhook_keyring: str | None = option(
        None, doc="Service under which the system's keyring has it, for the user `webhook`.", filled=True
    )
    webhook: str | None = option(
        None, doc="Refused: the address is a secret, for which there are the three keys above.", is_shown=False
    )
