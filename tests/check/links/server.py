"""A web server on loopback whose pages misbehave as they are named.

`site.url("gone")` answers 410, `site.url("slow")` takes its time, and so on: see `BEHAVIOURS`. A path that is a number
answers with that status. `/r/301/302/gone` redirects step by step, each with its status, and ends at `/gone`.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from tests.pictures import png

PAGE = b'<!doctype html><html><h1 id="here">A page</h1><a name="old-way">.</a></html>'
HUGE_BYTES = 4_000_000_000


class Site:
    """The server, to be used as a context manager. `requests` are the requests had, as `GET /path`.

    With `certificate` it speaks TLS. `headers` are those of the last request; `sent_bytes` counts what went out of
    endless bodies.
    """

    def __init__(self, host: str = "127.0.0.1", certificate: tuple[Path, Path] | None = None) -> None:
        self.host = host
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.seen: Counter[str] = Counter()
        self.sent_bytes = 0
        self.is_closing = threading.Event()
        self._scheme = "https" if certificate else "http"
        handler = type("Handler", (_Handler,), {"site": self})
        self._http = _Server((host, 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def url(self, path: str = "ok", host: str | None = None) -> str:
        return f"{self._scheme}://{host or self.host}:{self.port}/{path}"

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or does not like the certificate, is what is being tested."""


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.site.requests.append(f"{self.command} {self.path}")
        self.site.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.site.seen[self.path] += 1
        name = self.path.strip("/").partition("?")[0]
        if name.startswith("r/"):
            code, _slash, rest = name.removeprefix("r/").partition("/")
            is_last = not rest.partition("/")[0].isdecimal() or "/" not in rest
            self.answer(int(code), headers={"Location": f"/{rest}" if is_last else f"/r/{rest}"})
        elif name in BEHAVIOURS:
            BEHAVIOURS[name](self)
        elif name.isdecimal():
            self.answer(int(name))
        else:
            self.answer(200)

    def answer(
        self, code: int, body: bytes = PAGE, kind: str = "text/html", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(code)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def wait(self, seconds: float) -> None:
        self.site.is_closing.wait(seconds)


def no_head(handler: _Handler) -> None:
    handler.answer(405 if handler.command == "HEAD" else 200)


def limited_then_fine(handler: _Handler) -> None:
    is_first = handler.site.seen[handler.path] == 1
    handler.answer(429 if is_first else 200, headers={"Retry-After": "1"} if is_first else {})


def slow(handler: _Handler) -> None:
    handler.wait(0.8)
    handler.answer(200)


def never(handler: _Handler) -> None:
    handler.wait(60)
    handler.close_connection = True


def hang_up(handler: _Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def huge(handler: _Handler) -> None:
    """A body without end, in a page that says how long it is."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", str(HUGE_BYTES))
    handler.end_headers()
    _pour(handler)


def huge_image(handler: _Handler) -> None:
    """An image of unknown length, that never ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "image/png")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(png(300, 200)[:100])
    _pour(handler)


def _pour(handler: _Handler) -> None:
    handler.close_connection = True
    piece = b"<p>x" * 16_384
    while not handler.site.is_closing.is_set() and handler.site.sent_bytes < HUGE_BYTES:
        handler.wfile.write(piece)
        handler.site.sent_bytes += len(piece)


def drip(handler: _Handler) -> None:
    """A body that comes byte by byte, and never to its end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "image/png")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.site.is_closing.is_set():
        handler.wfile.write(b"x")
        handler.wait(0.1)


def sends_cookie(handler: _Handler) -> None:
    handler.answer(200, png(10, 10), "image/png", {"Set-Cookie": "who=you; Path=/"})


def image(width: int, height: int, size_bytes: int = 0, kind: str = "image/png") -> Callable[[_Handler], None]:
    return lambda handler: handler.answer(200, png(width, height, size_bytes=size_bytes), kind)


BEHAVIOURS: dict[str, Callable[[_Handler], None]] = {
    "ok": lambda handler: handler.answer(200),
    "gone": lambda handler: handler.answer(410),
    "no-head": no_head,
    "limited-then-fine": limited_then_fine,
    "limited": lambda handler: handler.answer(429),
    "loop": lambda handler: handler.answer(301, headers={"Location": "/loop"}),
    "members-only": lambda handler: handler.answer(301, headers={"Location": "/account/login?back=members-only"}),
    "slow": slow,
    "never": never,
    "hang-up": hang_up,
    "huge": huge,
    "broken-encoding": lambda handler: handler.answer(
        200, PAGE + b"\xff\xfe\xc3", "text/html; charset=utf-8", {"Content-Encoding": "gzip"}
    ),
    "wrong-letters": lambda handler: handler.answer(200, PAGE + b"\xff\xfe\xc3\x28", "text/html; charset=utf-8"),
    "no-type": lambda handler: handler.answer(200, PAGE, ""),
    "small.png": image(640, 480),
    "heavy.png": image(900, 600, 900_000),
    "wide.png": image(4000, 4),
    "mislabelled.png": image(30, 20, kind="text/plain"),
    "page.png": lambda handler: handler.answer(200),
    "huge.png": huge_image,
    "drip.png": drip,
    "cookie.png": sends_cookie,
}


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    extensions = ["subjectAltName=DNS:localhost,IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
    command += [part for extension in extensions for part in ("-addext", extension)]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key
