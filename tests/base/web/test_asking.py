"""Asking over TLS, through proxies, and of addresses that a redirect names."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.base.web.asking import Asker, Cause, Limits, NotAnswered
from newsletter_cli.base.web.reach import Internet, Lookup
from tests.check.links.server import Site, make_certificate
from tests.pads.server import Files

LIMITS = Limits(size_bytes=1_000_000, seconds=60)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[Site]:
    with Site(certificate=certificate) as site:
        yield site


def asker(network: Internet | None = None, *, allow_private: bool = True) -> Asker:
    return Asker(limits=LIMITS, allow_private=allow_private, network=network)


def cause(url: str, network: Internet | None = None) -> Cause:
    with pytest.raises(NotAnswered) as caught:
        asker(network).ask(url)
    return caught.value.cause


class TestTls:
    def test_a_certificate_that_nobody_knows(self, secure: Site) -> None:
        assert cause(secure.url()) is Cause.CERTIFICATE
        assert secure.requests == []

    def test_one_that_the_machine_trusts(
        self, secure: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert asker().ask(secure.url()).status == 200

    def test_one_of_another_host(
        self, secure: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        network = Named({"pads.example.fr": Lookup(("127.0.0.1",))})
        assert cause(secure.url(host="pads.example.fr"), network) is Cause.CERTIFICATE

    def test_what_speaks_no_tls(self) -> None:
        with Files() as site:
            assert cause(site.origin.replace("http:", "https:")) is Cause.NO_CONNECTION


class Named(Internet):
    def __init__(self, names: dict[str, Lookup]) -> None:
        super().__init__()
        self.names = names

    def look_up(self, host: str) -> Lookup:
        return self.names.get(host) or Lookup(is_definite=True)


class TestProxy:
    """Behind a proxy, only the proxy knows the names beyond it."""

    def test_in_the_clear_it_is_asked_for_the_whole_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with Files() as proxy:
            proxy.pads["agenda.md"] = "Bonjour"
            monkeypatch.setenv("http_proxy", proxy.origin)
            answer = asker(Named({})).ask("http://pads.example.fr/agenda.md")
            assert (answer.status, answer.body) == (200, b"Bonjour")
            assert proxy.requests == ["GET http://pads.example.fr/agenda.md"]

    def test_for_tls_it_makes_a_tunnel(
        self, secure: Site, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            heard: list[bytes] = []
            proxy = threading.Thread(target=tunnel, args=(listener, secure.port, heard), daemon=True)
            proxy.start()
            monkeypatch.setenv("https_proxy", f"http://ada:secret@127.0.0.1:{listener.getsockname()[1]}")
            assert asker().ask(secure.url()).status == 200
            proxy.join()
        assert heard[0].startswith(f"CONNECT 127.0.0.1:{secure.port} ".encode())
        assert b"Proxy-Authorization: Basic YWRhOnNlY3JldA==" in heard[0]

    def test_the_local_network_is_not_asked_through_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with Files() as proxy:
            monkeypatch.setenv("http_proxy", proxy.origin)
            for host in ("10.0.0.1", "printer.local", "192.168.1.1"):
                with pytest.raises(NotAnswered) as caught:
                    asker(allow_private=False).ask(f"http://{host}/agenda.md")
                assert caught.value.cause is Cause.PRIVATE
            assert proxy.requests == []

    def test_one_that_is_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        assert cause("http://pads.example.fr/x", Named({})) is Cause.NO_CONNECTION
        monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
        assert cause("http://pads.example.fr/x", Named({})) is Cause.NO_CONNECTION


def tunnel(listener: socket.socket, port: int, heard: list[bytes]) -> None:
    """One tunnel to that port, as a proxy makes it."""
    client, _address = listener.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        heard.append(client.recv(65536))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize(
    ("names", "expected"), [({}, Cause.NO_SUCH_HOST), ({"a.fr": Lookup(is_definite=False)}, Cause.LOOKUP_FAILED)]
)
def test_a_name_that_leads_nowhere(names: dict[str, Lookup], expected: Cause) -> None:
    assert cause("http://a.fr/", Named(names)) is expected


def test_one_of_several_addresses_is_enough() -> None:
    with Files() as site:
        site.pads["agenda.md"] = "Bonjour"
        network = Named({"a.fr": Lookup(("::1", "127.0.0.1"))})
        assert asker(network).ask(site.address("agenda.md").replace("127.0.0.1", "a.fr")).body == b"Bonjour"


def test_nobody_is_told_a_password_of_the_address_or_a_cookie() -> None:
    with Site() as site:
        asker().ask(site.url().replace("http://", "http://ada:secret@"))
        assert "authorization" not in site.headers[-1]
        assert "cookie" not in site.headers[-1]
        assert "ada" not in site.headers[-1]["host"]
