"""What is accepted on the page: proposals of findings into their files, words among the newsletter's own."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.accepting import accept, take_back
from newsletter_cli.model import Finding
from newsletter_cli.model.finding import MOST_PROPOSALS
from newsletter_cli.preview.snapshot import Snapshot
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.own_words import add_own_words, remove_own_words

# The rule on words that no dictionary has.
MISSPELT = "misspelt"
# More than anybody goes back; each is a few lines of text.
MOST_TAKEN_BACK = 200


class CorrectionResult(Struct, frozen=True, kw_only=True):
    """What the page hears of a wish: `is_done`, or why not, in a sentence for the page."""

    is_done: bool
    message: str

    def as_dict(self) -> dict[str, Any]:
        """For the page."""
        return {"done": self.is_done, "message": self.message}


class Corrections:
    """Carries out what the page asks for, one thing after the other, and knows the way back.

    Safe to be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # What was done, in a few words, and what undoes it: the last one last.
        self._done: list[tuple[str, Callable[[], None]]] = []

    @property
    def last(self) -> str | None:
        """What `undo` would take back."""
        with self._lock:
            return self._done[-1][0] if self._done else None

    def accept(self, snapshot: Snapshot, name: str, index: int) -> CorrectionResult:
        """Puts the proposal of that number (from 0) of the finding of that name into its file."""
        finding = _named(snapshot, name)
        if finding is None or not 0 <= index < len(finding.proposals[:MOST_PROPOSALS]):
            return _gone()
        edit, workspace = finding.proposals[index], snapshot.workspace
        with self._lock:
            try:
                accepted = accept(workspace, snapshot.number, edit)
            except NewsletterError as error:
                return _refused(error)
            said = f"{_one_line(edit.old)} → {_one_line(edit.new)}"
            self._remember(said, lambda: take_back(workspace, accepted))
        return CorrectionResult(is_done=True, message=said)

    def add_word(self, snapshot: Snapshot, name: str) -> CorrectionResult:
        """Adds the word of the finding of that name to the newsletter's own."""
        finding = _named(snapshot, name)
        word = None if finding is None else own_word(finding)
        if word is None:
            return _gone()
        workspace = snapshot.workspace
        with self._lock:
            try:
                new = add_own_words(workspace, [word])
            except NewsletterError as error:
                return _refused(error)
            said = _("“{word}” is one of the newsletter’s words").format(word=word)
            self._remember(said, lambda: _take_out(workspace, new))
        return CorrectionResult(is_done=True, message=said)

    def undo(self) -> CorrectionResult:
        """Takes back the last of what was done here."""
        with self._lock:
            if not self._done:
                return CorrectionResult(is_done=False, message=_("There is nothing to undo."))
            said, way_back = self._done.pop()
            try:
                way_back()
            except NewsletterError as error:
                return _refused(error)
        return CorrectionResult(is_done=True, message=_("Undone: {what}").format(what=said))

    def _remember(self, said: str, way_back: Callable[[], None]) -> None:
        self._done = [*self._done, (said, way_back)][-MOST_TAKEN_BACK:]


def name_of(finding: Finding) -> str:
    """What the page calls a finding by: the same only for the same fault at the same place, with the same proposals."""
    edits = [(one.line, one.column, one.old, one.new) for one in finding.proposals]
    said = repr((finding.file, finding.rule, finding.line, finding.column, finding.length, finding.message, edits))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def own_word(finding: Finding) -> str | None:
    """The word that a finding is about, where it is one that no dictionary has."""
    return finding.subject if finding.rule == MISSPELT and finding.line is not None else None


def _named(snapshot: Snapshot, name: str) -> Finding | None:
    shown = snapshot.shown
    return None if shown is None else next((one for one in shown.checked.findings if name_of(one) == name), None)


def _take_out(workspace: Workspace, words: Sequence[str]) -> None:
    remove_own_words(workspace, words)


def _gone() -> CorrectionResult:
    return CorrectionResult(
        is_done=False, message=_("The text has changed since; nothing was done. Look at it once more.")
    )


def _refused(error: NewsletterError) -> CorrectionResult:
    return CorrectionResult(is_done=False, message=str(error))


def _one_line(text: str) -> str:
    return " ".join(text.split())
