"""Transparency (RFC 5321 §4.5.2): in DATA, a line that begins with a dot begins with two."""

from __future__ import annotations


def unstuff(data: bytes) -> bytes:
    """What stands in DATA, as the message it carries."""
    plain = data.replace(b"\r\n..", b"\r\n.")
    return plain[1:] if plain.startswith(b"..") else plain
