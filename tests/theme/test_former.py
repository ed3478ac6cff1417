"""A workspace with files of the theme as it was: `former/` holds the default theme of the version before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from newsletter_cli.flows.read import read_sources
from newsletter_cli.flows.render import compose_sources
from newsletter_cli.render.email import render_email
from newsletter_cli.workspace.folder import open_workspace
from tests.rendering import ROOT, Page
from tests.samples import sample
from tests.theme.browser import measure
from tests.theme.test_browser import faint

FORMER = Path(__file__).parent / "former"
FILES = sorted(path.name for path in FORMER.iterdir())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("former")
    shutil.copytree(ROOT / "sections", root / "sections")
    shutil.copyfile(ROOT / "newsletter.toml", root / "newsletter.toml")
    return root


def rendered(root: Path, theme: str, *files: str, **more: str) -> str:
    """The sample's e-mail, where the workspace has these files of the former theme, or files with these texts."""
    shutil.rmtree(root / "templates", ignore_errors=True)
    folder = root / "templates" / "themes" / theme
    folder.mkdir(parents=True)
    for name in files:
        shutil.copyfile(FORMER / name, folder / name)
    for name, text in more.items():
        (folder / name.replace("_", ".", 1)).write_text(text, encoding="utf-8")
    config = re.sub(r"(?m)^theme = .*\n", "", (ROOT / "newsletter.toml").read_text(encoding="utf-8"))
    config = config.replace("[email]", f'[email]\ntheme = "{theme}"', 1)
    assert f'theme = "{theme}"' in config
    (root / "newsletter.toml").write_text(config, encoding="utf-8")
    return render_email(*compose_sources(read_sources(open_workspace(root), 1)))


def words(page: str) -> set[str]:
    """What is read, each word once: a title's number was written otherwise, a table's headings more often."""
    return set(re.findall(r"[^\W\d]+", Page(page).text))


@pytest.fixture(scope="module")
def expected(workspace: Path) -> str:
    return rendered(workspace, "default")


@pytest.mark.parametrize("file", sample(FILES, "cards.mjml.j2", "email.mjml.j2", "theme.toml"))
def test_one_file_of_the_theme_as_it_was(file: str, workspace: Path, expected: str) -> None:
    page = rendered(workspace, "default", file)
    assert words(page) == words(expected)
    # The titles of cards lead somewhere, too, where the buttons alone did.
    assert {address for _words, address in Page(page).links()} == {
        address for _words, address in Page(expected).links()
    }


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("is_dark", "files"), sample([(True, ()), (True, FILES), (False, FILES)], (True, ())))
def test_it_is_readable_with_all_or_any_of_them(
    is_dark: bool, files: Sequence[str], workspace: Path, tmp_path: Path
) -> None:
    pages = {file: rendered(workspace, "default", file) for file in files}
    pages["all"] = rendered(workspace, "default", *FILES)
    for name, found in measure(pages, tmp_path, width=375, is_dark=is_dark).items():
        assert (name, found["scroll"], faint(found["texts"])) == (name, 375, [])


def test_all_of_them(workspace: Path, expected: str) -> None:
    page = rendered(workspace, "default", *FILES)
    assert words(page) == words(expected)
    assert Page(page).headings() != []


def test_a_theme_that_extends(workspace: Path, expected: str) -> None:
    page = rendered(
        workspace, "ours", "cards.mjml.j2",
        theme_toml='extends = "default"\n[colors]\naction = "#7a1f3d"\n[dark]\naction = "#f0a3bd"\n',
    )  # fmt: skip
    assert words(page) == words(expected)
    assert "#7a1f3d" in page
    assert "#f0a3bd" in page
    assert "#0b5c66" not in page
