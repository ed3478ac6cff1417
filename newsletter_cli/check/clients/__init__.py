"""Which mail readers show what: a dated extract of caniemail's tables, and the names `newsletter.toml` uses."""

from newsletter_cli.check.clients.names import CLIENTS, refuse_unknown_clients
from newsletter_cli.check.clients.support import Support, read_support

__all__ = ["CLIENTS", "Support", "read_support", "refuse_unknown_clients"]
