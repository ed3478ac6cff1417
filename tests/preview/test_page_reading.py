"""How an issue is read on the page, in a real browser: in an inbox, by one reader, beside another issue, copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.preview.conftest import LONG, Running, Visit, make_letters
from tests.preview.test_page import WCAG, violations

pytestmark = pytest.mark.needs("chromium")
BEFORE = "\n\n".join(f"What was written {number} months ago, and is long past." for number in range(1, 31))
FRAMES = "[...document.querySelectorAll('.screen iframe:not(.coming)')].map(one => one.contentWindow)"
# How far below the top of each rendering the first block of the news stands.
NEWS = FRAMES + ".map(view => view.document.querySelector('[data-nl*=\"news.md\"]').getBoundingClientRect().top)"
AT_ITS_END = (
    "(view => view.scrollY > 0 && view.scrollY + view.innerHeight > view.document.documentElement.scrollHeight - 2)"
)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two issues that are both long, and a list."""
    workspace = make_letters(tmp_path_factory.mktemp("reading") / "ws")
    root = workspace.root
    (root / "list.csv").write_text("email;name\nlea@example.org;Léa Martin\nno.name@example.org;\n", encoding="utf-8")
    for name, text in {
        "agenda.md": f"---\nauthor: Ada\nstatus: ready\n---\n{BEFORE}\n",
        "news.md": f"---\nauthor: Grace\nstatus: ready\n---\n{LONG}\n",
    }.items():
        (root / "sections/001" / name).write_text(text, encoding="utf-8")
    # What is found in the language makes a new version: its frames take the place of those that a test holds.
    preview = Running(root, NL_NO_LANGUAGE="1")
    yield preview
    assert "Traceback" not in preview.stop()


class TestInbox:
    def test_it_is_as_wide_as_the_rendering_and_cuts_there(self, visit: Visit) -> None:
        page = visit.open("width=320")
        measured = {}
        for width in ("320", "680", "free"):
            page.locator(f"[name=width][value='{width}']").check(force=True)
            measured[width] = page.evaluate(
                "() => { const box = id => document.getElementById(id).getBoundingClientRect(),"
                " glass = document.querySelector('.glass').getBoundingClientRect(),"
                " line = document.getElementById('preheader');"
                " return { ends: [box('inbox').left - glass.left, box('inbox').right - glass.right].map(Math.abs),"
                " isOnOneLine: box('subject').top === box('sender').top || box('subject').top < box('sender').bottom,"
                " isBelow: box('preheader').top >= box('subject').bottom,"
                " isCut: line.scrollWidth > line.clientWidth } }"
            )
        assert all(max(one["ends"]) <= 2 for one in measured.values()), measured
        # A telephone has the subject and the preheader on lines of their own, a desk has one line.
        assert measured["320"]["isBelow"]
        assert measured["320"]["isCut"]
        assert not measured["320"]["isOnOneLine"]
        assert measured["free"]["isOnOneLine"]
        assert not measured["free"]["isBelow"]

    def test_whose_message_it_is_stands_above_it_and_nowhere_else(self, visit: Visit) -> None:
        page = visit.open()
        assert page.locator("#to").is_hidden()
        page.locator("#reader").click()
        page.get_by_role("button", name="Léa Martin").click()
        page.locator("#to").wait_for()
        assert page.locator("#to").text_content() == "To: Léa Martin lea@example.org"
        page.locator("#reader").click()
        page.get_by_role("button", name="no.name@example.org").click()
        page.wait_for_function("() => document.getElementById('to').textContent.trim() === 'To: no.name@example.org'")
        told = " ".join([*visit.requests, page.url])
        assert not any(word in told for word in ("example.org", "Martin", "no.name"))


