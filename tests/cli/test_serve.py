"""`nl serve` as a process: what it says, what it answers, how it ends."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.endpoint_key import format_key
from newsletter_cli.base.values import replace
from tests.after.endpoint.examples import FORM, KEY, ONE_CLICK, OTHER, TOKENS, entry
from tests.forked import start_nl
from tests.inside import call
from tests.loopback import own_port
from tests.waiting import wait_until
from tests.workspaces import environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
TEXT = format_key(KEY)
ADDRESS = re.compile(r"^(http://\S+)\n", re.MULTILINE)
BEARER = {"Authorization": f"Bearer {KEY.parts[0].fetch}"}


class Served:
    """A server that runs, and what it said."""

    def __init__(self, process, address: str) -> None:  # type: ignore[no-untyped-def]
        self.process = process
        self.address = address
        place = urlsplit(address)
        assert place.hostname
        assert place.port
        self.host, self.port = place.hostname, place.port

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] = FORM
    ) -> tuple[int, dict[str, str], bytes]:
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=60)) as connection:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def one_click(self, row: int) -> int:
        return self.ask("POST", f"/unsubscribe?u={TOKENS.token(row)}", ONE_CLICK)[0]


@contextlib.contextmanager
def served(folder: Path, *arguments: str, key: str = TEXT, **env: str) -> Iterator[Served]:
    process = start_nl("serve", "--port", "0", *arguments, env=environment(NL_ENDPOINT_KEY=key, **env), folder=folder)
    try:
        process.wait_until_said("http://")
        wait_until(lambda: ADDRESS.search(process.said) is not None)
        address = ADDRESS.findall(process.said)[0]
        wait_until(lambda: answers(address))
        yield Served(process, address)
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    with socket.socket(socket.AF_INET6 if "[" in address else socket.AF_INET) as tried:
        return tried.connect_ex((urlsplit(address).hostname, urlsplit(address).port)) == 0


def test_the_endpoint_needs_nothing_but_its_key(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        assert server.host == "127.0.0.1"
        assert server.one_click(1) == 200
        status, headers, page = server.ask("GET", f"/unsubscribe?u={TOKENS.token(1)}", headers={})
        assert (status, b"<button" in page) == (200, True)
        assert "server" not in headers
        assert server.ask("HEAD", f"/unsubscribe?u={TOKENS.token(1)}")[2] == b""
        assert server.ask("GET", "/healthz")[0] == 200
        status, _headers, log = server.ask("GET", "/log?after=0", headers=BEARER)
        assert status == 200
        assert TOKENS.token(1).encode() in log
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait() == 0
        out, err = server.process.communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["endpoint.db"]
    assert err == ""
    # Neither a token nor whoever asked.
    assert TOKENS.token(1) not in out
    assert "127.0.0.1" not in out.replace(server.address, "")


def test_what_is_under_way_is_answered_before_it_ends(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        with socket.create_connection((server.host, server.port), timeout=60) as slow:
            head = (
                f"POST /unsubscribe?u={TOKENS.token(5)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(ONE_CLICK)}\r\n\r\n"
            )
            slow.sendall(head.encode() + ONE_CLICK[:4])
            server.ask("GET", "/healthz")  # the first is being read by now
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not answers(server.address))
            slow.sendall(ONE_CLICK[4:])
            assert slow.recv(65_536).startswith(b"HTTP/1.1 200")
        assert server.process.wait() == 0
    log = SqliteLog(tmp_path / "endpoint.db")
    assert [one.token for one in log.read_after(KEY.newsletter, 0, 10)] == [TOKENS.token(5)]
    log.close()


def test_host_port_path_and_proxy(tmp_path: Path) -> None:
    port = own_port()
    arguments = ("--host", "0.0.0.0", "--port", str(port), "--path", "/letters", "--proxy", "127.0.0.1")
    with served(tmp_path, *arguments) as server:
        assert server.address == f"http://0.0.0.0:{port}/letters"
        assert server.ask("GET", f"/letters/unsubscribe?u={TOKENS.token(1)}")[0] == 200
        # Each client of the proxy has its own patience, and what a client adds in front counts for nothing.
        wrong = [
            server.ask("GET", "/unsubscribe?u=x", headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"})[0]
            for n in range(30)
        ]
        assert (wrong[0], wrong[-1]) == (404, 429)
        assert server.ask("GET", "/unsubscribe?u=x", headers={"X-Forwarded-For": "203.0.113.8"})[0] == 404


def test_whoever_is_no_trusted_proxy_says_nothing_of_others(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        wrong = [
            server.ask("GET", "/unsubscribe?u=x", headers={"X-Forwarded-For": f"203.0.113.{n}"})[0] for n in range(30)
        ]
        assert wrong[-1] == 429


def test_without_a_proxy_the_missing_tls_is_told(tmp_path: Path) -> None:
    with served(tmp_path, "--host", "0.0.0.0") as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait() == 0
        assert "TLS" in server.process.communicate()[1]


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = call("serve", "--port", str(port), cwd=tmp_path, env={"NL_ENDPOINT_KEY": TEXT})
    assert done.status == 2
    assert str(port) in done.err
    assert "→" in done.err


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({}, "has no key"),
        ({"NL_ENDPOINT_KEY": "hunter2"}, "no key of an endpoint"),
        ({"NL_ENDPOINT_KEY": TEXT[:200]}, "not whole"),
        ({"NL_ENDPOINT_KEY": "nl-key-9.abc"}, "newer nl"),
        ({"NL_ENDPOINT_KEY_FILE": "/nowhere/key"}, "cannot be read"),
        ({"NL_ENDPOINT_KEY": TEXT, "NL_ENDPOINT_KEEP_DAYS": "soon"}, "number of days"),
        ({"NL_ENDPOINT_KEY": TEXT, "NL_ENDPOINT_PROXIES": "caddy"}, "no address or network"),
        ({"NL_ENDPOINT_KEY": TEXT, "NL_ENDPOINT_LOG": "/proc/none/x.db"}, "cannot be opened"),
        ({"NL_ENDPOINT_KEY": TEXT, "NL_ENDPOINT_LOG": "postgresql://me:hunter2@127.0.0.1:1/x"}, "cannot be opened"),
    ],
)
def test_what_keeps_it_from_starting_is_told(tmp_path: Path, env: dict[str, str], told: str) -> None:
    done = call("serve", "--check", cwd=tmp_path, env=env)
    assert (done.status, done.out) == (2, "")
    assert told in done.err
    # Nothing of a key, nor of a password.
    assert "hunter2" not in done.err
    assert TEXT[10:60] not in done.err


def test_the_key_comes_from_the_input_or_a_file_with_several(tmp_path: Path) -> None:
    both = f"# two\n{TEXT}\n{format_key(OTHER)}\n"
    (tmp_path / "keys").write_text(both)
    for words, typed in (
        (("--key-file", "-"), both),
        (("--key-file", "keys"), None),
    ):
        done = call("serve", "--check", *words, cwd=tmp_path, typed=typed)
        assert done.status == 0, done.err
        assert "Data news" in done.out
        assert "La lettre" in done.out
    done = call("serve", "--check", cwd=tmp_path, env={"NL_ENDPOINT_KEY_FILE": str(tmp_path / "keys")})
    assert "La lettre" in done.out


def test_old_entries_that_were_fetched_are_taken_out(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "endpoint.db")
    log.append([entry(1, at="2020-01-01T00:00:00Z"), entry(2, at="2020-01-01T00:00:00Z")])
    first = log.read_after(KEY.newsletter, 0, 10)[0].n
    log.note_fetched(KEY.newsletter, first)
    with served(tmp_path, "--keep-days", "30"):
        wait_until(lambda: len(log.read_after(KEY.newsletter, 0, 10)) == 1)
    assert log.extent(KEY.newsletter).pruned == first
    log.close()


def storm(server: Served, first: int, answered: list[int], stop: threading.Event) -> None:
    """Posts one after the other on one connection, each with a row of its own; notes those answered 200."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=30)
    row = first
    with contextlib.suppress(OSError, http.client.HTTPException):
        while not stop.is_set():
            row += 1
            connection.request("POST", f"/unsubscribe?u={TOKENS.token(row)}", ONE_CLICK, FORM)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                answered.append(row)
    connection.close()


