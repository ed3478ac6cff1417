"""The page in a real browser, against `nl preview` as it runs."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest

from newsletter_cli.preview.views import VIEWS
from tests.preview.conftest import SECOND, Running, Visit

# Each opens the page in Chromium, which takes seconds of the processor: what is a detail of one part of it, or a second
# way to the same, is marked as long.
pytestmark = pytest.mark.needs("chromium")
AXE = (files("newsletter_cli.check.browser") / "axe" / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Any, tags: list[str] | None = None) -> list[str]:
    """What axe finds, each with the first element concerned."""
    page.evaluate(AXE)
    options = {"iframes": False, "resultTypes": ["violations"]} | ({"runOnly": tags} if tags else {})
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def wait_for_text(visit: Visit, text: str) -> None:
    visit.email.get_by_text(text).first.wait_for(state="attached")


class TestLoading:
    def test_the_newest_issue_with_all_that_is_known_of_it(self, visit: Visit) -> None:
        page = visit.open()
        assert page.inner_text("#title") == "Tidings #2"
        assert page.locator("#issue").input_value() == "2"
        assert page.inner_text("#sender") == "The tidings"
        assert page.inner_text("#subject") == "Tea and a picture"
        assert page.inner_text("#preheader") == "What happened in June, and what will happen in July"
        assert "kB" in page.inner_text("#size-text")
        assert page.locator(".finding", has_text="link-text-vague").count() == 1
        wait_for_text(visit, "Hello again.")

    def test_panels_say_what_is_ready_linked_and_read_aloud(self, visit: Visit) -> None:
        page = visit.open()
        page.get_by_role("tab", name="Sections").click()
        sections = page.locator("#sections").inner_text()
        assert "Draft" in sections
        assert "Missing: status: ready" in sections
        page.get_by_role("tab", name="Links").click()
        assert "https://forms.example.org/tea" in page.locator("#links").inner_text()
        page.get_by_role("tab", name="Read aloud").click()
        spoken = page.locator("#outline li").all_inner_texts()
        assert any("Heading 1" in one and "Tidings #2" in one for one in spoken)
        assert any("Image" in one and "A chart that climbs" in one for one in spoken)

    def test_a_workspace_without_an_issue_is_told_how_to_begin(self, browser: Any, running: Running) -> None:
        for file in sorted((running.root / "sections").rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        visit = Visit(browser, running.address)
        visit.page.goto(running.address)
        visit.page.get_by_role("heading", name="Nothing to show yet").wait_for()
        assert "nl new" in visit.page.inner_text("#empty-hint")
        assert visit.page.locator("#issue").is_hidden()
        assert not visit.complaints
        visit.context.close()

    @pytest.mark.long
    def test_in_french(self, browser: Any, running: Running) -> None:
        french = Running(running.root, NL_LANG="fr")
        visit = Visit(browser, french.address)
        page = visit.open()
        assert page.locator("html").get_attribute("lang") == "fr"
        assert visit.complaints == []
        visit.context.close()
        french.stop()


class TestViews:
    def test_each_view_shows_the_issue(self, visit: Visit) -> None:
        page = visit.open()
        shown = dict.fromkeys(VIEWS, "Hello again") | {"html": "Hello again", "announce": "Tidings", "calendar": "Tea"}
        for view, said in shown.items():
            kind = page.locator(f"#views [value={view}]").evaluate("one => one.parentElement.dataset.kind")
            page.locator(f"#kinds [value={kind}]").check(force=True)
            if page.locator("#views").is_visible():
                page.locator(f"#views [value={view}]").check(force=True)
            page.wait_for_selector(f"iframe:not(.coming)[src*='view/2/{view}?']")
            assert said in visit.in_email("doc.body.textContent"), view
        assert "view=calendar" in page.url

    @pytest.mark.long
    def test_light_and_dark_are_as_chosen_whatever_the_system_prefers(self, browser: Any, standing: Running) -> None:
        papers = {}
        for scheme in ("light", "dark"):
            visit = Visit(browser, standing.address, color_scheme=scheme)
            for view in ("email", "dark"):
                visit.page.goto("about:blank")
                visit.open(f"view={view}")
                papers[scheme, view] = visit.in_email(
                    "view.getComputedStyle(doc.querySelector('.sheet')).backgroundColor"
                )
            visit.context.close()
        assert papers["light", "email"] == papers["dark", "email"]
        assert papers["light", "dark"] == papers["dark", "dark"]
        assert papers["light", "email"] != papers["light", "dark"]

    def test_own_images_are_shown_and_far_ones_are_boxes(self, visit: Visit) -> None:
        visit.open()
        shown = visit.in_email("[...doc.images].map(one => [one.alt, one.naturalWidth > 0])")
        assert shown == [["A chart that climbs", True], ["A far picture", False]]
        box = visit.email.get_by_alt_text("A far picture").bounding_box()
        assert box["width"] > 60
        assert box["height"] > 16

    @pytest.mark.long
    def test_far_images_are_asked_for_only_when_switched_on(self, browser: Any, standing: Running) -> None:
        visit = Visit(browser, standing.address)
        visit.context.route(re.compile("pictures.example.org"), lambda route: route.abort())
        page = visit.open()
        assert visit.foreign_requests == []
        page.get_by_role("switch", name="Remote images").check(force=True)
        page.wait_for_selector("iframe:not(.coming)[src*='remote=1']")
        assert visit.foreign_requests == ["https://pictures.example.org/far.png"]
        visit.context.close()

    def test_no_script_runs_in_the_rendering(self, visit: Visit) -> None:
        page = visit.open()
        assert page.locator("iframe:not(.coming)").get_attribute("sandbox") == "allow-same-origin"
        visit.in_email("doc.body.append(Object.assign(doc.createElement('p'), {id: 'probe'}))")
        visit.in_email("doc.getElementById('probe').setAttribute('onclick', 'parent.document.title = \"ran\"')")
        visit.in_email("doc.getElementById('probe').click()")
        assert page.title() != "ran"
        visit.complaints.clear()  # the browser says that it refused

    @pytest.mark.long
    def test_widths_are_those_of_the_rendering(self, visit: Visit) -> None:
        page = visit.open()
        for width in (320, 480, 680):
            page.get_by_role("radio", name=str(width), exact=True).check(force=True)
            page.wait_for_function(
                "width => document.querySelector('iframe:not(.coming)').clientWidth === width", arg=width
            )
            assert visit.in_email("view.innerWidth") == width
            assert visit.in_email("doc.documentElement.scrollWidth") <= width

    @pytest.mark.long
    def test_the_handle_is_dragged_and_moved_by_keys(self, visit: Visit) -> None:
        page = visit.open("width=480")
        handle = page.get_by_role("separator")
        box = handle.bounding_box()
        page.mouse.move(box["x"] + 8, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] + 58, box["y"] + 200)
        page.mouse.up()
        assert visit.in_email("view.innerWidth") == pytest.approx(580, abs=3)
        before = visit.in_email("view.innerWidth")
        handle.focus()
        page.keyboard.press("ArrowLeft")
        assert visit.in_email("view.innerWidth") == pytest.approx(before - 10, abs=3)

    @pytest.mark.long
    def test_side_by_side_with_an_earlier_issue(self, visit: Visit) -> None:
        page = visit.open()
        page.get_by_label("Compare with").select_option("1")
        page.frame_locator(".screen:last-child iframe:not(.coming)").get_by_text("Hello from the first.").wait_for()
        wait_for_text(visit, "Hello again.")
        assert page.locator(".screen > h2:visible").all_inner_texts() == ["Issue 2", "Issue 1"]

    @pytest.mark.long
    def test_an_earlier_issue_that_cannot_be_rendered_is_said_to_be(self, visit: Visit, running: Running) -> None:
        (running.root / "sections/001/news.md").write_text("---\nauthor: [Grace\n---\n", encoding="utf-8")
        page = visit.open("compare=1")
        page.get_by_text("Issue 1 cannot be rendered.").wait_for()
        wait_for_text(visit, "Hello again.")
        visit.complaints.clear()  # the browser says that there is no such view

    @pytest.mark.long
    def test_a_link_opens_beside_the_page(self, browser: Any, standing: Running) -> None:
        visit = Visit(browser, standing.address)
        visit.context.route(re.compile("forms.example.org"), lambda route: route.fulfill(body="the form"))
        page = visit.open()
        with visit.context.expect_page() as opened:
            visit.email.get_by_role("link", name="tell us").click()
        opened.value.wait_for_load_state()
        assert opened.value.evaluate("[document.referrer, window.opener]") == ["", None]
        assert visit.in_email("doc.body.textContent").count("Hello again.")
        assert page.url.startswith(standing.address)
        visit.context.close()

    @pytest.mark.long
    def test_a_link_of_an_image_map_is_told(self, visit: Visit) -> None:
        page = visit.open()
        area = "<map><area href='mailto:ada@example.org'></map>"
        visit.in_email(f'doc.body.insertAdjacentHTML("beforeend", "{area}")')
        visit.in_email("doc.querySelector('area').click()")
        assert page.inner_text("#whence") == "This link leads to mailto:ada@example.org"


class TestLive:
    def test_a_save_is_shown_where_one_was(self, visit: Visit, running: Running) -> None:
        page = visit.open("view=dark")
        visit.in_email("view.scrollTo(0, 900)")
        running.write("news.md", SECOND["news.md"].replace("Paragraph 30 of", "Another paragraph 30 of"))
        wait_for_text(visit, "Another paragraph 30")
        assert visit.in_email("view.scrollY") == pytest.approx(900, abs=2)
        assert page.locator("[value=dark]").is_checked()

    @pytest.mark.long
    def test_text_put_in_above_does_not_move_what_is_read(self, visit: Visit, running: Running) -> None:
        visit.open()
        found = "[...doc.querySelectorAll('p')].find(one => one.textContent.startsWith('Paragraph 20'))"
        top = f"{found}.getBoundingClientRect().top"
        visit.in_email("view.scrollTo(0, 1500)")
        before = visit.in_email(top)
        running.write("agenda.md", SECOND["agenda.md"] + "\n\nOne more line.\n\nAnd another.\n")
        wait_for_text(visit, "And another.")
        assert visit.in_email(top) == pytest.approx(before, abs=2)

    def test_an_error_stands_over_the_last_rendering_until_it_is_fixed(self, visit: Visit, running: Running) -> None:
        page = visit.open()
        running.write("agenda.md", "---\nauthor: [Ada\n---\nCome.\n")
        alert = page.get_by_role("alert")
        alert.wait_for()
        assert "sections/002/agenda.md:" in alert.inner_text()
        assert "Hello again." in visit.in_email("doc.body.textContent")
        running.write("agenda.md", SECOND["agenda.md"].replace("Come along", "Do come along"))
        alert.wait_for(state="hidden")
        wait_for_text(visit, "Do come along")

    def test_who_listens_is_told(self, visit: Visit, running: Running) -> None:
        page = visit.open()
        running.write(
            "news.md", SECOND["news.md"].replace("All", "Almost all").replace("click [here]", "read [the report]")
        )
        page.wait_for_function("() => document.getElementById('said').textContent.startsWith('Updated.')")

    @pytest.mark.long
    def test_a_tab_in_the_back_keeps_no_connection_and_catches_up(self, visit: Visit, running: Running) -> None:
        page = visit.open()
        turn = """is_hidden => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => is_hidden});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/events")):
            page.evaluate(turn, True)
        visit.requests.clear()
        running.write("agenda.md", SECOND["agenda.md"].replace("Come along", "Do come along"))
        page.wait_for_timeout(1000)
        assert visit.requests == []
        assert page.inner_text("#live-word") != "Connection lost"
        page.evaluate(turn, False)
        wait_for_text(visit, "Do come along")
        running.write("agenda.md", SECOND["agenda.md"].replace("Come along", "Please come along"))
        wait_for_text(visit, "Please come along")

    def test_the_end_of_the_preview_is_said(self, visit: Visit, running: Running) -> None:
        page = visit.open()
        running.stop()
        page.get_by_text("The preview was stopped.").first.wait_for()
        assert page.inner_text("#live-word") == "Connection lost"
        assert "Hello again." in visit.in_email("doc.body.textContent")
        # The browser goes on asking, and complaining that nobody answers.
        page.goto("about:blank")
        visit.complaints.clear()


