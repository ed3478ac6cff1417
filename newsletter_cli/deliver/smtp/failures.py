"""What goes wrong while a connection is opened, in words that say what to do; and replies that never end."""

from __future__ import annotations

import contextlib
import errno
import smtplib
import socket
import ssl
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.web.certificates import untrusted
from newsletter_cli.deliver.smtp.attempt import CannotOpen
from newsletter_cli.deliver.smtp.replies import MOST_BYTES, clean_text
from newsletter_cli.deliver.smtp.server import Server
from newsletter_cli.model.delivery import Reply


class LimitedReader:
    """What smtplib reads through, up to a limit: by itself it collects a reply without end."""

    def __init__(self, sock: socket.socket):
        self._file = sock.makefile("rb")
        self._left = MOST_BYTES

    def readline(self, size: int = -1) -> bytes:
        """The next line. Raises `OSError` once there were too many."""
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError(errno.EMSGSIZE, _("the reply is too long"))
        return line

    def read1(self, size: int) -> bytes:
        """What has been read ahead."""
        return self._file.read1(size)

    def close(self) -> None:
        """The reader; its socket stays."""
        self._file.close()


def fatal(text: str, hint: str) -> CannotOpen:
    """No connection can be opened, and another try would change nothing."""
    return CannotOpen(Reply(0, f"nl: {text}"), is_fatal=True, hint=hint)


def failed(text: str, hint: str | None = None) -> CannotOpen:
    """This try has failed; another may succeed. `hint`: what to look at where none does."""
    return CannotOpen(Reply(0, f"nl: {text}"), hint=hint)


@contextlib.contextmanager
def told_failures(server: Server) -> Iterator[None]:
    """What sockets, TLS and smtplib raise, as `CannotOpen`."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        reason, hint = untrusted(error, address_key="send.transport", ca_key="send.smtp.ca_file")
        raise fatal(
            _("the certificate of {host} cannot be trusted: {reason}").format(
                host=server.host, reason=clean_text(reason)
            ),
            hint,
        ) from None
    except ssl.SSLError as error:
        # What OpenSSL calls plain text where TLS should begin; the latter from 3.2 on.
        if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
            raise fatal(
                _("{server} does not speak TLS from the start").format(server=server.name),
                _("use smtp:// for this port: it encrypts with STARTTLS"),
            ) from None
        raise failed(_("TLS: {reason}").format(reason=error.reason or clean_text(str(error)))) from None
    except socket.gaierror:
        raise failed(
            _("the name {host} cannot be found").format(host=server.host),
            _("look at the name in send.transport, and whether this machine is on the network; nothing is lost"),
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise failed(_reason(error, server), _where_to_look(error, server)) from None


def _where_to_look(error: OSError | smtplib.SMTPException, server: Server) -> str | None:
    """What to look at where a server cannot be reached at all."""
    if isinstance(error, ConnectionRefusedError):
        return _("look at host and port in send.transport: 587 (smtp://) and 465 (smtps://) are usual; nothing is lost")
    is_unreachable = isinstance(error, OSError) and error.errno in _UNREACHABLE
    if (isinstance(error, TimeoutError) or is_unreachable) and server.port == SMTP_PORT:
        return _(
            "many networks let no mail out on port 25: use your provider’s server on 587 (smtp://) or 465 (smtps://),"
            " with a login; nothing is lost"
        )
    return None


SMTP_PORT = 25
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EPERM})


def _reason(error: OSError | smtplib.SMTPException, server: Server) -> str:
    # smtplib turns what its reader met into a disconnection.
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, TimeoutError):
        text = _("{server} did not answer in time").format(server=server.name)
        hint = _("is it smtps:// that it speaks?")
        return text if server.is_tls_at_once else f"{text} ({hint})"
    if isinstance(cause, ConnectionRefusedError):
        return _("nothing listens at {server}").format(server=server.name)
    if isinstance(cause, OSError) and not isinstance(cause, smtplib.SMTPException) and cause.strerror:
        return f"{server.name}: {system_reason(cause)}"
    return _("{server} closed the connection").format(server=server.name)
