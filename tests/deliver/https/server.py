"""Mail services over HTTPS as their documentation has them, on loopback: La Suite Messages, Microsoft Graph, Brevo.

It counts whom it has taken a message for, and misbehaves by name (`MISBEHAVIOURS`).
"""

from __future__ import annotations

import base64
import email
import email.policy
import gzip
import json
import math
import re
import socket
import socketserver
import ssl
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

from tests.waiting import PATIENCE_SECONDS

MAILBOX, CHANNEL, KEY = "5d9c6f0e-mailbox", "77aa-channel", "k-secret-1"
USER, TOKEN = "lettre@example.org", "t-secret-1"
API_KEY = "xkeysib-1"
LASUITE = "/api/v1.0/submit/"
BREVO = "/v3/smtp/email"
# A key is known for so long; a request with it is answered so meanwhile, whatever else it says, and does nothing.
KEY_SECONDS = 30 * 60
DUPLICATE = {"code": "duplicate_parameter", "message": "Email for the idempotency key has already been processed"}
GRAPH = re.compile(r"/v1\.0/users/([^/?]+)(/sendMail|\?\$select=id)")
# Before the message is taken: what the answer is. {wait} is how long it asks to be left alone.
INSTEAD = {
    "429": (429, {"Retry-After": "1"}, {"detail": "Too many requests"}),
    "429-bare": (429, {}, {"detail": "Too many requests"}),
    "429-long": (429, {"Retry-After": "7200"}, {"detail": "Too many requests"}),
    "503": (503, {"Retry-After": "1"}, {"detail": "Down for maintenance"}),
    "401": (401, {}, {"detail": "Invalid key"}),
    "403": (403, {}, {"detail": "From header does not match mailbox"}),
    "404": (404, {}, {"detail": "Mailbox not found."}),
    "413": (413, {}, {"detail": "Request body too large"}),
    "400": (400, {}, {"detail": "Failed to parse: reader@example.org is no address"}),
    "undone": (500, {}, {"detail": "Failed to prepare message for sending."}),
    "quota": (429, {"Retry-After": "1"}, {"error": {"code": "ErrorExceededMessageLimit", "message": "No more today"}}),
    "denied": (403, {}, {"error": {"code": "ErrorSendAsDenied", "message": "You may not"}}),
    "credits": (402, {}, {"code": "not_enough_credits", "message": "You do not have enough credits"}),
    "limit": (429, {"x-sib-ratelimit-reset": "1"}, {"code": "too_many_requests", "message": "Rate limit exceeded"}),
    "sender": (400, {}, {"code": "invalid_parameter", "message": "valid sender email required"}),
    "suspended": (400, {}, {"code": "permission_denied", "message": "Your SMTP account is not yet activated"}),
    "invalid": (400, {}, {"code": "invalid_parameter", "message": "email is not valid in to"}),
    "redirect": (302, {"Location": "https://elsewhere.example.org/"}, {}),
}
LATE_SECONDS = {"slow": 0.3, "late": 6.0}
# Behind the message, taken or not: the answer tells neither.
MISBEHAVIOURS = (
    *INSTEAD,
    "500", "502-html", "unread", "half-read", "taken-cut", "lost-cut", "half-answer", "garbage", "silent", "html",
    "gzip", "http10", "close", "hangs-up-after", "500-taken", "500-known", *LATE_SECONDS,
)  # fmt: skip

Plan = Callable[[int], str]


