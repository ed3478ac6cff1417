"""The pages in Chromium: what axe finds, and that nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.archive.issues import make_newsletter
from tests.chromium import launched
from tests.inside import call
from tests.preview.test_page import violations

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("newsletter")
    make_newsletter(root)
    assert call("archive", "--drafts", cwd=root).status == 0
    return root / "public"


ALL = ("index.html", "issue-1/index.html", "issue-2/index.html", "issue-3/index.html")


@pytest.mark.parametrize(
    ("scheme", "names", "widths"),
    [
        ("light", ALL[2:3], (320,)),
        pytest.param("light", ALL, (320, 1280), marks=pytest.mark.long),
        pytest.param("dark", ALL, (320, 1280), marks=pytest.mark.long),
    ],
)
def test_everybody_can_read_them(
    browser: Any, public: Path, scheme: str, names: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    # The pages forbid every script: axe is let in here.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for name in names:
        page.goto((public / name).as_uri())
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    context.close()


def test_the_keyboard_passes_the_masthead(browser: Any, public: Path) -> None:
    page = browser.new_page()
    page.goto((public / "issue-2/index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_a_script_would_not_run(browser: Any, public: Path) -> None:
    page = browser.new_page()
    page.goto((public / "index.html").as_uri())
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    )
    assert page.evaluate("window.ran === undefined")
    page.close()