class TestFindings:
    def test_a_finding_leads_to_its_place(self, visit: Visit) -> None:
        page = visit.open()
        finding = page.locator(".finding", has_text="link-text-vague")
        finding.get_by_role("button").click()
        lit = visit.email.locator("[data-nl-lit]")
        lit.wait_for()
        assert lit.inner_text() == "To know more, click here."
        page.wait_for_function(
            "() => { const view = document.querySelector('iframe:not(.coming)').contentWindow;"
            " const box = view.document.querySelector('[data-nl-lit]').getBoundingClientRect();"
            " return box.top >= 0 && box.bottom <= view.innerHeight }"
        )
        link = finding.locator("a")
        assert re.fullmatch(r"sections/002/news.md:\d+", link.inner_text())
        assert link.get_attribute("href").startswith("vscode://file/")

    @pytest.mark.long
    def test_of_a_place_taller_than_the_screen_the_beginning_is_shown(self, visit: Visit, running: Running) -> None:
        long = "Many words that fill the screen and more. " * 300
        running.write(
            "news.md", f"---\nauthor: Grace\nstatus: draft\n---\n{long}click [here](https://example.org/more).\n"
        )
        page = visit.open()
        page.emulate_media(reduced_motion="reduce")
        page.locator(".finding", has_text="link-text-vague").locator("button").click()
        visit.email.locator("p[data-nl-lit]").wait_for()
        assert visit.in_email("doc.querySelector('[data-nl-lit]').getBoundingClientRect().top") == pytest.approx(
            0, abs=2
        )

    @pytest.mark.long
    def test_a_place_is_told_without_broken_words_on_a_telephone(self, visit: Visit) -> None:
        page = visit.open()
        page.set_viewport_size({"width": 390, "height": 844})
        visit.email.get_by_text("Hello again.").click()
        label = page.locator("#whence span").first
        assert label.inner_text() == "From"
        assert label.bounding_box()["height"] < 30
        assert page.locator("#whence").bounding_box()["width"] > 195

    @pytest.mark.long
    def test_it_leads_out_of_a_view_without_places(self, visit: Visit) -> None:
        page = visit.open("view=source")
        page.locator(".finding", has_text="link-text-vague").get_by_role("button").click()
        visit.email.locator("[data-nl-lit]").wait_for()
        assert page.locator("[name=view][value=email]").is_checked()

    @pytest.mark.long
    def test_it_stays_chosen_when_lines_move(self, visit: Visit, running: Running) -> None:
        page = visit.open()
        page.locator(".finding", has_text="link-text-vague").get_by_role("button").click()
        running.write("news.md", SECOND["news.md"].replace("Paragraph 1 of", "First of all.\n\nParagraph 1 of"))
        wait_for_text(visit, "First of all.")
        page.wait_for_selector(".finding.chosen >> text=link-text-vague")

    def test_the_gravest_come_first_and_the_levels_that_are_clicked_alone_are_shown(
        self, visit: Visit, running: Running
    ) -> None:
        # In the order of the text: a note, a warning, an error.
        running.write("_issue.md", SECOND["_issue.md"].replace("Hello", "[a](https://example.org/1) Hello"))
        running.write("news.md", SECOND["news.md"] + "\n![A picture](gone.png)\n")
        page = visit.open()
        page.locator(".finding.error", has_text="image-file-missing").wait_for()
        ranks = page.locator(".finding").evaluate_all(
            "all => all.map(one => ['error', 'warning', 'info'].findIndex(level => one.classList.contains(level)))"
        )
        assert ranks == sorted(ranks)
        assert set(ranks) >= {0, 1}
        chips = page.get_by_role("group", name="Show only these levels")
        errors, warnings = (chips.locator(f".{level}") for level in ("error", "warning"))
        errors.focus()
        page.keyboard.press("Enter")
        assert errors.get_attribute("aria-pressed") == "true"
        assert "levels=error" in page.url
        assert page.locator(".finding:not(.error)").count() == 0
        warnings.click()
        assert page.locator(".finding").count() == ranks.count(0) + ranks.count(1)
        page.reload()
        page.wait_for_selector("iframe:not(.coming)")
        assert "levels=error-warning" in page.url
        assert [one.get_attribute("aria-pressed") for one in (errors, warnings)] == ["true", "true"]
        warnings.click()
        # What was wrong is mended: the list is empty, and says why.
        running.write("news.md", SECOND["news.md"])
        page.get_by_text("Nothing of what you chose to see: 0 errors.").wait_for()
        assert violations(page) == []
        page.get_by_role("button", name="Show all").click()
        assert page.locator(".finding").count() > 0
        assert "levels" not in page.url


