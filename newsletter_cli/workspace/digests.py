"""What a file holds, in 64 signs: the same whatever line ends a checkout gave to a text."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

PIECE_OCTETS = 256 * 1024
# As Git does: what has no NUL among its first octets is a text, whose line ends a checkout may change.
TEXT_OCTETS = 8000


def digest_file(workspace: Workspace, path: Path) -> str:
    """SHA-256 of a file, the line ends of a text as Git has them. Raises `StorageError`."""
    with storage_errors(workspace.name_of(path)), path.open("rb") as file:
        return _digest(file)


def digest_octets(content: bytes) -> str:
    """The same of what is to become a file."""
    return _digest(io.BytesIO(content))


def _digest(file: BinaryIO) -> str:
    digest, is_text, held = hashlib.sha256(), None, b""
    while piece := file.read(PIECE_OCTETS):
        if is_text is None:
            is_text = b"\0" not in piece[:TEXT_OCTETS]
        piece = held + piece
        held = b"\r" if is_text and piece.endswith(b"\r") else b""
        piece = piece[: len(piece) - len(held)]
        digest.update(piece.replace(b"\r\n", b"\n") if is_text else piece)
    digest.update(held)
    return digest.hexdigest()
