"""Whether a build is what its sources would give now; `nl status` looks, and changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import StorageError
from newsletter_cli.flows import assemble, build_record, check
from newsletter_cli.flows.assemble import assemble_issue
from newsletter_cli.flows.build_record import digest_parts, digest_sources
from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.status import read_status
from newsletter_cli.workspace.folder import Workspace, open_workspace
from newsletter_cli.workspace.shipped import shipped_templates
from newsletter_cli.workspace.templates import read_looks
from tests.inside import run
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

RECORD = "state/builds/001.json"


def codes(workspace: Workspace) -> set[str]:
    found = {one.code for one in read_status(open_workspace(workspace.root), 1).obstacles}
    return found & {"build", "local-images"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An assembled issue with a picture and a theme of its own."""
    write(tmp_path / "templates/themes/ours/theme.toml", 'extends = "default"\n')
    write(tmp_path / "templates/themes/ours/content.css", "p { margin: 0 }\n")
    workspace = make_workspace(tmp_path, CONFIG + '[email]\ntheme = "ours"\n')
    write(tmp_path / "sections/001/images/a.png", b"one")
    assert codes(workspace) == {"build"}
    assemble_issue(workspace, 1)
    assert codes(workspace) == set()
    return workspace


def rename(old: str, new: str) -> Callable[[Path], object]:
    return lambda root: (root / old).rename(root / new)


def changed(name: str, content: str) -> Callable[[Path], object]:
    return lambda root: write(root / name, content)


