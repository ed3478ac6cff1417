"""How long a connection waits for the server. Without a clock: times are seconds of the caller's monotonic clock."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.smtp.server import SmtpOptions

# QUIT is a courtesy: its answer changes nothing.
QUIT_SECONDS = 5.0
# So long may the second answer to what was one write take, on a connection that has not shown that it reads on.
PIPELINE_SECONDS = 10.0


class Patience:
    """Since when nothing has happened on a connection, and until when that may go on."""

    def __init__(self, options: SmtpOptions):
        self._options = options
        self._active_at = 0.0

    def active(self, now: float) -> None:
        """Something has happened."""
        self._active_at = now

    def paused(self, seconds: float, now: float) -> None:
        """Nobody listened for so long: the server's time has not run meanwhile."""
        self._active_at = min(now, self._active_at + seconds)

    def ends_at(self, *, is_final: bool, is_behind: bool, is_quitting: bool) -> float:
        """When it ends. `is_final`: the answer to a whole message is awaited; `is_behind`: one to what travelled behind
        something else.
        """
        if is_final:
            return self._active_at + self._options.final_timeout_seconds
        seconds = self._options.timeout_seconds
        if is_behind:
            seconds = min(seconds, PIPELINE_SECONDS)
        return self._active_at + (min(seconds, QUIT_SECONDS) if is_quitting else seconds)

    def words(self, *, is_final: bool) -> str:
        """What is told of its end."""
        limit = self._options.final_timeout_seconds if is_final else self._options.timeout_seconds
        text = _("no answer to the whole message after {seconds} s") if is_final else _("no answer after {seconds} s")
        return text.format(seconds=f"{limit:g}")
