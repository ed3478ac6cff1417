"""`nl check` with a program that reads for language: from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.check.language.fake import fake_program
from tests.inside import Done, call
from tests.workspaces import make_workspace

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
CONFIG = '[newsletter]\nname = "Dunes"\nlanguage = "fr"\n\n[[sections]]\nslug = "news"\ntitle = "Nouvelles"\n'
NEWS = "---\nauthor: Zoé\n---\nJ’ai rejoins un *hakathon* hier.\n\n<!-- nl: ignore misspelt -->\nUn mot imporant.\n"
FILES = {"_issue.md": "---\ntitle: Dunes\ndate: 2026-06-11\n---\nBonjour.\n", "news.md": NEWS}


def nl(tmp_path: Path, *arguments: str, how: str = "", config: str = CONFIG, **env: str | None) -> Done:
    root = make_workspace(tmp_path / "ws", config, {1: FILES}).root
    fake_program(tmp_path / "bin", how)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return call(*arguments, cwd=root, env={"PATH": path, "NL_NO_LANGUAGE": None, **env})


def language(done: Done) -> list[Any]:
    found = json.loads(done.out)["findings"]
    return [one for one in found if one["rule"] in ("misspelt", "grammar", "language-unread")]


def test_the_faults_are_told_as_all_others(tmp_path: Path) -> None:
    done = nl(tmp_path, "check", "--offline")
    assert done.status == 0
    assert "“rejoins”: Participe passé." in done.out
    assert "sections/001/news.md:4:6" in done.out
    assert "sections/001/news.md:4:18" in done.out
    assert "imporant" not in done.out
    assert "write “rejoint”" in done.out


def test_scripts_are_given_the_proposals_and_who_read(tmp_path: Path) -> None:
    done = nl(tmp_path, "check", "--offline", "--json")
    one = next(one for one in language(done) if one["rule"] == "grammar")
    assert (one["line"], one["column"], one["fixable"]) == (4, 6, False)
    assert one["proposals"] == [
        {"file": "sections/001/news.md", "line": 4, "column": 6, "old": "rejoins", "new": "rejoint"}
    ]
    said = json.loads(done.out)["language"]
    assert "Grammalecte" in said["readers"]["fr"]
    assert said["failures"] == {}


@pytest.mark.parametrize("output", ["github", "sarif"])
def test_other_formats_name_the_proposals(tmp_path: Path, output: str) -> None:
    assert "write “rejoint”" in nl(tmp_path, "check", "--offline", "--format", output).out


def test_fixing_leaves_what_somebody_has_to_choose(tmp_path: Path) -> None:
    done = nl(tmp_path, "check", "--offline", "--fix", "--yes")
    assert "rejoins" in (tmp_path / "ws/sections/001/news.md").read_text("utf-8")
    assert "rejoins" in done.out


def test_what_is_ignored_in_the_configuration_is_silent(tmp_path: Path) -> None:
    config = CONFIG + '\n[check]\nignore = ["grammar", "misspelt"]\n'
    assert language(nl(tmp_path, "check", "--offline", "--json", config=config)) == []


def test_a_reader_that_crashes_is_told_and_the_check_goes_on(tmp_path: Path) -> None:
    done = nl(tmp_path, "check", "--offline", "--json", how="crash")
    assert done.status == 0
    said = [one["message"] for one in language(done)]
    assert "Grammalecte could not read the texts: MemoryError: no room" in said


@pytest.mark.parametrize(
    "arguments", [("check", "--offline", "--no-language"), ("assemble", "--offline"), ("status",), ("send", "--help")]
)
def test_no_program_is_started_where_nobody_asked_for_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = nl(tmp_path, *arguments, how="started")
    assert "rejoins" not in done.out
    assert not list((tmp_path / "bin").glob("*-started"))


def test_the_check_of_these_starts_it(tmp_path: Path) -> None:
    nl(tmp_path, "check", "--offline", how="started")
    assert list((tmp_path / "bin").glob("*-started"))


def test_the_environment_can_do_without(tmp_path: Path) -> None:
    assert language(nl(tmp_path, "check", "--offline", "--json", NL_NO_LANGUAGE="1")) == []


LOADED = """
import sys
from newsletter_cli.__main__ import main
sys.argv = ["nl", "check", "--offline", "--json"]
try:
    main()
except SystemExit:
    pass
room = "newsletter_cli.check.language."
loaded = [one for one in ("speller", "reading", "pieces", "joining", "languagetool") if room + one in sys.modules]
print(loaded, file=sys.stderr)
"""


def test_without_a_reader_nothing_that_reads_is_loaded(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", CONFIG, {1: FILES}).root
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(
        "import importlib.util as util\nfind = util.find_spec\n"
        "util.find_spec = lambda name, package=None: None if name == 'hunspell' else find(name, package)\n"
    )
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(blocked), "NL_OFFLINE": "1"}
    environment.pop("NL_NO_LANGUAGE")
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert "language-unread" in done.stdout
    assert done.stderr.strip().endswith("[]")
