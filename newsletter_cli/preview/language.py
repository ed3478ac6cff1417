"""The language of what is looked at, read behind the rendering by the programs that are installed for it."""

from __future__ import annotations

from collections.abc import Callable

from newsletter_cli.check.links.lychee import Stopped
from newsletter_cli.preview.rounds import Rounds
from newsletter_cli.preview.snapshot import Reading, Snapshot
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.own_words import WORDS_FILE

# Shorter than for links: nothing is asked of anybody, and words are looked at while they are typed.
PAUSE_SECONDS = 0.4

# Raises `NewsletterError`, and `Stopped` when nobody wants to know any more.
Read = Callable[[Snapshot, Callable[[], bool]], Reading]


def read_with_programs(snapshot: Snapshot, is_over: Callable[[], bool]) -> Reading:
    """As `nl check` does, with what is installed here. Raises `Stopped`."""
    from newsletter_cli.check.catalogue import check_language_report
    from newsletter_cli.check.language.reader import ReaderStopped
    from newsletter_cli.flows.language import read_texts
    from newsletter_cli.flows.manuscript import build_manuscript

    shown, workspace = snapshot.shown, snapshot.workspace
    assert shown is not None
    if not workspace.config.check.language.enabled:
        return Reading(texts=shown.texts)
    manuscript = build_manuscript(workspace, shown.rendered.sources)
    try:
        report = read_texts(workspace, manuscript, is_stopped=is_over)
    except ReaderStopped as error:
        raise Stopped from error
    return Reading(texts=shown.texts, findings=tuple(check_language_report(report)))


class LanguageRounds(Rounds):
    """Reads the texts, once for each state of them and of the newsletter's own words.

    `on_reading` is told what was found, in the thread of the rounds.
    """

    def __init__(
        self,
        on_reading: Callable[[int, Reading], None],
        *,
        read: Read,
        on_unexpected: Callable[[BaseException], None] = lambda error: None,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        super().__init__("nl-preview-language", on_unexpected=on_unexpected, pause_seconds=pause_seconds)
        self._on_reading = on_reading
        self._read = read

    def question(self, snapshot: Snapshot) -> object:
        """The texts, the words that are right in them, and the settings."""
        assert snapshot.shown is not None
        return snapshot.shown.texts, _own_words(snapshot.workspace), snapshot.workspace.config.check

    def go(self, snapshot: Snapshot, is_over: Callable[[], bool]) -> bool:
        """Reads them. What could not be read has been, too: the page waits for nothing."""
        assert snapshot.shown is not None
        try:
            reading = self._read(snapshot, is_over)
        except Stopped:
            raise
        except Exception:
            self._on_reading(snapshot.number, Reading(texts=snapshot.shown.texts))
            raise
        if not is_over():
            self._on_reading(snapshot.number, reading)
        return True


def _own_words(workspace: Workspace) -> bytes:
    try:
        return (workspace.root / WORDS_FILE).read_bytes()
    except OSError:
        return b""
