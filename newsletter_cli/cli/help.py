"""`nl help`"""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, interface_language

HELP = _(
    "Show a page of the documentation, or what it says of a command or a rule. Without a topic: which pages there are."
)
EXAMPLE = "nl help sending"


def complete_topic(incomplete: str) -> list[str]:
    """What a shell proposes."""
    from newsletter_cli.flows.documentation import all_topics

    return [name for name in all_topics() if name.startswith(incomplete)]


def run(
    topic: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("[TOPIC]"),
            autocompletion=complete_topic,
            help=_("A page, a command or a rule: sending, new, link-bare."),
        ),
    ] = None,
) -> None:
    from newsletter_cli.console.reading import show_markdown
    from newsletter_cli.flows.documentation import read_topic, topics, topics_in

    if topic:
        show_markdown(read_topic(" ".join(topic)))
        return
    known = topics()
    width = max(map(len, known))
    ours = topics_in(interface_language())
    for name, about in known.items():
        told = about if name in ours else _("{about} (in English)").format(about=about)
        console.say(f"{name:<{width}}  {told}")
    console.say()
    console.say(_("To read one: nl help sending. A command or a rule, too: nl help new, nl help link-bare"))
