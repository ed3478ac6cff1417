"""`nl doctor`"""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, Json, chosen_directory, refuse_idle
from newsletter_cli.console.lines import Line
from newsletter_cli.console.palette import MARKS as STYLED_MARKS

HELP = _(
    "Check that everything is set up: addresses, theme, privacy, mailing list. Nothing is changed or sent. --domain "
    "asks the DNS whether providers can tell that the mail is yours."
)
EXAMPLE = "nl doctor"
MARKS = {"well": "✓", "attention": "!", "wrong": "✗"}


def run(
    domain: Annotated[
        str | None, typer.Argument(metavar=_("[DOMAIN]"), help=_("With --domain: which one; the sender's by default."))
    ] = None,
    is_of_domain: Annotated[
        bool,
        typer.Option(
            "--domain", help=_("What the DNS says of the sender: SPF, DKIM, DMARC, MX, PTR; it alone is asked.")
        ),
    ] = False,
    selectors: Annotated[
        list[str] | None,
        typer.Option(
            "--selector",
            metavar=_("NAME"),
            help=_("With --domain: a name (s=) that your mail server signs with (DKIM)."),
        ),
    ] = None,
    resolver: Annotated[
        str | None,
        typer.Option(
            "--resolver", metavar=_("ADDRESS"), help=_("With --domain: the DNS server to ask, such as 9.9.9.9.")
        ),
    ] = None,
    is_copying: Annotated[
        bool, typer.Option("--copy", help=_("With --domain: put the text for the administrator into the clipboard."))
    ] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    if is_of_domain:
        from newsletter_cli.cli.domain_report import show_domain

        show_domain(
            chosen_directory(directory), domain, selectors=tuple(selectors or ()), resolver=resolver,
            is_copying=is_copying, as_json=as_json,
        )  # fmt: skip
        return
    if domain is not None:
        raise UsageError(
            _("nl doctor looks at this newsletter; “{domain}” goes with --domain").format(domain=domain),
            hint=as_called("nl doctor --domain example.org"),
        )
    idle = {"--selector": bool(selectors), "--resolver": resolver is not None, "--copy": is_copying}
    refuse_idle("nl doctor", idle, hint="nl doctor --domain")
    _run_here(as_json=as_json, directory=directory)


def _run_here(*, as_json: bool, directory: Directory) -> None:
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
