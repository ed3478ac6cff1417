"""The part of the configuration that says where received messages are read, `[mailbox]`, and when deliveries that fail
for a time have failed for good, `[bounces]`.
"""

from __future__ import annotations

from typing import Literal

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
    auth: Literal["auto", "xoauth2"] = option(
        "auto", doc="How one logs in: auto takes PLAIN, else LOGIN; xoauth2 where the secret is an OAuth token."
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
    timeout_seconds: int = option(60, doc="How long one answer may take.", minimum=1, maximum=3600)


class BounceSettings(Table, frozen=True, kw_only=True):
    """Table `[bounces]`: full mailboxes, and faults that may pass."""

    issues: int = option(
        3, doc="So many issues in a row that came back for a reason that may pass are too many.", minimum=1, maximum=100
    )
    days: int = option(14, doc="Over so many days at least.", minimum=0, maximum=3650)
    then: Literal["review", "suppress"] = option(
        "review", doc="What happens then: a person decides, or they are taken off the list."
    )
