"""`nl check --review`: findings one by one, at the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter_cli import console
from newsletter_cli.base.errors import AlreadyExists, NewsletterError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.console.keys import read_keys
from newsletter_cli.flows.reporting.interface import View
from newsletter_cli.flows.reporting.review import end_lines, help_lines, item_lines, note_lines
from newsletter_cli.flows.review import TYPE, Review, begin, begin_again, press, type_instead
from newsletter_cli.flows.review_items import is_list
from newsletter_cli.flows.review_store import store

if TYPE_CHECKING:
    from newsletter_cli.flows.look import CheckRun


def refuse_without_keyboard() -> None:
    """Raises `UsageError` where nobody could answer."""
    if not console.is_interactive():
        raise UsageError(
            _("--review asks at a terminal, and there is none here"),
            hint=_("nl check lists the findings, nl check --fix fixes what is certain"),
        )


def run_review(look: CheckRun) -> None:
    """Ask about one finding after the other; each answer is on disk before the next question."""
    checked = look()
    review = begin(checked.findings, checked.sources)
    if review.item is None:
        console.say(_("There is nothing to review: no finding has a proposal."))
        return
    try:
        review = _ask_all(look, review)
    except _Stopped as stopped:
        console.show_lines(end_lines(stopped.review))
        raise KeyboardInterrupt from None
    console.show_lines(end_lines(review))


class _Stopped(Exception):
    """Ctrl-C, with what had been done by then."""

    def __init__(self, review: Review):
        super().__init__()
        self.review = review


def _ask_all(look: CheckRun, review: Review) -> Review:
    _show(review)
    keys = read_keys()
    while not review.is_left:
        try:
            key = next(keys, "q")
            after = _typed(review) if key in (TYPE, TYPE.upper()) else press(review, key)
            after = _stored(look, review, after)
        except KeyboardInterrupt:
            raise _Stopped(review) from None
        review = after
        if review.wants_help:
            console.show_lines(help_lines(_view()))
        elif review.note:
            console.show_lines(note_lines(review, _view()))
        if not review.is_left and not review.is_refused:
            _show(review)
    return review


def _typed(review: Review) -> Review:
    if review.item is not None and is_list(review.item):
        question = _("  which of them are wrong")
    elif review.stretch:
        question = _("  instead of “{words}”").format(words=review.stretch)
    else:
        return type_instead(review, "")
    return type_instead(review, console.ask(question, default="", shows_default=False, left=""))


def _stored(look: CheckRun, before: Review, after: Review) -> Review:
    """The review to go on with: what differs is on disk; where it cannot be, nothing has changed."""
    try:
        store(look.workspace, before, after)
    except AlreadyExists as error:
        console.warn(_("{file} has been saved by somebody else meanwhile: it is read anew").format(file=error.file))
        checked = look()
        return begin_again(before, checked.findings, checked.sources)
    except NewsletterError as error:
        console.show_error(error)
        return before
    return after


def _show(review: Review) -> None:
    console.show_lines(item_lines(review, _view()))


def _view() -> View:
    width = min(console.terminal_width() or console.PIPED_WIDTH, console.READING_WIDTH)
    return View(width=width, has_styles=console.has_styles(), is_wrapped=True)
