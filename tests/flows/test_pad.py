"""`nl pad`: a text to paste for each section, and the address of a pad put where `nl pull` finds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.inside import call

SECTION = "---\ntitle: Agenda de mars\nstatus: draft\n---\n\n<!-- nl: qui fait quoi ? -->\n\nÀ écrire.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "sections" / "001"
    folder.mkdir(parents=True)
    (tmp_path / "newsletter.toml").write_text(
        '[newsletter]\nname = "Lettre"\nlanguage = "fr"\n\n[[sections]]\nslug = "news"\ntitle = "Nouvelles"\n\n'
        '[[sections]]\nslug = "agenda"\ntitle = "Agenda"\n',
        "utf-8",
    )
    (folder / "_issue.md").write_text("---\ntitle: Un\n---\nBonjour.\n", "utf-8")
    (folder / "agenda.md").write_bytes(SECTION.replace("\n", "\r\n").encode())
    (folder / "news.md").write_text("Une nouvelle.\n", "utf-8")
    (folder / "jobs.md").write_text("---\nstatus: skip\n---\n", "utf-8")
    return tmp_path


def nl(root: Path, *arguments: str, status: int = 0) -> str:
    done = call(*arguments, cwd=root, env={"LANGUAGE": "en"})
    assert done.status == status, done.out + done.err
    return done.out + done.err


def test_each_section_has_its_text_in_canonical_order(root: Path) -> None:
    said = nl(root, "pad", "1")
    assert said.index("# Nouvelles\n\nUne nouvelle.\n") < said.index(
        "# Agenda de mars\n\n<!-- nl: qui fait quoi ? -->\n\nÀ écrire.\n"
    )
    assert "jobs" not in said
    assert "[pads] new" in said
    assert "nl pad 1 https://… --section news" in said


def test_a_pipe_gets_the_text_alone(root: Path) -> None:
    assert nl(root, "pad", "1", "--section", "news") == "# Nouvelles\n\nUne nouvelle.\n\n"
    assert nl(root, "pad", "--section", "_issue") == "# Editorial\n\nBonjour.\n\n"


def test_a_script_is_told(root: Path) -> None:
    told = json.loads(nl(root, "pad", "1", "--json"))
    assert (told["issue"], told["new"]) == (1, None)
    assert [(one["slug"], one["pad"]) for one in told["sections"]] == [("news", None), ("agenda", None)]


def test_the_address_goes_into_the_header_and_nothing_else_changes(root: Path) -> None:
    address = "https://pad.example.fr/s/agenda"
    assert "names its pad" in nl(root, "pad", "1", address, "--section", "agenda")
    text = (root / "sections/001/agenda.md").read_bytes().decode()
    before, after = text.split(f"pad: {address}\r\n")
    assert before + after == SECTION.replace("\n", "\r\n")
    # Once is enough.
    assert "names this pad already" in nl(root, "pad", address, "--section", "agenda")
    assert "has another pad" in nl(root, "pad", "1", f"{address}2", "--section", "agenda", status=2)
    assert f"has its pad: {address}" in nl(root, "pad", "1")


def test_a_pad_that_another_section_has_is_refused(root: Path) -> None:
    address = "https://pad.example.fr/s/agenda"
    nl(root, "pad", "1", address, "--section", "agenda")
    told = nl(root, "pad", "1", f"{address}?both", "--section", "news", status=2)
    assert "sections/001/agenda.md names the same pad" in told
    assert "pad:" not in (root / "sections/001/news.md").read_bytes().decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["https://pad.example.fr/x"], "which section"),
        (["https://pad.example.fr/x", "--section", "agneda"], "did you mean “agenda”"),
        (["https://a:b@pad.example.fr/x", "--section", "agenda"], "holds a password"),
        (["https://cryptpad.fr/code/#/2/code/view/abc/", "--section", "agenda"], "CryptPad encrypts"),
        (["ftp://pad.example.fr/x", "--section", "agenda"], "is no address"),
        (["https://pad.example.fr/x", "--section", "news", "--json"], "does nothing with"),
    ],
)
def test_what_cannot_be_named(arguments: list[str], words: str, root: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "sections").rglob("*.md")}
    assert words in nl(root, "pad", *arguments, status=2)
    assert before == {path: path.read_bytes() for path in (root / "sections").rglob("*.md")}
