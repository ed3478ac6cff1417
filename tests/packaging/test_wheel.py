# ruff: noqa: E501 - a case stands on a line of its own
"""What is built from a clone works anywhere else: templates, sample workspace, words of the interface."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

import pytest

from newsletter_cli.cli.app import COMMANDS
from tests.tree import modules
from tests.workspaces import ROOT, environment

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs git and a clone"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone would hold; nothing that merely lies about gets in."""
    clone = tmp_path_factory.mktemp("clone")
    for name in listed():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, clone / name)
    return clone


def listed() -> list[str]:
    """The files that Git has, or would take."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [name for name in filter(None, told.split("\0")) if (ROOT / name).is_file()]


def build(folder: Path, out: Path, *what: str, **env: str) -> list[Path]:
    """What hatchling makes of a folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(out), *(f"-t{one}" for one in what)],
        cwd=folder, env=environment(SOURCE_DATE_EPOCH="1700000000", **env), check=True, capture_output=True,
    )  # fmt: skip
    return sorted(out.iterdir())


@pytest.fixture(scope="module")
def built(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made of it."""
    (sdist,) = build(clone, tmp_path_factory.mktemp("sdist"), "sdist")
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    (folder,) = unpacked.iterdir()
    (wheel,) = build(folder, tmp_path_factory.mktemp("wheel"), "wheel")
    return sdist, wheel


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, Path]) -> Path:
    return built[1]


def test_the_sdist_holds_all_that_a_clone_has(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {*listed(), "PKG-INFO"}


def test_a_wheel_is_the_same_from_a_clone_and_from_the_sdist(
    clone: Path, built: tuple[Path, Path], tmp_path: Path
) -> None:
    (again,) = build(clone, tmp_path, "wheel")
    assert again.read_bytes() == built[1].read_bytes()


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name), policy=policy.default)


def test_its_metadata_is_what_a_registry_takes(wheel: Path) -> None:
    about = metadata_of(wheel)
    assert about["Metadata-Version"] == "2.4"
    assert (about["License-Expression"], about["License-File"]) == ("MIT", "LICENSE")
    assert about["Requires-Python"] == ">=3.11"
    told = about.get_all("Classifier", [])
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)} <= set(told)
    assert set(about.get_all("Provides-Extra", [])) == set(
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    )
    # Nobody knows where the repository will be: no address is made up, and no link leads nowhere.
    assert "Project-URL" not in about
    text = str(about.get_payload())
    assert about["Description-Content-Type"] == "text/markdown"
    assert not re.search(r"\]\((?!https?:)|<img|src=", text)
    assert "one Markdown file per section" in text


@pytest.mark.long
def test_where_the_repository_is_known_links_lead_there(clone: Path, tmp_path: Path) -> None:
    (known,) = build(clone, tmp_path, "wheel", NL_PROJECT_URL="https://forge.example.org/us/nl")
    about = metadata_of(known)
    assert "Source, https://forge.example.org/us/nl" in about.get_all("Project-URL", [])
    text = str(about.get_payload())
    assert "](https://forge.example.org/us/nl/blob/HEAD/docs/index.md)" in text
    assert 'src="https://forge.example.org/us/nl/raw/HEAD/docs/images/' in text
    assert not re.search(r"\]\((?!https?:)", text)


def test_the_manual_page_has_every_command_and_no_fault(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".data/data/share/man/man1/newsletter.1"))
        page = archive.read(name).decode("ascii")
    for command in COMMANDS:
        assert f"\n.SS nl {command}\n" in page
    assert not any(name.endswith("/nl.1") for name in zipfile.ZipFile(wheel).namelist())
    if shutil.which("groff"):
        (tmp_path / "newsletter.1").write_text(page, "ascii")
        shown = subprocess.run(
            ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", tmp_path / "newsletter.1"], capture_output=True, check=True
        )
        assert shown.stderr == b""
        assert "newsletter, nl - compose, check and mail" in shown.stdout.decode()


@pytest.mark.long
def test_nothing_in_it_warns_when_it_is_read_and_imported() -> None:
    """What a later Python calls an error is a warning first; nothing newer than 3.11 is used (ruff: target-version)."""
    names = [name for name in modules() if not name.endswith("__main__")]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-W", "error::DeprecationWarning:newsletter_cli", "-c", code, *names],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
def test_the_smoke_test_passes(wheel: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "smoke.py", "--quick", wheel], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def nl(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`nl` in a virtual environment that knows the dependencies, and not the clone."""
    home = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    bin_folder = home / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    )
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    # The path alone: the site-packages' own .pth files, which lead to the clone, are not read from there.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return bin_folder / "nl"


def test_it_holds_all_that_nl_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, shipped, kind in (
        ("templates", "templates", "*"),
        ("sections", "sample/sections", "*"),
        ("docs", "docs", "*.md"),
    ):
        ours = [path for path in (ROOT / folder).rglob(kind) if path.is_file()]
        assert ours
        for path in ours:
            assert f"newsletter_cli/shipped/{shipped}/{path.relative_to(ROOT / folder).as_posix()}" in names
    assert {
        "newsletter_cli/shipped/sample/newsletter.toml",
        "newsletter_cli/py.typed",
        "newsletter_cli/locale/fr/LC_MESSAGES/newsletter_cli.mo",
    } <= names
    assert not [
        name
        for name in names
        if name.startswith(("tests/", "bench/", "docs/"))
        or (name.endswith(".png") and "/docs/" in name)
        or "__pycache__" in name
        or "/state/" in name
        or "/build/" in name
    ]


@pytest.mark.long
def test_it_works_outside_the_clone(nl: Path, tmp_path: Path) -> None:
    def run(*arguments: str, language: str = "en") -> str:
        done = subprocess.run(
            [nl, *arguments],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            env=environment(NL_LANG=language, TMPDIR=str(tmp_path)),
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    where = subprocess.run(
        [nl.parent / "python", "-c", "import newsletter_cli; print(newsletter_cli.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(ROOT) not in where
    run("demo")
    (demo,) = tmp_path.glob("nl-demo-*")
    made = {path.name for path in (demo / "build" / "001").iterdir()}
    assert {"post.md", "email.html", "email.txt", "agenda.ics", "announce.txt", "images"} <= made
    assert "Exemple" in run("new", "--help", language="fr")
    assert run("help", "sending") == (ROOT / "docs" / "guides" / "sending.md").read_text("utf-8")
    assert run("help", "link-bare").startswith("### link-bare\n")
    run("init", "letter")
    run("-C", "letter", "new", "1")
    run("-C", "letter", "assemble")
    assert (tmp_path / "letter" / "build" / "001" / "email.html").is_file()
