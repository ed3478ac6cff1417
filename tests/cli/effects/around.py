"""What is around a workspace while an effect is watched: servers on this machine, each with its misbehaviour."""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import http.server
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import tomlkit

from tests.audience.grist_server import GristServer
from tests.deliver.certificates import make_authority
from tests.deliver.https.server import MailService, Plan
from tests.deliver.server.record import read_log
from tests.deliver.server.serving import ThreadedServer
from tests.loopback import LoopbackServer
from tests.mailbox.pretending import PretendingServer
from tests.mailbox.scripted import ScriptedImap
from tests.pads.server import HedgeDoc
from tests.pictures import png
from tests.postgresql import PostgresServer, find_initdb
from tests.workspaces import write

Around = AbstractContextManager[Mapping[str, str]]
USER, PASSWORD = "ada", "correct horse"


@contextlib.contextmanager
def mail_server(folder: Path, *misbehaviours: str, **options: Any) -> Iterator[Mapping[str, str]]:
    """A mail server, at `{port}`; what it heard is told at the end."""
    record = folder / "record"
    with ThreadedServer(record, *misbehaviours, **options) as server:
        yield {"port": str(server.port)}
    said = [one for one in read_log(record) if "verb" in one]
    connections = sum(one["verb"] == "CONNECT" for one in said)
    lines = [f"heard {connections} connections", *(f"{one['verb']} {one['argument']}" for one in said)]
    (folder / "heard.txt").write_text("\n".join(lines), "utf-8")


@contextlib.contextmanager
def shared_ledger(folder: Path) -> Iterator[Mapping[str, str]]:
    """A PostgreSQL that wants no password, in which the workspace has its ledger, at `{ledger}`."""
    server = _postgresql()
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS nl_ledger CASCADE")
    url = server.url.replace(":s3cret-w0rd@", "@")
    path = folder / "workspace" / "newsletter.toml"
    document = tomlkit.parse(path.read_text("utf-8"))
    document.setdefault("send", {})["ledger"] = url
    path.write_text(tomlkit.dumps(document), "utf-8")
    yield {"ledger": url}


@contextlib.contextmanager
def empty_database(folder: Path) -> Iterator[Mapping[str, str]]:
    """The same, and the workspace does not know of it."""
    with shared_ledger(folder) as told:
        path = folder / "workspace" / "newsletter.toml"
        document = tomlkit.parse(path.read_text("utf-8"))
        del document["send"]["ledger"]
        path.write_text(tomlkit.dumps(document), "utf-8")
        yield told


@functools.cache
def _postgresql() -> PostgresServer:
    server = PostgresServer(find_initdb(), is_open=True)
    atexit.register(server.close)
    return server


def greylisting(folder: Path) -> Around:
    """A mail server to which each recipient has to come twice."""
    return mail_server(folder, "greylist")


def login_server(folder: Path) -> Around:
    """A mail server where somebody has to log in."""
    return mail_server(folder, login=(USER, PASSWORD))


def strict_server(folder: Path) -> Around:
    """A mail server that offers PIPELINING, and calls it an error."""
    return mail_server(folder, "strict-pipelining")


def narrow_server(folder: Path) -> Around:
    """A mail server that takes one message at a time."""
    return mail_server(folder, "one-by-one")


@contextlib.contextmanager
def pad_host(folder: Path) -> Iterator[Mapping[str, str]]:
    """A HedgeDoc, whose one pad is that of the workspace's news."""
    with HedgeDoc() as site:
        site.pads["news"] = "A picture: ![a pier](/uploads/a.png)\n"
        site.pictures["/uploads/a.png"] = png()
        write(folder / "workspace/sections/001/news.md", f"---\nauthor: Ada\npad: {site.address('news')}\n---\n")
        yield {}


@contextlib.contextmanager
def drawing_at_once(_folder: Path) -> Iterator[Mapping[str, str]]:
    """A display that does not wait before it is drawn."""
    with mock.patch("newsletter_cli.console.sending.LIVE_SECONDS", 0.0):
        yield {}


def silent_after_greeting(folder: Path) -> Around:
    """A mail server that takes two seconds to answer the client's greeting."""
    return mail_server(folder, "late-ehlo")


def silent_at_the_end(folder: Path) -> Around:
    """A mail server that takes two seconds to say that it has a message, for the first of them."""
    return mail_server(folder, "late-accept:every=1,times=1,seconds=2")


