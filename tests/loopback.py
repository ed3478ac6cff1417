"""Servers on this machine: ports, and a web server whose clients may hang up."""

from __future__ import annotations

import contextlib
import random
import socket
import sys
from http.server import ThreadingHTTPServer
from typing import Any


class LoopbackServer(ThreadingHTTPServer):
    """As its base, but for a client that is gone: that is no fault, and worth no traceback among what is looked at."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


# Below those that systems hand out by themselves, and above those of well-known services.
OWN_PORTS = range(20_000, 32_000)


def own_port() -> int:
    """A port that nothing listens on, and that no other program is given by chance until somebody does."""
    while True:
        port = random.choice(OWN_PORTS)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
