"""`nl trust`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.trust import FOLDER_KEY
from newsletter_cli.cli.options import Directory, Json, chosen_directory, open_chosen_workspace, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.base.trust import Trustable
    from newsletter_cli.flows.trusting import Trust

HELP = _(
    "Show the commands that this workspace's newsletter.toml names, and where it sends your passwords and keys; trust "
    "them. nl does nothing of it that you have not trusted on this machine; what was trusted is forgotten once it "
    "changes."
)
EXAMPLE = "nl trust"

Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask: you have read them."))]
Listed = Annotated[bool, typer.Option("--list", help=_("Show all that you have trusted, in every workspace."))]
Revoked = Annotated[bool, typer.Option("--revoke", help=_("Trust nothing of this workspace any more."))]


def run(
    is_sure: Yes = False,
    is_listing: Listed = False,
    is_revoking: Revoked = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.trusting import read_trustables, revoke_workspace, trust_these, trusted

    if is_revoking:
        refuse_idle("--revoke", {"--list": is_listing, "--yes": is_sure}, hint="nl trust --revoke")
    if is_listing:
        refuse_idle("--list", {"--yes": is_sure}, hint="nl trust --list")
        _show(trusted(), as_json=as_json)
        return
    if is_revoking:
        count = revoke_workspace(_folder(directory))
        if as_json:
            console.show_json({"revoked": count})
            return
        text = ngettext("{count} line is no longer trusted", "{count} lines are no longer trusted", count)
        console.say(text.format(count=count))
        return
    workspace = open_chosen_workspace(directory)
    commands = read_trustables(workspace)
    _show(commands, as_json=as_json)
    unknown = [one for one in commands if not one.is_trusted]
    if as_json and not is_sure:
        return
    if unknown and (is_sure or _is_agreed(unknown)):
        trust_these(workspace, unknown)
        if not as_json:
            console.say(_("Trusted, for you on this machine. To take it back: nl trust --revoke"))


def _show(commands: list[Trust], *, as_json: bool) -> None:
    if as_json:
        console.show_json({"commands": [one.as_dict() for one in commands]})
    elif not commands:
        console.say(_("Nothing to trust: no command, and no secret sent anywhere."))
    for one in () if as_json else commands:
        mark = "✓" if one.is_trusted else "!"
        state = _("trusted") if one.is_trusted else _("not trusted")
        console.say(f"{mark} {one.workspace}: {one.key} ({state})")
        console.say_path("    ", one.line)


def _is_agreed(unknown: list[Trust]) -> bool:
    """Raises `UsageError` where nobody can be asked."""
    if not console.is_interactive():
        raise UsageError(
            _("these lines need your word, and nobody can be asked here"),
            hint=_("add --yes once you have read them"),
        )
    count, folders = len(unknown), sum(one.key == FOLDER_KEY for one in unknown)
    if count > folders:
        console.say(
            _("Commands run as you, and servers get the secret named, when the list is opened or an issue sent.")
        )
    if folders:
        console.say(_("Pages and pictures are written into the folder named, when an issue is published."))
    question = ngettext("Trust this line?", "Trust these {count} lines?", count)
    return console.confirm(question.format(count=count), default=False)


def ask_to_trust(wanted: Trustable) -> bool:
    """Whether somebody at the terminal trusts what is about to be needed."""
    if wanted.is_folder:
        console.say(
            _("newsletter.toml names a folder outside this repository to write pages into ({key}):").format(
                key=wanted.key
            )
        )
        console.say_path("    ", wanted.line)
        return console.confirm(_("Trust it, now and from now on?"), default=False)
    text = (
        _("newsletter.toml names a command that you have not trusted yet ({key}):")
        if wanted.is_command
        else _("newsletter.toml sends a secret of yours where you have not trusted it to go yet ({key}):")
    )
    console.say(text.format(key=wanted.key))
    console.say_path("    ", wanted.line)
    return console.confirm(_("Trust it, now and from now on?"), default=False)


def _folder(directory: Path | None) -> Path:
    """The workspace's folder, as far as there still is one: what is broken must not keep its trust."""
    from newsletter_cli.workspace.folder import find_root

    return find_root(chosen_directory(directory))
