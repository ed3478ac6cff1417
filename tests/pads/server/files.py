"""A forge, or a site with files: `pads` are files by their path (`notes/agenda.md`).

The page around a file stands at `/o/r/blob/main/…` (GitHub), `/o/r/-/blob/main/…` (GitLab) and
`/o/r/src/branch/main/…` (Forgejo), the file itself at `raw` in their place.
"""

from __future__ import annotations

import re

from tests.pads.server.site import PadSite, Request

RAW = re.compile(r"/o/r/(?:-/)?raw/(?:branch/)?main/(?P<file>.+)")
PAGE = re.compile(r"/o/r/(?:-/blob|blob|src/branch)/main/(?P<file>.+)")


class Files(PadSite):
    """`media_type` is what the server says its files are."""

    def __init__(self) -> None:
        super().__init__()
        self.media_type = "text/plain; charset=utf-8"

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
        elif name in self.pads:
            request.answer(200, self.pads[name].encode(), self.media_type)
        else:
            request.page(404, "Not Found")
