"""A rendered issue → the message that a reader gets, as a draft to be opened and sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsletter_cli.config import Config
from newsletter_cli.flows.examine import Rendered
from newsletter_cli.markdown.fragment import FragmentRules, final_address
from newsletter_cli.render.eml import Draft, Mailbox, image_sources, image_type, render_eml
from newsletter_cli.render.renditions import EMAIL, TEXT
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

MESSAGE = "email.eml"


def render_message(workspace: Workspace, rendered: Rendered) -> bytes:
    """The message: subject, sender as configured, text and HTML, the issue's own pictures embedded.

    Raises `StorageError` for a picture that cannot be read.
    """
    page, issue = _text(rendered.renditions[EMAIL]), rendered.composed.shown
    return render_eml(
        Draft(
            subject=issue.subject or issue.title,
            html=page,
            text=_text(rendered.renditions[TEXT]),
            sender=sender_of(workspace.config),
            reply_to=reply_to_of(workspace.config),
            pictures=read_pictures(workspace, rendered),
        )
    )


def sender_of(config: Config) -> Mailbox | None:
    """Who the issue comes from: the sender's address, else the one to reply to; `None` where neither is configured."""
    address = config.sender.address or config.sender.reply_to
    return Mailbox(address=address, name=config.sender.name or config.newsletter.name) if address else None


def reply_to_of(config: Config) -> Mailbox | None:
    """Where replies go, when that is not the sender."""
    sender, address = sender_of(config), config.sender.reply_to
    return Mailbox(address=address) if address and sender and sender.address != address else None


def read_pictures(workspace: Workspace, rendered: Rendered) -> Mapping[str, bytes]:
    """The contents of the issue's own images that the e-mail shows, by their address in it. Raises `StorageError`."""
    return dict(_pictures(workspace, rendered))


def _pictures(workspace: Workspace, rendered: Rendered) -> Iterator[tuple[str, bytes]]:
    sources = rendered.sources
    rules = FragmentRules(base_url=sources.frame.online_url, local_files=rendered.local_files)
    assets = {final_address(name, rules): path for name, path in sources.assets.items() if image_type(name)}
    for src in image_sources(_text(rendered.renditions[EMAIL])) if assets else ():
        if src in assets:
            with storage_errors(workspace.name_of(assets[src])):
                yield src, assets[src].read_bytes()


def _text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode()
