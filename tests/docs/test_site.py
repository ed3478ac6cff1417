"""`make docs`: the site that Sphinx makes of the pages: no warning, no dead link, nothing fetched from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import pytest
from lxml import etree, html

from tests.chromium import launched
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[2]
LOADED = ("img", "script", "link", "iframe", "source", "video", "audio", "use", "object", "embed")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", str(folder / "doctrees")]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(folder / "site")], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, html.HtmlElement]:
    found = {
        path.resolve(): html.parse(path, html.HTMLParser(encoding="utf-8")).getroot() for path in site.rglob("*.html")
    }
    assert len(found) > 30
    return found


def test_every_page_is_there(site: Path) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    made = {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}
    assert made == written | {Path("search")}


def test_no_link_is_dead(pages: dict[Path, html.HtmlElement]) -> None:
    dead = []
    for path, page in pages.items():
        for address in _addresses(page):
            to = (path.parent / unquote(address.path)).resolve() if address.path else path
            anchors = set(pages[to].xpath("//@id")) if to in pages else set()
            if not to.is_file() or (to in pages and address.fragment and unquote(address.fragment) not in anchors):
                dead.append((path.name, address.geturl()))
    assert dead == []


def _addresses(page: html.HtmlElement) -> Iterator[SplitResult]:
    for value in page.xpath("//@href | //@src"):
        address = urlsplit(str(value))
        if not address.scheme and not address.netloc and value != "#":
            yield address


def test_reading_fetches_nothing_from_elsewhere(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    for page in pages.values():
        for element in page.iter(*LOADED):
            for name in ("src", "href", "srcset", "data"):
                assert not re.match(r"(https?:)?//", element.get(name, "")), etree.tostring(element)
    for style in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()[\s'\"(]*(https?:)?//", style.read_text("utf-8")), style


def test_a_french_page_says_that_it_is_french(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    for path, page in pages.items():
        is_french = (site / "fr").resolve() in path.parents
        assert page.get("lang") == ("fr" if is_french else "en")
        (field,) = page.xpath("//input[@name='q' and @class='sidebar-search']")
        assert field.get("aria-label") == ("Rechercher" if is_french else "Search")


def test_the_navigation_has_every_page(site: Path, pages: dict[Path, html.HtmlElement]) -> None:
    start = pages[(site / "index.html").resolve()]
    shown = {os.path.normpath(name) for name in start.xpath("//div[@class='sidebar-tree']//a/@href")}
    for path in (ROOT / "docs").rglob("*.md"):
        name = path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert name in shown or name == "index.html"


@pytest.mark.needs("chromium")
def test_everybody_can_use_it(site: Path) -> None:
    axe = (files("newsletter_cli.check.browser") / "axe" / "axe.min.js").read_text(encoding="utf-8")
    asked = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    with launched() as browser:
        for scheme, width in (("light", 390), ("dark", 1300)):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            fetched: list[str] = []
            page.on("request", lambda request, fetched=fetched: fetched.append(request.url))
            for name in ("index", "fr/index", "tutorial/first-issue", "reference/configuration", "search"):
                page.goto((site / f"{name}.html").as_uri())
                page.evaluate(axe)
                faults = page.evaluate(asked)["violations"]
                assert [(name, one["id"], one["nodes"][0]["html"]) for one in faults] == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert [address for address in fetched if not address.startswith(("file:", "data:"))] == []
            page.close()


@pytest.mark.needs("chromium")
def test_the_search_finds(site: Path) -> None:
    with launched() as browser:
        page = browser.new_page()
        page.goto(f"{(site / 'search.html').as_uri()}?q=unsubscribe")
        page.wait_for_selector("ul.search li a", timeout=PATIENCE_SECONDS * 1000)
        assert "list" in page.inner_text("ul.search").casefold()
