"""What is missing is added to this installation, whatever installed it; no registry is asked for our own name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from newsletter_cli.base import extras
from newsletter_cli.base.extras import how_to_add
from tests.test_dependencies import project


def test_every_extra_names_its_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr(extras, "find_spec", lambda _name: True)
    for extra, libraries in project()["project"]["optional-dependencies"].items():
        told = how_to_add(extra)
        assert all(f'"{library.partition(";")[0]}"' in told for library in libraries), told
        assert told.startswith(f"{sys.executable} -m pip install ")
        assert "newsletter-cli" not in told


@pytest.mark.parametrize(
    ("file", "has_pip", "active", "told"),
    [
        ("pipx_metadata.json", True, False, 'pipx inject newsletter-cli "mammoth>=1.9"'),
        ("uv-receipt.toml", False, False, 'uv pip install --python "{python}" "mammoth>=1.9"'),
        ("pyvenv.cfg", False, False, 'uv pip install --python "{python}" "mammoth>=1.9"'),
        ("pyvenv.cfg", True, True, 'pip install "mammoth>=1.9"'),
        ("pyvenv.cfg", True, False, '{python} -m pip install "mammoth>=1.9"'),
    ],
)
def test_it_is_added_by_what_installed_the_program(
    file: str, has_pip: bool, active: bool, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "newsletter-cli"
    python = home / "bin" / "python"
    python.parent.mkdir(parents=True)
    (home / file).touch()
    monkeypatch.setattr(sys, "prefix", str(home))
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(extras, "find_spec", lambda _name: True if has_pip else None)
    monkeypatch.setenv("VIRTUAL_ENV", str(home) if active else "/elsewhere")
    assert how_to_add("docx") == told.format(python=python)


def test_a_path_with_blanks_begins_a_command_as_its_shell_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setattr(extras, "find_spec", lambda _name: True)
    for path, begun in (
        ("/home/i p/python", '"/home/i p/python" -m'),
        (r"C:\i p\python.exe", r'& "C:\i p\python.exe" -m'),
    ):
        monkeypatch.setattr(sys, "executable", path)
        assert how_to_add("docx").startswith(begun)
