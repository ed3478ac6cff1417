"""Nothing is read or written that lies elsewhere, by link or by name; and no two files are one thing."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError, ContentError, ListError, TransportError
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.audience import open_audience
from newsletter_cli.flows.check import check_workspace
from newsletter_cli.flows.sending.transport import choose_transport, open_signer
from newsletter_cli.model import Level
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.inside import run
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

SECRET = "the secret"
posix = pytest.mark.skipif(os.name != "posix", reason="links of POSIX")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write(tmp_path / "secret.md", SECRET)
    write(tmp_path / "elsewhere" / "news.md", SECRET)
    write(tmp_path / "elsewhere" / "en.toml", SECRET)
    return make_workspace(tmp_path / "ws")


def refused(workspace: Workspace, place: str) -> None:
    """A check says so, at the place, without a word of what stands there; an assembly stops and writes nothing."""
    found = check_workspace(workspace, 1)
    errors = [one for one in found.findings if one.level is Level.ERROR]
    assert [one.file for one in errors] == [place]
    assert SECRET not in str(found.sources.values())
    with pytest.raises(ContentError, match="leads out"):
        assemble_issue(workspace, 1)
    assert not (workspace.root / "build").exists()


@posix
@pytest.mark.parametrize("name", ["news.md", "_issue.md", "more.md"])
@pytest.mark.parametrize(
    "target", ["../../../secret.md", "/etc/hostname", "../../list.csv", "../../state/x", "../../.env"]
)
def test_a_section_that_leads_out(workspace: Workspace, name: str, target: str) -> None:
    for private in ("list.csv", "state/x", ".env"):
        write(workspace.root / private, SECRET)
    path = workspace.root / "sections/001" / name
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    refused(workspace, f"sections/001/{name}")


@posix
def test_a_section_that_another_issue_has_may_be_a_link(workspace: Workspace) -> None:
    write(workspace.root / "sections/002/about.md", "Who we are.\n")
    path = workspace.root / "sections/001/about.md"
    path.unlink()
    path.symlink_to("../002/about.md")
    assert assemble_issue(workspace, 1).folder.is_dir()


@posix
@pytest.mark.parametrize("place", ["sections/001", "sections", "templates", "build", "state", "newsletter.toml"])
def test_a_folder_of_its_own_that_leads_out(tmp_path: Path, workspace: Workspace, place: str) -> None:
    path, away = workspace.root / place, tmp_path / "away"
    if path.exists():
        path.rename(away)
    else:
        away.mkdir()
    path.symlink_to(away)
    before = tree(tmp_path / "away") if away.is_dir() else {}
    for command in ("assemble", "status", "check"):
        done = run(command, cwd=workspace.root)
        assert done.returncode in (1, 2)
        assert "leads out" in done.stdout + done.stderr
        assert place in done.stdout + done.stderr
    assert not before or tree(away) == before


@posix
def test_a_new_issue_is_not_written_elsewhere(tmp_path: Path, workspace: Workspace) -> None:
    (workspace.root / "sections/002").symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path / "elsewhere")
    done = run("new", "2", cwd=workspace.root)
    assert done.returncode in (1, 2)
    assert "leads out" in done.stderr
    assert tree(tmp_path / "elsewhere") == before


@posix
@pytest.mark.parametrize(
    "name", ["themes/default/email.mjml.j2", "themes/default/theme.toml", "words/en.toml", "skeletons/news.md"]
)
def test_a_template_that_leads_out(tmp_path: Path, workspace: Workspace, name: str) -> None:
    path = write(workspace.root / "templates" / name, "")
    path.unlink()
    path.symlink_to(tmp_path / "secret.md")
    with pytest.raises(ConfigError, match="leads out"):
        assemble_issue(workspace, 1)


@posix
def test_a_theme_that_leads_out(tmp_path: Path, workspace: Workspace) -> None:
    write(tmp_path / "theme" / "content.css", "p {}")
    write(workspace.root / "templates/themes/x", "").unlink()
    (workspace.root / "templates/themes/default").symlink_to(tmp_path / "theme")
    with pytest.raises(ConfigError, match="leads out"):
        assemble_issue(workspace, 1)


@pytest.mark.parametrize("name", ["../people.csv", "sub/../../people.csv", "{outside}/people.csv", "link.csv"])
def test_a_list_outside_takes_a_persons_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    people = write(tmp_path / "people.csv", "email\nann@example.org\n")
    text = CONFIG + f"\n[list]\nfile = {name.format(outside=tmp_path.as_posix())!r}\n"
    workspace = make_workspace(tmp_path / "ws", text)
    if name == "link.csv":
        if os.name != "posix":
            pytest.skip("links of POSIX")
        (workspace.root / name).symlink_to(people)
    with pytest.raises(ListError, match="leads out"), open_audience(workspace):
        pass
    with open_audience(workspace, override=str(people)) as audience:
        assert len(list(audience.select())) == 1
    monkeypatch.setenv("NL_LIST", str(people))
    with open_audience(workspace) as audience:
        assert len(list(audience.select())) == 1


def test_no_database_is_made_where_none_is(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CONFIG + in_database("sqlite:///people.db"))
    with pytest.raises(ListError, match="no such file"), open_audience(workspace):
        pass
    assert not (tmp_path / "people.db").exists()


def in_database(url: str) -> str:
    return f"\n[list]\nsource = 'sql'\n[list.sql]\nurl = '{url}'\nquery = 'SELECT email FROM people'\n"


@pytest.mark.parametrize("name", ["{outside}/authority.pem", "../authority.pem", "~/authority.pem"])
def test_certificates_and_keys_outside_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    name = name.format(outside=tmp_path.as_posix())
    config = f"\n[send.smtp]\nca_file = '{name}'\n[send.dkim]\nselector = 'x'\nkey_file = '{name}'\n"
    workspace = make_workspace(tmp_path / "ws", CONFIG + config)
    with pytest.raises(TransportError, match=r"send\.smtp\.ca_file leads out"):
        choose_transport(workspace, "smtps://mail.example.org")
    with pytest.raises(TransportError, match=r"send\.dkim\.key_file leads out"):
        open_signer(workspace)


def test_certificates_are_found_from_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace(tmp_path / "ws", CONFIG + "\n[send.smtp]\nca_file = 'ours/ca.pem'\n")
    monkeypatch.chdir(tmp_path)
    assert choose_transport(workspace, None).ca_file == workspace.root / "ours" / "ca.pem"


@pytest.mark.parametrize("names", [("001", "1"), ("01", "1"), ("001", "0001")])
def test_two_folders_of_one_number(tmp_path: Path, names: tuple[str, str]) -> None:
    workspace = make_workspace(tmp_path, issues={})
    for name in names:
        for file, text in ISSUE.items():
            write(tmp_path / "sections" / name / file, text)
    write(tmp_path / "list.csv", "email\nann@example.org\n")
    for command in (("check",), ("status",), ("assemble",), ("new", "1"), ("send", "1", "--dry-run")):
        done = run(*command, cwd=tmp_path)
        assert done.returncode in (1, 2), command
        for name in names:
            assert f"sections/{name} " in f"{done.stdout}{done.stderr} ".replace(":", " "), command
    with pytest.raises(ContentError):
        workspace.issue_folder(1)


@pytest.mark.parametrize("other", ["Agenda.md", "agenda.MD", "agenda.markdown", "AGENDA.mkd"])
def test_two_files_of_one_section(tmp_path: Path, other: str) -> None:
    workspace = make_workspace(tmp_path)
    folder = workspace.issue_folder(1)
    write(folder / other, "Another text.\n")
    if len(list(folder.iterdir())) == len(ISSUE):
        pytest.skip("this disk does not tell them apart")
    error = next(one for one in check_workspace(workspace, 1).findings if one.level is Level.ERROR)
    assert other in error.message
    assert "agenda.md" in error.message


def test_two_names_that_differ_by_their_unicode_form(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    for form in ("NFC", "NFD"):
        write(workspace.issue_folder(1) / f"{unicodedata.normalize(form, 'été')}.md", "Text.\n")
    if len(list(workspace.issue_folder(1).iterdir())) == len(ISSUE) + 1:
        pytest.skip("this disk does not tell them apart")
    with pytest.raises(ContentError, match="both the section"):
        assemble_issue(workspace, 1)


def test_the_workspace_itself_may_be_reached_by_a_link(tmp_path: Path, workspace: Workspace) -> None:
    if os.name == "posix":
        (tmp_path / "link").symlink_to(workspace.root)
        assert assemble_issue(open_workspace(tmp_path / "link"), 1).folder.is_dir()


@posix
@pytest.mark.parametrize("name", ["news.md", "_issue.md", "more.MD"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "circle", "nowhere"])
def test_what_is_no_file_is_named_not_left_out(workspace: Workspace, name: str, kind: str) -> None:
    path = workspace.root / "sections/001" / name
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe" and sys.platform != "win32":
        os.mkfifo(path)
    else:
        path.symlink_to(name if kind == "circle" else "nothing-there.md")
    found = [one for one in check_workspace(workspace, 1).findings if one.level is Level.ERROR]
    assert [one.file for one in found] == [f"sections/001/{name}"]
    with pytest.raises(ContentError, match="no file"):
        assemble_issue(workspace, 1)


@pytest.mark.parametrize("name", ["sections/001/news.md", "newsletter.toml"])
def test_a_file_of_gigabytes_is_not_read(workspace: Workspace, name: str) -> None:
    os.truncate(workspace.root / name, 40_000_000_000)
    with pytest.raises((ConfigError, ContentError), match="32 MB"):
        assemble_issue(open_workspace(workspace.root), 1)
