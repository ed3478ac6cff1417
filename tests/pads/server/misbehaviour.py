"""What can go wrong with an answer, by name: the same for every host."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.pads.server.site import Request

MARKDOWN = "text/markdown; charset=UTF-8"
TEXT = "# Ordre du jour\n\nÀ la plage, dès l’été.\n"
HUGE_BYTES = 50_000_000


def _status(code: int) -> Callable[[Request], None]:
    return lambda request: request.page(code, f"{code}")


def page(request: Request) -> None:
    request.page(200, "Bienvenue")


def page_as_text(request: Request) -> None:
    request.answer(200, b"\n<!-- x -->\n<!DOCTYPE html><html><body>Connexion</body></html>", "text/plain")


def login(request: Request) -> None:
    if request.path == "/login":
        request.page(200, "Connexion")
    else:
        request.redirect("/login")


def circles(request: Request) -> None:
    request.redirect(request.path)


def to_the_local_network(request: Request) -> None:
    request.redirect("http://10.0.0.1/download")


def to_a_file(request: Request) -> None:
    request.redirect("file:///etc/passwd")


def empty(request: Request) -> None:
    request.answer(200, b"", MARKDOWN)


def blank(request: Request) -> None:
    request.answer(200, "\ufeff \n\u200b\r\n\t".encode(), MARKDOWN)


def reset(request: Request) -> None:
    handler = request.handler
    handler.send_response(200)
    handler.send_header("Content-Type", MARKDOWN)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"# Ordre")
    handler.wfile.flush()
    # Closed without a goodbye: RST in place of FIN.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def hung_up(request: Request) -> None:
    request.handler.close_connection = True
    request.handler.connection.shutdown(socket.SHUT_RDWR)


def short(request: Request) -> None:
    request.answer(200, TEXT.encode(), MARKDOWN, {"Content-Length": "4000", "Connection": "close"})
    request.handler.close_connection = True


def broken_chunks(request: Request) -> None:
    _begin(request, {"Transfer-Encoding": "chunked"})
    request.handler.wfile.write(b"8\r\n# Ordre \r\n")
    request.handler.close_connection = True


def drip(request: Request) -> None:
    _begin(request, {"Transfer-Encoding": "chunked"})
    while not request.site.is_closing.wait(0.05):
        request.handler.wfile.write(b"1\r\nx\r\n")


def slow_headers(request: Request) -> None:
    request.handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not request.site.is_closing.wait(0.05):
        request.handler.wfile.write(b"x")


def silent(request: Request) -> None:
    request.site.is_closing.wait()


def huge(request: Request) -> None:
    _begin(request, {"Content-Length": str(HUGE_BYTES)})
    for _chunk in range(HUGE_BYTES // 1000):
        request.handler.wfile.write(b"mer " * 249 + b"mer\n")


def endless(request: Request) -> None:
    _begin(request, {"Transfer-Encoding": "chunked"})
    while not request.site.is_closing.is_set():
        request.handler.wfile.write(b"3E8\r\n" + b"mer " * 249 + b"mer\n\r\n")


@cache
def _bomb() -> bytes:
    return gzip.compress(b"\n" * HUGE_BYTES)


def bomb(request: Request) -> None:
    request.answer(200, _bomb(), MARKDOWN, {"Content-Encoding": "gzip"})


def torn_gzip(request: Request) -> None:
    request.answer(200, gzip.compress(TEXT.encode() * 50)[:-20], MARKDOWN, {"Content-Encoding": "gzip"})


def no_gzip(request: Request) -> None:
    request.answer(200, TEXT.encode(), MARKDOWN, {"Content-Encoding": "gzip"})


def brotli(request: Request) -> None:
    request.answer(200, b"\x0b\x02\x80text\x03", MARKDOWN, {"Content-Encoding": "br"})


def not_http(request: Request) -> None:
    request.handler.close_connection = True
    request.handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def utf16(request: Request) -> None:
    request.answer(200, TEXT.encode("utf-16"), "text/markdown")


def utf16_without_mark(request: Request) -> None:
    request.answer(200, TEXT.encode("utf-16-le"), "text/markdown; charset=utf-16le")


def latin1(request: Request) -> None:
    request.answer(200, TEXT.replace("’", "'").encode("latin-1"), "text/plain; charset=iso-8859-1")


def latin1_unsaid(request: Request) -> None:
    request.answer(200, TEXT.replace("’", "'").encode("latin-1"), MARKDOWN)


def picture(request: Request) -> None:
    request.answer(200, b"\x89PNG\r\n\x1a\n" + bytes(100), "application/octet-stream")


def pdf(request: Request) -> None:
    request.answer(200, b"%PDF-1.7\n", "application/pdf")


def no_content(request: Request) -> None:
    request.answer(204)


def _begin(request: Request, headers: dict[str, str]) -> None:
    handler = request.handler
    handler.send_response(200)
    for name, value in {"Content-Type": MARKDOWN, **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()


MISBEHAVIOURS: dict[str, Callable[[Request], None]] = {
    **{str(code): _status(code) for code in (400, 401, 403, 404, 410, 418, 429, 500, 502, 503)},
    "page": page,
    "page as text": page_as_text,
    "login": login,
    "circles": circles,
    "to the local network": to_the_local_network,
    "to a file": to_a_file,
    "empty": empty,
    "blank": blank,
    "reset": reset,
    "hung up": hung_up,
    "short": short,
    "broken chunks": broken_chunks,
    "drip": drip,
    "slow headers": slow_headers,
    "silent": silent,
    "huge": huge,
    "endless": endless,
    "bomb": bomb,
    "torn gzip": torn_gzip,
    "no gzip": no_gzip,
    "brotli": brotli,
    "not HTTP": not_http,
    "utf-16": utf16,
    "utf-16 without mark": utf16_without_mark,
    "latin-1": latin1,
    "latin-1 unsaid": latin1_unsaid,
    "picture": picture,
    "pdf": pdf,
    "no content": no_content,
}
