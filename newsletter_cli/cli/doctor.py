"""`nl doctor`"""

from __future__ import annotations

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, chosen_directory

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
            console.say(f"{MARKS[one.health]} {said}")
            if one.hint and one.health is not Health.WELL:
                console.say(f"  → {one.hint}")
    raise typer.Exit(2 if any(one.health is Health.WRONG for one in found) else 0)
