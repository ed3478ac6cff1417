"""Who watches a worker from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.console import streams
from newsletter_cli.console.sending import SendDisplay

if TYPE_CHECKING:
    from newsletter_cli.base.errors import LedgerError
    from newsletter_cli.deliver.progress import SendTally
    from newsletter_cli.flows.sending.job import Question, Sent


class CommandLineWorker:
    """Says what a worker does, on stdout; nothing while `is_quiet`, but for what is wrong."""

    def __init__(self, *, is_quiet: bool):
        self._is_quiet = is_quiet
        self._display: SendDisplay | None = None
        self._issue = 0

    def begin_issue(self, issue: int) -> None:
        """It begins to send this issue, or goes on with it."""
        if issue != self._issue:
            self._say(_("Issue {number}: sending").format(number=issue))
        self._issue = issue

    def end_issue(self, issue: int, sent: Sent) -> None:
        """Nothing is left of it to claim, for now."""
        from newsletter_cli.flows.sending.telling import note_lines

        if sent.tally.done:
            text = ngettext(
                "Issue {number}: {count} message sent", "Issue {number}: {count} messages sent", sent.tally.sent
            )
            self._say(text.format(number=issue, count=shown_count(sent.tally.sent)))
        for line in note_lines(sent.tally.notes):
            self._say(line)

    def wait(self) -> None:
        """There is nothing to send."""
        self._issue = 0
        self._say(_("Waiting for an issue: nl send N --distributed"))

    def skip(self, issue: int, transport: str) -> None:
        """An issue is to go another way than this worker's."""
        console.warn(
            _(
                "issue {number} was planned for {transport}, which is not where this worker sends: left to others"
            ).format(number=issue, transport=transport)
        )

    def lose(self, error: LedgerError) -> None:
        """The ledger cannot be used now; it is tried again."""
        self.end()
        console.warn(_("{error}; this worker tries again").format(error=error))

    def ask(self, question: Question) -> None:
        """Never called: an editor was asked when the send was planned."""
        raise AssertionError(question)

    def begin(self, tally: SendTally, waiting: dict[str, int]) -> None:
        """A run begins."""
        if not self._is_quiet:
            self._display = SendDisplay(tally, waiting)

    def show(self) -> None:
        """The counts have changed."""
        if self._display is not None:
            with streams.lenient_output():
                self._display.show()

    def end(self) -> None:
        """A run has ended."""
        if self._display is not None:
            with streams.lenient_output():
                self._display.end()
            self._display = None

    def _say(self, line: str) -> None:
        if not self._is_quiet:
            with streams.lenient_output():
                console.say(line)