class MailService:
    """A context manager. `plan` names the misbehaviour of the n-th message, from 1; none where it names none.

    `known` has the keys of messages by now, and when each came by `clock`; `repeats` counts requests that did nothing.
    """

    def __init__(self, tls: ssl.SSLContext, plan: Plan = lambda number: "") -> None:
        self._tls, self.plan = tls, plan
        self.taken: Counter[str] = Counter()
        self.messages: list[bytes] = []
        self.keys: list[str] = []
        self.valid_keys = {KEY, TOKEN, API_KEY}
        self.clock: Callable[[], float] = time.time
        self.known: dict[str, float] = {}
        self.repeats = 0
        self.connections = 0
        self.posts = 0
        self._lock = threading.Lock()
        self.is_closing = threading.Event()
        service = self

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64
            allow_reuse_address = True

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with service._lock:
                    service.connections += 1
                try:
                    with service._tls.wrap_socket(self.request, server_side=True) as sock:
                        sock.settimeout(PATIENCE_SECONDS)
                        while service._serve(sock):
                            pass
                except (OSError, EOFError):
                    return

        self._server = Server(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> MailService:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, sock: ssl.SSLSocket) -> bool:
        """One request; whether the connection goes on."""
        head, early = _read_head(sock)
        if not head:
            return False
        first, *lines = head.split("\r\n")
        method, path, _version = first.split(" ")
        headers = {
            name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)
        }
        if method != "POST":
            return self._probe(sock, headers, path)
        with self._lock:
            self.posts += 1
            how = self.plan(self.posts)
        if how == "unread":
            return False
        length = int(headers["content-length"])
        if how == "half-read":
            _read_rest(sock, early, length // 2)
            return False
        body = _read_rest(sock, early, length)
        return self._answer(sock, how, path, headers, body)

    def _probe(self, sock: ssl.SSLSocket, headers: dict[str, str], path: str) -> bool:
        is_known = self._known(headers)
        _send(sock, 401 if not is_known else 405 if path == LASUITE else 200, {}, {})
        return True

    def _known(self, headers: dict[str, str]) -> bool:
        key = (
            headers.get("x-api-key")
            or headers.get("api-key")
            or headers.get("authorization", "").removeprefix("Bearer ")
        )
        with self._lock:
            self.keys.append(key)
        return key in self.valid_keys

    def _answer(self, sock: ssl.SSLSocket, how: str, path: str, headers: dict[str, str], body: bytes) -> bool:
        if not self._known(headers):
            _send(sock, 401, {}, {"detail": "Invalid key"})
            return True
        if how in INSTEAD:
            _send(sock, *INSTEAD[how])
            return True
        if path == BREVO and self._has_seen(body, is_known_now=how in ("500-known", "500-taken")):
            if how in ("taken-cut", "lost-cut"):
                return False
            _send(sock, 400, {}, DUPLICATE)
            return True
        is_lost = how in ("lost-cut", "500", "502-html", "html", "500-known")
        fault = self._take(path, headers, body) if not is_lost else None
        if fault is not None:
            _send(sock, *fault)
            return True
        return self._told(sock, how, path)

    def _has_seen(self, body: bytes, *, is_known_now: bool) -> bool:
        """Whether the key of a message is known. `is_known_now`: it is from now on, whatever becomes of the message."""
        key = str(uuid.UUID(json.loads(body)["headers"]["idempotencyKey"]))
        with self._lock:
            now = self.clock()
            if now - self.known.get(key, -math.inf) < KEY_SECONDS:
                self.repeats += 1
                return True
            if is_known_now:
                self.known[key] = now
            return False

    def _take(
        self, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], dict[str, object]] | None:
        """Take a message for whom it is; an answer where it cannot be taken."""
        if path == LASUITE:
            if headers["content-type"] != "message/rfc822" or headers["x-channel-id"] != CHANNEL:
                return 415, {}, {"detail": "Unsupported media type"}
            if headers["x-mail-from"] != MAILBOX:
                return 404, {}, {"detail": "Mailbox not found."}
            message, recipient = body, headers["x-rcpt-to"]
        elif path == BREVO:
            if headers["content-type"] != "application/json":
                return 415, {}, {"code": "bad_request", "message": "Input must be a valid JSON object"}
            told = json.loads(body)
            if not (told["sender"]["email"] and told["subject"] and told["htmlContent"] and len(told["to"]) == 1):
                return 400, {}, {"code": "missing_parameter", "message": "something is missing"}
            message, recipient = body, told["to"][0]["email"]
            with self._lock:
                self.known[told["headers"]["idempotencyKey"]] = self.clock()
        else:
            found = GRAPH.fullmatch(path)
            if found is None or found[1] != USER or headers["content-type"] != "text/plain":
                return 404, {}, {"error": {"code": "ErrorItemNotFound", "message": "no such mailbox"}}
            message = base64.b64decode(body, validate=True)
            recipient = email.message_from_bytes(message, policy=email.policy.SMTP)["To"].addresses[0].addr_spec
        with self._lock:
            self.taken[recipient] += 1
            self.messages.append(message)
        return None

    def _told(self, sock: ssl.SSLSocket, how: str, path: str) -> bool:
        accepted = {"message_id": "1", "status": "accepted"}
        status = 201 if path == BREVO else 202
        if how == "silent":
            self.is_closing.wait(PATIENCE_SECONDS)
        if how in ("taken-cut", "lost-cut", "silent"):
            return False
        if how == "garbage":
            sock.sendall(b"220 smtp.example.org ESMTP\r\n")
            return False
        if how == "half-answer":
            sock.sendall(b'HTTP/1.1 %d Accepted\r\nContent-Length: 900\r\n\r\n{"mess' % status)
            return False
        if how in LATE_SECONDS:
            time.sleep(LATE_SECONDS[how])
        if how in ("500", "500-taken", "500-known"):
            _send(sock, 500, {}, {"detail": "Internal error"})
        elif how in ("html", "502-html"):
            page = b"<html><body><h1>Bad gateway</h1>" + b"<p>nginx</p>" * 9000
            _send(sock, 200 if how == "html" else 502, {"Content-Type": "text/html"}, page)
        elif how == "gzip":
            _send(sock, status, {"Content-Encoding": "gzip"}, gzip.compress(json.dumps(accepted).encode()))
        elif how == "http10":
            sock.sendall(
                b'HTTP/1.0 %d Accepted\r\nContent-Type: application/json\r\n\r\n{"status": "accepted"}' % status
            )
            return False
        else:
            _send(sock, status, {"Connection": "close"} if how == "close" else {}, accepted)
        return how not in ("close", "hangs-up-after")


def _read_head(sock: socket.socket) -> tuple[str, bytes]:
    octets = b""
    while b"\r\n\r\n" not in octets:
        more = sock.recv(65_536)
        if not more:
            return "", b""
        octets += more
    head, _end, early = octets.partition(b"\r\n\r\n")
    return head.decode("ascii"), early


def _read_rest(sock: socket.socket, early: bytes, length: int) -> bytes:
    while len(early) < length:
        more = sock.recv(65_536)
        if not more:
            raise EOFError
        early += more
    return early


def _send(sock: socket.socket, status: int, headers: dict[str, str], body: object) -> None:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Told", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(octets)}")
    sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + octets)
