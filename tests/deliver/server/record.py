"""What the receiving end has accepted, on disk before the client hears of it: the side the promise is counted on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

COUNTED: dict[Path, tuple[int, int]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One message for one address, accepted: from here on, somebody may read it."""

    recipient: str
    sender: str
    message_id: str
    sha256: str
    size_bytes: int
    connection: int
    seconds: float


def address_key(address: str) -> str:
    """By what doubles are known here; on purpose not the function that the product uses."""
    local, _at, domain = address.rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local.casefold()}@{domain.lower()}"


class Record:
    """Appends. A line is handed to the system before `accept` returns: it outlives this process and any client."""

    def __init__(self, path: Path, *, is_synced: bool = False):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._log = log_path(path).open("ab", buffering=0)
        self._is_synced = is_synced

    def accept(self, recipient: str, sender: str, content: bytes, connection: int) -> Accepted:
        """Write down that this message was taken for this address."""
        header = content[: content.find(b"\r\n\r\n") + 2]
        # The header alone: parsing bodies would make the server the slowest part of every test.
        message_id = _message_id(header)
        line = Accepted(
            recipient=address_key(recipient),
            sender=sender,
            message_id=message_id,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            connection=connection,
            seconds=time.time(),
        )
        # One write of one line, unbuffered and in append mode: whole or not at all.
        self._file.write(json.dumps(asdict(line)).encode() + b"\n")
        if self._is_synced:
            os.fsync(self._file.fileno())
        return line

    def log(self, **what: Any) -> None:
        """Write down what was said, or done against the rules: see `read_log`."""
        self._log.write(json.dumps(what).encode() + b"\n")

    def close(self) -> None:
        self._file.close()
        self._log.close()


def _message_id(header: bytes) -> str:
    start = (b"\n" + header).lower().find(b"\nmessage-id:")
    if start < 0:
        return ""
    return str(BytesHeaderParser().parsebytes(header[start:])["message-id"]).strip()


def log_path(path: Path) -> Path:
    return path.with_name(path.name + ".log")


def read_record(path: Path) -> list[Accepted]:
    """Every message that was accepted, in order."""
    return [Accepted(**line) for line in _lines(path)]


def count_record(path: Path) -> int:
    """How many were accepted so far. Asked every millisecond while a send is watched: only what is new is read."""
    seen_bytes, count = COUNTED.get(path, (0, 0))
    try:
        with path.open("rb") as file:
            file.seek(seen_bytes)
            new = file.read()
    except FileNotFoundError:
        return 0
    COUNTED[path] = (seen_bytes + len(new), count + new.count(b"\n"))
    return COUNTED[path][1]


def read_log(path: Path) -> list[dict[str, Any]]:
    """What clients said: `{"connection", "verb", "argument"}`, of which the first is CONNECT, that they are there; and
    `{"connection", "violation"}` for what no client may do (RFC 5321, 2920)."""
    return _lines(log_path(path))


def read_violations(path: Path) -> list[str]:
    return sorted({line["violation"] for line in read_log(path) if "violation" in line})


def count_verb(path: Path, verb: str) -> int:
    return sum(1 for line in read_log(path) if line.get("verb") == verb)


def count_attempts(path: Path) -> Counter[str]:
    """How often each recipient was named to the server."""
    named = (line["argument"] for line in read_log(path) if line.get("verb") == "RCPT")
    return Counter(argument.partition("<")[2].partition(">")[0] for argument in named)


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    # The last line may be under way.
    whole, _newline, _rest = path.read_bytes().rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()]
