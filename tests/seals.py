"""Files of age that are sealed and opened at once."""

from __future__ import annotations

from collections import defaultdict

import pyrage


class QuickSeals:
    """Takes the place of `pyrage.passphrase`: each passphrase has a key that is not made of it, and costs nothing. What
    is sealed is a file of age all the same, and another passphrase does not open it.
    """

    def __init__(self) -> None:
        self._keys: dict[str, pyrage.x25519.Identity] = defaultdict(pyrage.x25519.Identity.generate)

    def encrypt(self, content: bytes, passphrase: str) -> bytes:
        return bytes(pyrage.encrypt(content, [self._keys[passphrase].to_public()]))

    def decrypt(self, sealed: bytes, passphrase: str) -> bytes:
        return bytes(pyrage.decrypt(sealed, [self._keys[passphrase]]))
