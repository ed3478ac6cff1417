"""`nl list …`: the mailing list. One module per kind of work; each command is a `run_…` with its HELP and EXAMPLE."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import typer

from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list import feed, look, moving, rights, suppression
from newsletter_cli.cli.options import first_sentence, with_example

HELP = _("The mailing list: who may be written to, and who must not be.")
EXAMPLE = "nl list stats"

Command = tuple[str, Callable[..., None], str, str]
# The heading of each group in the help, `None` where there is but one group.
Groups = Mapping[str | None, tuple[Command, ...]]
RIGHTS = _("People's rights")
# The groups of `nl list --help`.
COMMANDS: Groups = {
    _("Take in and correct"): (
        ("import", feed.run_import, feed.IMPORT_HELP, _('nl list import members.csv --consent "sign-up form 2026"')),
        (
            "add",
            feed.run_add,
            feed.ADD_HELP,
            _('nl list add "Léa <lea@example.org>" --group proof --consent "by mail"'),
        ),
        ("set", feed.run_set, feed.SET_HELP, "nl list set lea@example.org --not-group proof"),
        ("move", moving.run_move, moving.MOVE_HELP, _("nl list move lea@old.example.org lea@example.org")),
        ("unsubscribe", feed.run_unsubscribe, feed.UNSUBSCRIBE_HELP, "nl list unsubscribe lea@example.org"),
    ),
    _("Look and check"): (
        ("show", look.run_show, look.SHOW_HELP, "nl list show --to group:proof"),
        ("stats", look.run_stats, look.STATS_HELP, "nl list stats --json"),
        ("check", look.run_check, look.CHECK_HELP, _("nl list check members.csv")),
    ),
    RIGHTS: (
        ("export", rights.run_export, rights.EXPORT_HELP, "nl list export lea@example.org"),
        ("forget", rights.run_forget, rights.FORGET_HELP, "nl list forget lea@example.org --yes"),
        ("purge", rights.run_purge, rights.PURGE_HELP, "nl list purge --dry-run"),
    ),
}
SUPPRESSION_COMMANDS: Groups = {
    None: (
        ("export", suppression.run_export, suppression.EXPORT_HELP, _("nl list suppression export state/left.csv")),
        ("import", suppression.run_import, suppression.IMPORT_HELP, _("nl list suppression import state/left.csv")),
    )
}


def _group(groups: Groups) -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    for panel, commands in groups.items():
        for name, run, text, example in commands:
            summary, long_text = first_sentence(text), with_example(text, example)
            app.command(name, help=long_text, short_help=summary, rich_help_panel=panel)(run)
    return app


APP = _group(COMMANDS)
APP.add_typer(
    _group(SUPPRESSION_COMMANDS),
    name="suppression",
    short_help=suppression.HELP,
    help=suppression.HELP,
    rich_help_panel=RIGHTS,
)
