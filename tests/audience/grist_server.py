"""Grist's REST API on loopback, as far as a list needs it, with named misbehaviours.

As documented at support.getgrist.com/api: records are `{"id", "fields"}`; `POST …/sql` takes `sql` and `args`
and answers `{"statement", "records"}`, booleans as 0 and 1, lists as JSON text; a key without full access gets
403 there; errors are `{"error": "…"}`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.loopback import LoopbackServer

KEY = "grist-key-1234"
DOC = "doc1"
TABLE = "Abonnes"
QUERY = re.compile(r'SELECT \* FROM "([^"]+)" WHERE id > \? ORDER BY id LIMIT \?')


class GristServer:
    """A server to be used as a context manager. `faults` are answered first, one a request:
    a status, or `slow` (drips), `cut` (breaks off), `html` (a proxy's page), `redirect`."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.faults: list[int | str] = []
        self.requests: list[str] = []
        self.is_sql_allowed = True
        handler = type("Handler", (_Handler,), {"grist": self})
        self._http = LoopbackServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def fill(self, rows: list[dict[str, Any]]) -> None:
        self.rows = [{"id": number, "manualSort": float(number), **row} for number, row in enumerate(rows, 1)]

    def __enter__(self) -> GristServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    grist: GristServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        self.grist.requests.append(f"{self.command} {path}")
        if self.grist.faults:
            self._misbehave(self.grist.faults.pop(0))
        elif self.headers.get("Authorization") != f"Bearer {KEY}":
            self._answer(401, {"error": "invalid API key"})
        elif not path.startswith(f"/api/docs/{DOC}/"):
            self._answer(404, {"error": "document not found"})
        elif path.endswith("/sql"):
            self._sql(json.loads(body))
        elif path != f"/api/docs/{DOC}/tables/{TABLE}/records":
            self._answer(404, {"error": "Table not found"})
        elif self.command == "PATCH":
            self._patch(json.loads(body))
        else:
            self._answer(200, {"records": [_record(row) for row in self.grist.rows]})

    def _sql(self, asked: dict[str, Any]) -> None:
        found = QUERY.fullmatch(asked["sql"])
        if not self.grist.is_sql_allowed:
            self._answer(403, {"error": "insufficient document access"})
        elif found is None or found[1] != TABLE:
            self._answer(400, {"error": "no such table"})
        else:
            last, limit = asked["args"]
            rows = [row for row in self.grist.rows if row["id"] > last][:limit]
            flat = [{"fields": {name: _stored(value) for name, value in row.items()}} for row in rows]
            self._answer(200, {"statement": asked["sql"], "records": flat})

    def _patch(self, asked: dict[str, Any]) -> None:
        for record in asked["records"]:
            next(row for row in self.grist.rows if row["id"] == record["id"]).update(record["fields"])
        self._answer(200, None)

    def _misbehave(self, fault: int | str) -> None:
        if isinstance(fault, int):
            headers = {"Retry-After": "0"} if fault == 429 else {}
            self._answer(fault, {"error": "no"}, headers)
        elif fault == "redirect":
            self._answer(302, {"error": "moved"}, {"Location": "http://127.0.0.1:9/stolen"})
        elif fault == "html":
            self._send(200, b"<html>Please log in</html>", {})
        else:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            if fault == "cut":
                self.wfile.write(b'{"records": [')
                self.close_connection = True
                return
            for _second in range(40):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    break
                time.sleep(0.1)
            self.close_connection = True

    def _answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _record(row: dict[str, Any]) -> dict[str, Any]:
    fields = {name: ["L", *value] if isinstance(value, list) else value for name, value in row.items() if name != "id"}
    return {"id": row["id"], "fields": fields}


def _stored(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return json.dumps(value) if isinstance(value, list) else value
