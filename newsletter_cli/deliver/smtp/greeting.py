"""A server that says nothing when it is connected to: does it wait for TLS?

SMTP servers speak first, TLS servers wait for the client. One that is silent for a while is asked the one question that
tells: a TLS client's first words. What follows is not read; the connection is of no use for anything else afterwards.
"""

from __future__ import annotations

import contextlib
import socket
import ssl

# Longer than servers wait on purpose, to see who cannot wait (Postfix 6 s, sendmail 5 s).
GREETING_SECONDS = 8.0
TLS_ANSWER_SECONDS = 3.0
# RFC 8446 §5.1: an alert or a handshake, then the version's first octet.
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")


def is_silent(sock: socket.socket, seconds: float) -> bool:
    """Whether nothing is said for so long; what is said is left to be read. The socket's timeout is changed."""
    sock.settimeout(seconds)
    try:
        sock.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return True
    return False


def answers_tls(sock: socket.socket, host: str, seconds: float) -> bool:
    """Whether a server that is silent answers as TLS does, within so long."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    # Nothing is believed of what comes: no authorities are needed, whose reading takes its time.
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(incoming, outgoing, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    sock.settimeout(seconds)
    try:
        sock.sendall(outgoing.read())
        return sock.recv(2) in TLS_RECORDS
    except OSError:
        return False
