"""What goes wrong with a mailbox over IMAP, in words that say what to do, without secrets and addresses."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.web.certificates import untrusted
from newsletter_cli.mailbox.imap_address import ImapAddress

# How imaplib shows what it got as bytes.
AS_BYTES = re.compile(r"""b(["'])(.*)\1""", re.DOTALL)
MOST_CHARACTERS = 300


@contextlib.contextmanager
def told_failures(address: ImapAddress) -> Iterator[None]:
    """What sockets, TLS, imaplib and imapclient raise, as `MailboxError`."""
    import imaplib

    try:
        yield
    except ssl.SSLCertVerificationError as error:
        reason, hint = untrusted(error, address_key="mailbox.url", ca_key="mailbox.ca_file")
        raise MailboxError(
            _("the certificate of {host} cannot be trusted: {reason}").format(host=address.host, reason=reason),
            hint=hint,
        ) from None
    except ssl.SSLError as error:
        raise _no_tls(error, address) from None
    except socket.gaierror:
        raise MailboxError(
            _("the name {host} cannot be found").format(host=address.host),
            hint=_("look at the name of the server, and whether this machine is on the network"),
        ) from None
    except imaplib.IMAP4.abort as error:
        raise MailboxError(
            _("{server} broke off: {words}").format(server=address.server, words=server_words(error)),
            hint=_("try again; if it stays so, ask whoever runs the server"),
        ) from None
    except imaplib.IMAP4.error as error:
        raise MailboxError(
            _("{server} refuses: {words}").format(server=address.server, words=server_words(error))
        ) from None
    except OSError as error:
        raise _unreachable(error, address) from None
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        # imapclient's parser, given what no server should say.
        raise MailboxError(
            _("{server} answers what cannot be understood").format(server=address.server),
            hint=_("is it a server for IMAP, and the right port? 993 (imaps://) and 143 (imap://) are usual"),
        ) from None


def refused_login(error: Exception, address: ImapAddress) -> MailboxError:
    """The server does not let somebody in."""
    return MailboxError(
        _("{server} does not let you in: {words}").format(server=address.server, words=server_words(error)),
        hint=_(
            "look at the user in the address of the mailbox and at the password; many providers want an app password,"
            " or that IMAP is switched on; Microsoft 365 wants OAuth (mailbox.auth)"
        ),
    )


def server_words(error: Exception) -> str:
    """What the server said, on one line."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    found = AS_BYTES.search(text)
    text = found[2] if found else text
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    text = " ".join(without_addresses(text).split())
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _no_tls(error: ssl.SSLError, address: ImapAddress) -> MailboxError:
    if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
        return MailboxError(
            _("{server} does not speak TLS from the start").format(server=address.server),
            hint=_("use imap:// for this port: it encrypts with STARTTLS"),
        )
    return MailboxError(_("TLS: {reason}").format(reason=error.reason or type(error).__name__))


def _unreachable(error: OSError, address: ImapAddress) -> MailboxError:
    if isinstance(error, TimeoutError):
        text = _("{server} did not answer in time").format(server=address.server)
        hint = None if address.is_tls_at_once else _("is it imaps:// that it speaks?")
        return MailboxError(text, hint=hint)
    if isinstance(error, ConnectionRefusedError):
        return MailboxError(
            _("nothing listens at {server}").format(server=address.server),
            hint=_("look at host and port: 993 (imaps://) and 143 (imap://) are usual"),
        )
    if error.strerror:
        return MailboxError(f"{address.server}: {system_reason(error)}")
    return MailboxError(_("{server} closed the connection").format(server=address.server))