class TestCompared:
    def test_two_issues_scroll_together_by_section_and_apart_when_told(self, visit: Visit) -> None:
        page = visit.open("compare=1")
        page.wait_for_function(f"() => {FRAMES}.length === 2 && {NEWS}.every(Number.isFinite)")
        tops = page.evaluate(NEWS)
        assert abs(tops[0] - tops[1]) > 300
        for leader in (0, 1):
            page.evaluate(f"leader => {{ const all = {FRAMES}; all[leader].scrollBy(0, {NEWS}[leader] + 40) }}", leader)
            page.wait_for_function(f"() => {NEWS}.every(top => Math.abs(top + 40) < 12)")
            page.evaluate(f"leader => {FRAMES}[leader].scrollTo(0, 0)", leader)
            page.wait_for_function(f"() => {FRAMES}.every(view => view.scrollY === 0)")
            page.evaluate(f"leader => {FRAMES}[leader].scrollTo(0, 1e6)", leader)
            page.wait_for_function(f"() => {FRAMES}.every({AT_ITS_END})")
        page.get_by_role("switch", name="Scroll together").uncheck(force=True)
        assert "apart=1" in page.url
        page.evaluate(f"() => {FRAMES}[0].scrollTo(0, 0)")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(f"{FRAMES}[1].scrollY") > 0

    def test_going_where_it_was_sent_before_is_followed_all_the_same(self, visit: Visit) -> None:
        """The second was sent to its end and taken away from there at once, before it told that it had come."""
        page = visit.open("compare=1")
        page.wait_for_function(f"() => {FRAMES}.length === 2 && {NEWS}.every(Number.isFinite)")
        page.evaluate(
            f"""() => {{
                const [one, other] = {FRAMES};
                const leave = () => {{ other.scrollTo(0, 100); window.left = true }};
                one.addEventListener('scroll', leave, {{ once: true }});
                one.scrollTo(0, 1e6);
            }}"""
        )
        page.wait_for_function("() => window.left")
        for _ in range(3):
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(f"{FRAMES}[1].scrollY") == 100
        page.evaluate(f"{FRAMES}[1].scrollTo(0, 1e6)")
        page.wait_for_function(f"() => {FRAMES}.every({AT_ITS_END})")

    def test_differences_are_shown_in_place_of_the_two(self, visit: Visit) -> None:
        page = visit.open()
        page.keyboard.press("d")
        visit.email.get_by_role("heading", name="From issue 1 to issue 2").wait_for()
        assert page.locator("#compare").input_value() == "1"
        assert page.locator(".screen").count() == 1
        assert visit.email.locator("ins").first.is_visible()
        page.reload()
        visit.email.get_by_role("heading", name="From issue 1 to issue 2").wait_for()
        assert violations(page) == []
        page.get_by_role("radio", name="Side by side").check(force=True)
        page.wait_for_function(f"() => {FRAMES}.length === 2")
        assert "differences" not in page.url


class TestWritten:
    @pytest.mark.parametrize("is_allowed", [True, pytest.param(False, marks=pytest.mark.long)])
    def test_a_source_is_copied_whole_with_or_without_leave(
        self, browser: Any, standing: Running, is_allowed: bool
    ) -> None:
        leave = ["clipboard-read", "clipboard-write"]
        visit = Visit(browser, standing.address, permissions=leave if is_allowed else [])
        if not is_allowed:
            visit.page.add_init_script(
                "Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject()}});"
                "addEventListener('copy', () => { window.copied = getSelection().toString() || "
                "document.activeElement.value })"
            )
        page = visit.open("view=html")
        written = visit.in_email("[...doc.querySelectorAll('[data-line]')].map(one => one.textContent).join('\\n')")
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        page.wait_for_function("() => document.getElementById('said').textContent === 'Copied'")
        copied = page.evaluate("() => window.copied ?? navigator.clipboard.readText()")
        assert copied.replace("\r\n", "\n") == written + "\n"
        visit.context.close()
        assert not visit.complaints

    def test_words_are_found_one_after_the_other(self, visit: Visit) -> None:
        page = visit.open("view=post-source")
        page.keyboard.press("/")
        page.keyboard.type("PARAGRAPH 3")
        assert page.inner_text("#found") == "1 of 11"
        page.keyboard.press("Enter")
        assert page.inner_text("#found") == "2 of 11"
        assert visit.in_email("doc.getSelection().toString()") == "Paragraph 3"
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        assert page.inner_text("#found") == "11 of 11"
        box = visit.in_email("doc.getSelection().getRangeAt(0).getBoundingClientRect().top / view.innerHeight")
        assert 0 <= box <= 1
        page.keyboard.type("999")
        assert page.inner_text("#found") == "not found"
        assert violations(page) == []

    @pytest.mark.long
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_they_are_accessible(self, browser: Any, standing: Running, scheme: str) -> None:
        visit = Visit(browser, standing.address, bypass_csp=True, color_scheme=scheme)
        for path in ("html", "announce", "calendar", "source", "differences?with=1"):
            source = visit.context.request.get(f"{standing.address}view/2/{path}").text()
            for width in (320, 1000):
                visit.page.set_viewport_size({"width": width, "height": 900})
                visit.page.set_content(source)
                assert violations(visit.page, WCAG) == [], (path, width)
                assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.context.close()
