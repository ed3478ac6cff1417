"""What may be promised of the page by which readers leave the list, as configured; `frame.py` says which one it is.

One click (RFC 8058) is promised of an endpoint of one's own, `nl serve`, and of a page of which somebody says that it
does the same. A form does not: the mail program would ask it by a POST, show the reader that it is done, and nothing
would be.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config


def is_page(way_out: str | None) -> bool:
    """Whether what is configured is a page, and no address to write to."""
    return way_out is not None and "://" in way_out


def has_one_click(config: Config) -> bool:
    """Whether the page is promised to take readers off at once; then it stands in List-Unsubscribe, else mail alone."""
    return config.endpoint.url is not None or (bool(config.send.one_click) and is_page(config.email.unsubscribe))


def way_out_notes(config: Config) -> Iterator[str]:
    """What is not as somebody may think who wrote the configuration."""
    if config.send.to_list is not None:
        yield from _list_server_notes(config)
        return
    page = config.email.unsubscribe if is_page(config.email.unsubscribe) else None
    if config.endpoint.url is not None:
        if page is not None:
            yield _("email.unsubscribe ({page}) is not used: readers leave by [endpoint] url").format(page=page)
    elif page is not None and config.send.one_click is None:
        yield _(
            "the footer leads to {page}, and mail programs offer leaving by mail alone: that this page takes readers "
            "off with one click (RFC 8058) is no longer promised unasked. If it does, say so: [send] one_click = true; "
            "if it is a form, one_click = false; or run nl serve ([endpoint] url)"
        ).format(page=page)


def list_server_note(config: Config) -> Iterator[str]:
    """What becomes of a message to a list server, where the issue goes to one."""
    if config.send.to_list is not None:
        yield _(
            "one message goes to the list {address}: its server hands it out, may ask the sender by mail to confirm, "
            "or keep it for its moderators; how many readers there are, only it knows"
        ).format(address=config.send.to_list)


def _list_server_notes(config: Config) -> Iterator[str]:
    send = config.send
    if config.email.unsubscribe is None:
        local, _at, domain = (send.to_list or "").rpartition("@")
        yield _(
            "the footer does not say how to leave: tell it as the list server does, for Sympa: [email] unsubscribe = "
            "“{example}”"
        ).format(example=f"mailto:sympa@{domain}?subject=unsubscribe%20{local}")
    given = {
        "[endpoint] url": config.endpoint.url, "send.one_click": send.one_click, "send.list_id": send.list_id,
        "send.unsubscribe_mail": send.unsubscribe_mail, "send.bounces": send.bounces,
        "send.complaints": send.complaints,
    }  # fmt: skip
    idle = [name for name, value in given.items() if value is not None]
    if idle:
        yield _("with send.to_list these do nothing, for the list server does it: {keys}").format(keys=", ".join(idle))


def one_click_note(config: Config) -> Iterator[str]:
    """What large providers miss."""
    if config.send.to_list is None and config.endpoint.url is None and not is_page(config.email.unsubscribe):
        yield _(
            "readers leave by mail only: large providers want one click as well ([endpoint] url, where nl serve runs)"
        )
