"""Mail readers in the preview: what each does not show of an issue, and the issue as one of them shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.check.clients import CLIENTS, read_support
from newsletter_cli.check.clients.readers import mail_readers
from newsletter_cli.check.clients.shown import INVERSION
from newsletter_cli.preview.clients import client_list, client_losses, kind_of, label_of
from newsletter_cli.preview.views import Views
from newsletter_cli.workspace.folder import Workspace
from tests.check.renditions import renditions_of
from tests.preview.asking import Asking, opened
from tests.preview.conftest import Visit
from tests.preview.test_page import AXE, WCAG
from tests.rendering import make_issue, make_section

TEXT = (
    "Un mot.\n\nUn <bdi>nom</bdi> et un <ruby>漢<rt>かん</rt></ruby>.\n\n![Une carte](https://images.example/a.webp)\n"
)


@pytest.fixture(scope="module")
def views() -> Views:
    issue = make_issue(make_section(TEXT, slug="sable", first_line=6), editorial="Bonjour.\n")
    return Views(renditions_of(issue=issue), post="")


@pytest.fixture
def asking(workspace: Workspace) -> Iterator[Asking]:
    with opened(workspace) as asking:
        yield asking


def told(views: Views, client: str) -> dict[str, dict[str, Any]]:
    return {one["label"]: one for one in client_losses(views, client)["losses"]}


class TestLosses:
    def test_what_of_the_text_is_lost_and_where_it_stands(self, views: Views) -> None:
        gmail = told(views, "gmail")
        assert gmail["<bdi>"]["anchors"] == ["nl-sable-8"]
        assert (gmail["<bdi>"]["kind"], gmail["<bdi>"]["everywhere"]) == ("text", True)
        # Gmail's app for Android shows it for other people's mailboxes.
        assert "gmail-android" not in gmail["<ruby>"]["readers"]
        assert gmail["<ruby>"]["everywhere"] is False
        assert told(views, "outlook-classic")["WEBP pictures"]["anchors"] == ["nl-sable-10"]
        assert "WEBP pictures" not in gmail

    def test_looks_come_behind_the_text_and_what_shows_all_has_none(self, views: Views) -> None:
        kinds = [one["kind"] for one in client_losses(views, "outlook-classic")["losses"]]
        assert kinds == sorted(kinds, key=["text", "look", "ear"].index)
        assert told(views, "outlook-classic")["the dark colours"]["kind"] == "look"
        assert told(views, "apple-mail") == {}

    def test_nobody_by_that_name(self, views: Views) -> None:
        with pytest.raises(KeyError):
            client_losses(views, "gmial")

    def test_every_feature_has_a_name_for_people(self) -> None:
        for feature in read_support().features:
            label = label_of(feature)
            assert label, feature
            assert not label.startswith(("css-", "html-", "image-")), feature
            assert kind_of(feature) in ("text", "look", "ear")

    def test_those_that_count_come_first_and_what_is_not_known_is_said(self) -> None:
        listed = client_list(("laposte", "gmail"))
        assert [one["name"] for one in listed["clients"]][:2] == ["laposte", "gmail"]
        assert {one["name"] for one in listed["clients"]} == set(CLIENTS)
        assert [one["known"] for one in listed["clients"][0]["readers"]] == ["well", "nothing", "nothing"]
        free = next(one for one in listed["clients"] if one["name"] == "free")
        assert [one["known"] for one in free["readers"]] == ["little"]
        assert listed["updated"] == read_support().updated


class TestViews:
    def test_the_email_as_a_mail_reader_shows_it(self, views: Views) -> None:
        readers = mail_readers()
        assert "<bdi" not in views.build("email", reader=readers["gmail-web"])
        assert "<bdi" in views.build("email", reader=readers["apple-mail-ios"])
        assert INVERSION in views.build("dark", reader=readers["gmail-ios"])
        assert INVERSION not in views.build("email", reader=readers["gmail-ios"])
        # The place of each block is known there, too.
        assert 'id="nl-sable-8"' in views.build("email", reader=readers["gmail-web"])

    def test_other_views_are_as_they_were(self, views: Views) -> None:
        gmail = mail_readers()["gmail-web"]
        assert views.build("inverted", reader=gmail) == views.build("inverted")
        assert views.build("text", reader=gmail) == views.build("text")

    def test_what_word_takes_out_of_its_comments_is_harmless(self) -> None:
        made = renditions_of("a")
        hidden = "<!--[if mso]><script>alert(1)</script><p onclick='x()'>for Word</p><![endif]--></body>"
        email = made.email.replace("</body>", hidden)
        shown = Views(replace(made, email=email), post="").build("email", reader=mail_readers()["outlook-classic"])
        assert "for Word" in shown
        assert "alert" not in shown
        assert "onclick" not in shown


class TestAnswers:
    def test_a_list_and_the_losses_of_each(self, asking: Asking) -> None:
        assert asking.ask("clients/2").json()["clients"][0]["name"] == "gmail"
        assert asking.ask("clients/2/outlook-classic").json()["losses"]
        for path in ("clients/9", "clients/2/gmial", "clients/x/gmail", "clients/2/gmail/ios"):
            assert asking.ask(path).status == 404

    def test_the_view_of_a_mail_reader(self, asking: Asking) -> None:
        plain = asking.ask("view/2/email").body
        assert asking.ask("view/2/email?client=outlook-classic").body != plain
        assert asking.ask("view/2/email?client=gmial").body == plain


@pytest.mark.needs("chromium")
class TestPage:
    def test_the_table_leads_to_places_and_its_buttons_show_the_issue(self, visit: Visit) -> None:
        page = visit.open("tab=clients&width=680")
        outlook = page.locator(".clients tr", has_text="Outlook classic")
        outlook.locator(".lost-kind button").first.click()
        visit.email.locator("[data-nl-lit]").first.wait_for()
        outlook.get_by_role("button", name="Windows").click()
        page.wait_for_selector("iframe:not(.coming)[src*='client=outlook-classic']")
        assert "As Outlook classic (Windows) shows it." in page.inner_text("#as-reader")
        assert "client=outlook-classic" in page.url
        assert outlook.get_by_role("button", name="Windows").get_attribute("aria-pressed") == "true"
        page.locator("#views [value=dark]").check(force=True)
        assert "turns the colours over" in page.inner_text("#as-reader")
        page.evaluate(AXE)
        options = {"iframes": False, "resultTypes": ["violations"], "runOnly": WCAG}
        assert page.evaluate("options => axe.run(document, options)", options)["violations"] == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="As it was made").click()
        page.wait_for_selector("iframe:not(.coming):not([src*='client='])")
        assert "client=" not in page.url
        assert page.locator("#as-reader").is_hidden()

    def test_what_is_pressed_while_the_table_grows_is_a_click_all_the_same(self, visit: Visit) -> None:
        held: list[Any] = []

        def hold(route: Any) -> None:
            held.append(route)

        visit.page.route("**/clients/2/outlook", hold)
        with visit.page.expect_request("**/clients/2/outlook"):
            page = visit.open("tab=clients&width=680")
        loss = page.locator(".clients tr", has_text="Outlook classic").locator(".lost-kind button").first
        loss.hover()
        page.mouse.down()
        with page.expect_request_finished(lambda request: request.url.endswith("/clients/2/apple-mail")):
            held[0].continue_()
        page.mouse.up()
        visit.email.locator("[data-nl-lit]").first.wait_for()
