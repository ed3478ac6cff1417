"""The preview as an ASGI application: the page, its state, its events, the views, the issue's own files."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from newsletter_cli.check.clients import CLIENTS
from newsletter_cli.check.clients.readers import MailReader, mail_readers
from newsletter_cli.preview.clients import client_list, client_losses
from newsletter_cli.preview.corrections import CorrectionResult
from newsletter_cli.preview.page import ASSETS, read_asset, render_index
from newsletter_cli.preview.personal import personalise
from newsletter_cli.preview.security import ACT_METHOD, ACTS, FILE_POLICY, PAGE_POLICY, App, Guard, view_policy
from newsletter_cli.preview.snapshot import Snapshot, build_views
from newsletter_cli.preview.state import build_state, empty_state
from newsletter_cli.preview.views import PERSONAL_VIEWS, VIEWS, Views
from newsletter_cli.preview.written import FILE_VIEWS, HTML, file_view
from newsletter_cli.workspace.folder import ISSUE_NUMBER
from newsletter_cli.workspace.images import IMAGE_SUFFIXES

if TYPE_CHECKING:
    from newsletter_cli.preview.live import Preview
    from newsletter_cli.preview.person import ShownPerson
    from newsletter_cli.render.compose import ComposedIssue

T = TypeVar("T")
# What a browser may show by itself; everything else is offered for keeping.
SHOWN_SUFFIXES = IMAGE_SUFFIXES | {".svg", ".avif"}
HTML_TYPE = "text/html; charset=utf-8"
EVENTS = "text/event-stream; charset=utf-8"


def make_app(preview: Preview) -> App:
    """The application, guarded. Needs no socket: any ASGI client can ask it."""
    desk = _Desk(preview)
    routes = [
        Route("/", desk.page),
        Route("/page/{name}", desk.asset),
        Route("/state", desk.state),
        Route("/events", desk.events),
        Route("/view/{issue}/differences", desk.differences),
        Route("/view/{issue}/{name}", desk.view),
        Route("/clients/{issue}", desk.clients),
        Route("/clients/{issue}/{client}", desk.client),
        Route("/files/{issue}/{path:path}", desk.file),
        *(Route(f"/{name}", desk.act, methods=[ACT_METHOD]) for name in ACTS),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _not_found, 405: _not_found, 500: _failed})
    app.router.redirect_slashes = False
    return Guard(app, token=preview.token, port=lambda: preview.port, on_unexpected=preview.on_unexpected)


async def _not_found(_request: Request, _error: Exception) -> Response:
    return Response(status_code=404)


async def _failed(_request: Request, _error: Exception) -> Response:
    return Response(status_code=500)


class _Desk:
    """What is answered to what."""

    def __init__(self, preview: Preview) -> None:
        self._preview = preview
        # A tree of lxml's is not to be walked by two threads at once.
        self._views = threading.Lock()

    async def page(self, _request: Request) -> Response:
        return Response(render_index(), media_type=HTML_TYPE, headers={"content-security-policy": PAGE_POLICY})

    async def asset(self, request: Request) -> Response:
        kind = ASSETS.get(request.path_params["name"])
        if kind is None:
            return Response(status_code=404)
        return Response(read_asset(request.path_params["name"]), media_type=kind)

    async def state(self, request: Request) -> Response:
        wanted = request.query_params.get("issue")
        if wanted is not None and not ISSUE_NUMBER.fullmatch(wanted):
            return Response(status_code=404)
        # Before the snapshot is fetched: what comes in between is told as an event.
        version = self._preview.snapshots.version
        number = self._preview.shown_number(int(wanted) if wanted else None)
        snapshot = None if number is None else await self._snapshot(number)
        query, person = request.query_params.get("q", ""), request.query_params.get("person")
        state = await in_thread(lambda: self._build_state(snapshot, version, query, person))
        # ASCII: the name of a file may be no text.
        return Response(json.dumps(state), media_type="application/json")

    def _build_state(self, snapshot: Snapshot | None, version: int, query: str, person: str | None) -> dict[str, Any]:
        preview = self._preview
        if snapshot is None:
            state, workspace = empty_state(preview.workspace, version), preview.workspace
        else:
            workspace = snapshot.workspace
            reader = preview.people.person(workspace, person) if person else None
            recipient = None if reader is None else reader.recipient
            with self._views:
                state = build_state(snapshot, workspace.issue_numbers(), max(version, snapshot.version), recipient)
        people = preview.people.state(workspace, query=query, shown=person)
        reading = {"is_reading": preview.reads_language and not state.get("is_read", True)}
        return state | reading | {"people": people, "offline": preview.is_offline, "undo": preview.corrections.last}

    async def act(self, request: Request) -> Response:
        try:
            wish = json.loads(await request.body())
            number, name = int(wish["issue"]), str(wish.get("finding", ""))
            index = int(wish.get("proposal", -1))
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        if number not in self._preview.workspace.issue_numbers():
            return Response(status_code=404)
        snapshot = await self._snapshot(number)
        outcome = await in_thread(lambda: self._carry_out(request.url.path, snapshot, name, index))
        told = outcome.as_dict() | {"undo": self._preview.corrections.last}
        return Response(json.dumps(told), status_code=200 if outcome.is_done else 409, media_type="application/json")

    def _carry_out(self, path: str, snapshot: Snapshot, name: str, index: int) -> CorrectionResult:
        corrections = self._preview.corrections
        if path == "/accept":
            return corrections.accept(snapshot, name, index)
        return corrections.add_word(snapshot, name) if path == "/words" else corrections.undo()

    async def events(self, request: Request) -> Response:
        if self._preview.hub.is_full:
            return Response(status_code=503, headers={"retry-after": "5"})
        if request.method == "HEAD":
            return Response(media_type=EVENTS)
        version = self._preview.snapshots.version
        is_current = request.headers.get("last-event-id") == str(version)
        newest = None if is_current or not version else (self._preview.shown_number() or 0, version)
        return StreamingResponse(self._preview.hub.listen(newest), media_type=EVENTS)

    async def view(self, request: Request) -> Response:
        snapshot = await self._asked(request)
        name, query = request.path_params["name"], request.query_params
        if snapshot is None or snapshot.shown is None or name not in (*VIEWS, *FILE_VIEWS):
            return Response(status_code=404)
        has_remote = query.get("remote") == "1"
        mail_reader = mail_readers().get(query.get("client", ""))
        document = await in_thread(
            lambda: self._document(snapshot, name, query.get("person"), has_remote=has_remote, mail_reader=mail_reader)
        )
        files = f"http://{request.headers['host']}{self._preview.files_path}{snapshot.number}/"
        return _shown(document, view_policy(files, has_images=name != "images-off", has_remote=has_remote))

    async def differences(self, request: Request) -> Response:
        after, other = await self._asked(request), request.query_params.get("with", "")
        before = await self._known(other)
        if before is None or before.shown is None or after is None or after.shown is None:
            return Response(status_code=404)
        one, two = before.shown.rendered.composed, after.shown.rendered.composed
        document = await in_thread(lambda: self._differences(one, two))
        return _shown(document, view_policy("", has_images=False))

    def _differences(self, before: ComposedIssue, after: ComposedIssue) -> bytes:
        from newsletter_cli.preview.comparison import comparison_page

        with self._views:
            return comparison_page(before, after).encode("utf-8", "replace")

    def _document(
        self, snapshot: Snapshot, name: str, person: str | None, *, has_remote: bool, mail_reader: MailReader | None
    ) -> bytes:
        assert snapshot.shown is not None
        rendered, views, files = snapshot.shown.rendered, snapshot.shown.views, self._preview.files_path
        reader = self._preview.people.person(snapshot.workspace, person) if person else None
        if name in FILE_VIEWS:
            own = self._message(snapshot, reader) if reader is not None and name == HTML else b""
            with self._views:
                return file_view(name, rendered, message=own).encode("utf-8", "replace")
        if name == "source" or (reader is not None and name in PERSONAL_VIEWS):
            recipient = None if reader is None else reader.recipient
            message = self._preview.messages.build(snapshot.workspace, rendered, recipient)
            if name == "source":
                views = build_views(rendered, files, message=message.source or message.fault.encode())
            elif message.source:
                # Without one, its source says why; what everybody gets is looked at meanwhile.
                views = build_views(personalise(rendered, message.source), files)
        with self._views:
            return _bytes(views, name, has_remote=has_remote, mail_reader=mail_reader)

    async def clients(self, request: Request) -> Response:
        snapshot = await self._asked(request)
        if snapshot is None:
            return Response(status_code=404)
        told = client_list(snapshot.workspace.config.check.clients)
        return Response(json.dumps(told), media_type="application/json")

    async def client(self, request: Request) -> Response:
        snapshot, name = await self._asked(request), request.path_params["client"]
        if snapshot is None or snapshot.shown is None or name not in CLIENTS:
            return Response(status_code=404)
        told = await in_thread(lambda: self._losses(snapshot, name))
        return Response(json.dumps(told), media_type="application/json")

    def _losses(self, snapshot: Snapshot, name: str) -> dict[str, Any]:
        assert snapshot.shown is not None
        with self._views:
            # From here on it is text: who looks at another view need not wait.
            _ = snapshot.shown.views.marked_source
        return client_losses(snapshot.shown.views, name)

    def _message(self, snapshot: Snapshot, reader: ShownPerson) -> bytes:
        """The message of a reader; nothing where none can be written, as its source tells."""
        assert snapshot.shown is not None
        return self._preview.messages.build(snapshot.workspace, snapshot.shown.rendered, reader.recipient).source

    async def file(self, request: Request) -> Response:
        snapshot = await self._asked(request)
        path = None if snapshot is None else await in_thread(lambda: servable(snapshot, request.path_params["path"]))
        if path is None:
            return Response(status_code=404)
        is_shown = path.suffix.lower() in SHOWN_SUFFIXES
        kind = (mimetypes.guess_type(path.name)[0] if is_shown else None) or "application/octet-stream"
        return FileResponse(
            path,
            media_type=kind,
            content_disposition_type="inline" if is_shown else "attachment",
            filename=path.name,
            headers={"content-security-policy": FILE_POLICY},
        )

    async def _asked(self, request: Request) -> Snapshot | None:
        """The newest snapshot of the issue that the path names, if there is such an issue."""
        return await self._known(request.path_params["issue"])

    async def _known(self, number: str) -> Snapshot | None:
        if not ISSUE_NUMBER.fullmatch(number) or int(number) not in self._preview.workspace.issue_numbers():
            return None
        return await self._snapshot(int(number))

    async def _snapshot(self, number: int) -> Snapshot:
        return await asyncio.wrap_future(self._preview.snapshots.ask(number))


def servable(snapshot: Snapshot, name: str) -> Path | None:
    """The file of an issue that `name` stands for: one that goes to its readers, in the issue's own folder, no other.

    `name` is only looked up, never joined to a path. Links are followed and looked at again: since the snapshot, one
    may have been put in the place of a file.
    """
    shown, workspace = snapshot.shown, snapshot.workspace
    found = None if shown is None else shown.rendered.sources.assets.get(name)
    if found is None:
        return None
    try:
        path = found.resolve(strict=True)
        root = workspace.root.resolve(strict=True)
        folder = workspace.issue_folder(snapshot.number).resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    private = (root / "state", root / "build", root / workspace.config.list.file)
    is_private = any(path.is_relative_to(one.resolve()) for one in private)
    # Of all of them, the logo alone lies with the look.
    logo = None if shown is None else shown.rendered.sources.logo
    is_logo = logo is not None and found == logo.path
    home = (root / "templates").resolve() if is_logo else folder
    is_inside = path.is_relative_to(home) and path.is_relative_to(root)
    return path if is_inside and not is_private and path.is_file() else None


def _shown(document: bytes, policy: str) -> Response:
    return Response(document, media_type=HTML_TYPE, headers={"content-security-policy": policy})


def _bytes(views: Views, name: str, *, has_remote: bool, mail_reader: MailReader | None) -> bytes:
    return views.build(name, has_remote=has_remote, reader=mail_reader).encode("utf-8", "replace")


async def in_thread(work: Callable[[], T]) -> T:
    """What takes its time, away from the event loop. In a thread that keeps nobody from leaving, unlike a pool's."""
    done: Future[T] = Future()

    def run() -> None:
        if done.set_running_or_notify_cancel():
            try:
                done.set_result(work())
            except BaseException as error:
                done.set_exception(error)

    threading.Thread(target=run, name="nl-preview-answer", daemon=True).start()
    return await asyncio.wrap_future(done)
