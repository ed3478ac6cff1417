"""A chat on this machine: Mattermost, Slack or Matrix as a client sees them, with misbehaviours by name."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MISBEHAVIOURS = (
    "ok", "error-500", "too-many-429", "gateway-504", "forbidden-403", "redirect", "html", "silent", "cut", "not-ok",
)  # fmt: skip


class Chat(ThreadingHTTPServer):
    """What was posted, in order, and how it answers."""

    def __init__(self, misbehaviour: str = "ok"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.misbehaviour = misbehaviour
        self.texts: list[str] = []
        self.said: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.ended = threading.Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Chat

    def log_message(self, format: str, *args: Any) -> None: ...

    def do_GET(self) -> None:
        self._answer(200, "<!DOCTYPE html><html>Sign in</html>", "text/html")

    def do_POST(self) -> None:
        self._hear()

    def do_PUT(self) -> None:
        self._hear()

    def _hear(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.paths.append(self.path)
        said = json.loads(body) if body.startswith(b"{") else {}
        if self.path.startswith("/_matrix") and "/send/" not in self.path:
            self._answer(200, json.dumps(self._matrix()), "application/json")
            return
        self.server.said.append(said)
        self.server.texts.append(said.get("text") or said.get("body") or str(said))
        match self.server.misbehaviour:
            case "error-500":
                self._answer(500, "oops")
            case "too-many-429":
                self._answer(429, "slow down")
            case "gateway-504":
                self._answer(504, "nobody there")
            case "forbidden-403":
                self._answer(403, "no")
            case "redirect":
                self.send_response(302)
                self.send_header("Location", "/login")
                self.end_headers()
            case "html":
                self._answer(200, "<!DOCTYPE html><html>Sign in</html>", "text/html")
            case "silent":
                self.server.ended.wait()
            case "cut":
                self.connection.close()
            case "not-ok":
                self._answer(200, "invalid_payload")
            case _:
                answer = json.dumps({"event_id": "$1"}) if self.path.startswith("/_matrix") else "ok"
                self._answer(200, answer, "application/json" if answer != "ok" else "text/html")

    def _matrix(self) -> dict[str, str]:
        known = {"user_id": "@nl:127.0.0.1", "access_token": "t", "device_id": "d", "home_server": "127.0.0.1"}
        return {**known, "room_id": "!room:127.0.0.1"}

    def _answer(self, status: int, text: str, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


@contextlib.contextmanager
def chat(misbehaviour: str = "ok") -> Iterator[Chat]:
    """One that runs while the block does."""
    server = Chat(misbehaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
