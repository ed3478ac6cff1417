"""`nl words`: the newsletter's own words, and those of the layout in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import (
    Directory,
    Json,
    first_sentence,
    open_chosen_workspace,
    refuse_idle,
    with_example,
)

if TYPE_CHECKING:
    from newsletter_cli.flows.unknown_words import UnknownWord, UnknownWords
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Keep the newsletter's own words, which are right although no dictionary has them; change or translate the words "
    "of the layout (“In this issue”, “Unsubscribe”)."
)
EXAMPLE = "nl words add Cartiflette"
ADD_HELP = _(
    "Add words to words.txt: names and terms that are right although no dictionary has them. A word in small letters "
    "is right with capitals, too, and with the s of a plural; several words between quotes are a term."
)
REMOVE_HELP = _("Take words out of words.txt.")
LIST_HELP = _(
    "List the words of an issue that no dictionary has, the most frequent first, with the first place of each. "
    "Without a number, of all issues."
)
COPY_EXAMPLE = "nl words copy pl"
ADD_EXAMPLE = _('nl words add Cartiflette "data scientist"')
REMOVE_EXAMPLE = "nl words remove Cartiflette"
LIST_EXAMPLE = "nl words list --add"
COPY_HELP = _(
    "Copy the words of a language into templates/words/, where they take the place of the shipped ones; the English "
    "ones, to be translated, for a language that has none yet. A file that is there already is left as it is."
)

APP = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


Words = Annotated[list[str], typer.Argument(metavar=_("WORD…"), help=_("Words; a term of several between quotes."))]


@APP.command("add", help=with_example(ADD_HELP, ADD_EXAMPLE), short_help=first_sentence(ADD_HELP))
def run_add(words: Words, as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.workspace.own_words import WORDS_FILE, add_own_words

    added = add_own_words(open_chosen_workspace(directory), words)
    if as_json:
        console.show_json({"file": WORDS_FILE, "added": list(added)})
    elif added:
        console.say(_("Added to {file}: {words}").format(file=WORDS_FILE, words=", ".join(added)))
        say_next("words", directory=directory)
    else:
        console.say(_("{file} has these words already.").format(file=WORDS_FILE))


@APP.command("remove", help=with_example(REMOVE_HELP, REMOVE_EXAMPLE), short_help=first_sentence(REMOVE_HELP))
def run_remove(words: Words, as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.workspace.own_words import WORDS_FILE, remove_own_words

    gone = remove_own_words(open_chosen_workspace(directory), words)
    if as_json:
        console.show_json({"file": WORDS_FILE, "removed": list(gone)})
    elif gone:
        console.say(_("Taken out of {file}: {words}").format(file=WORDS_FILE, words=", ".join(gone)))
    else:
        console.say(_("{file} has none of these words.").format(file=WORDS_FILE))


@APP.command("list", help=with_example(LIST_HELP, LIST_EXAMPLE), short_help=first_sentence(LIST_HELP))
def run_list(
    number: Annotated[
        str | None, typer.Argument(metavar="[N]", help=_("The issue's number, 2 or 002; all issues by default."))
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help=_("Ask of each word, in its sentence, whether it is added to words.txt."))
    ] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.unknown_words import find_unknown_words

    if as_json:
        refuse_idle("--json", {"--add": add}, hint="nl words list --json")
    if add and not console.is_interactive():
        raise UsageError(
            _("--add asks of each word, and nobody is there to answer"),
            hint=_("look through the list, then add the words that are right: nl words add WORD…"),
        )
    workspace = open_chosen_workspace(directory)
    numbers = workspace.issue_numbers() if number is None else [workspace.existing_issue(number)]
    with console.progress(_("Reading")) as on_progress:
        found = find_unknown_words(workspace, numbers, on_progress)
    if as_json:
        console.show_json([one.as_dict() for one in found.words])
        return
    _show(found)
    if add and found.words:
        _ask_of_each(workspace, found.words)


def _show(found: UnknownWords) -> None:
    for reason in found.unread:
        console.warn(reason)
    if not found.words:
        console.say(_("No word is unknown."))
        return
    title = ngettext(
        "{count} word that no dictionary has", "{count} words that no dictionary has", len(found.words)
    ).format(count=len(found.words))
    rows = [(one.word, str(one.count), one.where, ", ".join(one.proposals)) for one in found.words]
    console.show_table(title, (_("word"), _("times"), _("first place"), _("meant?")), rows, numeric=(_("times"),))
    console.say(_("Add those that are right: nl words add WORD… (or nl words list --add); the others are misspelt."))


def _ask_of_each(workspace: Workspace, words: tuple[UnknownWord, ...]) -> None:
    from newsletter_cli.workspace.own_words import add_own_words

    added = 0
    for one in words:
        console.say()
        console.say(f"{one.where}  {one.sentence}", style="dim")
        answer = console.ask(
            _("{word} ({count} times): a to add it, q to stop, Enter for the next one").format(
                word=one.word, count=one.count
            ),
            default="",
            shows_default=False,
            left=_told_added(added),
        )
        if answer.strip().casefold() == "q":
            break
        if answer.strip().casefold() in ("a", "y", "o"):
            added += len(add_own_words(workspace, [one.word]))
    console.say(_told_added(added))


def _told_added(count: int) -> str:
    from newsletter_cli.workspace.own_words import WORDS_FILE

    text = ngettext("{count} word was added to {file}.", "{count} words were added to {file}.", count)
    return text.format(count=count, file=WORDS_FILE)


@APP.command("copy", help=with_example(COPY_HELP, COPY_EXAMPLE), short_help=first_sentence(COPY_HELP))
def run_copy(
    language: Annotated[str, typer.Argument(metavar=_("LANG"), help=_("The language: fr, en, de, pl…"))],
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.copying import copy_words

    done = copy_words(open_chosen_workspace(directory), language)
    if as_json:
        console.show_json(done.as_dict())
        return
    console.say(_("{file}: made from {source}").format(file=done.file, source=done.source))
    console.say(_("Next: translate what stands between the quotes, then look at it: nl preview"))
