"""A preview that is open: its snapshots, who watches the files, who asks the links, who is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from newsletter_cli.preview.corrections import Corrections
from newsletter_cli.preview.events import Hub
from newsletter_cli.preview.language import LanguageRounds, Read
from newsletter_cli.preview.person import People
from newsletter_cli.preview.personal import Messages
from newsletter_cli.preview.rebuilding import Snapshots
from newsletter_cli.preview.rounds import LinkRounds, Rounds
from newsletter_cli.preview.security import HOST, new_token
from newsletter_cli.preview.snapshot import Snapshot, take_snapshot
from newsletter_cli.preview.watch import Watch
from newsletter_cli.workspace.folder import Workspace


class Preview:
    """One run of `nl preview`, from `start` to `stop`.

    `number` is the issue shown first, the newest by default. `port` is set once it is known. `on_unexpected` is told
    of errors nobody foresaw, in whichever thread they come. `read_language` reads the language of an issue, where that
    is wanted.
    """

    def __init__(
        self,
        workspace: Workspace,
        number: int | None = None,
        *,
        is_offline: bool = False,
        read_language: Read | None = None,
        on_unexpected: Callable[[BaseException], None] = lambda error: None,
    ) -> None:
        self.workspace = workspace
        self.number = number
        self.is_offline = is_offline
        self.on_unexpected = on_unexpected
        self.token = new_token()
        self.port = 0
        self.hub = Hub()
        self.people = People()
        self.messages = Messages()
        self.snapshots = Snapshots(
            workspace,
            partial(take_snapshot, workspace.root, self.files_path),
            on_snapshot=self._on_snapshot,
            on_unexpected=on_unexpected,
        )
        self.corrections = Corrections()
        self._rounds: list[Rounds] = []
        if not is_offline:
            self._rounds.append(LinkRounds(self.snapshots.learn, on_unexpected=on_unexpected))
        if read_language is not None:
            self._rounds.append(LanguageRounds(self.snapshots.learn, read=read_language, on_unexpected=on_unexpected))
        self._watch = Watch(workspace.root, self._on_change)
        self._numbers = workspace.issue_numbers()

    @property
    def reads_language(self) -> bool:
        """Whether the language of what is looked at is read."""
        return any(isinstance(one, LanguageRounds) for one in self._rounds)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.port}/{self.token}/"

    @property
    def files_path(self) -> str:
        """The path below which issues' files are served."""
        return f"/{self.token}/files/"

    def start(self) -> None:
        """Starts watching, and makes the first snapshot, while the server is not even there yet."""
        self._watch.start()
        self.snapshots.start()
        for rounds in self._rounds:
            rounds.start()
        shown = self.shown_number()
        if shown is not None:
            self.snapshots.ask(shown)

    def stop(self) -> None:
        """Ends all that was started."""
        self._watch.stop()
        self.snapshots.stop()
        for rounds in self._rounds:
            rounds.stop()

    def shown_number(self, wanted: int | None = None) -> int | None:
        """The issue to show: that one, else that of the command, else the newest; `None` where there is none."""
        numbers = self.workspace.issue_numbers()
        return wanted or self.number or (numbers[-1] if numbers else None)

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.hub.publish_from_thread(snapshot.number, snapshot.version)
        for rounds in self._rounds:
            rounds.ask(snapshot)

    def _on_change(self, numbers: set[int] | None) -> None:
        # Of those that are not at hand, whoever has them open asks again.
        for number in self.snapshots.rebuild(numbers):
            self.hub.publish_from_thread(number, self.snapshots.next_version())
        there = self.workspace.issue_numbers()
        if there != self._numbers:
            # An issue came or went: the page's choice of issues changes, whatever it shows.
            self._numbers = there
            self.hub.publish_from_thread(self.shown_number() or 0, self.snapshots.next_version())
