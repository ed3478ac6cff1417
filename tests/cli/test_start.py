"""What a command has to load, define and compile before it does anything: counted, since clocks differ.

An assembly without the network is the command that editors wait for most often. Where a number here has to grow, look
first at what is new (`python -X importtime`), and whether it could be imported where it is used.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from tests.tree import ROOT
from tests.workspaces import environment

MOST_MODULES = 710
MOST_OWN_MODULES = 342
MOST_OWN_DATACLASSES = 6
MOST_OWN_PATTERNS = 310
# Each is heavy, and none has to do with the texts of an issue.
NEEDLESS = {
    "PIL", "asyncio", "babel", "charset_normalizer", "concurrent", "cssutils", "email_validator", "http", "icalendar",
    "jsonschema", "keyring", "psycopg", "pyrage", "requests", "slugify", "smtplib", "socket", "sqlalchemy",
    "sqlite3", "ssl", "starlette", "tomlkit", "urllib3", "uvicorn", "watchfiles", "xml",
}  # fmt: skip
NEEDLESS_PARTS = {
    "newsletter_cli.audience.importing",
    "newsletter_cli.check.browser",
    "newsletter_cli.check.links.lychee",
    "newsletter_cli.flows.reporting.as_sarif",
    "newsletter_cli.workspace.importing.posts",
    "newsletter_cli.workspace.recurring",
    "pygments.lexer",
    "urllib.request",
}
# A ledger is looked into where there is one: SQLite is there for that.
NEEDLESS_FOR_STATUS = {
    "newsletter_cli.audience.columns",
    "newsletter_cli.audience.managed",
    "newsletter_cli.deliver.building",
    "newsletter_cli.flows.sending.dry_run",
    "newsletter_cli.flows.sending.job",
    "newsletter_cli.flows.sending.message",
}
COUNTED = """
import collections, dataclasses, json, re, sys

made = collections.Counter()
compile_pattern, process_class = re._compiler.compile, dataclasses._process_class


def counted_pattern(*arguments):
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] in ("re", "newsletter_cli.base.pattern"):
        frame = frame.f_back
    made["patterns"] += frame.f_globals["__name__"].startswith("newsletter_cli")
    return compile_pattern(*arguments)


def counted_class(cls, *arguments):
    made["dataclasses"] += cls.__module__.startswith("newsletter_cli")
    return process_class(cls, *arguments)


re._compiler.compile, dataclasses._process_class = counted_pattern, counted_class
sys.argv = ["nl", *sys.argv[1:]]
from newsletter_cli.__main__ import main

try:
    main()
except SystemExit as end:
    print(json.dumps({"status": end.code, "modules": list(sys.modules), **made}), file=sys.stderr)
"""


class Start(TypedDict):
    status: int
    modules: list[str]
    patterns: int
    dataclasses: int


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """An assembly of the sample without the network, counted."""
    return counted(tmp_path_factory, "assemble", "1", "--offline")


def counted(tmp_path_factory: pytest.TempPathFactory, *command: str) -> Start:
    """A command on the sample, counted when it has been run before."""
    root = tmp_path_factory.mktemp("sample")
    shutil.copy(ROOT / "newsletter.toml", root)
    shutil.copytree(ROOT / "sections", root / "sections")
    arguments = [sys.executable, "-c", COUNTED, *command]
    env = environment(PYTHONPATH=str(Path(ROOT)), NL_CACHE_DIR=str(tmp_path_factory.mktemp("cache")))
    for _run in ("the first, which keeps things for those after it", "another"):
        done = subprocess.run(arguments, cwd=root, env=env, capture_output=True, text=True, check=False)
    told: Start = json.loads(done.stderr.splitlines()[-1])
    assert told["status"] == 0, done.stderr
    return {"patterns": 0, "dataclasses": 0} | told


def test_nothing_is_loaded_that_an_assembly_does_not_need(start: Start) -> None:
    packages = {name.partition(".")[0] for name in start["modules"]}
    assert not packages & NEEDLESS
    assert not NEEDLESS_PARTS & set(start["modules"])


def test_few_modules_are_loaded(start: Start) -> None:
    own = [name for name in start["modules"] if name.startswith("newsletter_cli")]
    assert len(own) <= MOST_OWN_MODULES
    assert len(start["modules"]) <= MOST_MODULES


def test_few_classes_are_dataclasses(start: Start) -> None:
    assert start["dataclasses"] <= MOST_OWN_DATACLASSES


def test_few_patterns_are_compiled(start: Start) -> None:
    assert start["patterns"] <= MOST_OWN_PATTERNS


def test_where_an_issue_stands_is_told_without_what_sends_or_reads_lists(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    modules = set(counted(tmp_path_factory, "status", "1")["modules"])
    assert not modules & NEEDLESS_FOR_STATUS
    assert not {name.partition(".")[0] for name in modules} & (NEEDLESS - {"socket", "sqlite3"})
