"""The name by which the program was called stands in all that it tells somebody to type, and nowhere else."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from newsletter_cli.base import called
from newsletter_cli.cli.app import COMMANDS
from tests.inside import call
from tests.tree import modules, nodes
from tests.workspaces import ISSUE, NL, environment, make_workspace

# What puts the name into a text of our own before it is shown.
NAMING = {"_", "ngettext", "as_called", "with_example", "refuse_idle"}
# What is written into the pages of the documentation and into the schema: there, `nl` is the name.
WRITTEN = {"Rule", "rule", "option"}
# What is kept in a database or a file, or is shown by other programs; and the default of what the edge hands in.
KEPT = {
    "newsletter_cli.after.endpoint.postgresql_log",
    "newsletter_cli.audience.membership",
    "newsletter_cli.base.conflicts",
    "newsletter_cli.flows.archiving.record",
    "newsletter_cli.flows.clearance.timers",
    "newsletter_cli.flows.outcomes.page",
    "newsletter_cli.flows.publishing.where",
    "newsletter_cli.flows.reporting.interface",
    "newsletter_cli.flows.secret_uses",
}
COMMAND = re.compile(rf"(?<![\w./-])nl (?:-C|{'|'.join(COMMANDS)})\b")
NEWSLETTER = str(Path(NL).with_name("newsletter"))


def typed(program: list[str], *arguments: str, cwd: Path, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        [*program, *arguments], cwd=cwd, capture_output=True, encoding="utf-8", check=False, env=environment(**env)
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def naming() -> Iterator[None]:
    yield
    called.be_called("nl", COMMANDS)


@pytest.mark.parametrize(
    ("argv", "original", "name"),
    [
        (["/usr/local/bin/nl", "send"], [], "nl"),
        (["newsletter"], [], "newsletter"),
        ([r"C:\Users\Inès\pipx\venvs\newsletter-cli\Scripts\nl.EXE"], [], "nl"),
        ([r"C:\Scripts\newsletter-script.py"], [], "newsletter"),
        (["/x/newsletter_cli/__main__.py"], ["/x/bin/python3", "-m", "newsletter_cli"], "python3 -m newsletter_cli"),
        ([r"C:\x\newsletter_cli\__main__.py"], [r"C:\Python 311\python.exe"], "python -m newsletter_cli"),
        (["/x/__main__.py"], [], "python -m newsletter_cli"),
        (["/opt/lettre-1.2"], [], "lettre-1.2"),
        (["/opt/my nl; rm -r"], [], "nl"),
        (["-c"], [], "nl"),
        ([""], [], "nl"),
        ([], [], "nl"),
    ],
)  # fmt: skip
def test_the_name_is_read_from_the_command_line(argv: list[str], original: list[str], name: str) -> None:
    assert called.name_of(argv, original) == name


@pytest.mark.usefixtures("naming")
def test_commands_are_renamed_and_the_product_is_not() -> None:
    called.be_called("newsletter", COMMANDS)
    for ours, said in {
        "nl send {number}, or nl -C FOLDER send": "newsletter send {number}, or newsletter -C FOLDER send",
        "run `nl new 1`; “nl list” (nl --version)": "run `newsletter new 1`; “newsletter list” (newsletter --version)",
        "approved with nl {old}, and this is nl {new}": "approved with nl {old}, and this is nl {new}",
        "nl changes nothing by itself; nl newer": "nl changes nothing by itself; nl newer",
        "<!-- nl: ignore send -->, tmp/nl send, x.nl send": "<!-- nl: ignore send -->, tmp/nl send, x.nl send",
    }.items():
        assert called.as_called(ours) == said


@pytest.mark.parametrize(
    ("arguments", "is_so"),
    [
        (["status", "--json"], True),
        (["check", "--format", "github"], True),
        (["check", "--format=sarif"], True),
        (["check", "--format", "text"], False),
        (["check", "--format=text"], False),
        (["status"], False),
        ([], False),
    ],
)
def test_a_run_for_scripts(arguments: list[str], is_so: bool) -> None:
    assert called.is_for_scripts(arguments) is is_so


def assigned_name(statement: ast.stmt) -> str:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def test_every_command_that_is_told_goes_through_the_one_place() -> None:
    found = []
    for name, tree in modules().items():
        if name in KEPT:
            continue
        known = {
            id(inner)
            for call in nodes(tree, ast.Call)
            if isinstance(call.func, ast.Name) and call.func.id in NAMING | WRITTEN
            for inner in ast.walk(call)
        }
        # A docstring; and the examples of commands, which `with_example` takes.
        known |= {id(one.value) for one in nodes(tree, ast.Expr)}
        known |= {
            id(inner)
            for kind in (ast.Assign, ast.AnnAssign)
            for one in nodes(tree, kind)
            if assigned_name(one).endswith(("EXAMPLE", "COMMANDS"))
            for inner in ast.walk(one)
        }
        found += [
            f"{name}:{one.lineno}: {one.value!r}"
            for one in nodes(tree, ast.Constant)
            if isinstance(one.value, str) and id(one) not in known and COMMAND.search(one.value)
        ]
        # The name alone before what is filled in; before the version it is the product's.
        found += [
            f"{name}:{one.lineno}: {ast.unparse(one)}"
            for one in nodes(tree, ast.JoinedStr)
            for text, filled in pairwise(one.values)
            if isinstance(text, ast.Constant) and re.search(r"(?<![\w./-])nl $", str(text.value))
            if "__version__" not in ast.unparse(filled)
        ]
    assert not found, "say it through _(), as_called() or called(): " + "\n".join(found)


@pytest.mark.parametrize(
    ("program", "name", "language"),
    [
        ([NEWSLETTER], "newsletter", "fr"),
        ([sys.executable, "-m", "newsletter_cli"], f"{Path(sys.executable).name} -m newsletter_cli", "en"),
    ],
)
def test_from_outside_every_hint_names_what_was_typed(
    program: list[str], name: str, language: str, tmp_path: Path
) -> None:
    make_workspace(tmp_path / "letter")
    for arguments, expected in (
        (["-C", "letter", "send", "1", "--dry-run"], f"{name} "),  # from a process of its own
        (["sned"], f"{name} --help"),  # of the command line itself
    ):
        _status, said = typed(program, *arguments, cwd=tmp_path, NL_LANG=language)
        assert expected in said, said
        assert not COMMAND.search(said), said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_hint_names_what_was_typed(language: str, tmp_path: Path) -> None:
    make_workspace(tmp_path / "letter")
    for arguments, expected in (
        (["-C", "letter", "status", "1"], "lettre -C letter "),  # from the guide
        (["check"], "lettre init"),  # an error's hint
        (["check", "--rules", "--fix"], "lettre check --rules"),
        (["new", "--help"], "  lettre new 2 --date"),  # an example
    ):
        done = call(*arguments, cwd=tmp_path, env={"NL_LANG": language}, program="lettre")
        assert expected in done.out + done.err, done
        assert not COMMAND.search(done.out + done.err), done


def test_what_people_wrote_and_what_scripts_read_is_the_same_by_every_name(tmp_path: Path) -> None:
    make_workspace(
        tmp_path,
        issues={1: ISSUE | {"_issue.md": '---\ntitle: "How we nl send 1"\ndate: 2026-06-11\n---\nHello, nl list.\n'}},
    )
    assert "How we nl send 1" in call("check", "1", "--offline", cwd=tmp_path, program="newsletter").out
    for arguments in (["status", "1", "--json"], ["check", "1", "--offline", "--json"], ["doctor", "--json"]):
        results = [call(*arguments, cwd=tmp_path, program=name) for name in ("nl", "newsletter")]
        assert results[0] == results[1]
        json.loads(results[0].out)
    assert call("--version", cwd=tmp_path, program="newsletter").out.startswith("nl ")


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_another_name_of_the_program_is_said_as_well(tmp_path: Path) -> None:
    (tmp_path / "lettre").symlink_to(NL)
    assert "lettre init" in typed([str(tmp_path / "lettre")], "check", cwd=tmp_path)[1]
