"""The hosts of pads, one file each, and which of them an address belongs to."""

from newsletter_cli.pads.hosts.opening import MARKDOWN_HOST, open_pads

__all__ = ["MARKDOWN_HOST", "open_pads"]
