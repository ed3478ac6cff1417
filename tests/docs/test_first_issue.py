"""“My first issue”, in both languages, followed to the letter: what it has one write is written, what it shows is what
`nl` says, and the site that it publishes to is built by Hugo.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.inside import call
from tests.workspaces import ROOT

# A file that is given whole: the last words of a paragraph name it. And words to be replaced in one or several.
FILE = r"`(?P<file>[\w./-]+)`\u00a0?:\n\n```(?:markdown|toml)?\n(?P<content>.*?)^```$"
CONSOLE = r"^```console\n(?P<console>.*?)^```$"


@dataclass(frozen=True, kw_only=True)
class Tutorial:
    """The page in one language, and the words by which it tells what to write."""

    page: str
    language: str
    appended: str
    replaced: str

    @property
    def steps(self) -> Iterator[re.Match[str]]:
        pattern = rf"(?P<appended>{self.appended}\s)?{FILE}|{self.replaced}|{CONSOLE}"
        text = (ROOT / self.page).read_text("utf-8")
        return re.finditer(pattern, text, re.MULTILINE | re.DOTALL)


TUTORIALS = (
    Tutorial(
        page="docs/tutorial/first-issue.md",
        language="en",
        appended=r"at\sthe\send\sof",
        replaced=r"[Ii]n\s(?P<files>`[^`\n]+`(?:(?:,|\sand)\s`[^`\n]+`)*),\sreplace\s`(?P<old>[^`\n]+)`\sby\s`(?P<new>[^`\n]+)`",
    ),
    Tutorial(
        page="docs/fr/tutorial/first-issue.md",
        language="fr",
        appended=r"à\sla\sfin\sde",
        replaced=r"[Dd]ans\s(?P<files>`[^`\n]+`(?:(?:,|\set)\s`[^`\n]+`)*),\sremplacez\s`(?P<old>[^`\n]+)`\spar\s`(?P<new>[^`\n]+)`",
    ),
)
# Where it differs from one machine to the next.
VARYING = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d|[\d,]+\u00a0ko|\d+\u00a0% de|en \d+ s\b|[\d.]+ kB|\d+ % of|in \d+ s\b|─+"
)
# Scripts are not asked.
ASKED = re.compile(r"^.*(?:tapez son numéro\u00a0|type the issue’s number):.*\n|^.*\[[oOyY]/[nN]\].*\n", re.MULTILINE)
ANSWERED = {"send": ["--yes"], "publish": ["--trust"]}
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


def follow(tutorial: Tutorial, folder: Path, compare: Callable[[str, str, str], None]) -> None:
    """Do what the page says, and have what `nl` said after each command compared with what is shown."""
    here = folder
    for step in tutorial.steps:
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
                    done = call(*arguments, *typed, cwd=here, env={"NL_LANG": tutorial.language})
                    assert done.status == 0, done.err
                    compare(line, shown, (done.out + done.err).replace(str(folder), "/home/ines"))


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial.language)
def test_whoever_follows_the_page_gets_there(tmp_path: Path, the_day: None, tutorial: Tutorial) -> None:
    told: list[str] = []

    def compare(line: str, shown: str, said: str) -> None:
        told.append(line.split()[1])
        place, heard = 0, words(said)
        for part in re.split(r"^…\n", ASKED.sub("", shown), flags=re.MULTILINE):
            expected = words(part)
            place = heard.find(expected, place)
            assert place >= 0, f"$ {line}\n{expected}\n--- said:\n{heard}"

    follow(tutorial, tmp_path, compare)
    commands = [command for command in told if not command.startswith("-")]
    way = {"init", "new", "status", "check", "assemble", "publish", "archive", "announce", "send", "report"}
    assert set(commands) == way
    # On a site, in an archive with a feed and in a text for the chat, before anything is sent.
    assert max(commands.index(one) for one in ("publish", "archive", "announce")) < 10
    (root,) = (path.parent for path in tmp_path.glob("*/newsletter.toml"))
    assert len(list((root / "state/outbox/new").iterdir())) == 3
    assert "Camille Martin" in (root / "public/feed.xml").read_text("utf-8")
    site = tmp_path / "site"
    (site / "layouts/single.html").write_text("{{ .Content }}", "utf-8")
    subprocess.run([HUGO, "--buildFuture", "--quiet"], cwd=site, check=True)
    (page,) = (site / "public").glob("*/*1/index.html")
    assert "Camille Martin" in page.read_text("utf-8")