class TestKeyboard:
    @pytest.mark.long
    def test_everything_is_reached_and_shows_its_focus(self, visit: Visit) -> None:
        page = visit.open()
        reached = []
        for _step in range(40):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "() => { const at = document.activeElement, shown = at.matches('input')"
                    " ? at.nextElementSibling : at, style = getComputedStyle(shown);"
                    " return [at.id || at.name || at.getAttribute('role') || at.className || at.tagName,"
                    " style.outlineStyle !== 'none' || at.tagName === 'IFRAME'] }"
                )
            )
        names = [name for name, _is_seen in reached]
        for expected in (
            "issue",
            "compare",
            "remote",
            "help-open",
            "kind",
            "view",
            "width",
            "IFRAME",
            "separator",
            "tab-findings",
        ):
            assert expected in names, (expected, names)
        assert [name for name, is_seen in reached if not is_seen and name != "BODY"] == []

    @pytest.mark.long
    def test_arrows_choose_views_and_tabs(self, visit: Visit) -> None:
        page = visit.open()
        page.locator("[name=view][value=email]").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("[value=dark]").is_checked()
        page.locator("#tab-findings").focus()
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("document.activeElement.id") == "tab-clients"
        assert page.locator("#clients").is_visible()
        assert page.locator("#findings").is_hidden()

    def test_shortcuts(self, visit: Visit) -> None:
        page = visit.open()
        page.keyboard.press("2")
        assert page.locator("[value=dark]").is_checked()
        page.keyboard.press("w")
        assert page.locator("[value='320']").is_checked()
        page.keyboard.press("n")
        assert page.locator(".finding.chosen").count() == 1
        page.keyboard.press("c")
        page.locator(".screen").nth(1).wait_for()
        page.keyboard.press("c")
        page.keyboard.press("[")
        page.wait_for_function("() => document.getElementById('title').textContent === 'Tidings #1'")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
        page.keyboard.press("Escape")
        assert page.get_by_role("dialog").count() == 0

    @pytest.mark.long
    def test_shortcuts_of_keyboards_without_brackets_and_plain_digits(self, visit: Visit) -> None:
        page = visit.open()
        press = "init => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
        page.evaluate(press, {"key": "é", "code": "Digit2"})
        assert page.locator("[value=dark]").is_checked()
        page.evaluate(press, {"key": "1", "code": "Digit1", "shiftKey": True})
        assert page.locator("[name=view][value=email]").is_checked()
        for browsers_own in ({"ctrlKey": True}, {"altKey": True}, {"metaKey": True}):
            page.evaluate(press, {"key": "2", "code": "Digit2"} | browsers_own)
        page.evaluate(press, {"key": "[", "code": "BracketLeft", "metaKey": True, "altKey": True})
        assert page.locator("[name=view][value=email]").is_checked()
        assert page.inner_text("#title") == "Tidings #2"
        page.evaluate(press, {"key": "[", "code": "Digit5", "ctrlKey": True, "altKey": True})
        page.wait_for_function("() => document.getElementById('title').textContent === 'Tidings #1'")

    @pytest.mark.long
    def test_a_dialog_is_closed_by_a_click_beside_it_not_on_its_margin(self, visit: Visit) -> None:
        page = visit.open()
        page.locator("#help-open").click()
        box = page.locator("#help").bounding_box()
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        assert page.locator("#help").is_visible()
        page.mouse.click(box["x"] - 5, box["y"] + 5)
        assert page.locator("#help").is_hidden()

    @pytest.mark.long
    def test_shortcuts_work_from_within_the_rendering_and_can_be_switched_off(self, visit: Visit) -> None:
        page = visit.open()
        visit.in_email("doc.querySelector('a').focus()")
        page.keyboard.press("3")
        assert page.locator("[value=inverted]").is_checked()
        page.locator("#help-open").click()
        page.get_by_role("switch", name="Single keys").uncheck(force=True)
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        assert page.locator("[value=inverted]").is_checked()


