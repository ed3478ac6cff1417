"""The part of the configuration that says where received messages are read: table `[mailbox]`."""

from __future__ import annotations

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_mailbox, meant_name
from newsletter_cli.config.send_settings import VARIABLE_PATTERN


class MailboxSettings(Table, frozen=True, kw_only=True):
    """Table `[mailbox]`: a mailbox over IMAP. Its password never stands in the file."""

    url: str | None = option(
        None,
        doc="The mailbox: imaps://USER@HOST/FOLDER; imap:// encrypts with STARTTLS.",
        pattern=r"imaps?://[^\s/:]+@[^\s/@]+(/\S*)?",
        meant=meant_mailbox,
        # It may well hold a password.
        is_shown=False,
    )
    password_env: str = option(
        "NL_MAILBOX_PASSWORD",
        doc="Environment variable that holds the password.",
        pattern=VARIABLE_PATTERN,
        meant=meant_name,
        is_shown=False,
    )
    password_command: tuple[str, ...] = option((), doc='Command that prints it: ["pass", "show", "mailbox"].')
    password_keyring: str | None = option(
        None, doc="Service under which the system's keyring has it, for the user of `url`.", filled=True
    )
    ca_file: str | None = option(None, doc="Certificates to trust besides the system's (PEM).", filled=True)
