"""Every option of every command has its effect, or is refused where it can have none: a row for each, in `effects/`."""

from __future__ import annotations

import functools
import json
import os
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from newsletter_cli.cli.app import COMMANDS, build_app
from tests.cli.effects import (
    announcing,
    archiving,
    bounces,
    composing,
    doctoring,
    lists,
    proofs,
    publishing,
    reminding,
    sending,
    serving,
    syncing,
)
from tests.cli.effects.scenario import Effect, Stage, Stages, watch
from tests.cli.effects.stages import (
    begun,
    csv_list,
    empty,
    handed_over,
    managed,
    members,
    plain,
    published,
    ready,
    sent,
    sited,
    unresolved,
)
from tests.cli.test_preview import started
from tests.inside import call
from tests.loopback import own_port
from tests.waiting import wait_until
from tests.workspaces import tree, write

# typer brings its own click.
Command = Any

EFFECTS: dict[str, list[Effect]] = {
    **composing.EFFECTS,
    **sending.EFFECTS,
    **lists.EFFECTS,
    **proofs.EFFECTS,
    **reminding.EFFECTS,
    **publishing.EFFECTS,
    **announcing.EFFECTS,
    **bounces.EFFECTS,
    **doctoring.EFFECTS,
    **archiving.EFFECTS,
    **serving.EFFECTS,
    **syncing.EFFECTS,
}
# The options whose effect is the same in each command are tried in each by a test of their own, below.
EVERYWHERE = {"--directory", "--json"}
# What succeeds with a server only is tried in `tests/mailbox/test_drafts.py`, `tests/deliver/workers/test_workers.py`.
WITH_SERVER = {"draft", "worker"}
# A call of each command that succeeds, and where.
CALLS: dict[str, tuple[str, Stage]] = {
    "init": ("init fresh", empty),
    "new": ("new 2", plain),
    "import": ("import post.md", published),
    "status": ("status 1", plain),
    "check": ("check 1", plain),
    "pull": ("pull 1", plain),
    "push": ("push 1", plain),
    "pad": ("pad 1", plain),
    "remind": ("remind 1", plain),
    "announce": ("announce 1", plain),
    "images": ("images 1", plain),
    "archive": ("archive --drafts", plain),
    "assemble": ("assemble 1", plain),
    "preview": ("preview 1 --terminal", plain),
    "approve": ("approve 1 --by Ada --yes", ready),
    "proof": ("proof 1 --yes --to ada@example.org", ready),
    "draft": ("draft 1", ready),
    "send": ("send 1 --yes", ready),
    "worker": ("worker --until-done", ready),
    "pause": ("pause 1", begun),
    "publish": ("publish 1", sited),
    "report": ("report 1", sent),
    "bounces": ("bounces back.mbox", bounces.came_back),
    "resolve": ("resolve 1 --in-doubt skip --yes", unresolved),
    "serve": (serving.KEYED, serving.keyed),
    "sync": ("sync --key", plain),
    "trust": ("trust", plain),
    "doctor": ("doctor", plain),
    "help": ("help sending", empty),
    "completion": ("completion bash", empty),
    "demo": ("demo", empty),
    "list import": ("list import members.csv", members),
    "list add": ("list add lea@example.org", plain),
    "list set": ("list set ada@example.org --group board", managed),
    "list move": ("list move ada@example.org ada@new.example.org", managed),
    "list unsubscribe": ("list unsubscribe ada@example.org", csv_list),
    "list show": ("list show", csv_list),
    "list stats": ("list stats", csv_list),
    "list check": ("list check", csv_list),
    "list export": ("list export ada@example.org", csv_list),
    "list forget": ("list forget ada@example.org --yes", managed),
    "list purge": ("list purge --yes", managed),
    "list suppression export": ("list suppression export left.csv", managed),
    "list suppression import": ("list suppression import pipes.csv", members),
    "state export": ("state export handed.age", managed),
    "state import": ("state import state.age", handed_over),
    "theme copy": ("theme copy footer.mjml.j2", plain),
    "words add": ("words add Cartiflette", plain),
    "words remove": ("words remove Cartiflette", plain),
    "words list": ("words list", plain),
    "words copy": ("words copy pl", plain),
}


@functools.cache
def commands() -> dict[str, Command]:
    """Every command by what is typed, groups among them; the program itself is `nl`."""

    def walk(command: Command, typed: str) -> Iterator[tuple[str, Command]]:
        yield typed or "nl", command
        for name, below in getattr(command, "commands", {}).items():
            yield from walk(below, f"{typed} {name}".strip())

    return dict(walk(typer.main.get_command(build_app(list(COMMANDS))), ""))


def options(command: Command) -> set[str]:
    return {one.opts[0] for one in command.params if one.param_type_name == "option"}


def leaves() -> list[str]:
    return [typed for typed, command in commands().items() if not hasattr(command, "commands")]


def those_with(option: str) -> list[str]:
    return [name for name in leaves() if option in options(commands()[name]) and name not in WITH_SERVER]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


