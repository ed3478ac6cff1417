"""`nl preview`"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.browser import open_browser
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, NoLanguage, Offline, open_chosen_workspace, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace

HELP = _("Show an issue as its readers will see it, live while it is written, in a page on this machine only.")
EXAMPLE = "nl preview 2"
# A blocking wait would not see Ctrl-C on Windows.
SLICE_SECONDS = 0.2
STOPPED_BY_ITSELF = 2

NoOpen = Annotated[bool, typer.Option("--no-open", help=_("Do not open the browser."))]
Port = Annotated[int | None, typer.Option("--port", metavar="P", help=_("Serve on this port, or the next free one."))]
Terminal = Annotated[bool, typer.Option("--terminal", help=_("Show the issue in the terminal instead."))]
Screenshots = Annotated[
    Path | None,
    typer.Option("--screenshots", metavar=_("DIR"), help=_("Write pictures of the e-mail into this folder instead.")),
]


def run(
    number: IssueNumber = None,
    no_open: NoOpen = False,
    port: Port = None,
    offline: Offline = False,
    no_language: NoLanguage = False,
    terminal: Terminal = False,
    screenshots: Screenshots = None,
    directory: Directory = None,
) -> None:
    if terminal and screenshots is not None:
        raise UsageError(
            _("--terminal and --screenshots are two different things"), hint=as_called("nl preview --terminal")
        )
    # In the environment, it is for whoever reads nothing, whatever they ask for.
    is_unread = no_language and not os.environ.get("NL_NO_LANGUAGE")
    of_the_page = {"--port": port is not None, "--no-open": no_open, "--no-language": is_unread}
    if terminal:
        refuse_idle("--terminal", of_the_page, hint="nl preview --terminal")
    if screenshots is not None:
        refuse_idle("--screenshots", of_the_page, hint="nl preview --screenshots pictures")
    workspace = open_chosen_workspace(directory)
    if terminal:
        from newsletter_cli.preview.terminal import show_in_terminal

        show_in_terminal(workspace, workspace.existing_issue(number))
        say_next("preview", workspace.existing_issue(number), directory=directory)
    elif screenshots is not None:
        from newsletter_cli.preview.screenshots import take_screenshots

        for line in take_screenshots(workspace, workspace.existing_issue(number), screenshots):
            console.say(line)
        say_next("preview", workspace.existing_issue(number), directory=directory)
    else:
        chosen = None if number is None else workspace.existing_issue(number)
        _serve(workspace, chosen, port, is_offline=offline, reads_language=not no_language, opens_browser=not no_open)
        if workspace.issue_numbers():
            say_next("preview", workspace.existing_issue(number), directory=directory)


def _serve(
    workspace: Workspace,
    number: int | None,
    port: int | None,
    *,
    is_offline: bool,
    reads_language: bool,
    opens_browser: bool,
) -> None:
    # To end it is what Ctrl-C is for here, and what a supervisor's SIGTERM asks: neither is a failure.
    with contextlib.suppress(KeyboardInterrupt):
        from newsletter_cli.preview.language import read_with_programs
        from newsletter_cli.preview.live import Preview
        from newsletter_cli.preview.run import PORT, Running, listen

        signal.signal(signal.SIGTERM, _interrupt)
        reading = read_with_programs if reads_language else None
        preview = Preview(workspace, number, is_offline=is_offline, read_language=reading, on_unexpected=_Reporter())
        with Running(preview, listen(PORT if port is None else port)) as running:
            _announce(preview.address, preview.port, port)
            if opens_browser:
                open_browser(preview.address)
            while not running.ended.wait(SLICE_SECONDS):
                pass
        raise typer.Exit(STOPPED_BY_ITSELF)


def _announce(address: str, port: int, wanted: int | None) -> None:
    console.say(address)
    if wanted and wanted != port:
        console.say(_("Port {wanted} is taken, {port} was free.").format(wanted=wanted, port=port))
    console.say(_("It follows what you save. Ctrl-C ends it."))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Reporter:
    """Says once of each kind of error that it happened, and goes on."""

    def __init__(self) -> None:
        self._said: set[type[BaseException]] = set()

    def __call__(self, error: BaseException) -> None:
        if type(error) in self._said:
            return
        self._said.add(type(error))
        if "--debug" in sys.argv:
            console.show_traceback(error)
            return
        from newsletter_cli.cli.report import write_report

        console.show_unexpected(error, write_report(error, sys.argv[1:]))
