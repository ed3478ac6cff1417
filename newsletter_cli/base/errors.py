"""What can go wrong, as a tree.

    NewsletterError
    ├── UsageError              wrong option or argument                             exit 2
    ├── ConfigError             newsletter.toml is wrong or absent                   exit 2
    │   ├── WorkspaceNotFound   no newsletter.toml here or above
    │   └── NotTrusted          it names a command that nobody has trusted, or that looking does not run
    ├── ContentError            a section, post or template cannot be used as it is  exit 1
    │   ├── FrontMatterError    the YAML header of a file is broken
    │   └── RenderError         a section cannot be rendered
    ├── AlreadyExists           a file that would have to be overwritten             exit 2
    ├── StorageError            the disk refused (full, read-only, locked)           exit 2
    ├── ListError               the mailing list cannot be read or changed           exit 2
    │   ├── NoListYet           there is none, or it is not said which of two counts
    │   ├── ListBusy            another `nl` is writing it
    │   ├── TooManyLeaving      one run would take off so many that a person has to look
    │   └── ListFaulty          it may hide people, or that they left                  exit 1
    ├── ChatError               nothing can be posted to the chat                    exit 2
    ├── EndpointError           the endpoint cannot be started: key, log, port       exit 2
    ├── NotSynced               what happened at the endpoint cannot be fetched      exit 2
    ├── MailboxError            received messages cannot be read: file, server, secret   exit 2
    │   └── ProofNotFound       none of them is a proof that was sent                exit 1
    └── SendError               a send cannot begin or go on                         exit 2
        ├── LedgerError         the ledger cannot be read or written
        │   └── LedgerBusy      another `nl send` is under way
        ├── TransportError      the transport cannot be used: address, secret, certificate
        ├── NotReady            the issue has faults, is not assembled, or is out of date   exit 1
        └── SendHeld            a send is not complete, and going on takes a person's word  exit 3
            └── StateElsewhere  what was sent, or who has left, is known elsewhere        exit 2

An error carries data: a message (what and why), a place (`file`, `line`) and a hint (what to do
next). Only the console room shows it. Faults that do not stop the work are findings, not errors.
"""

from __future__ import annotations

from typing import Any, ClassVar


class NewsletterError(Exception):
    """Root of every error that `nl` raises on purpose.

    `file` is the path as the user knows it (relative to the workspace where there is one), `line`
    counts from 1, `hint` says what to do next. `exit_status` is the process's exit status.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.hint = hint
        # More of it, line by line: a difference to be looked at.
        self.details: tuple[str, ...] = ()
        # Other faults found in the same pass: better all at once than one a run.
        self.also: tuple[NewsletterError, ...] = ()
        # What `nl check --fix` would change to put it right (`Edit`s of the model, which stands above this room), and
        # what was noticed besides (`Finding`s).
        self.edits: tuple[Any, ...] = ()
        self.noticed: tuple[Any, ...] = ()

    @property
    def place(self) -> str | None:
        """`file:line`, `file`, or nothing."""
        if self.file is None:
            return None
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(NewsletterError):
    """An option or argument that cannot be followed."""


class ConfigError(NewsletterError):
    """`newsletter.toml` cannot be used."""


class NotTrusted(ConfigError):
    """`newsletter.toml` names a command that may not run here, or a server that may not have a secret: nobody has
    trusted it, or somebody only looks.
    """


class WorkspaceNotFound(ConfigError):
    """No `newsletter.toml` in the folder or above it."""


class ContentError(NewsletterError):
    """The content has a fault that stops the work."""

    exit_status = 1


class FrontMatterError(ContentError):
    """The header of a file cannot be read."""


class RenderError(ContentError):
    """A section or template cannot be rendered."""


class AlreadyExists(NewsletterError):
    """The work would overwrite a file of the user's."""


class StorageError(NewsletterError):
    """A file cannot be read or written."""


class ListError(NewsletterError):
    """The mailing list cannot be read or changed as asked. Its message holds no address and no secret."""


class ListBusy(ListError):
    """Another process is writing the managed list."""


class AddressNotMoved(ListError):
    """Somebody's address cannot become another one; nothing was changed."""

    exit_status: ClassVar[int] = 1


class ListFaulty(ListError):
    """The list has a fault that could hide people, or their wish to leave: nothing is done with it."""

    exit_status: ClassVar[int] = 1


class TooManyLeaving(ListError):
    """One run would take off so many people that somebody has to look first; nothing was changed."""


class NoListYet(ListError):
    """There is no list, or two and nobody said which one counts."""


class ChatError(NewsletterError):
    """Nothing can be posted to the chat as it is configured. Its message holds nothing of the address."""


class MailboxError(NewsletterError):
    """A source of received messages cannot be read, or a mailbox not be written to. Its message holds no secret and no
    address.
    """


class EndpointError(NewsletterError):
    """The endpoint cannot be started as it is set up. Its message holds nothing of the key."""


class NotSynced(NewsletterError):
    """What happened at the endpoint cannot be fetched. Its message holds nothing of the key."""


class ProofNotFound(MailboxError):
    """None of the messages of a source is a proof that was sent from here."""

    exit_status: ClassVar[int] = 1


class SendError(NewsletterError):
    """A send cannot begin or go on. Its message holds no secret, and no address but the one at fault."""


class LedgerError(SendError):
    """The ledger of deliveries cannot be read or written."""


class LedgerBusy(LedgerError):
    """Another `nl send` holds the ledger."""


class TransportError(SendError):
    """The transport cannot be used as configured."""


class NotReady(SendError):
    """The issue must not go out as it is."""

    exit_status: ClassVar[int] = 1


class SendHeld(SendError):
    """A send is not complete, and must not go on by itself."""

    exit_status: ClassVar[int] = 3


class StateElsewhere(SendHeld):
    """Who has the issue, or who has left the list, is known by another ledger or list than the one here."""

    exit_status: ClassVar[int] = 2
