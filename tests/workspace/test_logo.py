"""The logo of the masthead: which file is taken, and how it is refused."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.workspace.templates import read_looks
from tests.pictures import png
from tests.workspaces import CONFIG, make_workspace, write

LINE = 6  # of `logo` in newsletter.toml


def logo_of(root: Path, typed: str) -> tuple[str, int | None]:
    config = CONFIG.replace("[[sections]]", f'[email]\nlogo = "{typed}"\n\n[[sections]]', 1)
    logo = read_looks(make_workspace(root, config)).logo
    assert logo is not None
    return logo.name, logo.place.line


def test_a_picture_of_the_templates_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "templates" / "marks" / "Our logo.png", png())
    assert logo_of(tmp_path, "templates/marks/Our logo.png") == ("masthead/Our logo.png", LINE)


def test_an_accent_may_be_taken_apart(tmp_path: Path) -> None:
    write(tmp_path / "templates" / unicodedata.normalize("NFD", "été.png"), png())
    assert logo_of(tmp_path, "templates/été.png") == ("masthead/été.png", LINE)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("templates/lgo.png", "did you mean “templates/Logo.png”?"),
        ("templates/logo.png", "did you mean “templates/Logo.png”?"),
        ("templates/none-of-these.png", "big and small letters count"),
        ("images/logo.png", "templates/logo.png"),
        ("templates/../list.png", "templates/list.png"),
        ("../logo.png", "templates/logo.png"),
        ("templates/drawing.svg", "save it as PNG"),
        ("templates/list.csv", "save it as PNG or JPEG"),
        ("templates", "save it as PNG or JPEG"),
    ],
)
def test_another_file_is_refused(typed: str, said: str, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    for name in ("templates/Logo.png", "images/logo.png", "list.png", "templates/drawing.svg", "templates/list.csv"):
        write(root / name, png())
    write(tmp_path / "logo.png", png())
    with pytest.raises(ConfigError) as caught:
        logo_of(root, typed)
    assert said in (caught.value.hint or "")
    assert (caught.value.file, caught.value.line) == ("newsletter.toml", LINE)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "list.csv", "ada@example.org\n")
    write(tmp_path / "templates" / "logo.png", png())
    (tmp_path / "templates" / "link.png").symlink_to(tmp_path / "list.csv")
    with pytest.raises(ConfigError):
        logo_of(tmp_path, "templates/link.png")
