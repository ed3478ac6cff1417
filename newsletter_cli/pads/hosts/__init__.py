"""The hosts of pads, one file each, and which of them an address belongs to."""

from newsletter_cli.pads.hosts.opening import open_pads, pad_asker

__all__ = ["open_pads", "pad_asker"]
