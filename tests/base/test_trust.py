"""A command of the configuration runs once this user has trusted it, word for word, in that folder."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from newsletter_cli.base.errors import NewsletterError, NotTrusted
from newsletter_cli.base.secret import read_from_command
from newsletter_cli.base.trust import NeverRuns, PermittedCommand, Trustable, TrustedRuns, TrustStore
from newsletter_cli.config import Config
from newsletter_cli.config.commands import configured_commands
from newsletter_cli.config.schema import build_schema
from tests.tree import modules, nodes
from tests.workspaces import CONFIG, make_workspace, write

KEY = "list.sql.url_command"
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX modes")


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NL_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("NL_TRUST", raising=False)
    return tmp_path / "config"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "ws").root


def command(workspace: Path, *words: str) -> Trustable:
    return Trustable(workspace=workspace, key=KEY, words=words or ("pass", "show", "list"))


def trust(*commands: Trustable) -> None:
    TrustStore().add(list(commands))


def may_run(workspace: Path, *words: str, key: str = KEY) -> bool:
    try:
        TrustedRuns(workspace).permit(key, command(workspace, *words).words)
    except NotTrusted as error:
        assert error.hint  # noqa: PT017
        return False
    return True


def test_what_was_trusted_runs_from_then_on(workspace: Path) -> None:
    assert not may_run(workspace)
    trust(command(workspace))
    assert may_run(workspace)


def test_another_line_key_or_folder_is_another_command(workspace: Path, tmp_path: Path) -> None:
    trust(command(workspace))
    assert not may_run(workspace, "pass", "show", "list", "more")
    assert not may_run(workspace, "pass show list")
    assert not may_run(workspace, key="send.smtp.password_command")
    assert not may_run(make_workspace(tmp_path / "other").root)


def test_a_link_to_the_folder_is_the_folder(workspace: Path, tmp_path: Path) -> None:
    trust(command(workspace))
    if os.name == "posix":
        (tmp_path / "link").symlink_to(workspace)
        assert may_run(tmp_path / "link")


@pytest.mark.parametrize("words", [("./get.sh",), ("sh", "get.sh"), ("python3", "--script=get.sh")])
def test_a_script_of_the_workspace_is_trusted_as_it_was(workspace: Path, words: tuple[str, ...]) -> None:
    write(workspace / "get.sh", "echo one\n")
    trust(command(workspace, *words))
    assert may_run(workspace, *words)
    write(workspace / "get.sh", "echo two\n")
    assert not may_run(workspace, *words)


def test_a_new_line_takes_the_place_of_the_old_one(workspace: Path) -> None:
    trust(command(workspace))
    trust(command(workspace, "pass", "show", "new"))
    assert not may_run(workspace)
    assert may_run(workspace, "pass", "show", "new")


def test_taken_back(workspace: Path, tmp_path: Path) -> None:
    other = make_workspace(tmp_path / "other").root
    trust(command(workspace))
    trust(command(other))
    assert TrustStore().revoke(workspace) == 1
    assert not may_run(workspace)
    assert may_run(other)


@pytest.mark.parametrize(("value", "runs"), [("1", True), ("yes", True), ("", False), ("0", False), ("no", False)])
def test_one_run(workspace: Path, monkeypatch: pytest.MonkeyPatch, value: str, runs: bool) -> None:
    monkeypatch.setenv("NL_TRUST", value)
    assert may_run(workspace) == runs
    monkeypatch.delenv("NL_TRUST")
    assert not may_run(workspace)


def test_somebody_is_asked_once(workspace: Path) -> None:
    asked: list[str] = []

    def ask(command: Trustable) -> bool:
        asked.append(command.line)
        return True

    guard = TrustedRuns(workspace, ask=ask)
    for _time in range(2):
        guard.permit(KEY, ("sh", "-c", "echo it's"))
    assert asked == ["""sh -c 'echo it'"'"'s'"""]
    TrustedRuns(workspace).permit(KEY, ("sh", "-c", "echo it's"))
    with pytest.raises(NotTrusted):
        TrustedRuns(workspace, ask=lambda command: False).permit(KEY, ("other",))


def test_looking_runs_nothing_trusted_or_not(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trust(command(workspace))
    monkeypatch.setenv("NL_TRUST", "1")
    with pytest.raises(NotTrusted, match="only look"):
        NeverRuns().permit(KEY, ("pass", "show", "list"))


@posix
def test_what_is_trusted_is_private(workspace: Path, config_folder: Path) -> None:
    old = os.umask(0)
    try:
        trust(command(workspace))
    finally:
        os.umask(old)
    assert (config_folder / "trust.json").stat().st_mode & 0o077 == 0
    assert config_folder.stat().st_mode & 0o077 == 0


@posix
def test_what_others_could_have_written_is_not_believed(workspace: Path, config_folder: Path) -> None:
    trust(command(workspace))
    (config_folder / "trust.json").chmod(0o666)
    assert not may_run(workspace)
    (config_folder / "trust.json").chmod(0o600)
    assert may_run(workspace)
    config_folder.chmod(0o777)
    with pytest.raises(NotTrusted):
        trust(command(workspace, "other"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"trusted": 3}', '{"trusted": [3, {}]}', "\xff", "[" * 100_000])
def test_a_broken_file_trusts_nothing(workspace: Path, config_folder: Path, text: str) -> None:
    write(config_folder / "trust.json", text.encode("latin-1"))
    assert not may_run(workspace)


@pytest.mark.parametrize("place", ["{ws}/config", "{ws}/../ws/config", "config"])
def test_the_workspace_cannot_bring_it_along(workspace: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    trust(command(workspace))
    elsewhere = TrustStore().path
    monkeypatch.chdir(workspace)
    monkeypatch.setenv("NL_CONFIG_DIR", place.format(ws=workspace))
    write(workspace / "config" / "trust.json", elsewhere.read_bytes())
    assert not may_run(workspace)


def test_every_key_that_names_a_command_is_known() -> None:
    """A key is one by its name, so that none can be added and forgotten here."""
    from newsletter_cli.config import parse_config

    lines = {
        "list.grist": "key_command",
        "list.sql": "url_command",
        "send.smtp": "password_command",
        "send.service": "key_command",
        "send.dkim": "key_command",
        "mailbox": "password_command",
        "remind": "webhook_command",
        "announce.tchap": "webhook_command",
        "announce.mattermost": "webhook_command",
        "announce.slack": "webhook_command",
        "announce.mastodon": "webhook_command",
    }
    text = CONFIG + "".join(f'[{table}]\n{key} = ["a"]\n' for table, key in lines.items())
    found = configured_commands(parse_config(text))
    assert set(found) == {f"{table}.{key}" for table, key in lines.items()}
    assert str(build_schema()).count("_command'") == len(found)
    assert isinstance(parse_config(text), Config)


def test_only_here_is_a_command_permitted() -> None:
    makers = {
        name
        for name, tree in modules().items()
        for node in nodes(tree, ast.Call)
        if getattr(node.func, "id", "") == "PermittedCommand"
    }
    assert makers == {"newsletter_cli.base.trust"}


def test_a_trusted_command_finds_no_module_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "colorsys.py").write_text("evil = 'evil'\nprint(evil)\n")
    words = (sys.executable, "-c", "import colorsys; print(getattr(colorsys, 'evil', 'good'))")
    command = PermittedCommand(words=words, folder=tmp_path)
    assert read_from_command("key", command, NewsletterError) == "good"


def test_a_script_of_the_workspace_finds_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("value = 'beside'\n")
    (tmp_path / "get.py").write_text("import beside\nprint(beside.value)\n")
    command = PermittedCommand(words=(sys.executable, "get.py"), folder=tmp_path)
    assert read_from_command("key", command, NewsletterError) == "beside"