class TestChoices:
    @pytest.mark.long
    def test_choices_are_kept_in_the_fragment(self, visit: Visit) -> None:
        page = visit.open("issue=1&view=images-off&width=480&tab=outline")
        page.reload()
        page.wait_for_selector("iframe:not(.coming)")
        assert page.inner_text("#title") == "Tidings #1"
        assert page.locator("[value=images-off]").is_checked()
        assert page.locator("[value='480']").is_checked()
        assert page.locator("#outline").is_visible()

    @pytest.mark.long
    def test_an_issue_or_a_reader_that_is_gone_falls_back_to_the_newest(self, visit: Visit) -> None:
        page = visit.open("person=nobody-any-more")
        assert page.inner_text("#title") == "Tidings #2"
        visit.complaints.clear()


class TestTelephone:
    def test_the_mail_comes_before_what_chooses_it_for_the_eye_and_for_the_keyboard(
        self, browser: Any, standing: Running
    ) -> None:
        visit = Visit(browser, standing.address, viewport={"width": 390, "height": 844})
        page = visit.open()
        tops = [page.locator(one).bounding_box()["y"] for one in ("#inbox", "#screens", "#tools", "#choices", "#panel")]
        assert tops == sorted(tops)
        assert page.locator("#screens").bounding_box()["y"] < 200
        follows = "!!(document.querySelector('iframe').compareDocumentPosition(document.getElementById('kinds')) & 4)"
        assert page.evaluate(follows)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.set_viewport_size({"width": 1280, "height": 800})
        assert page.locator("#tools").bounding_box()["y"] < page.locator("#screens").bounding_box()["y"]
        assert not page.evaluate(follows)
        visit.context.close()


