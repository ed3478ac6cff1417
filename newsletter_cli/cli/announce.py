"""`nl announce`"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, shown_count
from newsletter_cli.cli.options import (
    Directory,
    IssueNumber,
    Json,
    open_chosen_workspace,
    open_to_act,
    refuse_idle,
)
from newsletter_cli.console import streams

if TYPE_CHECKING:
    from newsletter_cli.chat.posting import Posted
    from newsletter_cli.flows.announce import Announcements, Post
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Write the texts that tell of an issue, ready to paste: for Tchap, Mattermost, Slack, LinkedIn, Mastodon, in the "
    "newsletter's language. --copy puts one into the clipboard, --post posts it."
)
EXAMPLE = "nl announce 2 --for mastodon --copy"


def _complete_network(incomplete: str) -> list[str]:
    from newsletter_cli.render.announce.networks import NETWORKS

    return [name for name in NETWORKS if name.startswith(incomplete)]


def run(
    number: IssueNumber = None,
    networks: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            metavar=_("NETWORK"),
            autocompletion=_complete_network,
            help=_("tchap, mattermost, slack, linkedin or mastodon; more than one: --for tchap,mastodon."),
        ),
    ] = None,
    is_copying: Annotated[bool, typer.Option("--copy", help=_("Put the text into the clipboard."))] = False,
    is_posting: Annotated[
        bool, typer.Option("--post", help=_("Post it, at most once for an issue and a network; asks first."))
    ] = False,
    is_rehearsal: Annotated[
        bool, typer.Option("--dry-run", help=_("With --post: everything but the posting."))
    ] = False,
    is_again: Annotated[
        bool, typer.Option("--again", help=_("With --post: even where it was posted already, or may have been."))
    ] = False,
    is_offline: Annotated[
        bool,
        typer.Option(
            "--offline", envvar="NL_OFFLINE", show_envvar=False, help=_("Do not ask whether the post is online.")
        ),
    ] = False,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help=_("With --post: do not ask."))] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.announce import build_announcements, choose_networks

    if is_posting and is_copying:
        raise UsageError(
            _("--copy and --post do not go together"), hint=as_called("nl announce 2 --for mastodon --copy")
        )
    if not is_posting:
        idle = {"--dry-run": is_rehearsal, "--again": is_again, "--yes": is_sure}
        refuse_idle("nl announce", idle, hint=_("it goes with --post"))
    workspace = open_to_act(directory, may_ask=not as_json) if is_posting else open_chosen_workspace(directory)
    chosen = choose_networks(workspace, networks or ())
    if is_posting and not (networks or workspace.config.announce.networks):
        raise UsageError(_("--post wants to know where"), hint=as_called("nl announce --post --for mattermost"))
    if is_copying and len(chosen) > 1:
        raise UsageError(
            _("the clipboard holds one text: say which"), hint=as_called("nl announce --copy --for mastodon")
        )
    made = build_announcements(
        workspace, workspace.existing_issue(number), chosen, is_posted=is_posting, is_offline=is_offline
    )
    if is_posting:
        _post(made, workspace, is_rehearsal=is_rehearsal, is_again=is_again, is_sure=is_sure, as_json=as_json)
        return
    if is_copying:
        _copy(made)
    if as_json:
        console.show_json(made.as_dict())
    elif not is_copying:
        _show(made)
    if not as_json:
        _note(made)


def _show(made: Announcements) -> None:
    """One text alone is what a pipe gets; several are told apart."""
    for index, one in enumerate(made.texts):
        if len(made.texts) > 1:
            if index:
                console.say()
            about = (
                _("{network}: {length} of {limit} bytes")
                if one.network.is_counted_in_octets
                else _("{network}: {length} of {limit} characters")
            )
            console.say(
                f"— {about} —".format(
                    network=one.network.title, length=shown_count(one.length), limit=shown_count(one.network.limit)
                ),
                style="strong",
            )
            console.say()
        console.say_whole(one.text)


def _copy(made: Announcements) -> None:
    from newsletter_cli.console.clipboard import copy_text

    one = made.texts[0]
    said = (
        _("In the clipboard: the text for {network}.")
        if copy_text(one.text.strip("\n"))
        else _("Handed to your terminal, which puts it into the clipboard if it can: the text for {network}.")
    )
    console.warn(said.format(network=one.network.title))


def _note(made: Announcements) -> None:
    if made.notes and streams.is_terminal(sys.stderr):
        # Apart from the text, for whoever marks it with the mouse.
        console.warn("")
    for note in made.notes:
        console.warn(note)


def _post(
    made: Announcements, workspace: Workspace, *, is_rehearsal: bool, is_again: bool, is_sure: bool, as_json: bool
) -> None:
    from newsletter_cli.chat.posting import Outcome
    from newsletter_cli.flows.announce import post_announcement, prepare_posts

    posts = prepare_posts(workspace, made, is_again=is_again)
    if not as_json:
        _show(made)
        _note(made)
    done: dict[str, Posted] = {}
    if not is_rehearsal:
        _confirm(posts, is_sure=is_sure)
        for post in posts:
            done[post.network.name] = post_announcement(post, is_again=is_again)
    if as_json:
        console.show_json(made.as_dict(done))
    elif is_rehearsal:
        console.say(_("A rehearsal: nothing was posted. Everything is there for it."))
    for post in posts:
        _tell(post, done.get(post.network.name), as_json=as_json)
    if any(one.outcome is not Outcome.POSTED for one in done.values()):
        raise typer.Exit(2)


def _confirm(posts: Sequence[Post], *, is_sure: bool) -> None:
    where = ", ".join(post.network.title for post in posts)
    if is_sure:
        return
    if not console.is_interactive():
        raise UsageError(_("a post cannot be taken back, and nobody can be asked here"), hint=_("add --yes to be sure"))
    nothing = _("nothing was posted")
    if not console.confirm(_("Post it to {networks}?").format(networks=where), default=False, left=nothing):
        raise UsageError(nothing)


def _tell(post: Post, posted: Posted | None, *, as_json: bool) -> None:
    from newsletter_cli.chat.posting import Outcome

    network = post.network.title
    if posted is None:
        return
    if posted.outcome is Outcome.POSTED:
        if not as_json:
            console.say(_("Posted to {network}.").format(network=network))
        return
    is_known = posted.outcome is Outcome.REFUSED
    refused, unknown = _("not posted to {network}: {reason}"), _("whether {network} has it cannot be told: {reason}")
    console.warn((refused if is_known else unknown).format(network=network, reason=posted.reason))
    console.warn("  → " + (_("run it again later") if is_known else _("look at the chat; if it is not there: --again")))
