"""Who watches a send from the command line: asks before it, shows how it goes."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.console import streams
from newsletter_cli.console.sending import SendDisplay

if TYPE_CHECKING:
    from newsletter_cli.deliver.progress import SendTally
    from newsletter_cli.flows.sending.job import Question


class CommandLineWatcher:
    """Asks on the terminal unless `is_sure`; shows nothing while `is_quiet`. `when`: the moment it is ordered for."""

    def __init__(self, *, is_sure: bool, is_quiet: bool, when: str = ""):
        self._is_sure, self._is_quiet, self._when = is_sure, is_quiet, when
        self._display: SendDisplay | None = None
        self.has_begun = False

    def ask(self, question: Question) -> None:
        """Show what will be sent, and have the issue's number typed. Raises `UsageError` where it is not."""
        from newsletter_cli.flows.sending.telling import question_lines

        if not self._is_quiet:
            with streams.lenient_output() if self._is_sure else contextlib.nullcontext():
                for line in question_lines(question, when=self._when):
                    console.say(line)
        if self._is_sure:
            return
        if not console.is_interactive():
            raise UsageError(
                _("a send asks first, and nobody can be asked here"), hint=_("add --yes once you are sure")
            )
        count = question.waiting if question.limit is None else min(question.limit, question.waiting)
        asked = ngettext(
            "To send it to {count} person, type the issue’s number",
            "To send it to {count} people, type the issue’s number",
            count,
        )
        typed = console.ask(asked.format(count=shown_count(count)), default="", shows_default=False, left="")
        if typed.strip().lstrip("#0") != str(question.issue):
            raise UsageError(
                _("nothing was sent"), hint=_("the number of this issue is {number}").format(number=question.issue)
            )

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """The send begins."""
        self.has_begun = True
        if not self._is_quiet:
            self._display = SendDisplay(tally, waiting)

    def show(self) -> None:
        """The counts have changed."""
        if self._display is not None:
            with streams.lenient_output():
                self._display.show()

    def end(self) -> None:
        """The send has ended."""
        if self._display is not None:
            with streams.lenient_output():
                self._display.end()
