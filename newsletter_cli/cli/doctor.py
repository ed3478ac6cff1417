"""`nl doctor`"""

from __future__ import annotations

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, Json, chosen_directory
from newsletter_cli.console.lines import Line
from newsletter_cli.console.palette import MARKS as STYLED_MARKS

HELP = _("Check that everything is set up: addresses, theme, privacy, mailing list. Nothing is changed or sent.")
EXAMPLE = "nl doctor"
MARKS = {"well": "✓", "attention": "!", "wrong": "✗"}


def run(as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.flows.diagnosis import Health
    from newsletter_cli.flows.doctor import diagnose

    # It says what is wrong with newsletter.toml and with state/, whatever stands there.
    found = diagnose(chosen_directory(directory))
    if as_json:
        console.show_json({"diagnoses": [one.as_dict() for one in found]})
    else:
        for one in found:
            said = _("{subject}: {message}").format(subject=one.shown_subject, message=one.message)
            mark = MARKS[one.health]
            console.say(Line((f"{mark} ", STYLED_MARKS[mark]), (said, ""), hang=2))
            if one.hint and one.health is not Health.WELL:
                console.say_hint(one.hint)
        say_next("doctor", directory=directory, has_faults=any(one.health is Health.WRONG for one in found))
    raise typer.Exit(2 if any(one.health is Health.WRONG for one in found) else 0)
