"""HedgeDoc 1.x (`lib/web/note/`): what it answers to somebody who is not signed in.

`private` are the pads that guests may not read. Opening a pad that does not exist *makes* it (`allowFreeURL`), its
download does not: `made` are those that came into being by being asked for.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import quote

from tests.pads.server.site import PadSite, Request

ACTIONS = ("publish", "pretty", "slide", "download", "info", "gist", "revision")


class HedgeDoc(PadSite):
    """A host of HedgeDoc, at the root of its site."""

    host_headers: ClassVar[dict[str, str]] = {"HedgeDoc-Version": "1.10.3", "X-Powered-By": "Express"}

    def __init__(self) -> None:
        super().__init__()
        self.private: set[str] = set()
        self.made: list[str] = []

    def __enter__(self) -> HedgeDoc:
        super().__enter__()
        return self

    def address(self, name: str) -> str:
        return f"{self.origin}/{name}"

    def serve(self, request: Request) -> None:
        parts = request.path.strip("/").split("/")
        if parts[0] in ("s", "p") and len(parts) > 1:
            self._published(request, parts)
        elif request.path in ("/", "/login"):
            if not request.misbehaves(request.path):
                request.page(200, "HedgeDoc - Ideas grow better together")
        elif parts[0] == "new":
            self._new(request)
        elif len(parts) == 1:
            self._note(request, parts[0])
        elif parts[1] in ACTIONS and self._is_readable(request, parts[0]):
            self._act(request, *parts[:2])

    def _published(self, request: Request, parts: list[str]) -> None:
        if not self._is_readable(request, parts[1]):
            return
        if len(parts) == 2:
            request.page(200, parts[1])
        elif len(parts) > 3:
            request.page(404, "404 Not Found oops.")
        elif parts[0] == "s" and parts[2] == "download":
            self._download(request, parts[1])
        else:
            request.redirect(f"{self.origin}/{parts[0]}/{parts[1]}")

    def _note(self, request: Request, name: str) -> None:
        if name not in self.pads:
            self.made.append(name)
            self.pads[name] = ""
        request.page(200, name)

    def _is_readable(self, request: Request, name: str) -> bool:
        if request.misbehaves(name):
            return False
        if name in self.private:
            # Whoever is not signed in is sent to the front page, which has a message for people.
            request.redirect(f"{self.origin}/")
            return False
        if name not in self.pads:
            request.page(404, "404 Not Found oops.")
            return False
        return True

    def _act(self, request: Request, name: str, action: str) -> None:
        if action == "download":
            self._download(request, name)
        else:
            request.redirect(f"{self.origin}/{name}")

    def _download(self, request: Request, name: str) -> None:
        headers = {
            "Content-disposition": f"attachment; filename={quote(name)}.md",
            "Cache-Control": "private",
            "X-Robots-Tag": "noindex, nofollow",
        }
        request.answer(200, self.pads[name].encode(), "text/markdown; charset=UTF-8", headers)

    def _new(self, request: Request) -> None:
        name = f"made-{len(self.made)}"
        self.made.append(name)
        self.pads[name] = self.bodies[-1].decode()
        request.redirect(f"{self.origin}/{name}")
