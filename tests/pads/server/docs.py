"""La Suite Docs 5.4 (`core/api/viewsets.py`, `formatted_content`): what it answers without a session.

`pads` are documents by identifier; an empty one has the content `null`. `private` are those whose link is not public.
`is_old`: a host before 5.4, which has no such address.
"""

from __future__ import annotations

import json
import re

from tests.pads.server.site import PadSite, Request

DOCUMENT = re.compile(r"/api/v1\.0/documents/(?P<id>[\w-]+)/formatted-content/")


class Docs(PadSite):
    """A host of Docs; every other address is answered with its one page, as a single-page application does."""

    def __init__(self) -> None:
        super().__init__()
        self.private: set[str] = set()
        self.titles: dict[str, str] = {}
        self.is_old = False

    def __enter__(self) -> Docs:
        super().__enter__()
        return self

    def address(self, name: str) -> str:
        return f"{self.origin}/docs/{name}/"

    def serve(self, request: Request) -> None:
        found = DOCUMENT.fullmatch(request.path)
        if request.path == "/login":
            request.page(200, "Connexion")
        elif not request.path.startswith("/api/"):
            request.page(200, "Docs")
        elif found is None or self.is_old:
            self._detail(request, 404, "Not Found")
        elif not request.misbehaves(found["id"]):
            self._document(request, found["id"])

    def _document(self, request: Request, name: str) -> None:
        if name in self.private:
            self._detail(request, 401, "Authentication credentials were not provided.")
        elif name not in self.pads:
            self._detail(request, 404, "No Document matches the given query.")
        elif "content_format=markdown" not in request.query:
            self._detail(request, 400, "Invalid format")
        else:
            document = {
                "id": name,
                "title": self.titles.get(name),
                "content": self.pads[name] or None,
                "created_at": "2026-03-02T09:00:00.000000Z",
                "updated_at": "2026-03-05T16:20:11.123456Z",
            }
            request.answer(200, json.dumps(document).encode(), "application/json")

    def _detail(self, request: Request, status: int, words: str) -> None:
        request.answer(status, json.dumps({"detail": words}).encode(), "application/json")
