"""What goes around an issue to make a message of it: who it comes from, and its own pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from newsletter_cli.config import Config
from newsletter_cli.flows.read import Sources
from newsletter_cli.render.mime import PIECE_OCTETS, Content, Mailbox, image_sources, image_type
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace


def sender_of(config: Config) -> Mailbox | None:
    """Who the issue comes from: the sender's address, else the one to reply to; `None` where neither is configured."""
    address = config.sender.address or config.sender.reply_to
    return Mailbox(address=address, name=config.sender.name or config.newsletter.name) if address else None


def reply_to_of(config: Config) -> Mailbox | None:
    """Where replies go, when that is not the sender."""
    sender, address = sender_of(config), config.sender.reply_to
    return Mailbox(address=address) if address and sender and sender.address != address else None


def read_pictures(
    workspace: Workspace, sources: Sources, page: str, *, local_files: frozenset[str] = frozenset()
) -> Mapping[str, bytes]:
    """The contents of the issue's own images that the e-mail `page` shows, by their address in it.

    `local_files`: addresses left relative in it. Raises `StorageError`.
    """
    files = picture_files(sources, page, local_files=local_files)
    return {src: b"".join(_octets(workspace, path)) for src, path in files.items()}


def picture_readers(
    workspace: Workspace, sources: Sources, page: str, *, local_files: frozenset[str] = frozenset()
) -> Mapping[str, Content]:
    """The same, each to be read piece by piece when it is wanted: three hundred pictures are not held at once."""
    files = picture_files(sources, page, local_files=local_files)
    return {src: partial(_octets, workspace, path) for src, path in files.items()}


def picture_files(sources: Sources, page: str, *, local_files: frozenset[str]) -> dict[str, Path]:
    """The files of the issue's own images that the e-mail `page` shows, by their address in it."""
    from newsletter_cli.markdown.fragment import file_address, final_address

    rules = sources.frame.addressing(local_files)
    assets = {
        final_address(file_address(name), rules): path for name, path in sources.assets.items() if image_type(name)
    }
    return {src: assets[src] for src in (image_sources(page) if assets else ()) if src in assets}


def _octets(workspace: Workspace, path: Path) -> Iterator[bytes]:
    with storage_errors(workspace.name_of(path)), path.open("rb") as file:
        while piece := file.read(PIECE_OCTETS):
            yield piece
