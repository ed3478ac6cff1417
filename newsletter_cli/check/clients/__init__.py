"""Mail readers: what each shows of an e-mail, by caniemail's tables, and the e-mail as one of them shows it."""

from newsletter_cli.check.clients.support import CLIENTS, PLATFORMS, Client, Support, read_support

__all__ = ["CLIENTS", "PLATFORMS", "Client", "Support", "read_support"]
