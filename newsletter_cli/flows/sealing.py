"""Bytes sealed with a passphrase, in the format of age: any age program opens them as well."""

from __future__ import annotations

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _

AGE = b"age-encryption.org/v1\n"


def seal(content: bytes, passphrase: str) -> bytes:
    """`content`, to be read with the passphrase only."""
    import pyrage

    return bytes(pyrage.passphrase.encrypt(content, passphrase))


def unseal(sealed: bytes, passphrase: str, *, name: str) -> bytes:
    """What was sealed. Raises `UsageError` for another passphrase, and for what was never sealed."""
    import pyrage

    if not sealed.startswith(AGE):
        raise UsageError(
            _("this is no file of nl state export"), file=name, hint=_("make one: nl state export FILE, there")
        )
    try:
        return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
    except pyrage.DecryptError:
        raise UsageError(
            _("the passphrase is another one, or the file is damaged"),
            file=name,
            hint=_("nothing was changed; try again, with the passphrase that was typed at the export"),
        ) from None
