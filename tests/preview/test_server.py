"""What the page asks for is answered; what changes is told; the end is an end."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.preview.events import HEARTBEAT, MOST_STREAMS, Hub
from newsletter_cli.preview.live import Preview
from newsletter_cli.preview.page import ASSETS
from newsletter_cli.preview.run import TRIES, Running, listen
from newsletter_cli.preview.views import VIEWS
from newsletter_cli.workspace.folder import Workspace
from tests.preview.asking import Asking, opened
from tests.preview.watched import wait_until_watched
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import make_workspace, write

NEWS = "sections/002/news.md"


@pytest.fixture
def asking(workspace: Workspace) -> Iterator[Asking]:
    with opened(workspace) as asking:
        yield asking


class TestPage:
    def test_it_and_its_files_come_whole(self, asking: Asking) -> None:
        assert asking.ask().headers["content-type"] == "text/html; charset=utf-8"
        for name, kind in ASSETS.items():
            answer = asking.ask(f"page/{name}")
            assert (answer.status, answer.headers["content-type"]) == (200, kind)
            assert answer.body
            assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("name", ["__init__.py", "words.py", "index.html", "none.js", "__pycache__"])
    def test_nothing_else_of_its_folder(self, asking: Asking, name: str) -> None:
        assert asking.ask(f"page/{name}").status == 404


class TestState:
    def test_of_the_newest_issue_by_default(self, asking: Asking) -> None:
        state = asking.ask("state").json()
        assert (state["issue"], state["issues"], state["newest"]) == (2, [1, 2], 2)
        assert state["offline"] is True
        assert state["people"]["available"] is False

    def test_of_the_issue_asked_for(self, asking: Asking, workspace: Workspace) -> None:
        assert asking.ask("state?issue=1").json()["title"] == "Tidings #1"
        assert asking.ask("state?issue=001").json()["issue"] == 1
        with opened(workspace, 1) as first:
            assert first.ask("state").json()["issue"] == 1
            assert first.ask("state?issue=2").json()["issue"] == 2

    def test_of_an_issue_that_is_not_there(self, asking: Asking) -> None:
        state = asking.ask("state?issue=9").json()
        assert (state["has_rendering"], state["error"], state["issues"]) == (False, None, [1, 2])
        assert "nl new 9" in state["hint"]

    @pytest.mark.parametrize("number", ["x", "0", "-1", "1.5", "99999999999", "%00", "1%20", "../1"])
    def test_of_what_is_no_number(self, asking: Asking, number: str) -> None:
        assert asking.ask(f"state?issue={number}").status == 404

    @pytest.mark.parametrize("has_folder", [True, False])
    def test_of_an_empty_workspace(self, tmp_path: Path, has_folder: bool) -> None:
        workspace = make_workspace(tmp_path, issues={})
        if has_folder:
            (tmp_path / "sections").mkdir()
        with opened(workspace) as asking:
            state = asking.ask("state").json()
            assert (state["issue"], state["issues"], state["newest"]) == (None, [], None)
            assert (state["has_rendering"], state["error"]) == (False, None)
            assert "nl new 1" in state["hint"]
            assert asking.ask().status == 200
            assert asking.ask("view/1/email").status == 404

    @pytest.mark.skipif(sys.platform != "linux", reason="names of bytes")
    def test_names_that_are_no_text_do_no_harm(self, workspace: Workspace) -> None:
        write(Path(str(workspace.root / "sections/002") + "/caf\udce9.png"), b"\x89PNG")
        write(Path(str(workspace.root / "sections/002") + "/\udcff.md"), b"Text\n")
        with opened(workspace) as asking:
            state = asking.ask("state").json()
            assert state["error"]["errors"][0]["message"] == "the file's name is no text"

    def test_people_of_a_list(self, asking: Asking, workspace: Workspace) -> None:
        write(workspace.root / "list.csv", "email;name\nada@example.org;Ada\ngrace@example.org;Grace\n")
        people = asking.ask("state?q=grace").json()["people"]
        assert (people["available"], people["count"]) == (True, 1)
        (grace,) = people["choices"]
        assert grace["label"] == "Grace <grace@example.org>"
        assert asking.ask(f"state?person={grace['key']}").json()["people"]["shown"] == grace["key"]
        assert asking.ask("state?person=nobody").json()["people"]["shown"] is None
        assert "grace@example.org" in asking.ask(f"view/2/source?person={grace['key']}").text
        assert "grace@example.org" not in asking.ask("view/2/source").text
        assert asking.ask("view/2/email?person=nobody").text == asking.ask("view/2/email").text


class TestViews:
    @pytest.mark.parametrize("name", VIEWS)
    def test_each_is_a_document(self, asking: Asking, name: str) -> None:
        answer = asking.ask(f"view/2/{name}")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "<!doctype html>" in answer.text.lower()

    def test_the_issues_own_image_is_where_the_view_says(self, asking: Asking) -> None:
        source = next(piece for piece in asking.ask("view/2/email").text.split('"') if piece.endswith("/chart.png"))
        answer = asking.ask_raw(source)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert answer.body.startswith(b"\x89PNG")

    @pytest.mark.parametrize("target", ["view/2/none", "view/2/EMAIL", "view/2", "view/9/email", "view/x/email"])
    def test_there_are_no_others(self, asking: Asking, target: str) -> None:
        assert asking.ask(target).status == 404

    def test_an_issue_that_cannot_be_rendered_has_none(self, workspace: Workspace) -> None:
        write(workspace.root / NEWS, "---\nstatus: soon\n---\n")
        with opened(workspace) as asking:
            assert asking.ask("view/2/email").status == 404
            assert asking.ask("state").json()["error"]["errors"][0]["file"] == NEWS


class TestEvents:
    def collect(self, hub: Hub, count: int) -> list[bytes]:
        """The first messages of a stream."""

        async def first() -> list[bytes]:
            found = []
            async for message in hub.listen():
                found.append(message)
                if len(found) == count:
                    break
            return found

        return asyncio.run(first())

    def test_a_silent_stream_has_a_heartbeat(self) -> None:
        assert self.collect(Hub(heartbeat_seconds=0.01), 3)[1:] == [HEARTBEAT, HEARTBEAT]

    def test_the_newest_version_of_each_issue_is_told_once(self) -> None:
        async def run() -> list[bytes]:
            hub = Hub()
            stream = hub.listen()
            found = [await anext(stream)]
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            for version in range(1, 100):
                hub.publish(1 + version % 2, version)
            found += [await waiting, await anext(stream)]
            hub.close()
            found += [message async for message in stream]
            return found

        messages = [json.loads(message.partition(b"data: ")[2]) for message in asyncio.run(run())[1:]]
        assert messages == [{"version": 99, "issue": 2}, {"version": 98, "issue": 1}]

    def test_whoever_goes_is_forgotten_and_the_end_is_told_to_all(self) -> None:
        async def run() -> None:
            hub = Hub()
            streams = [hub.listen() for _tab in range(MOST_STREAMS)]
            for stream in streams:
                await anext(stream)
            assert hub.is_full
            assert isinstance(streams[0], AsyncGenerator)
            await streams[0].aclose()
            assert (len(hub), hub.is_full) == (MOST_STREAMS - 1, False)
            hub.close()
            for stream in streams[1:]:
                assert [message async for message in stream] == []
            assert len(hub) == 0
            assert [message async for message in hub.listen()] == [b"retry: 500\n\n"]

        asyncio.run(run())

    def test_from_another_thread_and_after_the_end(self) -> None:
        hub = Hub()
        hub.publish_from_thread(1, 1)

        async def run() -> bytes:
            hub.open()
            stream = hub.listen()
            await anext(stream)
            threading.Timer(0.05, hub.publish_from_thread, (1, 2)).start()
            return await asyncio.wait_for(anext(stream), PATIENCE_SECONDS)

        assert b'"version": 2' in asyncio.run(run())
        hub.publish_from_thread(1, 3)

    def test_what_was_missed_is_told_at_once(self) -> None:
        async def run() -> list[bytes]:
            stream = Hub().listen(newest=(2, 7))
            return [await anext(stream), await anext(stream)]

        assert b'id: 7\ndata: {"version": 7, "issue": 2}' in asyncio.run(run())[1]


class Tab:
    """An open page: a connection that listens to the events."""

    def __init__(self, address: str):
        base = urlsplit(address)
        self.connection = http.client.HTTPConnection("127.0.0.1", base.port, timeout=PATIENCE_SECONDS)
        self.connection.request("GET", f"{base.path}events")
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200

    def next(self, after: int = 0) -> int:
        """The next version that is told, newer than `after`."""
        while line := self.answer.readline():
            if line.startswith(b"data: ") and json.loads(line[6:])["version"] > after:
                return int(json.loads(line[6:])["version"])
        pytest.fail("the events have ended")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


def get(address: str, path: str) -> bytes:
    base = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", base.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", base.path + path)
        return connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def served(workspace: Workspace) -> Iterator[tuple[Preview, str]]:
    unexpected: list[BaseException] = []
    preview = Preview(workspace, is_offline=True, on_unexpected=unexpected.append)
    with Running(preview, listen(0)):
        yield preview, preview.address
    assert not unexpected


def wait_until_listening(preview: Preview, count: int) -> None:
    wait_until(lambda: len(preview.hub) == count, lambda: f"{len(preview.hub)} streams")


class TestServed:
    def test_a_save_is_told_to_every_tab_and_is_in_the_view(self, workspace: Workspace) -> None:
        with served(workspace) as (_preview, address):
            version = json.loads(get(address, "state"))["version"]
            tabs = [Tab(address) for _tab in range(8)]
            wait_until_watched(workspace.root)
            write(workspace.root / NEWS, "---\nauthor: Grace\n---\nHot off the press.\n")
            assert {tab.next(after=version) for tab in tabs} == {version + 1}
            state = json.loads(get(address, "state"))
            assert state["version"] == version + 1
            assert b"Hot off the press." in get(address, f"view/2/email?version={state['version']}")
            for tab in tabs:
                tab.close()

    def test_a_new_issue_is_told(self, workspace: Workspace) -> None:
        with served(workspace) as (_preview, address):
            version = json.loads(get(address, "state?issue=2"))["version"]
            tab = Tab(address)
            wait_until_watched(workspace.root)
            write(workspace.root / "sections/003/_issue.md", "---\ntitle: Three\n---\nHello.\n")
            tab.next(after=version)
            assert json.loads(get(address, "state?issue=2"))["issues"] == [1, 2, 3]
            assert json.loads(get(address, "state"))["title"] == "Three"
            tab.close()

    def test_the_first_issue_of_an_empty_workspace_appears(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={})
        with served(workspace) as (_preview, address):
            assert json.loads(get(address, "state"))["issue"] is None
            tab = Tab(address)
            wait_until_watched(tmp_path)
            write(tmp_path / "sections/001/_issue.md", "---\ntitle: The first\n---\nHello.\n")
            tab.next()
            wait_until(lambda: json.loads(get(address, "state"))["title"] == "The first")
            tab.close()

    def test_tabs_that_are_closed_are_forgotten(self, workspace: Workspace) -> None:
        with served(workspace) as (preview, address):
            for _time in range(3):
                tabs = [Tab(address) for _tab in range(10)]
                wait_until_listening(preview, 10)
                for tab in tabs:
                    tab.close()
                wait_until_listening(preview, 0)

    def test_the_end_waits_for_no_tab_and_frees_the_port(self, workspace: Workspace) -> None:
        names = {thread.name for thread in threading.enumerate()}
        with served(workspace) as (preview, address):
            tabs = [Tab(address) for _tab in range(5)]
            wait_until_listening(preview, 5)
        # None of them would have left by itself.
        for tab in tabs:
            # The stream has an end of its own; a connection that was cut would raise.
            tab.answer.read()
            tab.close()
        listen(preview.port).close()
        assert {thread.name for thread in threading.enumerate()} <= names | {"nl-preview-answer"}

    def test_an_end_before_it_has_begun(self, workspace: Workspace) -> None:
        for _time in range(3):
            preview = Preview(workspace, is_offline=True)
            with Running(preview, listen(0)) as running:
                pass
            assert running.ended.is_set()

    def test_bound_to_this_machine_only(self, workspace: Workspace) -> None:
        with listen(0) as listening:
            assert listening.getsockname()[0] == "127.0.0.1"

    def test_a_request_that_is_none_gives_nothing_away(self, workspace: Workspace) -> None:
        with served(workspace) as (preview, address):
            for sent in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\r\n" * 50):
                with socket.create_connection(("127.0.0.1", preview.port), timeout=PATIENCE_SECONDS) as connection:
                    connection.sendall(sent)
                    connection.shutdown(socket.SHUT_WR)
                    answer = b"".join(iter(partial(connection.recv, 65_536), b""))
                    assert preview.token.encode() not in answer
                    assert b"Traceback" not in answer
            assert json.loads(get(address, "state"))["issue"] == 2


class TestPorts:
    def test_the_next_free_one_where_it_is_taken(self) -> None:
        with listen(0) as first:
            port = first.getsockname()[1]
            with listen(port) as second:
                assert port < second.getsockname()[1] <= port + TRIES

    @pytest.mark.parametrize("port", [-1, 65_536, 10**9])
    def test_what_is_no_port(self, port: int) -> None:
        with pytest.raises(UsageError):
            listen(port)

    def test_the_last_one_taken_leaves_the_choice_to_the_system(self) -> None:
        with listen(65_535) as first, listen(65_535) as second:
            assert second.getsockname()[1] != first.getsockname()[1]


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_hundred_saves_leave_memory_flat_and_no_handle_behind(workspace: Workspace) -> None:
    def handles() -> int:
        # The connection of the last request may close a moment later: the fewest of several looks.
        looks = []
        for _look in range(10):
            looks.append(len(list(Path("/proc/self/fd").iterdir())))
            time.sleep(0.05)
        return min(looks)

    def mebibytes() -> float:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    with served(workspace) as (_preview, address):
        tab = Tab(address)
        version = json.loads(get(address, "state"))["version"]
        wait_until_watched(workspace.root)
        used: dict[int, tuple[float, int]] = {}
        for number in range(131):
            if number in (30, 130):
                used[number] = (mebibytes(), handles())
            write(workspace.root / NEWS, f"---\nauthor: Grace\n---\nSave {number}.\n")
            version = tab.next(after=version)
            get(address, f"view/2/email?version={version}")
        tab.close()
    assert used[130][1] <= used[30][1]
    assert used[130][0] - used[30][0] < 5
