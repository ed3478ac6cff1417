"""The wheel holds all that `nl` needs, and works outside the clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIED = (
    "newsletter.toml",
    "newsletter.schema.json",
    "newsletter_cli",
    "templates",
    "sections",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    for name in CARRIED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__", "shipped"))
        else:
            shutil.copyfile(path, source / name)
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(target)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    return next(target.glob("newsletter_cli-*.whl"))


def test_it_carries_templates_sample_messages_and_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = "newsletter_cli/shipped"
    assert {
        f"{shipped}/templates/themes/default/email.mjml.j2",
        f"{shipped}/templates/themes/dsfr/theme.toml",
        f"{shipped}/templates/skeletons/fr/_issue.md",
        f"{shipped}/templates/skeletons/en/newsletter.toml",
        f"{shipped}/templates/words/fr.toml",
        f"{shipped}/sample/newsletter.toml",
        f"{shipped}/sample/sections/001/agenda.md",
        f"{shipped}/sample/sections/001/images/ocr.png",
        "newsletter_cli/locale/fr/LC_MESSAGES/newsletter_cli.mo",
        "newsletter_cli/py.typed",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "build/", "state/"))]


def test_it_runs_the_demo_where_there_is_no_clone(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    environment = tmp_path / "venv"
    bin_folder = environment / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / Path(sys.executable).name
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", script], check=True, capture_output=True, text=True).stdout.strip())
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    # The libraries are borrowed from this environment: its own .pth files, the clone's among them, are not read.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    variables = {**os.environ, "NL_LANG": "en", "TMPDIR": str(elsewhere), "TEMP": str(elsewhere)}
    run = subprocess.run(
        [bin_folder / "nl", "demo"], cwd=elsewhere, env=variables, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    where = subprocess.run(
        [python, "-c", "import newsletter_cli; print(newsletter_cli.__file__)"],
        cwd=elsewhere,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(site)
    built = {path.name for path in elsewhere.glob("nl-demo-*/build/001/*")}
    assert {"post.md", "email.html", "email.txt", "agenda.ics", "announce.txt", "images"} <= built
