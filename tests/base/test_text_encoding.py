"""`--encoding` of any name, on any bytes: a text, or a clear word."""

from __future__ import annotations

import encodings
import pkgutil
from pathlib import Path

import pytest

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.row import Tally
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.text_encoding import is_text_encoding
from newsletter_cli.workspace.files import read_text
from tests.inside import run
from tests.workspaces import make_workspace, write

NAMES = sorted({*(one.name for one in pkgutil.iter_modules(encodings.__path__)), *encodings.aliases.aliases})
ODD = ["", " ", "\0", "utf-8\0", "é", "../os", "os", "a" * 5000, "\n", "\ud800"]
BYTES = {
    "text": "email;name\nann@example.org;Zoé\n".encode(),
    "latin": b"email;name\nann@example.org;Zo\xe9\n",
    "marks": b"\xff\xfee\x00",
    "odd": b"email\n\x81\xff\x00\xd8\xc3",
    "escapes": b"email\n\\x,\\N{no such}\xe9\n",
    "empty": b"",
}


@pytest.mark.parametrize("name", ["utf-8", "UTF_8", "cp1252", "utf-16", "latin-1", "shift_jis", "mac-roman"])
def test_encodings_of_texts(name: str) -> None:
    assert is_text_encoding(name)


@pytest.mark.parametrize(
    "name", [*ODD, "base64", "zip", "bz2", "hex", "rot13", "uu", "quopri", "idna", "punycode", "unicode_escape",
             "raw_unicode_escape", "undefined"]
)  # fmt: skip
def test_what_is_none(name: str) -> None:
    assert not is_text_encoding(name)


@pytest.mark.parametrize("kind", BYTES)
def test_any_name_on_any_bytes(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "list.csv", BYTES[kind])
    for name in [*NAMES, *ODD]:
        try:
            list(CsvSource(path=path, name="list.csv", encoding=name).read(Tally()))
        except NewsletterError as error:
            assert error.hint  # noqa: PT017
        try:
            read_text(path, name="list.csv", encoding=name)
        except NewsletterError as error:
            assert error.hint  # noqa: PT017


@pytest.mark.parametrize("name", ["utf-16", "punycode", "base64", "nonsense"])
def test_from_outside(tmp_path: Path, name: str) -> None:
    root = make_workspace(tmp_path / "ws").root
    path = write(tmp_path / "list.csv", BYTES["text"])
    for command in (("list", "import"), ("list", "check"), ("import",)):
        if command == ("import",) and name == "utf-16":  # any pairs of bytes are signs of it
            continue
        done = run(*command, str(path), "--encoding", name, cwd=root)
        assert done.returncode in (1, 2)
        assert "fault of nl" not in done.stderr
        assert name.casefold() in done.stderr.casefold()
        assert "→" in done.stderr