class TestTable:
    def test_each_option_has_a_row_and_each_row_an_option(self) -> None:
        there = {f"{typed} {option}" for typed, command in commands().items() for option in options(command)}
        everywhere = {row for row in there if row.rpartition(" ")[2] in EVERYWHERE | {"--debug"}}
        assert (set(EFFECTS) | SERVED | WORKED | everywhere) == there

    def test_each_row_is_about_its_option(self) -> None:
        for row, effects in EFFECTS.items():
            typed, _, option = row.rpartition(" ")
            command = commands()[typed]
            names = {name for one in command.params if one.opts[0] == option for name in one.opts}
            for effect in effects:
                assert shlex.split(effect.option)[0] in names, row
                assert typed == "nl" or f"{effect.of} ".startswith(f"{typed} "), row

    def test_each_command_has_a_call(self) -> None:
        assert sorted(CALLS) == sorted(leaves())


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(one, id=f"{one.of} [{one.option}]", marks=[pytest.mark.needs("git")] if one.needs_git else [])
        for row in EFFECTS.values()
        for one in row
    ],
)
def test_an_option_has_its_effect(stages: Stages, effect: Effect) -> None:
    watch(stages, effect)


# What a page shows, which is served until it is ended: in a process of its own.
SERVED = {"preview --port", "preview --no-open", "preview --offline", "preview --terminal", "preview --screenshots"}


# What goes on until it is ended, beside others: `tests/deliver/workers/test_workers.py`.
WORKED = {"worker --until-done", "worker --transport", "worker --trust"}


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
class TestServed:
    def test_port_and_offline_and_the_browser(self, stages: Stages) -> None:
        root = stages.fresh(plain)
        note = root.parent / "opened"
        program = write(root.parent / "browser", f'#!/bin/sh\necho "$1" > "{note}"\n')
        program.chmod(0o755)
        port = own_port()
        with started(root, "1", "--port", str(port), "--offline", BROWSER=f"{program} %s") as preview:
            assert preview.port == port
            assert json.loads(preview.get("state"))["offline"] is True
            assert not note.exists()
        with started(root, "1", opens=True, BROWSER=f"{program} %s", NL_OFFLINE="") as preview:
            assert preview.port != port
            assert json.loads(preview.get("state"))["offline"] is False
            wait_until(note.exists)

    @pytest.mark.parametrize(
        ("option", "shown"),
        [(["--terminal"], "Something happened"), (["--screenshots", "pictures"], "Chromium")],
    )
    def test_what_is_there_instead_of_the_page(self, stages: Stages, option: list[str], shown: str) -> None:
        done = call("preview", "1", *option, cwd=stages.fresh(plain), env={"PATH": "/nowhere", "HOME": "/nowhere"})
        assert shown in done.out + done.err
        assert "http://127.0.0.1" not in done.out


class TestEverywhere:
    """What is the same in each command, and nevertheless tried in each."""

    @pytest.mark.parametrize(
        "typed", [name for name in leaves() if "--directory" in options(commands()[name]) and name not in WITH_SERVER]
    )
    def test_the_folder_to_work_in(self, stages: Stages, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
        line, stage = CALLS[typed]
        seen = []
        # It is one option everywhere: its long name is tried in a few.
        for option in ("", "-C ../workspace", *(["--directory ../workspace"] if typed in {"init", "check"} else [])):
            root = stages.fresh(stage)
            elsewhere = root.parent / "elsewhere"
            elsewhere.mkdir()
            monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
            words = [str(root / word) if (root / word).is_file() else word for word in line.split()]
            before = tree(root)
            done = call(*words, *option.split(), cwd=elsewhere)
            is_made_here = any("newsletter.toml" in name for name in tree(elsewhere))
            seen.append((done.status == 2, is_made_here, tree(root) != before))
        without, short, *long = seen
        assert all(one == short != without for one in (short, *long))
        assert short[:2] == (False, False)
        if typed in {"init", "demo"}:
            assert (without, short[2]) == ((False, True, False), True)

    def test_the_folder_before_the_command_and_within_a_group(self, stages: Stages) -> None:
        root = stages.fresh(csv_list)
        for words in (["-C", str(root), "list", "stats"], ["list", "-C", str(root), "stats"]):
            assert "3 candidates" in call(*words, cwd=root.parent).out

    @pytest.mark.parametrize(
        "typed", [name for name in leaves() if "--json" in options(commands()[name]) and name not in WITH_SERVER]
    )
    def test_json(self, stages: Stages, typed: str) -> None:
        line, stage = CALLS[typed]
        done = call(*line.split(), "--json", cwd=stages.fresh(stage))
        assert json.loads(done.out) is not None, done.err
        plainly = call(*line.split(), cwd=stages.fresh(stage))
        assert plainly.status == done.status
        with pytest.raises(ValueError, match=r"Expecting|Extra"):
            json.loads(plainly.out)

    @pytest.mark.parametrize("typed", commands())
    def test_the_help(self, tmp_path: Path, typed: str) -> None:
        words = [] if typed == "nl" else typed.split()
        long, short = (call(*words, option, cwd=tmp_path) for option in ("--help", "-h"))
        assert (long.status, long.err) == (0, "")
        assert long == short
        for option in options(commands()[typed]):
            assert option in long.out
        assert tree(tmp_path) == {}

    @pytest.mark.parametrize("typed", leaves())
    def test_debugging_shows_the_traceback_of_an_error(self, tmp_path: Path, typed: str) -> None:
        wrong = {"init": ["init", "--language", "klingon!"], "help": ["help", "nothing like it"]}
        words = wrong.get(typed, [*CALLS[typed][0].split(), "-C", "missing"])
        done = call(*words, cwd=tmp_path)
        assert done.status == 2
        assert "Traceback" not in done.err
        # Before the command it is the program's own.
        for debugging in ([*words, "--debug"], *([["--debug", *words]] if typed in {"check", "list add"} else [])):
            debugged = call(*debugging, cwd=tmp_path)
            assert debugged.status == 2
            assert "Traceback" in debugged.err
            assert debugged.err.endswith(done.err)
