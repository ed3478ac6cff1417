"""Every command that the documentation shows is run, and says what the page shows below it.

On a page, `…` stands for what is left out.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks
from tests.docs.scenes import BEFORE, Preparation, Scene, make_letter
from tests.inside import call
from tests.workspaces import ROOT

# What is not run here, and why. Whoever adds a command to a page either has it run or says so here.
NOT_RUN = {
    r"make .*": "runs the tests, of which this is one, or writes into the clone",
    r"(pip|pipx|uv tool) install .*": "installs into the machine",
    r"nl preview( 2( --no-open --port 8500)?)?": "serves until Ctrl-C: tests/cli/test_preview.py",
    r"nl serve( --log unsubscribes.db --proxy 127.0.0.1)?": "serves until Ctrl-C: tests/cli/test_serve.py",
    r"nl preview 2 --screenshots .*": "takes Chromium ten seconds: tests/preview",
    r"nl send 2 --at [^-]*": "waits for that day: tests/docs/test_month.py, where time passes at once",
    r"nl remind 2 --post": "needs a chat: tests/chat",
    r"nl announce .* --copy": "needs a clipboard: tests/flows/test_announce.py",
    r"nl announce .* --post.*": "needs a chat: tests/flows/test_announce.py",
    r"nl resolve 2 --refused .*": "needs a server that refused this reader: tests/cli/test_report_and_resolve.py",
    r"nl words list --add": "asks of each word: tests/cli/test_words.py",
    r"nl doctor --domain.*": "asks the DNS: tests/check/domain",
    r"nl bounces (imaps:.*|--apply --move Done)": "needs a mailbox: tests/mailbox",
    r"nl sync": "needs an endpoint: tests/flows/syncing",
    r"nl (worker|send 2 --distributed|report 2 --follow|pause 2)": "needs a PostgreSQL: tests/deliver/workers",
    r"nl draft .*": "needs a mailbox: tests/mailbox",
    r"nl proof 2 --received .*": "needs a message that came through a relay: tests/check/delivered",
    r"git push origin HEAD v.*": "makes a release",
    r"python -m tests\..*": "takes hours",
}
# Stories of many steps, each told by a test of its own.
STORIES = {
    "README.md": "tests/docs/test_readme_story.py",
    "docs/tutorial/first-issue.md": "tests/docs/test_first_issue.py",
    "docs/tutorial/month.md": "tests/docs/test_month.py",
    "docs/fr/tutorial/first-issue.md": "tests/docs/test_first_issue.py",
    "docs/fr/tutorial/month.md": "tests/docs/test_month.py",
    "docs/guides/language.md": "tests/docs/test_language_page.py",
    "docs/fr/guides/language.md": "tests/docs/test_language_page.py",
}
# What is told on the page is no error, and yet no success for a script.
ENDS_WITH = {'nl list import members.csv --consent "sign-up form, March 2026" --group readers': 1}
# What somebody at the keyboard answers.
TYPED = {"send": "2\n", "approve": "y\n", "proof": "y\n", "trust": "y\n"}
ANSWER = re.compile(r"(\[[yo]/[N]\]:) \w$", re.MULTILINE)
# Where it differs from one machine or day to the next; and the lines of tables, which are not drawn here.
VARYING = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d(?::?\d\d)?)?|\d+(?:[.,]\d+)?\s(?:kB|ko)|in \d+ s|─+")
PAGES = sorted({block.page for block in blocks("console")} - STORIES.keys())


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letter")
    make_letter(folder)
    return folder


@pytest.mark.needs("git")
@pytest.mark.parametrize(
    "page", [pytest.param(page, id=page, marks=[pytest.mark.long] if "/fr/" in page else []) for page in PAGES]
)
def test_the_commands_of_a_page_do_what_it_shows(page: str, letter: Path, tmp_path: Path) -> None:
    for block in blocks("console"):
        if block.page == page and not all(is_left_out(command) for command, _shown in block.commands):
            folder = tmp_path / str(block.line)
            shutil.copytree(letter, folder, symlinks=True)
            with contextlib.ExitStack() as stack:
                scene = Scene(folder=folder, language="fr" if "/fr/" in page else "en", open=stack)
                if prepare := preparation(block):
                    prepare(scene)
                for line, shown in block.commands:
                    run(scene, block, line, shown)


def test_what_is_not_run_is_shown_somewhere() -> None:
    shown = {command for block in blocks("console") for line, _shown in block.commands for command in parts_of(line)}
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, command) for command in shown)] == []
    assert ENDS_WITH.keys() <= shown


def test_each_story_is_told_by_the_test_that_is_named() -> None:
    for page, test in STORIES.items():
        assert page.removeprefix("docs/").removeprefix("fr/") in (ROOT / test).read_text("utf-8"), page


def test_each_preparation_is_for_something_shown() -> None:
    firsts = {(name_of(block), block.commands[0][0]) for block in blocks("console")}
    firsts |= {(page, "") for page, _first in firsts}
    assert BEFORE.keys() - firsts == set()


def name_of(block: Block) -> str:
    return re.sub(r"^docs/(fr/)?", "", block.page)


def preparation(block: Block) -> Preparation | None:
    return BEFORE.get((name_of(block), block.commands[0][0])) or BEFORE.get((name_of(block), ""))


def parts_of(line: str) -> list[str]:
    """The commands of a line, without its comment."""
    return re.sub(r"\s+# .*", "", line).split(" && ")


def is_left_out(line: str) -> bool:
    return all(any(re.fullmatch(pattern, command) for pattern in NOT_RUN) for command in parts_of(line))


def run(scene: Scene, block: Block, line: str, shown: str) -> None:
    for command in parts_of(line):
        where = f"{block.page}:{block.line} $ {command}\n(what stands ready for it: tests/docs/scenes.py)"
        if is_left_out(command):
            continue
        # `$(…)` is what that command prints.
        printed = re.sub(r"\$\((.*?)\)", lambda found: output(scene, shlex.split(found[1])), as_here(scene, command))
        words = shlex.split(printed)
        if words[0] not in ("nl", "newsletter"):
            output(scene, words)
            continue
        done = call(*words[1:], cwd=scene.root, typed=TYPED.get(words[1]), env={"NL_LANG": scene.language})
        said = done.out + done.err
        if shown.startswith(("error", "erreur")):
            assert done.status in (1, 2), f"{where}\n{said}"
        else:
            assert done.status == ENDS_WITH.get(command, 0), f"{where}\n{said}"
        if shown:
            assert is_like(as_here(scene, shown), said), f"{where}\n{shown}--- said:\n{said}"


def as_here(scene: Scene, text: str) -> str:
    """With the names that things have here."""
    for name, real in scene.real.items():
        text = text.replace(name, real)
    return text.replace("/home/ines/letter", str(scene.root)).replace("/home/ines", str(scene.root))


def output(scene: Scene, words: list[str]) -> str:
    done = subprocess.run(words, cwd=scene.root, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{words}\n{done.stderr}"
    return done.stdout.strip()


def is_like(shown: str, said: str) -> bool:
    parts = [re.escape(words_of(part)) for part in ANSWER.sub(r"\1", shown).split("…")]
    return re.fullmatch(r"\s?.*\s?".join(parts), words_of(said)) is not None


def words_of(text: str) -> str:
    return " ".join(VARYING.sub(" ", text).split())
