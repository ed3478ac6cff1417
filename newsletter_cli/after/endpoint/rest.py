"""All of the endpoint but the address that one-click posts to: Starlette has the routes."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from newsletter_cli.after.endpoint import pages
from newsletter_cli.after.endpoint.asgi import App, header, response
from newsletter_cli.after.endpoint.confirming import Confirming
from newsletter_cli.after.endpoint.house import House
from newsletter_cli.after.endpoint.log import LogUnavailable
from newsletter_cli.after.endpoint.serving_hooks import Hooks
from newsletter_cli.after.endpoint.serving_log import serve_log
from newsletter_cli.after.endpoint.words import choose_language
from newsletter_cli.base.endpoint_key import HOOK_PATH, LOG_PATH

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

HEALTH_PATH = "/healthz"
# The log is asked whether it can be written once in so many seconds, however often somebody asks the endpoint.
HEALTH_SECONDS = 2.0


def make_rest(house: House) -> App:
    """The application of these routes."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    checked = float("-inf")

    async def log(request: Request) -> Response:
        return await serve_log(house, request)

    async def health(_request: Request) -> Response:
        nonlocal checked
        now = time.monotonic()
        if now - checked >= HEALTH_SECONDS:
            checked = now
            with contextlib.suppress(LogUnavailable):
                await house.recorder.in_turn(house.recorder.log.check)
        if house.recorder.fault is None:
            return response(200, b"ok\n")
        return response(503, b"the log cannot be written\n")

    async def nothing(request: Request, _fault: Exception) -> Response:
        keys = house.newsletters.keys
        wanted = keys[0].language if len(keys) == 1 else ""
        face = pages.Face(language=choose_language(wanted, header(request.scope, b"accept-language")))
        html = (b"content-type", b"text/html; charset=utf-8")
        return response(404, pages.nothing_page(face), html, (b"content-security-policy", pages.policy()))

    async def not_so(_request: Request, fault: Exception) -> Response:
        allowed = getattr(fault, "headers", None) or {}
        return response(405, b"", (b"allow", allowed.get("Allow", "GET, HEAD").encode()))

    hooks = Hooks(house, Confirming())

    async def hook(request: Request) -> Response:
        return await hooks(request)

    routes = [
        Route(LOG_PATH, log),
        Route(HEALTH_PATH, health),
        Route(HOOK_PATH + "/{service}", hook, methods=["POST"]),
        Route(HOOK_PATH + "/{service}/{secret}", hook, methods=["POST"]),
    ]
    rest = Starlette(routes=routes, exception_handlers={404: nothing, 405: not_so})
    rest.router.redirect_slashes = False
    return rest
