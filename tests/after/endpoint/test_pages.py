"""The endpoint's pages in Chromium, from a real server: whole without a script, and what axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.after.endpoint.sqlite_log import SqliteLog
from newsletter_cli.base.endpoint_key import format_key
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.base.values import replace
from tests.after.endpoint.examples import KEY, OTHER, OTHER_SECRET, TOKENS
from tests.chromium import launched
from tests.cli.test_serve import Served, served
from tests.preview.test_page import violations

pytestmark = pytest.mark.needs("chromium")
# A name that is long, and an address: what could be wider than a phone.
FRENCH = replace(
    OTHER,
    name="La lettre mensuelle de la donnée, des algorithmes et des codes sources du réseau",
    contact="redaction.de.la.lettre.mensuelle@numerique.ministere.example.org",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, key=f"{format_key(KEY)} {format_key(FRENCH)}") as started:
        yield started


def test_somebody_leaves_by_the_page_without_a_script(browser: Any, server: Served, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    address = f"{server.address}/unsubscribe?u={TOKENS.token(7)}"
    page.goto(address)
    assert page.get_by_role("button").all_inner_texts() == ["Unsubscribe"]
    page.get_by_role("button").click()
    assert page.get_by_role("heading").inner_text() == "You are unsubscribed"
    assert page.get_by_role("link", name="news@example.org").count() == 1
    # Nothing from elsewhere, no icon, no second page.
    assert asked == [f"GET {address}", f"POST {address}"]
    assert context.cookies() == []
    page.reload()  # posts once more: nothing is wrong with that
    assert page.get_by_role("heading").inner_text() == "You are unsubscribed"
    context.close()
    log = SqliteLog(tmp_path / "endpoint.db")
    assert {(one.token, one.source) for one in log.read_after(KEY.newsletter, 0, 10)} == {(TOKENS.token(7), "page")}
    log.close()


def look(page: Any, where: str) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], (where, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (where, width)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_everybody_can_read_them(browser: Any, server: Served, scheme: str) -> None:
    # The pages forbid every script: axe is let in here.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{server.address}/unsubscribe?u={Tokens(OTHER_SECRET).token(7)}")
    look(page, "question")
    page.get_by_role("button").click()
    look(page, "done")
    for path in (f"/unsubscribe?u={TOKENS.token(7)[:20]}", "/"):
        page.goto(server.address + path)
        look(page, path)
    context.close()
