"""Findings on words, in a real browser: underlined at their place, accepted by a click or a key, taken back."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.preview.live import Preview
from newsletter_cli.preview.run import Running, listen
from tests.preview.conftest import Visit, make_letters
from tests.preview.reading import Reader
from tests.preview.test_page import violations
from tests.preview.watched import wait_until_watched
from tests.waiting import wait_until

pytestmark = pytest.mark.needs("chromium")
FAR = "\n\n".join(f"Paragraph {number}, long enough to fill a line and a half of all this." for number in range(30))
TEXT = (
    "---\nauthor: Grace\nstatus: ready\n---\n## On the hakathon\n\n"
    "A *hakathon* and **the hakathon** with [a hakathon](https://example.org/hakathon), `hakathon` by Kermorvant.\n\n"
    f"- one hakathon\n\n{FAR}\n\nThe last hakathon.\n"
)
UNDERLINED = (
    "[...view.CSS.highlights.get('nl-spelling')].map(range => range.startContainer.parentElement.tagName + ' ' + range)"
)
CHOSEN = "[...view.CSS.highlights.get('nl-chosen')].map(range => range.startContainer.parentElement.tagName)"


class Letter:
    """A preview with a reader, on a letter with faults."""

    def __init__(self, root: Path, listening: socket.socket):
        workspace = make_letters(root)
        self.news = root / "sections/002/news.md"
        self.news.write_text(TEXT, encoding="utf-8")
        preview = Preview(workspace, is_offline=True, read_language=Reader())
        self.running = Running(preview, listening)

    @property
    def text(self) -> str:
        return self.news.read_text("utf-8")


@pytest.fixture
def letter(tmp_path: Path) -> Iterator[Letter]:
    letter = Letter(tmp_path / "ws", listen(0))
    with letter.running:
        wait_until_watched(tmp_path / "ws")
        yield letter


@pytest.fixture
def options() -> dict[str, Any]:
    return {}


@pytest.fixture
def visit(browser: Any, letter: Letter, options: dict[str, Any]) -> Iterator[Visit]:
    visit = Visit(browser, letter.running.preview.address, **options)
    yield visit
    visit.context.close()
    assert not visit.foreign_requests
    assert not visit.complaints


def open_read(visit: Visit) -> Any:
    page = visit.open()
    page.locator(".finding .proposal").first.wait_for()
    wait_until(lambda: len(visit.in_email(UNDERLINED)) == 8)
    return page


def press_next(page: Any, times: int = 1) -> None:
    for _time in range(times):
        page.keyboard.press("n")


def test_each_is_underlined_at_its_own_place_and_the_email_stays_as_it_is(visit: Visit) -> None:
    open_read(visit)
    # As they stand in the list; what is code, or an address, is another matter.
    assert sorted(visit.in_email(UNDERLINED)) == sorted([
        "H3 hakathon", "EM hakathon", "STRONG hakathon", "A hakathon", "CODE hakathon", "P Kermorvant", "LI hakathon",
        "P hakathon",
    ])  # fmt: skip
    assert visit.in_email("doc.querySelectorAll('mark, u').length") == 0


def test_keys_lead_to_one_accept_it_and_take_it_back(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    press_next(page, 3)
    card = page.locator("#card.pinned")
    card.wait_for()
    assert visit.in_email(CHOSEN) == ["STRONG"]
    page.keyboard.press("2")
    wait_until(lambda: letter.text == TEXT.replace("the hakathon**", "the marathon**"))
    page.locator(".taken").wait_for()
    wait_until(lambda: len(visit.in_email(UNDERLINED)) == 7)
    assert card.is_hidden()
    # On with the next one, from where it was.
    press_next(page)
    card.wait_for()
    page.keyboard.press("1")
    wait_until(lambda: "[a hackathon]" in letter.text)
    page.locator(".taken", has_text="hackathon").wait_for()
    for left in ("the marathon**", "the hakathon**"):
        page.keyboard.press("u")
        wait_until(lambda left=left: "[a hakathon]" in letter.text and left in letter.text)  # type: ignore[misc]
    assert letter.text == TEXT


@pytest.mark.long
def test_an_answer_that_comes_late_leaves_alone_who_has_gone_on(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    held: list[Any] = []
    page.route("**/accept", lambda route: held.append((route, route.fetch())))
    press_next(page)
    page.locator("#card.pinned").wait_for()
    page.keyboard.press("1")
    page.locator(".taken").wait_for()
    press_next(page)
    page.locator("#card.pinned").wait_for()
    wait_until(lambda: page.title() and held)
    ((route, answer),) = held
    route.fulfill(response=answer)
    page.locator("#whence", has_text="✓").wait_for()
    assert page.locator("#card.pinned").is_visible()
    assert page.locator(".finding.chosen").count() == 1


@pytest.mark.long
def test_digits_choose_the_view_while_no_card_is_open(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    page.keyboard.press("2")
    assert page.locator("[value=dark]").is_checked()
    press_next(page)
    page.locator("#card.pinned").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    page.keyboard.press("1")
    assert page.locator("[name=view][value=email]").is_checked()
    assert letter.text == TEXT


def test_the_pointer_shows_a_card_and_a_click_accepts(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    strong = "[...doc.querySelectorAll('strong')].find(one => one.textContent === 'the hakathon')"
    visit.in_email(f"{strong}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    word = visit.in_email(f"{strong}.getBoundingClientRect().toJSON()")
    frame = page.locator("iframe:not(.coming)").bounding_box()
    point = frame["x"] + word["right"] - 5, frame["y"] + word["top"] + 8
    page.mouse.move(*point)
    page.locator("#card").wait_for()
    assert page.locator("#card.pinned").count() == 0
    assert "in no dictionary" in page.inner_text("#card-said")
    page.mouse.move(5, 5)
    page.locator("#card").wait_for(state="hidden")
    page.mouse.click(*point)
    page.locator("#card.pinned").wait_for()
    page.locator("#card").get_by_role("button", name="Put in: hackathon").click()
    wait_until(lambda: letter.text == TEXT.replace("the hakathon**", "the hackathon**"))
    page.locator("#whence").get_by_role("button", name="Undo").click()
    wait_until(lambda: letter.text == TEXT)


@pytest.mark.long
def test_a_word_becomes_one_of_the_newsletters(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    page.locator(".finding", has_text="Kermorvant").get_by_role("button", name="Add to the newsletter").click()
    wait_until(lambda: len(visit.in_email(UNDERLINED)) == 7)
    assert (letter.news.parents[2] / "words.txt").read_text("utf-8") == "Kermorvant\n"
    assert letter.text == TEXT


@pytest.mark.long
def test_what_is_gone_meanwhile_is_told(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    page.evaluate("window.EventSource.prototype.addEventListener = () => {}")
    finding = page.locator(".finding", has_text="hakathon").nth(7)
    page.route("**/state*", lambda route: route.abort())
    letter.news.write_text(TEXT.replace("The last hakathon", "That was it, in short, the hakathon"), encoding="utf-8")
    finding.get_by_role("button", name="hackathon").click()
    page.locator("#whence", has_text="⚠").wait_for()
    assert "hackathon" not in letter.text
    # The page goes on asking, in vain, until it is left.
    page.goto("about:blank")
    visit.complaints.clear()


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 390, "height": 844}, "has_touch": True},
        pytest.param({"color_scheme": "dark"}, marks=pytest.mark.long),
    ],
    ids=["narrow", "dark"],
)
def test_narrow_and_dark_all_is_reachable_and_accessible(visit: Visit, letter: Letter) -> None:
    page = open_read(visit)
    press_next(page, 2)
    card = page.locator("#card.pinned")
    card.wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    assert box["y"] + box["height"] <= page.viewport_size["height"]
    card.get_by_role("button", name="Put in: hackathon").click()
    wait_until(lambda: letter.text == TEXT.replace("A *hakathon*", "A *hackathon*"))