@pytest.mark.parametrize(
    "change",
    [
        changed("sections/001/news.md", "Other news.\n"),
        changed("sections/001/_issue.md", ISSUE["_issue.md"] + "More.\n"),
        changed("sections/001/new.md", "A new one.\n"),
        changed("sections/001/images/a.png", "two"),
        changed("sections/001/images/b.png", "new"),
        changed("templates/themes/ours/content.css", "p { margin: 1px }\n"),
        changed("templates/themes/ours/theme.toml", 'extends = "default"\n[shape]\nwidth = "600px"\n'),
        changed("templates/themes/ours/theme.toml", "[["),
        changed("newsletter.toml", CONFIG + '[email]\ntheme = "ours"\ncontents = "none"\n'),
        lambda root: write(
            root / "templates/words/en.toml",
            (shipped_templates() / "words/en.toml").read_bytes().replace(b"Notes", b"N.B."),
        ),
        rename("sections/001/news.md", "sections/001/olds.md"),
        rename("sections/001/images/a.png", "sections/001/images/c.png"),
        rename("build/001/post.md", "build/001/gone.md"),
        rename("build/001", "build/.001.old"),
        changed(RECORD, "{"),
        changed(RECORD, "[]"),
        changed(RECORD, "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
        changed(RECORD, '{"digest": 3, "local_images": false}'),
        changed(RECORD, '{"digest": "", "local_images": 0}'),
        lambda root: (root / RECORD).unlink(),
    ],
)
def test_what_a_build_is_made_from_makes_it_an_old_one(workspace: Workspace, change: Callable[[Path], object]) -> None:
    change(workspace.root)
    before = tree(workspace.root)
    assert codes(workspace) == {"build"}
    assert tree(workspace.root) == before


@pytest.mark.parametrize(
    "tables",
    [
        '[send]\ntransport = "smtp://mail.example.org"\n[send.smtp]\nuser = "ann"\n',
        '[check]\nignore = ["link-shortener"]\n',
        '[list]\nfile = "people.csv"\n',
        '[preview]\neditor = "none"\n',
        "# A word to whoever reads this.\n",
    ],
)
def test_what_changes_no_rendition_does_not(workspace: Workspace, tables: str) -> None:
    write(workspace.root / "newsletter.toml", CONFIG + '[email]\ntheme = "ours"\n' + tables)
    assert codes(workspace) == set()


def test_a_new_version_of_nl_makes_builds_old(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_record, "__version__", "99")
    assert codes(workspace) == {"build"}


@pytest.mark.parametrize(
    "change",
    [
        lambda root: os.utime(root / "sections/001/news.md", (4e9, 4e9)),
        changed("sections/001/news.md~", "what an editor left"),
        changed("sections/001/notes.txt", "notes of one's own"),
        changed("sections/002/news.md", "another issue"),
        changed("templates/themes/theirs/content.css", "another theme"),
    ],
)
def test_what_it_is_not_made_from_does_not(workspace: Workspace, change: Callable[[Path], object]) -> None:
    change(workspace.root)
    assert codes(workspace) == set()


def test_a_change_taken_back_is_none(workspace: Workspace) -> None:
    write(workspace.root / "sections/001/news.md", "Other news.\n")
    write(workspace.root / "sections/001/news.md", ISSUE["news.md"])
    assert codes(workspace) == set()


def test_local_images_stand_in_the_way(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    run("assemble", "--local-images", cwd=tmp_path)
    assert json.loads((tmp_path / RECORD).read_text(encoding="utf-8"))["local_images"] is True
    assert codes(workspace) == {"local-images"}
    assert "it was assembled with its images left local: nl assemble 1" in run("status", cwd=tmp_path).stdout
    write(tmp_path / "sections/001/news.md", "Other news.\n")
    assert codes(workspace) == {"build"}
    run("assemble", cwd=tmp_path)
    assert codes(workspace) == set()


def test_the_record_is_private_and_no_part_of_the_build(workspace: Workspace) -> None:
    assert set(json.loads((workspace.root / RECORD).read_text(encoding="utf-8"))) == {"digest", "local_images"}
    assert not [name for name in tree(workspace.root / "build") if name.endswith(".json")]
    if os.name == "posix":
        assert (workspace.root / "state").stat().st_mode & 0o077 == 0


def test_a_record_is_never_that_of_another_build(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between build and record, then the sources set back: the record must not say that all is well."""

    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    write(workspace.root / "sections/001/news.md", "Other news.\n")
    monkeypatch.setattr(assemble, "write_record", killed)
    with pytest.raises(KeyboardInterrupt):
        assemble_issue(workspace, 1)
    write(workspace.root / "sections/001/news.md", ISSUE["news.md"])
    assert codes(workspace) == {"build"}


def test_what_is_edited_during_the_assembly_makes_the_build_old(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_edit(*arguments: Any, **options: Any) -> object:
        sources = read_sources(*arguments, **options)
        write(workspace.root / "sections/001/news.md", "Other news.\n")
        return sources

    monkeypatch.setattr(check, "read_sources", read_and_edit)
    assemble_issue(workspace, 1)
    assert codes(workspace) == {"build"}


def test_parts_do_not_run_into_each_other() -> None:
    several = [
        [("a", b"bc")],
        [("ab", b"c")],
        [("a", b"b"), ("c", b"")],
        [("a", b""), ("bc", b"")],
        [],
        [("caf\udce9", b"bc")],
    ]
    assert len({digest_parts(parts) for parts in several}) == len(several)


def test_the_digest_is_the_same_in_another_place(tmp_path: Path) -> None:
    places = [make_workspace(tmp_path / name) for name in ("a", "b")]
    first, second = (digest_sources(place, 1, read_looks(place), has_local_images=False) for place in places)
    assert first == second
    assert digest_sources(places[0], 1, read_looks(places[0]), has_local_images=True) != first


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace(tmp_path)
    looks = read_looks(workspace)
    real = Path.open

    def refuse(path: Path, *how: Any, **more: Any) -> Any:
        if path.name == "news.md":
            raise PermissionError(13, "Permission denied")
        return real(path, *how, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StorageError) as caught:
        digest_sources(workspace, 1, looks, has_local_images=False)
    assert caught.value.file == "sections/001/news.md"