@contextlib.contextmanager
def secure_server(folder: Path) -> Iterator[Mapping[str, str]]:
    """A mail server with TLS, by an authority that is known in the workspace alone."""
    authority = make_authority(folder / "certificates")
    shutil.copy(authority.ca_file, folder / "workspace" / "authority.pem")
    with mail_server(folder, tls="implicit", certificates=authority.folder) as surroundings:
        yield surroundings


@contextlib.contextmanager
def mail_service(folder: Path, plan: Plan = lambda number: "") -> Iterator[Mapping[str, str]]:
    """A mail service over HTTPS, at `{port}`; whose certificate is known in the workspace alone."""
    authority = make_authority(folder / "certificates")
    shutil.copy(authority.ca_file, folder / "workspace" / "authority.pem")
    with MailService(authority.context("good"), plan) as service:
        yield {"port": str(service.port)}
    (folder / "heard.txt").write_text(f"heard {service.connections} connections", "utf-8")


def late_service(folder: Path) -> Around:
    """A mail service that is late to say that it has taken the first message."""
    return mail_service(folder, lambda number: "late" if number == 1 else "")


@contextlib.contextmanager
def no_domains(_folder: Path) -> Iterator[Mapping[str, str]]:
    """A network in which no domain exists."""
    from dns.resolver import NXDOMAIN

    with mock.patch("dns.resolver.Resolver.resolve", side_effect=NXDOMAIN):
        yield {}


class Page:
    """A page on this machine, at `{port}`: what it answers, and after how long."""

    def __init__(self, *statuses: int, seconds: float = 0.0):
        self._statuses, self._seconds = list(statuses), seconds

    @contextlib.contextmanager
    def __call__(self, _folder: Path) -> Iterator[Mapping[str, str]]:
        left = list(self._statuses)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(handler) -> None:
                time.sleep(self._seconds)
                # The last answer is the one for all that come later.
                status = left.pop(0) if len(left) > 1 else left[0]
                with contextlib.suppress(OSError):
                    handler.send_response(status)
                    handler.send_header("Content-Length", "0")
                    handler.end_headers()

            do_HEAD = do_GET

            def log_message(handler, format: str, *args: object) -> None:
                """Nobody reads it."""

        server = LoopbackServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield {"port": str(server.server_port)}
        finally:
            server.shutdown()
            server.server_close()


web_page = Page(404)
flickering = Page(200, 404)
slow_page = Page(200, seconds=1.5)


@contextlib.contextmanager
def grist(_folder: Path, *faults: str) -> Iterator[Mapping[str, str]]:
    """A Grist with one person, at `{url}`."""
    with GristServer() as server:
        server.fill([{"email": "grist@example.org", "unsubscribed": False}])
        server.faults.extend(faults)
        yield {"url": server.url}


def grist_dripping(folder: Path) -> Around:
    """A Grist whose answer takes seconds, in drips."""
    return grist(folder, "slow")


@contextlib.contextmanager
def mailbox(_folder: Path, *misbehaviours: str) -> Iterator[Mapping[str, str]]:
    """An empty mailbox over IMAP, at `{port}`."""
    with ScriptedImap(*misbehaviours) as server:
        yield {"port": str(server.port)}


def late_mailbox(folder: Path) -> Around:
    """A mailbox that takes three seconds to say what it can."""
    return mailbox(folder, "late")


@contextlib.contextmanager
def own_mailbox(folder: Path) -> Iterator[Mapping[str, str]]:
    """A mailbox over IMAP, at `{port}`, in which an earlier draft of issue 1 lies; what is in it is told at the end."""
    earlier = b"Subject: Tidings #1\r\n\r\nAs it was.\r\n"
    with PretendingServer() as server:
        server.put("Drafts", f"Date: x\r\nMessage-ID: <{draft_id(earlier)}>\r\n".encode() + earlier)
        yield {"port": str(server.port)}
        server.tell(folder / "heard.txt")


def draft_id(octets: bytes) -> str:
    """The Message-ID by which `nl draft` knows what it has put there for the newsletter of these workspaces."""
    name, content = (hashlib.sha256(one).hexdigest() for one in (b"Tidings", octets))
    return f"nl-draft-001-{name[:8]}-{content[:24]}@example.org"
