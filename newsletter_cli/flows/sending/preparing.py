"""The issue checked and its message made, in a process of its own beside the send.

What checks and renders needs more memory than a send to a million people may take, and none of it afterwards. And it
takes half a second, in which the send can choose the people.

    python -m newsletter_cli.flows.sending.preparing NAME COMMANDS ROOT NUMBER MOMENT [RULE…]

prints a line of JSON, and the message's octets behind it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct, convert, to_builtins

from newsletter_cli.base import errors
from newsletter_cli.base.called import be_called, handed_on
from newsletter_cli.base.errors import ContentError, NewsletterError
from newsletter_cli.flows.clearance.approval import NOT_APPROVED, ApprovalState, approval_state, state_with_pictures
from newsletter_cli.flows.sending.problems import SendProblem
from newsletter_cli.workspace.files import storage_error

if TYPE_CHECKING:
    from newsletter_cli.deliver.message.person import Person
    from newsletter_cli.deliver.message.splicing import MessageTemplate
    from newsletter_cli.flows.content import SeenContent
    from newsletter_cli.flows.sending.message import Dress

MODULE = "newsletter_cli.flows.sending.preparing"


class Prepared(Struct, frozen=True, kw_only=True):
    """What stops the issue, and its message: `template` as the ledger keeps it, empty where none can be made. `parts`
    are its personal parts, and the empty one for what every message has. `approval` is that of the
    issue, beside just this. `seen`, all that readers see, stays in the process.
    """

    problems: tuple[SendProblem, ...]
    notes: tuple[str, ...] = ()
    subject: str = ""
    sender: str = ""
    content_hash: str = ""
    template: bytes = b""
    parts: tuple[str, ...] = ("",)
    approval: ApprovalState = NOT_APPROVED
    seen: SeenContent | None = None


class Preparation:
    """The work under way; ended with the block, whatever becomes of it."""

    def __init__(self, root: Path, number: int, now: datetime, accepted: Sequence[str]):
        command = [sys.executable, "-P", "-m", MODULE, *handed_on(), str(root), str(number), now.isoformat(), *accepted]
        # -P: what lies in the folder that somebody is in is no part of the program.
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def result(self) -> Prepared:
        """What came of it. Raises what was raised there."""
        output, complaints = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(
                f"preparing ended with {self._process.returncode}: {complaints.decode(errors='replace')}"
            )
        return read_answer(output)


def prepare(
    root: Path,
    number: int,
    now: datetime,
    accepted: Sequence[str],
    *,
    dress: Dress | None = None,
    asks_pictures: bool = True,
) -> Prepared:
    """Check the issue and make its message, also where something stops it: a dry run goes to its end. `dress` makes a
    proof of it. `asks_pictures`: those on other sites that were approved are fetched, and compared.

    Raises as `look_over` and `build_content` do.
    """
    from newsletter_cli.deliver.message.verify import verify_template
    from newsletter_cli.flows.post_address import post_notes
    from newsletter_cli.flows.read import read_sources
    from newsletter_cli.flows.sending.days import day_notes
    from newsletter_cli.flows.sending.message import content_of
    from newsletter_cli.flows.sending.problems import OF_A_BUILD, look_over
    from newsletter_cli.workspace.folder import open_workspace

    workspace = open_workspace(root)
    readiness = look_over(workspace, number, accepted=accepted)
    config, read = workspace.config.newsletter, readiness.sources
    notes = readiness.notes
    if read is not None:
        days = day_notes(read.issue, now, timezone=config.timezone, language=config.language)
        notes = (*days, *notes)
        if dress is None:
            notes = (*notes, *post_notes(workspace, read.issue))
    try:
        content = content_of(workspace, read or read_sources(workspace, number), now=now, dress=dress)
    except ContentError as error:
        problems = readiness.problems
        if all(one.code in OF_A_BUILD for one in problems):  # else the check has said it already, with its place
            problems = (*problems, SendProblem.of("unusable", error))
        return Prepared(problems=problems, notes=notes)
    faults = verify_template(content.template, _somebody(content.template))
    approval = NOT_APPROVED
    if dress is None:
        look = state_with_pictures if asks_pictures else approval_state
        approval = look(workspace, number, seen=content.seen)
    return Prepared(
        problems=(*readiness.problems, *(SendProblem(code="message", message=fault) for fault in faults)),
        notes=notes,
        parts=("", *content.template.patterns),
        subject=content.subject,
        sender=content.sender,
        content_hash=content.content_hash,
        template=content.template.dump(),
        approval=approval,
        seen=content.seen,
    )


def _somebody(template: MessageTemplate) -> Person:
    """Whoever has all that the message asks for."""
    from newsletter_cli.base.tokens import Tokens
    from newsletter_cli.deliver.message.person import make_person

    return make_person(
        Tokens(b"nl: for looking at, and nobody's"),
        1,
        template.message_id_domain,
        address="reader@example.org",
        name="A Reader",
        values=dict.fromkeys(template.fields, "value"),
    )


def main(arguments: Sequence[str]) -> None:
    """Prepare, and print what came of it."""
    # Ctrl-C is meant for the send, which ends this process when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    name, commands, root, number, moment, *accepted = arguments
    be_called(name, commands.split(","))
    sys.stdout.buffer.write(answer(Path(root), int(number), datetime.fromisoformat(moment), accepted))
    sys.stdout.buffer.flush()


def answer(root: Path, number: int, now: datetime, accepted: Sequence[str]) -> bytes:
    """What is printed: what came of preparing, or the error that stopped it."""
    told: dict[str, Any] = {"error": None}
    template = b""
    try:
        prepared = prepare(root, number, now, accepted)
    except NewsletterError as error:
        told["error"] = _told(error)
    except OSError as error:
        told["error"] = _told(storage_error(error, name=None if error.filename is None else str(error.filename)))
    else:
        template = prepared.template
        told |= {
            "problems": [one.as_dict() for one in prepared.problems],
            "notes": prepared.notes,
            "parts": prepared.parts,
            "subject": prepared.subject,
            "sender": prepared.sender,
            "content_hash": prepared.content_hash,
            "approval": to_builtins(prepared.approval),
        }
    return json.dumps(told).encode() + b"\n" + template


def read_answer(output: bytes) -> Prepared:
    """What was printed. Raises the error that it tells of."""
    head, _end, template = output.partition(b"\n")
    told = json.loads(head)
    if told["error"] is not None:
        raise _error(told["error"])
    problems = tuple(SendProblem(**one) for one in told.pop("problems"))
    del told["error"]
    notes, parts = tuple(told.pop("notes")), tuple(told.pop("parts"))
    approval = convert(told.pop("approval"), ApprovalState)
    return Prepared(problems=problems, template=template, notes=notes, parts=parts, approval=approval, **told)


def _told(error: NewsletterError) -> dict[str, Any]:
    also = [_told(one) for one in error.also]
    place = {"file": error.file, "line": error.line, "hint": error.hint}
    return {"kind": type(error).__name__, "message": error.message, "also": also, **place}


def _error(told: dict[str, Any]) -> NewsletterError:
    kind: type[NewsletterError] = getattr(errors, told["kind"], NewsletterError)
    error = kind(told["message"], file=told["file"], line=told["line"], hint=told["hint"])
    error.also = tuple(_error(one) for one in told["also"])
    return error


if __name__ == "__main__":
    main(sys.argv[1:])