@pytest.mark.parametrize("kills", [2, pytest.param(25, marks=pytest.mark.long)])
def test_killed_at_any_moment_every_answered_post_is_in_the_log(tmp_path: Path, kills: int) -> None:
    answered: list[int] = []
    for kill in range(kills):
        with served(tmp_path) as server:
            stop = threading.Event()
            threads = [
                threading.Thread(target=storm, args=(server, kill * 10_000_000 + number * 100_000, answered, stop))
                for number in range(6)
            ]
            before = len(answered)
            for thread in threads:
                thread.start()
            wait_until(lambda before=before, kill=kill: len(answered) > before + 20 + 13 * (kill % 7))  # type: ignore[misc]
            server.process.kill()
            server.process.wait()
            stop.set()
            for thread in threads:
                thread.join()
    log = SqliteLog(tmp_path / "endpoint.db")
    there, after = set(), 0
    while found := log.read_after(KEY.newsletter, after, 5_000):
        there |= {one.token for one in found}
        after = found[-1].n
    log.close()
    assert len(answered) > 20 * kills
    assert {TOKENS.token(row) for row in answered} <= there


def test_a_storm_of_looks_changes_nothing(tmp_path: Path) -> None:
    with (
        served(tmp_path) as server,
        contextlib.closing(http.client.HTTPConnection(server.host, server.port, timeout=60)) as connection,
    ):
        for row in range(200):
            method = ("GET", "HEAD", "OPTIONS", "PUT")[row % 4]
            connection.request(method, f"/unsubscribe?u={TOKENS.token(row)}", headers=FORM)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == (200 if row % 4 < 2 else 405)
    log = SqliteLog(tmp_path / "endpoint.db")
    assert log.read_after(KEY.newsletter, 0, 10) == []
    log.close()


def test_a_disk_that_is_full_is_no_answer_of_200(tmp_path: Path) -> None:
    """The system refuses what goes beyond a size: SQLite hears it as it hears a full disk."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("needs prlimit, which Linux has")
    with served(tmp_path) as server:
        assert server.one_click(1) == 200
        size = (tmp_path / "endpoint.db-wal").stat().st_size + 20_000
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        statuses = [server.one_click(row) for row in range(2, 60)]
        assert set(statuses) == {200, 503}
        assert statuses[-1] == 503
        assert server.ask("GET", "/healthz")[0] == 503
        refused = server.ask("POST", f"/unsubscribe?u={TOKENS.token(99)}", ONE_CLICK)
        assert int(refused[1]["retry-after"]) > 0
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert server.one_click(99) == 200
        done = [row for row, status in enumerate(statuses, 2) if status == 200]
    log = SqliteLog(tmp_path / "endpoint.db")
    there = {one.token for one in log.read_after(KEY.newsletter, 0, 1_000)}
    log.close()
    assert {TOKENS.token(row) for row in (1, *done, 99)} <= there


def test_two_keys_of_one_newsletter_are_a_mistake_that_is_told(tmp_path: Path) -> None:
    again = format_key(replace(KEY, name="Again"))
    done = call("serve", "--check", cwd=tmp_path, env={"NL_ENDPOINT_KEY": f"{TEXT} {again}"})
    assert done.status == 2
