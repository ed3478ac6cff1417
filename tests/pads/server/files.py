"""A forge, or a site with files: `pads` are files by their path (`notes/agenda.md`).

The page around a file stands at `/o/r/blob/main/…` (GitHub), `/o/r/-/blob/main/…` (GitLab) and
`/o/r/src/branch/main/…` (Forgejo), the file itself at `raw` in their place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from tests.pads.server.site import PadSite, Request

RAW = re.compile(r"/o/r/(?:-/)?raw/(?:branch/)?main/(?P<file>.+)")
PAGE = re.compile(r"/o/r/(?:-/blob|blob|src/branch)/main/(?P<file>.+)")


class Files(PadSite):
    """`media_type` is what the server says its files are.

    Where `takes_text`, a `PUT` with the right `If-Match` changes a file, as on a public share of Nextcloud.
    `before_put` is done by somebody else between a reading and a writing; `is_forgetful`: it says that it has written,
    and has not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.media_type = "text/plain; charset=utf-8"
        self.takes_text = False
        self.has_weak_tags = False
        self.is_forgetful = False
        self.before_put: Callable[[], None] = lambda: None

    def __enter__(self) -> Files:
        super().__enter__()
        return self

    def address(self, name: str) -> str:
        return f"{self.origin}/{name}"

    def serve(self, request: Request) -> None:
        raw = RAW.fullmatch(request.path)
        name = raw["file"] if raw else request.path.strip("/")
        if request.misbehaves(name):
            return
        if request.path == "/login" or PAGE.fullmatch(request.path):
            request.page(200, request.path)
        elif name in self.pads and request.method == "PUT":
            self._put(request, name)
        elif name in self.pads:
            request.answer(200, self.pads[name].encode(), self.media_type, {"ETag": self._tag(name)})
        else:
            request.page(404, "Not Found")

    def _tag(self, name: str) -> str:
        digest = hashlib.sha256(self.pads[name].encode()).hexdigest()[:16]
        return f'W/"{digest}"' if self.has_weak_tags else f'"{digest}"'

    def _put(self, request: Request, name: str) -> None:
        self.before_put()
        if not self.takes_text:
            request.page(405, "Method Not Allowed")
        elif request.handler.headers.get("If-Match") != self._tag(name):
            request.page(412, "Precondition Failed")
        else:
            if not self.is_forgetful:
                self.pads[name] = self.bodies[-1].decode()
            request.answer(204)
