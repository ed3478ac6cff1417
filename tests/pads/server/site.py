"""A web server on loopback: what the hosts of pads have in common."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from tests.pads.server.misbehaviour import MISBEHAVIOURS

Headers = dict[str, str]


class PadSite:
    """The server, to be used as a context manager. `requests` are those had, as `GET /path?query`.

    `pictures` are files by path; `media_types` what the server says they are, where it is no PNG.
    """

    host_headers: ClassVar[Headers] = {}

    def __init__(self) -> None:
        self.pads: dict[str, str] = {}
        self.misbehaviours: dict[str, str] = {}
        self.pictures: dict[str, bytes] = {}
        self.media_types: dict[str, str] = {}
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self.is_closing = threading.Event()
        handler = type("Handler", (_Handler,), {"site": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> PadSite:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def address(self, name: str) -> str:
        """Where people open the pad in a browser."""
        raise NotImplementedError

    def serve(self, request: Request) -> None:
        """Answer as the host does."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what is being tested."""


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[PadSite]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def _serve(self) -> None:
        self.site.requests.append(f"{self.command} {self.path}")
        self.site.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        request = Request(self)
        if request.path in self.site.pictures:
            request.answer(200, self.site.pictures[request.path], self.site.media_types.get(request.path, "image/png"))
        else:
            self.site.serve(request)

    do_GET = do_HEAD = do_POST = do_PUT = _serve


class Request:
    """One request, and the ways to answer it."""

    def __init__(self, handler: _Handler) -> None:
        parts = urlsplit(handler.path)
        self.handler = handler
        self.site = handler.site
        self.path = parts.path
        self.query = parts.query
        self.method = handler.command

    def answer(self, status: int, body: bytes = b"", kind: str = "", headers: Headers | None = None) -> None:
        """A whole answer. No `kind`: no word of what it is."""
        handler = self.handler
        handler.send_response(status)
        usual = {"Content-Type": kind} if kind else {}
        for name, value in {
            "Content-Length": str(len(body)),
            **usual,
            **self.site.host_headers,
            **(headers or {}),
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        if self.method != "HEAD":
            handler.wfile.write(body)

    def page(self, status: int, title: str) -> None:
        """A web page."""
        html = (
            f"<!DOCTYPE html>\n<html lang='fr'><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        )
        self.answer(status, html.encode(), "text/html; charset=utf-8")

    def redirect(self, target: str) -> None:
        """302, as frameworks do it."""
        self.answer(302, f"Found. Redirecting to {target}".encode(), "text/plain; charset=utf-8", {"Location": target})

    def misbehaves(self, name: str) -> bool:
        """Whether something goes wrong with this pad; it has been answered then."""
        what = self.site.misbehaviours.get(name)
        if what is None or what not in MISBEHAVIOURS:
            return False
        MISBEHAVIOURS[what](self)
        return True