class TestAccessibility:
    @pytest.mark.parametrize(
        ("width", "scheme"),
        [
            (320, "dark"),
            *(pytest.param(*one, marks=pytest.mark.long) for one in ((320, "light"), (1280, "light"), (1280, "dark"))),
            *(pytest.param(2560, scheme, marks=pytest.mark.long) for scheme in ("light", "dark")),
        ],
    )
    def test_the_page(self, browser: Any, standing: Running, scheme: str, width: int) -> None:
        visit = Visit(browser, standing.address, color_scheme=scheme, viewport={"width": width, "height": 900})
        page = visit.open()
        for tab in ("findings", "sections", "links", "outline"):
            page.locator(f"#tab-{tab}").click()
            assert violations(page) == [], tab
        page.locator("#help-open").click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        visit.context.close()

    @pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
    @pytest.mark.long
    def test_errors_and_an_end(self, browser: Any, running: Running, scheme: str) -> None:
        visit = Visit(browser, running.address, color_scheme=scheme)
        page = visit.open()
        running.write("agenda.md", "---\nauthor: [Ada\n---\nCome.\n")
        page.get_by_role("alert").wait_for()
        running.stop()
        page.locator("#lost").wait_for()
        assert violations(page) == []
        visit.context.close()

    @pytest.mark.long
    def test_the_renderings(self, browser: Any, standing: Running) -> None:
        # Alone, in a page whose policy lets axe in.
        visit = Visit(browser, standing.address, bypass_csp=True)
        for view in ("email", "dark", "images-off", "style-stripped", "text", "post", "post-source"):
            visit.page.set_content("<p>")
            source = visit.context.request.get(f"{standing.address}view/2/{view}").text()
            visit.page.set_content(source)
            for width in (320, 1000):
                visit.page.set_viewport_size({"width": width, "height": 900})
                assert violations(visit.page, WCAG) == [], (view, width)
                assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        visit.context.close()

    @pytest.mark.long
    def test_motion_is_left_out_where_it_is_not_wanted(self, browser: Any, standing: Running) -> None:
        visit = Visit(browser, standing.address, reduced_motion="reduce")
        page = visit.open()
        page.locator(".finding", has_text="link-text-vague").get_by_role("button").click()
        visit.email.locator("[data-nl-lit]").wait_for()
        top = visit.in_email("doc.querySelector('[data-nl-lit]').getBoundingClientRect().top")
        assert 0 < top < 800
        assert page.evaluate("document.getAnimations().length") == 0
        visit.context.close()


