"""`nl demo`"""

from __future__ import annotations

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, named_directory

HELP = _("Show the whole way on a sample workspace, in a temporary copy: nothing of yours is touched.")
EXAMPLE = "nl demo"


def run(directory: Directory = None) -> None:
    from newsletter_cli.flows.demo import run_demo

    for line in run_demo(named_directory(directory)):
        console.say(line)
