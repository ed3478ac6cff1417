"""The parts of the configuration about chats: `[remind]`, who is reminded; `[announce]`, where an issue is told of."""

from __future__ import annotations

from typing import Literal

from newsletter_cli.base.tables import Table, option
from newsletter_cli.config.meant import meant_name
from newsletter_cli.config.send_settings import VARIABLE_PATTERN

NetworkName = Literal["tchap", "mattermost", "slack", "linkedin", "mastodon"]


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


class AnnounceChatSettings(Table, frozen=True, kw_only=True):
    """Where `nl announce --post` posts. The address is a secret, and never stands in the file."""

    webhook_env: str | None = option(
        None,
        doc="Environment variable that holds the address, by default NL_ANNOUNCE_ and the network's name.",
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


class AnnounceSettings(Table, frozen=True, kw_only=True):
    """Table `[announce]`: what `nl announce` writes."""

    networks: tuple[NetworkName, ...] = option(
        (), doc="The networks that texts are written for without --for; by default all of them."
    )
    hashtags: tuple[str, ...] = option((), doc='Hashtags at the end, without #: ["OpenData", "DataScience"].')
    tchap: AnnounceChatSettings = option(AnnounceChatSettings(), doc="The room of Tchap or Matrix to post in.")
    mattermost: AnnounceChatSettings = option(AnnounceChatSettings(), doc="The channel of Mattermost to post in.")
    slack: AnnounceChatSettings = option(AnnounceChatSettings(), doc="The channel of Slack to post in.")
    mastodon: AnnounceChatSettings = option(AnnounceChatSettings(), doc="The account of Mastodon to post from.")

    def chats(self) -> dict[str, AnnounceChatSettings]:
        """Network → where it is posted to; those that programs do not post in are not among them."""
        return {
            "tchap": self.tchap, "mattermost": self.mattermost, "slack": self.slack, "mastodon": self.mastodon
        }  # fmt: skip


def usual_variable(network: str) -> str:
    """The environment variable that has the address of a network's chat, where the configuration names none."""
    return f"NL_ANNOUNCE_{network.upper()}"
