"""A server of LanguageTool: what it is asked, and what becomes of one that misbehaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.check.language import languagetool
from newsletter_cli.check.language.languagetool import LanguageTool
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.reader import Fault, FaultKind, ReaderFailed, ReaderStopped
from newsletter_cli.config.reader import parse_config
from newsletter_cli.flows.check import Wanted, check_workspace
from tests.check.language.texts import CONFIG, ISSUE, manuscript
from tests.loopback import LoopbackServer
from tests.workspaces import make_workspace

TEXT = "Un 😀 hakathon, et les marée.\n\nUn autre hakathon.\n"


class Server(LoopbackServer):
    """Knows two faults, counts in units of UTF-16, and misbehaves by name."""

    def __init__(self, how: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.how = how
        self.asked: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_words: Any) -> None: ...

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(said).items()}
        self.server.asked.append(asked)
        how = self.server.how
        status = {"error": 500, "forward": 307}.get(how, 200)
        answer = {"rubbish": b"<html>", "list": b"[]", "long": b"x" * 3_000_000}.get(how)
        self.send_response(status)
        if how == "forward":
            self.send_header("Location", "http://127.0.0.1:1/v2/check")
        self.end_headers()
        self.wfile.write(answer or json.dumps({"matches": list(_matches(asked["text"], how))}).encode())


def _matches(text: str, how: str) -> Iterator[dict[str, Any]]:
    for word, kind, value in (("hakathon", "misspelling", "hackathon"), ("marée.", "grammar", "marées.")):
        at = text.find(word)
        while at >= 0:
            units = len(text[:at].encode("utf-16-le")) // 2 + (100_000 if how == "far-off" else 0)
            rule = {"id": "RULE", "issueType": kind, "category": {"id": "GRAMMAR"}}
            yield {
                "offset": units,
                "length": len(word),
                "message": "Non.",
                "rule": rule,
                "replacements": [{"value": value}],
            }
            at = text.find(word, at + 1)


@pytest.fixture
def how() -> str:
    return ""


@pytest.fixture
def server(how: str) -> Iterator[Server]:
    with Server(how) as running:
        yield running
        running.shutdown()


def read(tmp_path: Path, server: Server, is_stopped: bool = False) -> list[Fault]:
    pieces = [one for one in pieces_of(manuscript(tmp_path / "ws", TEXT)) if one.language == "fr"]
    return LanguageTool(server.url, "fr").read(pieces, lambda: is_stopped)


def test_its_faults_stand_at_their_words(tmp_path: Path, server: Server) -> None:
    found = read(tmp_path, server)
    assert [(one.words, one.kind, one.proposals) for one in found] == [
        ("hakathon", FaultKind.SPELLING, ("hackathon",)),
        ("hakathon", FaultKind.SPELLING, ("hackathon",)),
        ("marée.", FaultKind.GRAMMAR, ("marées.",)),
    ]
    assert [one.piece.place(one.start, one.end).line for one in found] == [1, 3, 1]
    assert server.asked[0]["language"] == "fr"


def test_a_long_issue_is_asked_about_in_parts(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool, "MOST_CHARACTERS", 30)
    assert len(read(tmp_path, server)) == 3
    assert len(server.asked) > 1


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("error", "status 500"),
        ("forward", "sends one on"),
        ("rubbish", "cannot be understood"),
        ("list", "cannot be understood"),
        ("far-off", "cannot be understood"),
        ("long", "has no end"),
    ],
)
def test_one_that_misbehaves_has_failed(
    tmp_path: Path, server: Server, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool, "MOST_BYTES", 2_000_000)
    with pytest.raises(ReaderFailed, match=reason):
        read(tmp_path, server)


def test_a_server_that_is_not_there_has_failed(tmp_path: Path, server: Server) -> None:
    pieces = pieces_of(manuscript(tmp_path / "ws", TEXT))
    with pytest.raises(ReaderFailed, match=r"no server answers at http://127\.0\.0\.1:1/v2/check"):
        LanguageTool("http://127.0.0.1:1/v2/").read(pieces, lambda: False)


def test_nobody_is_asked_when_nobody_wants_to_know(tmp_path: Path, server: Server) -> None:
    with pytest.raises(ReaderStopped):
        read(tmp_path, server, is_stopped=True)
    assert server.asked == []


def test_no_proxy_of_the_environment_sees_the_texts(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert read(tmp_path, server)


@pytest.mark.parametrize("host", ["api.languagetool.org", "languagetool.org.", "API.languagetoolplus.com:443"])
def test_a_public_server_is_refused(host: str) -> None:
    text = CONFIG.format(language="fr") + f'\n[check.language]\nlanguagetool = "https://{host}/v2"\n'
    with pytest.raises(ConfigError, match="is a public server, and texts are sent to none"):
        parse_config(text)


def messages(root: Path, url: str) -> list[str]:
    config = CONFIG.format(language="de") + f'\n[check.language]\nlanguagetool = "{url}"\n'
    workspace = make_workspace(root, config, {1: {"_issue.md": ISSUE, "news.md": "Der hakathon und die Tage.\n"}})
    found = check_workspace(workspace, 1, Wanted(has_language=True)).findings
    return [one.message for one in found if one.rule in ("misspelt", "language-unread")]


def test_one_on_this_machine_is_asked_as_the_editors_say(tmp_path: Path, server: Server) -> None:
    assert messages(tmp_path / "ws", server.url) == ["“hakathon” is in no dictionary"]
    assert server.asked[0]["language"] == "de-DE"


def test_one_on_another_machine_wants_trust(tmp_path: Path) -> None:
    first, _second = messages(tmp_path / "ws", "http://lt.example.org:8081")
    assert first.startswith("LanguageTool could not read the texts: you have not trusted http://lt.example.org:8081")
