"""The endpoint served by uvicorn, with httptools and uvloop where they are installed (the extra `serve`)."""

from __future__ import annotations

import os
import socket

from newsletter_cli.after.endpoint.app import EndpointApp
from newsletter_cli.base.errors import EndpointError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason

LAST_PORT = 65_535
BACKLOG = 2_048
# Each takes some kilobytes; beyond them the answer is 503, and mail readers try again.
MOST_CONNECTIONS = 10_000
# For answers that are under way when the server is told to end.
LEAVE_SECONDS = 20
KEEP_ALIVE_SECONDS = 15


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any that is free. Raises `EndpointError`."""
    if not 0 <= port <= LAST_PORT:
        raise EndpointError(_("there is no port {port}").format(port=port), hint=_("choose one from 1024 to 65535"))
    try:
        (family, _kind, _protocol, _name, address), *_others = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError):
        raise EndpointError(
            _("this machine has no address {host}").format(host=host), hint=_("127.0.0.1 is always there")
        ) from None
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port that was left a moment ago is free. On Windows the same option would share one that is taken.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise EndpointError(
            _("port {port} of {host} cannot be used: {reason}").format(
                port=port, host=host, reason=system_reason(error)
            ),
            hint=_("end what uses it, or choose another: nl serve --port 8422"),
        ) from None
    return listening


def serve(app: EndpointApp, listening: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; then what is under way is answered first, and the signal is raised once more.
    The server's own log lines name no address of a page and no client.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LEAVE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])
