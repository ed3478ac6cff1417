"""The report's pages in Chromium: what axe finds, nothing wider than the screen, no words that touch, no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.report import make_workspace
from tests.chromium import launched
from tests.inside import call
from tests.preview.test_page import violations

pytestmark = pytest.mark.needs("chromium")
# Texts of one drawing whose boxes cross, and those that leave it.
TOUCHING = """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
  const frame = svg.getBoundingClientRect()
  if (!frame.width) return []
  const texts = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()])
  const out = texts.filter(([, at]) => at.left < frame.left - 1 || at.right > frame.right + 1)
  const pairs = texts.flatMap(([text, at], number) => texts.slice(number + 1).filter(([, other]) =>
    at.left < other.right && other.left < at.right && at.top + 3 < other.bottom - 3 && other.top + 3 < at.bottom - 3))
  return [...out, ...pairs].map(([text]) => text)
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("report") / "w"
    make_workspace(root, 1500, 14)
    for language in ("en", "fr"):
        for name, which in (("one", ("14",)), ("all", ("--all",))):
            done = call("report", *which, "--html", f"{name}-{language}.html", cwd=root, env={"NL_LANG": language})
            assert done.status == 0, done.err
    return root


ALL = ("one-en.html", "one-fr.html", "all-en.html", "all-fr.html")


@pytest.mark.parametrize(
    ("scheme", "names", "widths"),
    [
        ("light", ALL[1:2], (320,)),
        pytest.param("light", ALL, (320, 640, 1280), marks=pytest.mark.long),
        pytest.param("dark", ALL, (320, 1280), marks=pytest.mark.long),
    ],
)
def test_everybody_can_read_them(
    browser: Any, pages: Path, scheme: str, names: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    # The pages forbid every script: axe is let in here.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in names:
        asked.clear()
        page.goto((pages / name).as_uri())
        assert asked == [(pages / name).as_uri()]
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false })")
            assert page.evaluate(TOUCHING) == [], (name, width)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert violations(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            shown = page.evaluate("[...document.querySelectorAll('svg.plot')].filter(one => one.clientWidth).length")
            assert shown * 2 == page.locator("svg.plot").count()
    context.close()


def test_a_script_would_not_run(browser: Any, pages: Path) -> None:
    page = browser.new_page()
    page.goto((pages / "one-en.html").as_uri())
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    )
    assert page.evaluate("window.ran === undefined")
    page.close()