class TestReaders:
    LIST = "email;name\nada@example.org;Ada Lovelace\ngrace@example.org;Grace Hopper\n"

    @pytest.fixture
    def with_list(self, running: Running) -> Running:
        (running.root / "list.csv").write_text(self.LIST, encoding="utf-8")
        return running

    @pytest.mark.long
    def test_without_a_list_there_is_nobody_to_choose(self, visit: Visit) -> None:
        assert visit.open().locator("#reader-field").is_hidden()

    def test_one_is_found_chosen_and_their_message_shown(self, with_list: Running, visit: Visit) -> None:
        page = visit.open("view=source")
        page.locator("#reader").click()
        page.get_by_label("Find a reader").fill("ada")
        page.get_by_text("Grace Hopper").wait_for(state="detached")
        page.get_by_role("button", name="Ada Lovelace").click()
        wait_for_text(visit, "To: Ada Lovelace <ada@example.org>")
        assert "Ada Lovelace" in page.inner_text("#reader")
        assert "ada@" not in "".join(visit.requests)
        page.locator("#reader").click()
        page.get_by_role("button", name="Everybody").click()
        page.wait_for_function("() => !document.querySelector('iframe:not(.coming)').src.includes('person')")
        assert "ada@example.org" not in visit.in_email("doc.body.textContent")

    @pytest.mark.long
    def test_the_choice_is_accessible(self, with_list: Running, visit: Visit) -> None:
        page = visit.open()
        page.locator("#reader").click()
        page.get_by_role("button", name="Ada Lovelace").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "reader"
