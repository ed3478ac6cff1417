"""Who watches a proof from the command line: as for a send, with a question of its own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.cli.send_watcher import CommandLineWatcher
from newsletter_cli.console import streams

if TYPE_CHECKING:
    from newsletter_cli.flows.clearance.proof_values import ProofQuestion


class ProofWatcher(CommandLineWatcher):
    """Asks with a yes or a no: what a few reviewers get can be followed by another proof."""

    def ask_proof(self, question: ProofQuestion) -> None:
        """Show what will be sent to whom, and ask. Raises `UsageError` where the answer is no."""
        from newsletter_cli.flows.clearance.proof_telling import proof_question_lines

        if not self._is_quiet:
            with streams.lenient_output() if self._is_sure else contextlib.nullcontext():
                for line in proof_question_lines(question):
                    console.say(line)
        if self._is_sure:
            return
        if not console.is_interactive():
            raise UsageError(
                _("a proof asks first, and nobody can be asked here"), hint=_("add --yes once you are sure")
            )
        count = len(question.waiting)
        asked = ngettext("Send this proof to {count} person?", "Send this proof to {count} people?", count)
        if not console.confirm(asked.format(count=shown_count(count)), left=""):
            raise UsageError(_("nothing was sent"))
