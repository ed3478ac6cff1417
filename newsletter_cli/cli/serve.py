"""`nl serve`"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.options import Directory, chosen_directory, refuse_idle

if TYPE_CHECKING:
    import socket

    from newsletter_cli.after.endpoint.house import Settings
    from newsletter_cli.base.endpoint_key import EndpointKey

HELP = _(
    "Serve the endpoint that takes readers off the list with one click. It runs on a server, needs the newsletter’s key"
    " alone, and knows no addresses."
)
EXAMPLE = "nl serve --log unsubscribes.db"
HOST, PORT = "127.0.0.1", 8421
STANDARD_INPUT = "-"

Host = Annotated[
    str | None, typer.Option("--host", metavar=_("HOST"), help=_("Listen on this address of the machine."))
]
Port = Annotated[int | None, typer.Option("--port", metavar="P", help=_("Listen on this port."))]
LogPlace = Annotated[
    str | None, typer.Option("--log", metavar=_("PLACE"), help=_("Keep the log in this file, or at postgresql://…"))
]
KeyFile = Annotated[
    str | None, typer.Option("--key-file", metavar=_("FILE"), help=_("Read the key from this file; - is the input."))
]
BasePath = Annotated[
    str | None, typer.Option("--path", metavar=_("PATH"), help=_("What the addresses begin with, behind the host."))
]
Proxy = Annotated[
    str | None,
    typer.Option("--proxy", metavar=_("ADDR"), help=_("Believe this proxy when it says who asks.")),
]
KeepDays = Annotated[
    int | None,
    typer.Option("--keep-days", metavar=_("DAYS"), help=_("Take out what was fetched after so many days.")),
]
Hooks = Annotated[bool, typer.Option("--hooks", help=_("Show the addresses that mail services report to, and stop."))]
Check = Annotated[bool, typer.Option("--check", help=_("Say whether all is well with key and log, and stop."))]


def run(
    host: Host = None,
    port: Port = None,
    log: LogPlace = None,
    key_file: KeyFile = None,
    path: BasePath = None,
    proxy: Proxy = None,
    keep_days: KeepDays = None,
    check: Check = False,
    hooks: Hooks = False,
    directory: Directory = None,
) -> None:
    for mode, is_wanted in (("--check", check), ("--hooks", hooks)):
        if is_wanted:
            refuse_idle(mode, {"--host": host is not None, "--port": port is not None}, hint=f"nl serve {mode}")
    folder = chosen_directory(directory)
    settings = _settings(folder, log=log, key_file=key_file, path=path, proxy=proxy, keep_days=keep_days)
    if hooks:
        _show_hooks(settings)
        return

    from newsletter_cli.after.endpoint.app import EndpointApp
    from newsletter_cli.after.endpoint.opening import open_log

    opened = open_log(settings.log)
    _tell(settings)
    if check:
        opened.close()
        return

    from newsletter_cli.after.endpoint.server import listen, serve

    # To end it is what was asked for, by Ctrl-C or by a supervisor's SIGTERM: neither is a failure.
    with contextlib.suppress(KeyboardInterrupt), contextlib.closing(opened):
        signal.signal(signal.SIGTERM, _interrupt)
        with contextlib.closing(listen(host or HOST, PORT if port is None else port)) as listening:
            _announce(listening, host or HOST, settings)
            _pass_on_what_the_server_says()
            serve(EndpointApp(lambda: settings, opened), listening)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _settings(
    folder: Path, *, log: str | None, key_file: str | None, path: str | None, proxy: str | None, keep_days: int | None
) -> Settings:
    """The environment, overruled by the options."""
    from newsletter_cli.after.endpoint import settings as known

    if log is not None and "@" in log and ":" in log.partition("@")[0].partition("://")[2]:
        raise UsageError(
            _("a password on the command line can be read by everybody on the machine"),
            hint=_("set NL_ENDPOINT_LOG instead of --log"),
        )
    given = {known.LOG: log, known.BASE_PATH: path, known.PROXIES: proxy}
    given[known.KEEP_DAYS] = None if keep_days is None else str(keep_days)
    environment = {**os.environ, **{name: value for name, value in given.items() if value is not None}}
    keys: tuple[EndpointKey, ...] = ()
    if key_file == STANDARD_INPUT:
        keys = known.keys_of(sys.stdin.read(), _("standard input"))
    elif key_file is not None:
        keys = known.read_key_file(folder / key_file)
    return known.read_settings(environment, keys=keys, folder=folder)


def _tell(settings: Settings) -> None:
    for key in settings.keys:
        console.say(_("newsletter: {name} (key {id})").format(name=key.name, id=key.parts[0].id[:8]))
    console.say(_("log: {place}").format(place=settings.shown_log))
    days = settings.keep_days
    console.say(
        ngettext(
            "Entries that were fetched are kept for {days} day.",
            "Entries that were fetched are kept for {days} days.",
            days,
        ).format(days=days)
    )
    if settings.base_path:
        console.say(_("path: {path}").format(path=settings.base_path))
    if settings.trusted_proxies:
        console.say(_("trusted proxies: {networks}").format(networks=", ".join(map(str, settings.trusted_proxies))))


def _show_hooks(settings: Settings) -> None:
    from newsletter_cli.after.endpoint.serving_hooks import SERVICES
    from newsletter_cli.base.endpoint_key import HOOK_PATH

    for key in settings.keys:
        console.say(_("newsletter: {name} (key {id})").format(name=key.name, id=key.parts[0].id[:8]))
        for service in SERVICES:
            console.say(f"{settings.base_path}{HOOK_PATH}/{service}/{key.parts[0].hook}")
    console.say(_("Write the endpoint’s own address in front of one. Whoever has it can report: it is a secret."))


def _announce(listening: socket.socket, host: str, settings: Settings) -> None:
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    if not is_loopback(host) and not settings.trusted_proxies:
        console.warn(
            _(
                "Other machines reach this port without TLS: mail readers want https. Put a reverse proxy in front, and"
                " name it with --proxy."
            )
        )
    console.say(f"http://{shown}:{port}{settings.base_path}")


def _pass_on_what_the_server_says() -> None:
    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            console.warn(record.getMessage())

    for name in ("nl.endpoint", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.addHandler(Shown(logging.WARNING))
        logger.propagate = False
