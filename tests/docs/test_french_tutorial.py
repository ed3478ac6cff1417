"""« Mon premier numéro », followed to the letter: what it has one write is written, what it shows is what `nl` says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.inside import call
from tests.workspaces import ROOT

PAGE = (ROOT / "docs/fr/tutorial/first-issue.md").read_text("utf-8")
# A file that is given whole: the last words of a paragraph name it. And words to be replaced in one or several.
STEP = re.compile(
    r"(?P<appended>à\sla\sfin\sde\s)?`(?P<file>[\w./-]+)`\u00a0:\n\n```(?:markdown|toml)?\n(?P<content>.*?)^```$"
    r"|[Dd]ans\s(?P<files>`[^`\n]+`(?:(?:,|\set)\s`[^`\n]+`)*),\sremplacez\s`(?P<old>[^`\n]+)`\spar\s`(?P<new>[^`\n]+)`"
    r"|^```console\n(?P<console>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# Where it differs from one machine to the next.
VARYING = re.compile(r"nl \d+\.\d+\.\d+|\d{4}-\d\d-\d\d \d\d:\d\d|[\d,]+\u00a0ko|\d+\u00a0% de|en \d+ s\b|─+")
# Scripts are not asked.
ASKED = re.compile(r"^.*tapez son numéro\u00a0:.*\n|^.*\[[oO]/[nN]\].*\n", re.MULTILINE)
ANSWERED = {"send": ["--yes"], "publish": ["--trust"]}
ENVIRONMENT = {"NL_LANG": "fr"}
HUGO = Path(sysconfig.get_path("scripts")) / "hugo"


@pytest.fixture
def the_day() -> Iterator[None]:
    """It is the day of the issue."""
    clock = Clock(datetime(2026, 12, 15, 11, tzinfo=UTC))
    clock.start()
    yield
    clock.stop()


def words(text: str) -> str:
    """The words alone: tables are drawn on the page, and tab-separated here."""
    return " ".join(VARYING.sub(" ", text).split())


def follow(folder: Path, compare: Callable[[str, str, str], None]) -> None:
    """Do what the page says, and have what `nl` said after each command compared with what is shown."""
    here = folder
    for step in STEP.finditer(PAGE):
        if step["file"]:
            before = (here / step["file"]).read_text("utf-8") + "\n" if step["appended"] else ""
            (here / step["file"]).write_text(before + step["content"], "utf-8")
        elif step["files"]:
            for name in re.findall(r"`([^`]+)`", step["files"]):
                text = (here / name).read_text("utf-8")
                assert step["old"] in text, f"{name}: {step['old']}"
                (here / name).write_text(text.replace(step["old"], step["new"]), "utf-8")
        else:
            for line, shown in re.findall(r"^\$ ([^\n]*)\n(.*?)(?=^\$ |\Z)", step["console"], re.MULTILINE | re.DOTALL):
                program, *arguments = shlex.split(line, comments=True)
                if program == "cd":
                    here /= arguments[0]
                elif program == "hugo":
                    subprocess.run([HUGO, *arguments], cwd=here, check=True)
                elif program in ("nl", "newsletter"):
                    typed = ANSWERED.get(arguments[0], []) if "--dry-run" not in arguments else []
                    done = call(*arguments, *typed, cwd=here, env=ENVIRONMENT)
                    assert done.status == 0, done.err
                    compare(line, shown, (done.out + done.err).replace(str(folder), "/home/ines"))


def test_whoever_follows_the_page_gets_there(tmp_path: Path, the_day: None) -> None:
    told: list[str] = []

    def compare(line: str, shown: str, said: str) -> None:
        told.append(line.split()[1])
        place, heard = 0, words(said)
        for part in re.split(r"^…\n", ASKED.sub("", shown), flags=re.MULTILINE):
            expected = words(part)
            place = heard.find(expected, place)
            assert place >= 0, f"$ {line}\n{expected}\n--- said:\n{heard}"

    follow(tmp_path, compare)
    way = [command for command in dict.fromkeys(told) if not command.startswith("-")]
    assert way == ["init", "new", "status", "check", "assemble", "publish", "archive", "send", "report", "announce"]
    assert len(list((tmp_path / "lettre/state/outbox/new").iterdir())) == 3
    assert "La lettre des données n°" in (tmp_path / "lettre/public/feed.xml").read_text("utf-8")
    site = tmp_path / "site"
    (site / "layouts/single.html").write_text("{{ .Content }}", "utf-8")
    subprocess.run([HUGO, "--buildFuture", "--quiet"], cwd=site, check=True)
    assert "quarante mille lignes" in (site / "public/actualites/lettre1/index.html").read_text("utf-8")
