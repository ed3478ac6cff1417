"""Etherpad (`hooks/express/importexport.ts`): the export of a pad that exists is its text, of another 404."""

from __future__ import annotations

from tests.pads.server.site import PadSite, Request


class Etherpad(PadSite):
    """A host of Etherpad, as Framapad is."""

    def __enter__(self) -> Etherpad:
        super().__enter__()
        return self

    def address(self, name: str) -> str:
        return f"{self.origin}/p/{name}"

    def serve(self, request: Request) -> None:
        parts = request.path.strip("/").split("/")
        if parts[0] == "p" and parts[2:] == ["export", "txt"] and parts[1] in self.pads:
            if not request.misbehaves(parts[1]):
                headers = {"Content-Disposition": f"attachment; filename={parts[1]}.txt"}
                request.answer(200, self.pads[parts[1]].encode(), "text/plain; charset=utf-8", headers)
        elif parts[0] == "p" and len(parts) == 2:
            request.page(200, "Etherpad")
        else:
            request.page(404, "Cannot GET")
