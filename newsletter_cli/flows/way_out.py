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


def one_click_note(config: Config) -> Iterator[str]:
    """What large providers miss."""
    if config.endpoint.url is None and not is_page(config.email.unsubscribe):
        yield _(
            "readers leave by mail only: large providers want one click as well ([endpoint] url, where nl serve runs)"
        )
