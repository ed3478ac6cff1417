# ruff: noqa: E501 - a case stands on a line of its own
"""What is built from a clone works anywhere else: templates, sample workspace, words of the interface."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.workspaces import ROOT, environment

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs git and a clone"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what a clone would hold; nothing that merely lies about gets in."""
    clone, out = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, clone / name)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(out), str(clone)],
        check=True, capture_output=True,
    )  # fmt: skip
    (built,) = out.glob("*.whl")
    return built


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
