"""What a server said, as it is kept and shown: without anybody's address."""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.model.delivery import Reply, shown


def told(reply: Reply) -> str:
    """A reply as it may be shown and kept anywhere: for people, and without anybody's address."""
    return without_addresses(shown(reply))


def without_recipient(reply: Reply, address: str) -> Reply:
    """A reply as it is kept beside the one it is about: servers repeat whom they refuse, and the ledger knows that."""
    return Reply(reply.code, without_addresses(reply.text.replace(address, "…")))


def too_late() -> Reply:
    """What is kept of a request that was open and could not be made again in time."""
    return Reply(0, f"nl: {_('no answer came, and it is too late to ask again with the same key')}")


def why_put_off(reply: Reply, failures: int) -> Reply:
    """What is kept as the reason that a message is tried later: a server's goodbye, or that connections broke."""
    if reply.code == 421:
        return reply
    words = _("the connection broke {count} times").format(count=failures)
    return Reply(reply.code, f"nl: {words}: {reply.text.removeprefix('nl: ')}")
